// SPDX-License-Identifier: Apache-2.0
#include "engines/one_card/cards.h"

#include <algorithm>

#include "base/text.h"
#include "engines/one_card/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::one_card {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

std::string_view StateAfter(std::string_view state, std::string_view act) {
  if (act == "suspend" && state == "active") return "suspended";
  if (act == "resume" && state == "suspended") return "active";
  if (act == "report-lost" && (state == "active" || state == "suspended")) return "lost";
  if (act == "found" && state == "lost") return "active";
  if (act == "unbind" && state != "unbound") return "unbound";
  return {};
}

std::string_view WhyRefused(std::string_view state, bool authorised) {
  if (state == "lost" || state == "suspended" || state == "unbound") return state;
  return authorised ? "" : "not_authorised";
}

namespace {
constexpr const char* kInForce = " and state != \"unbound\"";

/// The card bound to an account. Errors: one_card.no_card.
Result<json::object> BoundTo(store::Reader& reader, const ledger::Catalogue& catalogue,
                             const std::string& account) {
  TRY(json::array rows,
      ledger::FindRows(reader, catalogue, "citizen_card", "account = " + Quoted(account) + kInForce,
                       1, "-bound_at"));
  if (rows.empty()) return error::kNoCard;
  return rows[0].get_object();
}
bool Holds(const json::object& row, std::string_view field) {
  const json::array* fields = ArrayAt(row, "fields");
  return fields != nullptr && std::any_of(fields->begin(), fields->end(), [&](const auto& one) {
           return one.is_string() && one.get_string() == field;
         });
}
/// First sign of a name, stars after it.
std::string Masked(std::string_view name) {
  std::vector<char32_t> points = CodePoints(name);
  std::string out;
  for (size_t i = 0; i < points.size(); ++i)
    if (i == 0)
      AppendUtf8(out, points[i]);
    else
      out += "*";
  return out;
}
}  // namespace

Result<std::string> Cards::Mine(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  auto row = BoundTo(*snapshot, *catalogue, who.account);
  if (!row) return std::string("{\"card\":null}");
  // Through the ledger, so that masks and the line of the reading hold.
  TRY(ledger::One card, ledger_.Read(who, "citizen_card", Text(*row, "id")));
  ledger::ListRequest request;
  request.type = "card_swipe";
  request.filter = "card = " + Quoted(Text(*row, "id"));
  request.sort = "-at";
  request.limit = 50;
  TRY(ledger::Page swipes, ledger_.List(who, request));
  return "{\"card\":" + card.row + ",\"swipes\":" + swipes.rows + "}";
}

Result<std::string> Cards::Bind(const ledger::CommandInfo& info, const json::object& body) {
  std::string number(Trim(TextAt(body, "number")));
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string account = writer.who().account;
    TRY(json::object own, ledger::ReadRow(writer.tx(), writer.catalogue(), "account", account));
    std::string person = Text(own, "person");
    TRY(json::array issued, ledger::FindRows(writer.tx(), writer.catalogue(), "social_card",
                                             "number = " + Quoted(number.substr(0, 30)), 1));
    // Whether a number exists at all is not told.
    if (person.empty() || issued.empty() || TextAt(issued[0].get_object(), "person") != person ||
        TextAt(issued[0].get_object(), "state") != "active")
      return error::kNotYourCard;
    if (BoundTo(writer.tx(), writer.catalogue(), account)) return error::kBoundAlready;
    writer.ActAsEngine();
    TRY(ledger::Written made, writer.Create("citizen_card", {{"account", account},
                                                             {"number", number},
                                                             {"name", own.at("name")},
                                                             {"fields", json::array{}},
                                                             {"bound_at", IsoChina(writer.now())},
                                                             {"state", "active"}}));
    writer.Note({"card:bind", "citizen_card", made.id, writer.shard(), "{}"});
    return ToText(json::object{{"id", made.id}, {"state", "active"}});
  });
}

Result<std::string> Cards::Authorise(const ledger::CommandInfo& info, const json::object& body) {
  std::string field = Text(body, "field");
  bool on = BoolAt(body, "on");
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    const ledger::CodeList* known = writer.catalogue().FindList("card-field");
    if (known == nullptr || !known->Has(field)) return error::kUnknownField;
    TRY(json::object row, BoundTo(writer.tx(), writer.catalogue(), writer.who().account));
    writer.ActAsEngine();
    json::array fields;
    if (const json::array* before = ArrayAt(row, "fields"))
      for (const json::value& each : *before)
        if (each != json::value(field)) fields.push_back(each);
    if (on) fields.push_back(json::string(field));
    TRY_VOID(writer.Update("citizen_card", Text(row, "id"), {{"fields", fields}}));
    writer.Note({on ? "card:authorise" : "card:withdraw", "citizen_card", Text(row, "id"),
                 writer.shard(), ToText(json::object{{"field", field}})});
    return ToText(json::object{{"id", row.at("id")}, {"fields", std::move(fields)}});
  });
}

Result<std::string> Cards::Act(const ledger::CommandInfo& info, const std::string& act) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, BoundTo(writer.tx(), writer.catalogue(), writer.who().account));
    std::string state = Text(row, "state"), next(StateAfter(state, act));
    if (next.empty()) return error::kActNotPossible({{"state", state}});
    writer.ActAsEngine();
    TRY_VOID(writer.Update("citizen_card", Text(row, "id"),
                           {{"state", next}, {"changed_at", IsoChina(writer.now())}}));
    writer.Note({"card:" + act, "citizen_card", Text(row, "id"), writer.shard(), "{}"});
    return ToText(json::object{{"id", row.at("id")}, {"state", next}});
  });
}

Result<std::string> Cards::Swipe(const ledger::CommandInfo& info, const json::object& body) {
  std::string number(Trim(TextAt(body, "number"))), field = Text(body, "field"),
                                                    place = Text(body, "place").substr(0, 100);
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    const ledger::CodeList* known = writer.catalogue().FindList("card-field");
    if (known == nullptr || !known->Has(field)) return error::kUnknownField;
    std::string terminal = writer.who().name;
    writer.ActAsEngine();
    TRY(json::array rows,
        ledger::FindRows(writer.tx(), writer.catalogue(), "citizen_card",
                         "number = " + Quoted(number.substr(0, 30)) + kInForce, 1, "-bound_at"));
    if (rows.empty()) return ToText(json::object{{"outcome", "refused"}, {"reason", "unbound"}});
    const json::object& card = rows[0].get_object();
    std::string reason(WhyRefused(TextAt(card, "state"), Holds(card, field)));
    TRY_VOID(writer.Create("card_swipe",
                           {{"card", card.at("id")},
                            {"account", card.at("account")},
                            {"field", field},
                            {"place", place},
                            {"terminal", terminal},
                            {"at", IsoChina(writer.now())},
                            {"outcome", reason.empty() ? "granted" : "refused"},
                            {"reason", reason.empty() ? json::value() : json::value(reason)}}));
    // Somebody holds a card that was reported lost: its owner is told at once.
    if (reason == "lost")
      TRY_VOID(writer.Create("message", {{"account", card.at("account")},
                                         {"kind", "card"},
                                         {"title", "已挂失的社会保障卡被刷用，已拒绝"},
                                         {"text", place},
                                         {"link", "/card"}}));
    json::object out{{"outcome", reason.empty() ? "granted" : "refused"}, {"reason", reason}};
    if (reason.empty()) out["holder"] = Masked(TextAt(card, "name"));
    return ToText(out);
  });
}
}  // namespace city::one_card
