// SPDX-License-Identifier: Apache-2.0
// Why: who does what for an enterprise or a relative, and in whose name.
#include <algorithm>

#include "base/text.h"
#include "engines/space/errors.h"
#include "engines/space/space.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::space {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
/// What a member or relative may be allowed: apply (matters and drafts), register, authorise (use
/// of data), show (certificates), seals, staff.
constexpr std::string_view kAuthorities[] = {"apply", "register", "authorise",
                                             "show",  "seals",    "staff"};

/// The authorities named in a body; unknown ones are left out.
json::array AuthoritiesIn(const json::object& body) {
  json::array out;
  if (const json::array* given = ArrayAt(body, "may"))
    for (const json::value& each : *given)
      for (std::string_view known : kAuthorities)
        if (each.is_string() && each.get_string() == known) out.push_back(each);
  return out;
}
bool Allows(const json::object& row, std::string_view need) {
  // Members look at everything of their enterprise; a relative at what they were asked to do.
  if (need.empty() || need == "look") {
    if (!TextAt(row, "role").empty()) return true;
    need = need.empty() ? "apply" : "show";
  }
  if (TextAt(row, "role") == "legal_person") return true;
  if (TextAt(row, "role") == "authoriser" && need == "authorise") return true;
  const json::array* may = ArrayAt(row, "may");
  return may != nullptr && std::any_of(may->begin(), may->end(), [&](const json::value& one) {
           return one.is_string() && one.get_string() == need;
         });
}
bool InForce(const json::object& row, const std::string& today) {
  std::string_view until = TextAt(row, "until");
  return TextAt(row, "state") == "active" && (until.empty() || until >= today);
}
json::value DayOrNull(const json::object& body) {
  auto day = ParseDate(TextAt(body, "until"));
  return day ? json::value(IsoDate(*day)) : json::value();
}
json::object Message(const std::string& account, const std::string& title,
                     const std::string& link) {
  return {{"account", account}, {"kind", "space"}, {"title", title}, {"link", link}};
}
Result<json::object> AccountNamed(Writer& writer, const std::string& username) {
  TRY(json::array found, ledger::FindRows(writer.tx(), writer.catalogue(), "account",
                                          "username = " + Quoted(username), 1));
  if (found.empty() || TextAt(found[0].get_object(), "kind") != "citizen")
    return ledger::error::kNotFound;
  return found[0].get_object();
}
}  // namespace

Result<bool> Space::MayManage(store::Reader& reader, const std::string& account,
                              const std::string& enterprise) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array members,
      ledger::FindRows(reader, *catalogue, "space_member",
                       "enterprise = " + Quoted(enterprise) + " and account = " + Quoted(account) +
                           " and state = \"active\""));
  std::string today = IsoDate(ChinaDate(ledger_.clock().Now()));
  return std::any_of(members.begin(), members.end(), [&](const json::value& each) {
    return InForce(each.get_object(), today) && Allows(each.get_object(), "staff");
  });
}

Result<std::string> Space::AddMember(const ledger::CommandInfo& info, const json::object& body) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string enterprise = Text(body, "enterprise"), role = Text(body, "role"),
                by = writer.who().name;
    TRY(bool may, MayManage(writer.tx(), writer.who().account, enterprise));
    if (!may) return error::kNotYoursToDecide;
    TRY(json::object company,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "enterprise", enterprise));
    TRY(json::object account, AccountNamed(writer, Text(body, "username")));
    bool invited = BoolAt(body, "invite");
    bool known =
        role == "authoriser" || role == "viewer" || role == "legal_person" || role == "staff";
    // A legal representative is made by registration, never by invitation.
    if (!known || (invited && role == "legal_person")) return ledger::error::kNotFound;
    TRY(json::array there,
        ledger::FindRows(writer.tx(), writer.catalogue(), "space_member",
                         "enterprise = " + Quoted(enterprise) +
                             " and account = " + Quoted(Text(account, "id")) +
                             " and (state = \"active\" or state = \"invited\")"));
    if (!there.empty()) return error::kAlreadyMember;
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("space_member", {{"enterprise", enterprise},
                                       {"account", account.at("id")},
                                       {"name", account.at("name")},
                                       {"role", role},
                                       {"may", AuthoritiesIn(body)},
                                       {"until", DayOrNull(body)},
                                       {"invited_by", by},
                                       {"state", invited ? "invited" : "active"}}));
    if (invited)
      TRY_VOID(writer.Create(
          "message", Message(Text(account, "id"), Text(company, "name") + "邀请您加入企业空间",
                             "/enterprise/")));
    writer.Note({"space:add-member", "space_member", made.id, writer.shard(), "{}"});
    return ToText(json::object{{"id", made.id}, {"account", account.at("id")}});
  });
}

Result<void> Space::RemoveMember(const ledger::CommandInfo& info, const std::string& id) {
  auto done = ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "space_member", id));
    TRY(bool may, MayManage(writer.tx(), writer.who().account, Text(row, "enterprise")));
    if (!may) return error::kNotYoursToDecide;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("space_member", id, {{"state", "ended"}}));
    return id;
  });
  if (!done) return Fail(std::move(done).error());
  return {};
}

Result<std::string> Space::ChangeMember(const ledger::CommandInfo& info, const std::string& id,
                                        const json::object& body) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "space_member", id));
    TRY(bool may, MayManage(writer.tx(), writer.who().account, Text(row, "enterprise")));
    if (!may) return error::kNotYoursToDecide;
    writer.ActAsEngine();
    TRY_VOID(writer.Update("space_member", id,
                           {{"may", AuthoritiesIn(body)}, {"until", DayOrNull(body)}}));
    return ToText(json::object{{"id", id}, {"account", row.at("account")}});
  });
}

Result<std::string> Space::Enterprises(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "space_member",
                                         "account = " + Quoted(who.account) +
                                             " and (state = \"active\" or state = \"invited\")"));
  std::string today = IsoDate(ChinaDate(ledger_.clock().Now()));
  json::array out;
  for (const json::value& each : rows) {
    const json::object& member = each.get_object();
    if (TextAt(member, "state") == "active" && !InForce(member, today)) continue;
    json::object row;
    for (const char* key : {"id", "enterprise", "role", "may", "until", "state", "invited_by"})
      if (member.contains(key)) row[key] = member.at(key);
    if (auto enterprise =
            ledger::ReadRow(*snapshot, *catalogue, "enterprise", TextAt(member, "enterprise"))) {
      row["name"] = enterprise->at("name");
      row["enterprise_state"] = enterprise->at("state");
      if (TextAt(member, "state") == "active") row["credit_code"] = enterprise->at("credit_code");
    }
    out.push_back(std::move(row));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Space::AnswerInvitation(const ledger::CommandInfo& info, const std::string& id,
                                            const std::string& act) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "space_member", id));
    if (TextAt(row, "account") != writer.who().account) return ledger::error::kNotFound;
    std::string state = Text(row, "state");
    bool legal = TextAt(row, "role") == "legal_person";
    const char* next = state == "invited" && act == "accept"           ? "active"
                       : state == "invited" && act == "decline"        ? "declined"
                       : state == "active" && act == "leave" && !legal ? "ended"
                                                                       : nullptr;
    if (next == nullptr) return error::kActNotPossible({{"state", state}});
    writer.ActAsEngine();
    TRY_VOID(writer.Update("space_member", id, {{"state", next}}));
    return ToText(json::object{{"id", id}, {"state", next}, {"account", row.at("account")}});
  });
}

Result<std::string> Space::Family(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "family_link",
                                         "(account = " + Quoted(who.account) +
                                             " or relative = " + Quoted(who.account) +
                                             ") and (state = \"active\" or state = \"invited\")"));
  json::array out;
  for (const json::value& each : rows) {
    json::object row = each.get_object();
    row["mine"] = TextAt(row, "account") == who.account;
    out.push_back(std::move(row));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Space::InviteRelative(const ledger::CommandInfo& info,
                                          const json::object& body) {
  json::array may = AuthoritiesIn(body);
  if (may.empty()) return error::kAuthorityMissing({{"need", "apply, show"}});
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string account = writer.who().account, name = writer.who().name;
    TRY(json::object relative, AccountNamed(writer, Text(body, "username")));
    if (TextAt(relative, "id") == account) return error::kAlreadyMember;
    TRY(json::array there,
        ledger::FindRows(writer.tx(), writer.catalogue(), "family_link",
                         "account = " + Quoted(account) +
                             " and relative = " + Quoted(Text(relative, "id")) +
                             " and (state = \"active\" or state = \"invited\")"));
    if (!there.empty()) return error::kAlreadyMember;
    writer.ActAsEngine();
    TRY(ledger::Written made, writer.Create("family_link", {{"account", account},
                                                            {"account_name", name},
                                                            {"relative", relative.at("id")},
                                                            {"relative_name", relative.at("name")},
                                                            {"relation", Text(body, "relation")},
                                                            {"may", may},
                                                            {"until", DayOrNull(body)},
                                                            {"state", "invited"}}));
    TRY_VOID(
        writer.Create("message", Message(Text(relative, "id"), name + "请您代办事项", "/family")));
    return ToText(json::object{{"id", made.id}, {"state", "invited"}});
  });
}

Result<std::string> Space::AnswerRelative(const ledger::CommandInfo& info, const std::string& id,
                                          const std::string& act) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "family_link", id));
    std::string me = writer.who().account, state = Text(row, "state");
    bool relative = TextAt(row, "relative") == me, own = TextAt(row, "account") == me;
    if (!relative && !own) return ledger::error::kNotFound;
    const char* next = relative && state == "invited" && act == "accept"           ? "active"
                       : relative && state == "invited" && act == "decline"        ? "declined"
                       : act == "end" && (state == "active" || state == "invited") ? "ended"
                                                                                   : nullptr;
    if (next == nullptr) return error::kActNotPossible({{"state", state}});
    writer.ActAsEngine();
    TRY_VOID(writer.Update("family_link", id, {{"state", next}}));
    return ToText(json::object{{"id", id}, {"state", next}});
  });
}

Result<std::string> Space::AccountToActFor(const ledger::Subject& who, const std::string& whom,
                                           std::string_view need) {
  std::string today = IsoDate(ChinaDate(ledger_.clock().Now()));
  json::object company;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    TRY(json::array links,
        ledger::FindRows(*snapshot, *catalogue, "family_link",
                         "relative = " + Quoted(who.account) + " and account = " + Quoted(whom) +
                             " and state = \"active\"",
                         1));
    if (!links.empty() && InForce(links[0].get_object(), today)) {
      if (!Allows(links[0].get_object(), need))
        return error::kAuthorityMissing({{"need", std::string(need)}});
      return whom;
    }
    TRY(json::array members,
        ledger::FindRows(*snapshot, *catalogue, "space_member",
                         "account = " + Quoted(who.account) + " and enterprise = " + Quoted(whom) +
                             " and state = \"active\""));
    bool member = false, allowed = false;
    for (const json::value& each : members)
      if (InForce(each.get_object(), today)) {
        member = true;
        allowed = allowed || Allows(each.get_object(), need);
      }
    if (!member) return error::kNotAMember;
    if (!allowed) return error::kAuthorityMissing({{"need", std::string(need)}});
    TRY(company, ledger::ReadRow(*snapshot, *catalogue, "enterprise", whom));
    if (TextAt(company, "state") != "active") return error::kNotAMember;
    TRY(json::array accounts,
        ledger::FindRows(*snapshot, *catalogue, "account",
                         "enterprise = " + Quoted(whom) + " and kind = \"enterprise\"", 1));
    if (!accounts.empty()) return Text(accounts[0].get_object(), "id");
  }
  // Nobody signs in with it: it has no password, its members act in its name.
  return ledger_.Command(
      {ledger::System("space"), Text(company, "region"), "account-of-enterprise-" + whom, whom},
      [&](Writer& writer) -> Result<std::string> {
        std::vector<char32_t> points = CodePoints(TextAt(company, "name"));
        points.resize(std::min<size_t>(points.size(), 50));
        std::string name = FromCodePoints(points);
        TRY(ledger::Written made, writer.Create("account",
                                                {{"username", company.at("credit_code")},
                                                 {"name", name},
                                                 {"kind", "enterprise"},
                                                 {"enterprise", whom},
                                                 {"state", "active"}},
                                                Text(company, "region")));
        return made.id;
      });
}
}  // namespace city::space
