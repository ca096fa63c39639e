// SPDX-License-Identifier: Apache-2.0
#include "engines/space/space.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/space/errors.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::space {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
std::vector<Thing> ThingsOf(const json::value* given) {
  std::vector<Thing> out;
  const json::array* list = given != nullptr ? given->if_array() : nullptr;
  for (size_t i = 0; list != nullptr && i < list->size() && i < 20; ++i) {
    const json::object* each = (*list)[i].if_object();
    if (each == nullptr) continue;
    Thing thing{Text(*each, "kind"), Text(*each, "type"), {}};
    if (const json::array* fields = ArrayAt(*each, "fields"))
      for (const json::value& field : *fields)
        if (field.is_string() && thing.fields.size() < 40)
          thing.fields.emplace_back(field.get_string().c_str());
    out.push_back(std::move(thing));
  }
  return out;
}

json::array ToJson(const std::vector<Thing>& things) {
  json::array out;
  for (const Thing& thing : things) {
    json::array fields;
    for (const std::string& field : thing.fields) fields.push_back(json::string(field));
    out.push_back(
        json::object{{"kind", thing.kind}, {"type", thing.type}, {"fields", std::move(fields)}});
  }
  return out;
}

Result<std::string> Wrong(std::string zh, std::string en) {
  return error::kRequestWrong({{"reason_zh", std::move(zh)}, {"reason_en", std::move(en)}});
}

bool Holds(const ledger::Subject& who, const std::string& owner) {
  return !owner.empty() &&
         std::find(who.holders.begin(), who.holders.end(), owner) != who.holders.end();
}
}  // namespace

std::string Space::StateNow(const json::object& row) const {
  std::string state = Text(row, "state");
  auto until = ParseTime(TextAt(row, "until_time"));
  if (state == "active" && until && ledger_.clock().Now() > *until) return "expired";
  return state;
}

Result<json::object> Space::ForPeople(const json::object& row) {
  json::object out;
  for (const char* key : {"id", "grantee_name", "purpose", "basis", "basis_text", "from_time",
                          "until_time", "days", "most_uses", "uses", "asked_at", "decided_at",
                          "withdrawn_at", "case_id", "consent_text", "owner_kind"})
    if (row.contains(key)) out[key] = row.at(key);
  out["state"] = StateNow(row);
  json::array things;
  for (const Thing& thing : ThingsOf(row.if_contains("things"))) {
    json::object one{{"kind", thing.kind}, {"type", thing.type}};
    if (auto words = holdings_.Describe(thing)) {
      one["label"] = words->at("label");
      one["fields"] = words->at("fields");
    }
    things.push_back(std::move(one));
  }
  out["things"] = std::move(things);
  return out;
}

Result<std::string> Space::Ask(const ledger::CommandInfo& info, const json::object& body) {
  std::vector<Thing> things = ThingsOf(body.if_contains("things"));
  size_t fields = 0;
  for (const Thing& thing : things) {
    TRY_VOID(holdings_.Describe(thing));
    fields += thing.fields.size();
  }
  if (things.empty() || fields == 0) return Wrong("没有列出字段", "it lists no fields");
  if (Trim(TextAt(body, "purpose")).empty()) return Wrong("没有用途", "it states no purpose");
  std::string basis = Text(body, "basis");
  if (basis.empty()) return Wrong("没有依据", "it states no basis");
  int64_t days = IntAt(body, "days", 1), most = IntAt(body, "most_uses", 1);
  if (days < 1 || days > 365 || most < 1 || most > 1000)
    return Wrong("天数须为 1 至 365，次数须为 1 至 1000",
                 "days must be 1 to 365 and uses 1 to 1000");
  std::string code = Text(body, "owner_code"), name = Text(body, "owner_name");
  if (code.empty() || name.empty())
    return Wrong("须写明对方的证件号和姓名（名称）", "it must give number and name of the person");
  bool enterprise = Text(body, "owner_kind") == "enterprise";
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    // An unknown person, or a name that does not fit the number, gives a request that nobody sees:
    // asking does not tell who exists.
    TRY(json::array found,
        ledger::FindRows(
            writer.tx(), writer.catalogue(), enterprise ? "enterprise" : "person",
            fmt::format("{} = {}", enterprise ? "credit_code" : "citizen_id", Quoted(code)), 1));
    std::string owner;
    if (!found.empty() && Text(found[0].get_object(), "name") == name)
      owner = Text(found[0].get_object(), "id");
    std::string grantee = writer.who().account, grantee_name = writer.who().name;
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("authorisation", {{"owner", OrNull(owner)},
                                        {"owner_kind", enterprise ? "enterprise" : "person"},
                                        {"owner_name", name},
                                        {"grantee", grantee},
                                        {"grantee_name", grantee_name},
                                        {"purpose", body.at("purpose")},
                                        {"basis", basis},
                                        {"basis_text", OrNull(Text(body, "basis_text"))},
                                        {"things", ToJson(things)},
                                        {"days", days},
                                        {"most_uses", most},
                                        {"state", "asked"},
                                        {"asked_at", IsoChina(writer.now())}}));
    writer.Note({"authorisation:ask", "authorisation", made.id, writer.shard(), "{}"});
    return made.id;
  }));
  return ToText(json::object{{"id", id}, {"state", "asked"}});
}

Result<bool> Space::MayDecide(store::Reader& reader, const ledger::Subject& who,
                              const std::string& owner, const std::string& owner_kind,
                              bool as_legal_person) {
  if (!Holds(who, owner)) return false;
  if (owner_kind != "enterprise" || who.kind == "enterprise") return true;
  auto catalogue = ledger_.catalogue();
  TRY(json::array members,
      ledger::FindRows(reader, *catalogue, "space_member",
                       fmt::format("enterprise = {} and account = {} and state = \"active\"",
                                   Quoted(owner), Quoted(who.account))));
  for (const json::value& each : members) {
    std::string role = Text(each.get_object(), "role");
    if (role == "legal_person" || (role == "authoriser" && !as_legal_person)) return true;
  }
  return false;
}

Result<std::string> Space::Decide(const ledger::CommandInfo& info, const std::string& id,
                                  const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "authorisation", id));
    std::string owner = Text(row, "owner"), state = StateNow(row);
    if (!Holds(writer.who(), owner)) return ledger::error::kNotFound;
    TRY(bool may, MayDecide(writer.tx(), writer.who(), owner, Text(row, "owner_kind"), false));
    if (!may) return error::kNotYoursToDecide;
    std::string by = writer.who().name;
    writer.ActAsEngine();
    json::object changes;
    std::string now = IsoChina(writer.now());
    if (act == "agree" && state == "asked") {
      std::vector<Thing> things = ThingsOf(row.if_contains("things"));
      // The holder may give less than was asked for, never more.
      if (const json::value* given = body.if_contains("things")) {
        std::vector<Thing> kept = ThingsOf(given);
        for (Thing& thing : things)
          std::erase_if(thing.fields, [&](const std::string& field) {
            return std::none_of(kept.begin(), kept.end(), [&](const Thing& one) {
              return one.kind == thing.kind && one.type == thing.type &&
                     std::find(one.fields.begin(), one.fields.end(), field) != one.fields.end();
            });
          });
        std::erase_if(things, [](const Thing& thing) { return thing.fields.empty(); });
      }
      if (things.empty()) return error::kNothingChosen;
      Time until = writer.now() + std::chrono::hours(24 * IntAt(row, "days", 1));
      std::string told =
          fmt::format("同意向“{}”提供所列字段，用途：{}；期限 {} 天，最多 {} 次；可随时撤回。",
                      Text(row, "grantee_name"), Text(row, "purpose"), IntAt(row, "days", 1),
                      IntAt(row, "most_uses", 1));
      json::object agreed{{"authorisation", id},
                          {"grantee", row.at("grantee")},
                          {"things", ToJson(things)},
                          {"until", IsoChina(until)},
                          {"most_uses", row.at("most_uses")},
                          {"text", told}};
      TRY(std::string signature, keys_.Sign(kConsentKey, ToText(agreed)));
      changes = {{"state", "active"},    {"things", ToJson(things)},
                 {"from_time", now},     {"until_time", IsoChina(until)},
                 {"decided_at", now},    {"decided_by", by},
                 {"consent_text", told}, {"signature", crypto::ToBase64(signature)}};
    } else if (act == "refuse" && state == "asked") {
      changes = {{"state", "refused"}, {"decided_at", now}, {"decided_by", by}};
    } else if (act == "withdraw" && (state == "active" || state == "used_up")) {
      changes = {{"state", "withdrawn"}, {"withdrawn_at", now}};
    } else {
      return error::kActNotPossible;
    }
    TRY_VOID(writer.Update("authorisation", id, changes, IntAt(row, "version")));
    writer.Note({"authorisation:" + act, "authorisation", id, Text(row, "region"), "{}"});
    TRY_VOID(writer.Send("authorisation", id, {{"id", id}, {"act", act}}));
    return id;
  }));
  TRY(ledger::One one, ledger_.Read(info.who, "authorisation", id));
  TRY(json::value row, ParseJson(one.row));
  TRY(json::object shown, ForPeople(row.get_object()));
  return ToText(shown);
}

Result<void> Space::NoteUse(const ledger::CommandInfo& info, const json::object& row,
                            const json::array& given, const std::string& outcome,
                            const std::string& reason, const std::string& digest, bool counts) {
  auto done = ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string id = Text(row, "id");
    std::string name = writer.who().name;
    writer.ActAsEngine();
    if (counts) {
      // Counted under the version that was looked at: two readers cannot share the last use.
      int64_t uses = IntAt(row, "uses") + 1;
      json::object changes{{"uses", uses}};
      if (uses >= IntAt(row, "most_uses", 1)) changes["state"] = "used_up";
      TRY_VOID(writer.Update("authorisation", id, changes, IntAt(row, "version")));
    }
    TRY_VOID(writer.Create("authorisation_use",
                           {{"authorisation", id},
                            {"owner", row.at("owner")},
                            {"grantee_name", row.at("grantee_name")},
                            {"purpose", row.at("purpose")},
                            {"at", IsoChina(writer.now())},
                            {"given", given},
                            {"outcome", outcome},
                            {"reason", OrNull(reason)},
                            {"digest", OrNull(digest)}},
                           Text(row, "region")));
    writer.Note({"authorisation:use", "authorisation", id, Text(row, "region"),
                 ToText(json::object{{"outcome", outcome}, {"fields", given}})});
    return id;
  });
  if (!done) return Fail(std::move(done).error());
  return {};
}

Result<std::string> Space::Use(const ledger::CommandInfo& info, const std::string& id) {
  json::object row;
  {
    TRY(auto snapshot, ledger_.store().Read());
    auto catalogue = ledger_.catalogue();
    auto found = ledger::ReadRow(*snapshot, *catalogue, "authorisation", id);
    if (!found || Text(*found, "grantee") != info.who.account) return ledger::error::kNotFound;
    row = std::move(*found);
  }
  std::string state = StateNow(row), zh, en;
  if (state == "asked") {
    zh = "对方尚未确认";
    en = "the holder has not agreed yet";
  } else if (state == "refused") {
    zh = "对方未同意";
    en = "the holder refused";
  } else if (state == "withdrawn") {
    zh = "对方已撤回";
    en = "the holder withdrew it";
  } else if (state == "expired") {
    zh = "授权已到期";
    en = "it has expired";
  } else if (state == "used_up") {
    zh = "授权次数已用完";
    en = "its uses are used up";
  }
  if (zh.empty() && Text(row, "owner").empty()) {
    zh = "对方尚未确认";
    en = "the holder has not agreed yet";
  }
  if (!zh.empty()) {
    if (!Text(row, "owner").empty() && state != "asked")
      TRY_VOID(NoteUse(info, row, {}, "refused", zh + " / " + en, "", false));
    return error::kNotAuthorised({{"reason_zh", zh}, {"reason_en", en}});
  }
  json::array given, names;
  for (const Thing& thing : ThingsOf(row.if_contains("things"))) {
    TRY(json::array rows, holdings_.Reveal(Text(row, "owner"), thing));
    for (json::value& each : rows) {
      names.push_back(json::object{{"type", thing.type},
                                   {"name", each.get_object().at("name")},
                                   {"label", each.get_object().at("label")}});
      each.get_object()["type"] = thing.type;
      given.push_back(std::move(each));
    }
  }
  std::string digest = crypto::ToHex(crypto::Sm3(ToText(given)));
  TRY_VOID(NoteUse(info, row, names, "given", "", digest, true));
  return ToText(json::object{{"fields", std::move(given)},
                             {"purpose", row.at("purpose")},
                             {"uses", IntAt(row, "uses") + 1},
                             {"most_uses", row.at("most_uses")},
                             {"until", row.at("until_time")}});
}

Result<std::string> Space::UseInCase(Writer& writer, const std::string& owner,
                                     const std::string& owner_kind, const std::string& owner_name,
                                     const std::string& body_name, const std::string& purpose,
                                     const Thing& thing) {
  std::string now = IsoChina(writer.now());
  std::vector<Thing> things{thing};
  TRY(json::object words, holdings_.Describe(thing));
  TRY(std::string signature, keys_.Sign(kConsentKey, ToText(json::object{{"owner", owner},
                                                                         {"things", ToJson(things)},
                                                                         {"purpose", purpose},
                                                                         {"at", now}})));
  TRY(ledger::Written made,
      writer.Create("authorisation", {{"owner", owner},
                                      {"owner_kind", owner_kind},
                                      {"owner_name", owner_name},
                                      {"grantee_name", body_name},
                                      {"purpose", purpose},
                                      {"basis", "consent"},
                                      {"basis_text", "申请时授权使用 / agreed when applying"},
                                      {"things", ToJson(things)},
                                      {"from_time", now},
                                      {"until_time", now},
                                      {"most_uses", 1},
                                      {"uses", 1},
                                      {"state", "used_up"},
                                      {"asked_at", now},
                                      {"decided_at", now},
                                      {"decided_by", owner_name},
                                      {"signature", crypto::ToBase64(signature)}}));
  json::array names;
  for (const json::value& field : words.at("fields").as_array()) names.push_back(field);
  TRY_VOID(writer.Create("authorisation_use", {{"authorisation", made.id},
                                               {"owner", owner},
                                               {"grantee_name", body_name},
                                               {"purpose", purpose},
                                               {"at", now},
                                               {"given", std::move(names)},
                                               {"outcome", "given"}}));
  writer.Note({"authorisation:use-in-case", "authorisation", made.id, writer.shard(), "{}"});
  return made.id;
}

namespace {
std::string OwnerFilter(const ledger::Subject& who) {
  std::string filter;
  for (const std::string& holder : who.holders)
    filter += (filter.empty() ? "owner = " : " or owner = ") + Quoted(holder);
  return filter.empty() ? "owner = \"\"" : filter;
}
}  // namespace

Result<std::string> Space::Mine(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "authorisation", OwnerFilter(who), 200, "-asked_at"));
  json::array out;
  for (const json::value& each : rows) {
    TRY(json::object shown, ForPeople(each.get_object()));
    out.push_back(std::move(shown));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Space::Uses(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "authorisation_use", OwnerFilter(who), 200, "-at"));
  return ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}});
}

Result<std::string> Space::Asked(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "authorisation",
                                         "grantee = " + Quoted(who.account), 200, "-asked_at"));
  json::array out;
  for (const json::value& each : rows) {
    TRY(json::object shown, ForPeople(each.get_object()));
    out.push_back(std::move(shown));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Space::DataAboutMe(const ledger::Subject& who) {
  auto catalogue = ledger_.catalogue();
  json::array out;
  for (const auto& [name, known] : catalogue->types()) {
    if (name == "certificate" || name == "authorisation" || name == "authorisation_use" ||
        name == "show_code")
      continue;  // pages of their own
    bool mine = std::any_of(known.type.rights.begin(), known.type.rights.end(), [&](const auto& r) {
      return r.reach == ledger::Reach::kHolder && r.Allows(ledger::Verb::kRead) &&
             who.HasRole(r.role);
    });
    if (!mine) continue;
    ledger::ListRequest request;
    request.type = name;
    request.limit = 20;
    request.count = true;
    std::string filter;
    for (const std::string& holder : who.holders)
      filter += (filter.empty() ? "" : " or ") +
                fmt::format("{} = {}", known.type.holder, Quoted(holder));
    request.filter = filter;
    auto page = ledger_.List(who, request);
    if (!page) continue;
    TRY(json::value rows, ParseJson(page->rows));
    if (rows.get_array().empty()) continue;
    json::array fields;
    for (const ledger::Field& field : known.type.fields) {
      if (field.meaning == ledger::Meaning::kJson || field.grade >= 5) continue;
      fields.push_back(
          json::object{{"name", field.name},
                       {"label", json::object{{"zh", field.label.zh}, {"en", field.label.en}}},
                       {"grade", field.grade}});
    }
    out.push_back(json::object{
        {"type", name},
        {"label", json::object{{"zh", known.type.label.zh}, {"en", known.type.label.en}}},
        {"held_by", known.type.system},
        {"total", page->total},
        {"title_field", known.type.title},
        {"fields", std::move(fields)},
        {"rows", std::move(rows)}});
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Space::Members(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  std::string filter;
  for (const std::string& holder : who.holders)
    filter += (filter.empty() ? "" : " or ") + ("enterprise = " + Quoted(holder));
  if (filter.empty()) return std::string("{\"rows\":[],\"next\":null}");
  TRY(json::array rows, ledger::FindRows(*snapshot, *catalogue, "space_member",
                                         "(" + filter + ") and state = \"active\""));
  json::array out;
  for (json::value& each : rows) {
    json::object row = each.get_object();
    if (auto enterprise =
            ledger::ReadRow(*snapshot, *catalogue, "enterprise", TextAt(row, "enterprise")))
      row["enterprise_name"] = enterprise->at("name");
    out.push_back(std::move(row));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

}  // namespace city::space
