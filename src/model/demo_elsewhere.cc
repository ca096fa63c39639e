// SPDX-License-Identifier: Apache-2.0
#include "model/demo_elsewhere.h"

#include "base/text.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::model {
using ledger::Text;
namespace {
/// An official of the demonstration, with the post that its place gives.
struct Official {
  ledger::Subject who;
  std::string region;
};

Result<std::vector<Official>> OfRole(City& city, const std::string& role) {
  std::vector<Official> out;
  TRY(auto snapshot, city.store().Read());
  auto catalogue = city.ledger().catalogue();
  for (const DemoOfficial& each : city.place().demo.officials) {
    if (each.role != role || !ledger::IsDivisionCode(each.organisation)) continue;
    TRY(json::array accounts, ledger::FindRows(*snapshot, *catalogue, "account",
                                               "username = " + ledger::Quoted(each.username), 1));
    TRY(json::array bodies, ledger::FindRows(*snapshot, *catalogue, "organisation",
                                             "code = " + ledger::Quoted(each.organisation), 1));
    if (accounts.empty() || bodies.empty()) continue;
    const json::object& body = bodies[0].get_object();
    Official official;
    official.region = Text(body, "region");
    official.who.account = Text(accounts[0].get_object(), "id");
    official.who.name = each.name;
    official.who.kind = "official";
    for (const std::string& held : {role, std::string("official")})
      official.who.posts.push_back({held, Text(body, "id"), Text(body, "path"), official.region});
    for (const std::string& held : each.also)
      official.who.posts.push_back({held, Text(body, "id"), Text(body, "path"), official.region});
    out.push_back(std::move(official));
  }
  return out;
}
}  // namespace

Result<void> FillDemoElsewhere(City& city) {
  TRY(std::vector<Official> clerks, OfRole(city, "clerk"));
  TRY(std::vector<Official> handlers, OfRole(city, "handler"));
  if (clerks.size() < 2 || handlers.empty()) return {};
  const Official &near = clerks[0], &owner = clerks[1], &officer = handlers[0];
  json::array items;
  {
    TRY(auto snapshot, city.store().Read());
    auto catalogue = city.ledger().catalogue();
    TRY(items, ledger::FindRows(*snapshot, *catalogue, "item",
                                "region = " + ledger::Quoted(owner.region) +
                                    " and state = \"published\" and form = \"enterprise-matter\" "
                                    "and flow = \"on-the-spot\"",
                                1, "name"));
  }
  if (items.empty()) return {};
  const json::object& item = items[0].get_object();
  json::array papers;
  if (const json::array* asked = ArrayAt(item, "materials"))
    for (const json::value& each : *asked)
      if (BoolAt(each.as_object(), "required"))
        papers.push_back(json::object{{"material", each.as_object().at("name")}, {"paper", true}});
  struct One {
    const char* name;
    const char* shop;
    int acts;  ///< how far it has come
  };
  constexpr One kCases[] = {{"邓家和", "和记杂货店", 0},
                            {"叶春梅", "春梅裁缝店", 1},
                            {"侯远", "远行单车行", 2},
                            {"梁静", "静心书屋", 3},
                            {"高阳", "向阳花店", 4}};
  int number = 0;
  for (const One& each : kCases) {
    std::string body = owner.region + "19900101000";
    body.replace(6, 8, "1990010" + std::to_string(++number));
    std::string id_number = body + ledger::CitizenIdCheckCharacter(body);
    json::object application{
        {"item", item.at("code")},
        {"applicant", json::object{{"kind", "citizen"},
                                   {"name", each.name},
                                   {"id_number", id_number},
                                   {"phone", "1990000000" + std::to_string(number)}}},
        {"data", json::object{{"enterprise_name", each.shop},
                              {"applicant_name", each.name},
                              {"mobile", "1990000000" + std::to_string(number)},
                              {"address", "一号路18号"},
                              {"registered", false},
                              {"matter", "日用品零售"}}},
        {"materials", papers}};
    TRY(std::string id, city.remote_cases().Receive({near.who, near.region, "", ""}, application));
    TRY(ledger::One row, city.ledger().Read(ledger::System(), "remote_case", id));
    TRY(json::value read, ParseJson(row.row));
    std::string case_id = Text(read.get_object(), "case_id");
    auto act = [&](const Official& by, const char* what, const json::object& words) {
      return city.ledger().Command({by.who, by.region, "", ""},
                                   [&](ledger::Writer& writer) -> Result<std::string> {
                                     TRY_VOID(city.cases().ActIn(writer, case_id, what, words));
                                     return case_id;
                                   });
    };
    if (each.acts == 1)
      TRY_VOID(act(owner, "request-correction", {{"reason", "经营场所证明不清晰，请补充"}}));
    if (each.acts >= 2) TRY_VOID(act(owner, "accept", {}));
    if (each.acts >= 3) TRY_VOID(act(officer, "approve", {{"reason", "准予登记"}}));
    TRY_VOID(city.remote_cases().FollowCase(case_id));
    if (each.acts == 2)
      TRY_VOID(city.remote_cases().SendPapers(
          {near.who, near.region, "", ""}, id,
          {{"what", "经营场所使用证明原件"}, {"carrier", "邮政"}, {"number", "EM20260001"}}));
    if (each.acts >= 4)
      TRY_VOID(city.remote_cases().Act({near.who, near.region, "", ""}, id, "deliver",
                                       {{"note", "本人领取"}}));
    TRY_VOID(city.remote_cases().FollowCase(case_id));
  }
  return {};
}
}  // namespace city::model
