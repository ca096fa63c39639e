// SPDX-License-Identifier: Apache-2.0
// Why: what happens to an enterprise after it was registered: changes, filings, simple
// cancellation with its notice.
#include <algorithm>

#include "base/text.h"
#include "engines/registration/errors.h"
#include "engines/registration/internal/facts.h"
#include "engines/registration/registration.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::registration {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr const char* kChangeable[] = {"name",    "address_region", "address",
                                       "capital", "scope",          "persons"};

/// Whether this account registers for the enterprise: its legal representative, or a member who was
/// given that authority.
bool MayRegister(Writer& writer, const std::string& enterprise, const std::string& account) {
  auto members = Rows(writer, "space_member",
                      "enterprise = " + Quoted(enterprise) + " and account = " + Quoted(account) +
                          " and state = \"active\"");
  if (!members) return false;
  for (const json::value& each : *members) {
    const json::object& member = each.get_object();
    if (TextAt(member, "role") == "legal_person") return true;
    if (const json::array* may = ArrayAt(member, "may"))
      for (const json::value& one : *may)
        if (one == json::value("register")) return true;
  }
  return false;
}

/// "440203 一路1号": how licences write an address.
std::string LicenceAddress(const json::object& row) {
  return Text(row, "address_region").substr(0, 6) + " " + Text(row, "address");
}
}  // namespace

Result<json::object> Registration::FileOf(Writer& writer, const std::string& enterprise) {
  TRY(json::object company,
      ledger::ReadRow(writer.tx(), writer.catalogue(), "enterprise", enterprise));
  if (!MayRegister(writer, enterprise, writer.who().account)) return error::kNotYours;
  if (TextAt(company, "state") != "active")
    return error::kActNotPossible({{"state", Text(company, "state")}});
  TRY(json::array files, ledger::FindRows(writer.tx(), writer.catalogue(), "registration",
                                          "enterprise = " + Quoted(enterprise) +
                                              " and (state = \"licensed\" or state = \"changed\")",
                                          1, "-decided_at"));
  if (files.empty()) return error::kNoFile;
  TRY(json::array open,
      Rows(writer, "registration",
           "enterprise = " + Quoted(enterprise) +
               " and (state = \"signing\" or state = \"human\" or state = \"notice\")"));
  if (!open.empty()) return error::kAnotherRuns({{"state", Text(open[0].get_object(), "state")}});
  return files[0].get_object();
}

Result<std::string> Registration::Change(const ledger::CommandInfo& info,
                                         const std::string& enterprise, const json::object& body) {
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object file, FileOf(writer, enterprise));
    std::string account = writer.who().account,
                own_id = IdOf(writer.tx(), writer.catalogue(), account);
    writer.ActAsEngine();
    json::object row, changes;
    for (const char* key : {"name", "name_parts", "kind", "address_region", "address", "capital",
                            "scope", "scope_text", "persons", "credit_code"})
      row[key] = file.at(key);
    std::vector<std::string> trusted;
    for (const json::value& each : file.at("persons").get_array())
      trusted.push_back(Text(each.get_object(), "citizen_id"));
    for (const char* key : kChangeable) {
      const json::value* wanted = body.if_contains(key);
      if (wanted == nullptr) continue;
      std::string field = key;
      json::value before = row.at(field), after = *wanted;
      if (field == "name") {
        const json::object* name = wanted->if_object();
        if (name == nullptr) return error::kNameIncomplete;
        TRY(NameParts parts, city::registration::PartsOf(*name));
        row["name_parts"] = *name;
        after = Whole(parts);
      }
      if (field == "persons") {
        const json::array* people = wanted->if_array();
        if (people == nullptr || people->empty() || people->size() > 50) return error::kNoPerson;
        for (const json::value& each : *people)
          if (!each.is_object() || Text(each.get_object(), "citizen_id").empty())
            return error::kNoPerson;
        if (LegalPerson(*people).empty()) return error::kNoPerson;
        before = LegalPerson(before.get_array());
        row["persons"] = *people;
        changes["persons"] = json::object{{"before", before}, {"after", LegalPerson(*people)}};
        continue;
      }
      if (field == "scope") {
        const json::array* codes = wanted->if_array();
        if (codes == nullptr) return error::kNothingChanged;
        ScopeWords words = WordsOfScope(writer.tx(), *codes);
        if (words.licensed) words.text += settings_.scope_end;
        before = row.at("scope_text");
        after = words.text;
        row["scope_text"] = words.text;
        row["scope"] = *codes;
      } else {
        row[field] = field == "capital" ? json::value(IntAt(body, "capital")) : after;
      }
      // A new town is a new address even when the street is named alike.
      if (before != after)
        changes[field == "address_region" ? "address" : field] =
            json::object{{"before", before}, {"after", after}};
    }
    if (changes.empty()) return error::kNothingChanged;
    row["matter"] = "change";
    row["changes"] = changes;
    row["applicant"] = account;
    row["enterprise"] = enterprise;
    row["state"] = "signing";
    row["submitted_at"] = IsoChina(writer.now());
    return Begin(writer, std::move(row), own_id, {}, trusted);
  }));
  Remember(id);
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}

Result<std::string> Registration::File(const ledger::CommandInfo& info,
                                       const std::string& enterprise, const json::object& body) {
  static constexpr std::string_view kSubjects[] = {"articles", "term", "liaison", "directors"};
  std::string subject = Text(body, "subject"), text(Trim(TextAt(body, "text")));
  if (std::find(std::begin(kSubjects), std::end(kSubjects), subject) == std::end(kSubjects) ||
      text.empty() || text.size() > 2000)
    return error::kFilingIncomplete;
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object file, FileOf(writer, enterprise));
    std::string account = writer.who().account,
                own_id = IdOf(writer.tx(), writer.catalogue(), account);
    writer.ActAsEngine();
    json::object row;
    for (const char* key : {"name", "name_parts", "kind", "address_region", "address", "capital",
                            "scope", "scope_text", "persons", "credit_code"})
      row[key] = file.at(key);
    std::vector<std::string> trusted;
    for (const json::value& each : file.at("persons").get_array())
      trusted.push_back(Text(each.get_object(), "citizen_id"));
    // New directors are checked like everybody who takes part; they need not sign a filing.
    if (const json::array* people = ArrayAt(body, "persons");
        subject == "directors" && people != nullptr) {
      if (people->empty() || people->size() > 50) return error::kNoPerson;
      for (const json::value& each : *people) {
        if (!each.is_object() || Text(each.get_object(), "citizen_id").empty())
          return error::kNoPerson;
        trusted.push_back(Text(each.get_object(), "citizen_id"));
      }
      row["persons"] = *people;
    }
    row["matter"] = "filing";
    row["changes"] = json::object{{subject, json::object{{"after", text}}}};
    row["applicant"] = account;
    row["enterprise"] = enterprise;
    row["state"] = "signing";
    row["submitted_at"] = IsoChina(writer.now());
    return Begin(writer, std::move(row), own_id, {}, trusted);
  }));
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}

Result<void> Registration::ApplyChange(Writer& writer, const json::object& row,
                                       const std::string& id, const std::string& by,
                                       json::object changes) {
  std::string enterprise = Text(row, "enterprise"), matter = Text(row, "matter");
  changes["decided_by"] = by;
  changes["decided_at"] = IsoChina(writer.now());
  changes["state"] = matter == "filing" ? "recorded" : "changed";
  TRY_VOID(writer.Update("registration", id, changes));
  writer.Note({"registration:" + matter, "registration", id, Text(row, "region"),
               ToText(json::object{{"by", by}})});
  if (matter == "filing") return {};
  const json::object& changed = row.at("changes").get_object();
  const json::array& persons = row.at("persons").get_array();
  std::string legal = LegalPerson(persons);
  if (changed.contains("name")) {
    TRY(NameParts parts, city::registration::PartsOf(row.at("name_parts").get_object()));
    TRY_VOID(KeepName(writer, parts, Text(row, "name")));
  }
  TRY_VOID(writer.Update("enterprise", enterprise,
                         {{"name", row.at("name")},
                          {"legal_person", legal},
                          {"capital", row.at("capital")},
                          {"address", row.at("address")},
                          {"scope", Text(row, "scope_text").substr(0, 1900)}}));
  TRY(json::array licences,
      Rows(writer, "business_licence", "credit_code = " + Quoted(Text(row, "credit_code"))));
  for (const json::value& each : licences)
    TRY_VOID(writer.Update("business_licence", Text(each.get_object(), "id"),
                           {{"name", row.at("name")},
                            {"legal_person", legal},
                            {"capital", row.at("capital")},
                            {"address", LicenceAddress(row)},
                            {"scope", row.at("scope_text")}}));
  if (changed.contains("persons")) {
    // The old legal representative leaves the enterprise's space, the new one gets in.
    TRY(json::array members, Rows(writer, "space_member",
                                  "enterprise = " + Quoted(enterprise) +
                                      " and role = \"legal_person\" and state = \"active\""));
    for (const json::value& each : members)
      TRY_VOID(writer.Update("space_member", Text(each.get_object(), "id"), {{"state", "ended"}}));
    TRY_VOID(LetIn(writer, enterprise, persons, Text(row, "region")));
  }
  return writer.Send("registration", id, {{"credit_code", row.at("credit_code")}});
}

Result<std::string> Registration::BeginCancellation(const ledger::CommandInfo& info,
                                                    const std::string& enterprise,
                                                    const json::object& body) {
  if (!BoolAt(body, "promise")) return error::kPromiseMissing;
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object file, FileOf(writer, enterprise));
    std::string account = writer.who().account;
    writer.ActAsEngine();
    Date today = ChinaDate(writer.now());
    bool trader = TextAt(file, "kind") == "sole_trader";
    int days = trader ? settings_.sole_trader_days : settings_.notice_days;
    // The day of publication is not counted: the last day of the notice is so many days later.
    Date until = today + std::chrono::days(days),
         last = until + std::chrono::days(settings_.apply_days);
    TRY(ledger::Written made,
        writer.Create("registration", {{"matter", "cancel"},
                                       {"name", file.at("name")},
                                       {"kind", file.at("kind")},
                                       {"applicant", account},
                                       {"credit_code", file.at("credit_code")},
                                       {"enterprise", enterprise},
                                       {"name_parts", file.at("name_parts")},
                                       {"state", "notice"},
                                       {"submitted_at", IsoChina(writer.now())}}));
    TRY_VOID(writer.Create("cancellation_notice", {{"registration", made.id},
                                                   {"name", file.at("name")},
                                                   {"credit_code", file.at("credit_code")},
                                                   {"from_day", IsoDate(today)},
                                                   {"until_day", IsoDate(until)},
                                                   {"apply_until", IsoDate(last)},
                                                   {"state", "open"}}));
    writer.Note({"registration:cancel-notice", "registration", made.id, writer.shard(),
                 ToText(json::object{{"until", IsoDate(until)}})});
    return made.id;
  }));
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}

Result<std::string> Registration::Object(const ledger::CommandInfo& info, const std::string& notice,
                                         const json::object& body) {
  std::string reason(Trim(TextAt(body, "reason")));
  if (reason.empty()) return error::kReasonMissing;
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "cancellation_notice", notice));
    std::string today = IsoDate(ChinaDate(writer.now()));
    if (TextAt(row, "state") != "open" || TextAt(row, "until_day") < today)
      return error::kActNotPossible({{"state", Text(row, "state")}});
    std::string account = writer.who().account, by = writer.who().name,
                registration = Text(row, "registration");
    writer.ActAsEngine();
    TRY_VOID(writer.Create("notice_objection", {{"notice", notice},
                                                {"account", account},
                                                {"by_name", by},
                                                {"reason", reason.substr(0, 1000)}}));
    TRY_VOID(writer.Update("cancellation_notice", notice, {{"state", "objected"}}));
    TRY_VOID(writer.Update("registration", registration,
                           {{"state", "objected"},
                            {"reason", reason.substr(0, 1000)},
                            {"decided_at", IsoChina(writer.now())}}));
    TRY(json::object matter,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", registration));
    TRY_VOID(writer.Create("message", {{"account", matter.at("applicant")},
                                       {"kind", "registration"},
                                       {"title", "简易注销公示收到异议：" + Text(row, "name")},
                                       {"text", reason.substr(0, 1000)},
                                       {"link", "/registrations/" + registration}}));
    return ToText(json::object{{"id", notice}, {"state", "objected"}});
  });
}

Result<std::string> Registration::Close(const ledger::CommandInfo& info, const std::string& id) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", id));
    std::string enterprise = Text(row, "enterprise"), state = Text(row, "state");
    if (TextAt(row, "matter") != "cancel" || !MayRegister(writer, enterprise, writer.who().account))
      return error::kNotYours;
    if (state == "objected") return error::kObjected;
    if (state != "notice") return error::kActNotPossible({{"state", state}});
    TRY(json::array notices, Rows(writer, "cancellation_notice", "registration = " + Quoted(id)));
    if (notices.empty()) return ledger::error::kNotFound;
    const json::object& notice = notices[0].get_object();
    std::string today = IsoDate(ChinaDate(writer.now()));
    if (today <= TextAt(notice, "until_day"))
      return error::kNoticeRuns({{"day", Text(notice, "until_day")}});
    if (today > TextAt(notice, "apply_until"))
      return error::kNoticeLapsed({{"day", Text(notice, "apply_until")}});
    writer.ActAsEngine();
    TRY_VOID(writer.Update("cancellation_notice", Text(notice, "id"), {{"state", "closed"}}));
    TRY_VOID(writer.Update("enterprise", enterprise, {{"state", "closed"}}));
    TRY(json::array licences,
        Rows(writer, "business_licence", "credit_code = " + Quoted(Text(row, "credit_code"))));
    for (const json::value& each : licences)
      TRY_VOID(
          writer.Update("business_licence", Text(each.get_object(), "id"), {{"state", "closed"}}));
    TRY(NameParts parts, city::registration::PartsOf(row.at("name_parts").get_object()));
    TRY(json::array names, Rows(writer, "registered_name", "key = " + Quoted(names_.KeyOf(parts))));
    Date free = ChinaDate(writer.now()) + std::chrono::days(365);
    for (const json::value& each : names)
      TRY_VOID(writer.Update("registered_name", Text(each.get_object(), "id"),
                             {{"barred_until", IsoDate(free)}}));
    TRY_VOID(writer.Update("registration", id,
                           {{"state", "closed"},
                            {"decided_by", "automatic"},
                            {"decided_at", IsoChina(writer.now())}}));
    writer.Note({"registration:close", "registration", id, Text(row, "region"), "{}"});
    TRY_VOID(writer.Send("registration", id, {{"credit_code", row.at("credit_code")}}));
    return id;
  }));
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}
}  // namespace city::registration
