// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/registration.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engines/registration/errors.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::registration {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

namespace {
Result<NameParts> PartsOf(const json::object& name) {
  NameParts parts{Text(name, "place"), Text(name, "brand"), Text(name, "trade"),
                  Text(name, "form")};
  if (parts.place.empty() || parts.brand.empty() || parts.trade.empty() || parts.form.empty() ||
      parts.brand.size() > 60 || parts.trade.size() > 60)
    return error::kNameIncomplete;
  return parts;
}
std::string Whole(const NameParts& parts) {
  return parts.place + parts.brand + parts.trade + parts.form;
}

/// Rows by a condition, through the ledger: identity numbers may lie sealed in the store.
Result<json::array> Rows(Writer& writer, std::string_view type, const std::string& condition) {
  return ledger::FindRows(writer.tx(), writer.catalogue(), type, condition, 20);
}

/// Identity number of the person behind an account; empty when there is none.
std::string IdOf(Writer& writer, const std::string& account) {
  auto holder = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", account);
  std::string key(holder ? TextAt(*holder, "person") : "");
  if (key.empty()) return {};
  auto person = ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key);
  return person ? Text(*person, "citizen_id") : std::string();
}

int AgeOn(Date today, const std::string& citizen_id) {
  if (!ledger::IsCitizenId(citizen_id)) return -1;
  auto born = ParseDate(citizen_id.substr(6, 4) + "-" + citizen_id.substr(10, 2) + "-" +
                        citizen_id.substr(12, 2));
  if (!born) return -1;
  std::chrono::year_month_day a{*born}, b{today};
  int age = static_cast<int>(b.year()) - static_cast<int>(a.year());
  if (b.month() < a.month() || (b.month() == a.month() && b.day() < a.day())) --age;
  return age;
}
}  // namespace

std::string NewCreditCode(std::string_view division, std::string_view kind, int64_t number) {
  constexpr std::string_view kSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  std::string serial;
  for (int i = 0; i < 5; ++i) {
    serial.insert(serial.begin(), kSigns[static_cast<size_t>(number % 31)]);
    number /= 31;
  }
  std::string body = "MAR" + serial;
  std::string code = kind == "sole_trader" ? "92" : kind == "cooperative" ? "93" : "91";
  code += std::string(division.substr(0, 6)) + body;
  code += ledger::OrganisationCodeCheckCharacter(body);
  code += ledger::CreditCodeCheckCharacter(code);
  return code;
}

Result<int> Registration::LoadNames() {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(store::Rows rows,
      snapshot->Query("select name from r_enterprise where ended_at is null and state = 'active'"));
  while (rows.Next()) names_.Add(rows.Text(0));
  TRY_VOID(rows.status());
  return static_cast<int>(names_.size());
}

Result<std::string> Registration::CheckName(const json::object& name) const {
  TRY(NameParts parts, PartsOf(name));
  NameFinding found = names_.Check(parts);
  json::array others, offers;
  for (const std::string& other : found.others) others.push_back(json::string(other));
  if (found.verdict != NameVerdict::kFree)
    for (const std::string& brand : names_.Suggest(parts, 5)) {
      NameParts offered = parts;
      offered.brand = brand;
      offers.push_back(json::string(Whole(offered)));
    }
  return ToText(json::object{{"name", Whole(parts)},
                             {"verdict", VerdictName(found.verdict)},
                             {"others", std::move(others)},
                             {"offers", std::move(offers)}});
}

Result<json::object> Registration::Facts(Writer& writer, const json::object& row) {
  store::Tx& tx = writer.tx();
  TRY(NameParts parts, PartsOf(row.at("name_parts").get_object()));
  NameVerdict verdict = names_.Check(parts).verdict;
  {
    // What was registered since by another server or in this very moment.
    TRY(store::Rows rows, tx.Query("select 1 from r_registered_name where key = $1 and ended_at is "
                                   "null",
                                   {names_.KeyOf(parts)}));
    if (rows.Next() && verdict == NameVerdict::kFree) verdict = NameVerdict::kExact;
  }
  std::string address = Text(row, "address"), region = Text(row, "address_region");
  std::string where = "ok";
  {
    TRY(store::Rows rows,
        tx.Query("select 1 from r_division where code = $1 and level >= '4' and ended_at is null",
                 {region}));
    if (!rows.Next()) where = "unknown";
  }
  if (where == "ok" &&
      (address.size() < 12 || address.find_first_of("0123456789") == std::string::npos))
    where = "incomplete";
  if (where == "ok") {
    TRY(store::Rows rows, tx.Query("select words from r_address_ban where ended_at is null"));
    while (rows.Next())
      if (address.find(rows.Text(0)) != std::string::npos) where = "barred";
  }
  int64_t uses = 0;
  {
    TRY(store::Rows rows, tx.Query("select count(*) from r_business_licence where address = $1 and "
                                   "state = 'active' and ended_at is null",
                                   {region + " " + address}));
    if (rows.Next()) uses = rows.Int(0);
  }
  int64_t entries = 0, unknown = 0, prior = 0;
  for (const json::value& each : row.at("scope").get_array()) {
    ++entries;
    std::string code = each.is_string() ? std::string(each.get_string().c_str()) : "";
    TRY(store::Rows rows,
        tx.Query("select kind from r_scope_entry where code = $1 and ended_at is null", {code}));
    if (!rows.Next())
      ++unknown;
    else if (rows.Text(0) == "prior")
      ++prior;
  }
  Date today = ChinaDate(writer.now());
  int64_t unverified = 0, barred = 0, unsigned_by = 0;
  int youngest = 200;
  double shares = 0;
  for (const json::value& each : row.at("persons").get_array()) {
    const json::object& person = each.get_object();
    std::string id = Text(person, "citizen_id");
    // Real name: the register knows this person under this number.
    TRY(json::array known, Rows(writer, "person", "citizen_id = " + Quoted(id)));
    if (known.empty() || TextAt(known[0].get_object(), "name") != TextAt(person, "name"))
      ++unverified;
    TRY(json::array bars, Rows(writer, "person_bar", "citizen_id = " + Quoted(id)));
    for (const json::value& bar : bars) {
      std::string_view until = TextAt(bar.get_object(), "until");
      barred += until.empty() || until >= IsoDate(today) ? 1 : 0;
    }
    youngest = std::min(youngest, AgeOn(today, id));
    if (const json::value* share = person.if_contains("share"); share && share->is_number())
      shares += share->to_number<double>();
    unsigned_by += BoolAt(person, "signed") ? 0 : 1;
  }
  return json::object{{"name", VerdictName(verdict)},
                      {"address", where},
                      {"address_uses", uses},
                      {"scope_entries", entries},
                      {"scope_unknown", unknown},
                      {"scope_prior", prior},
                      {"people", row.at("persons").get_array().size()},
                      {"unverified", unverified},
                      {"barred", barred},
                      {"youngest", youngest},
                      {"shares", shares},
                      {"capital", IntAt(row, "capital")},
                      {"unsigned", unsigned_by}};
}

Result<void> Registration::License(Writer& writer, const json::object& row, const std::string& id,
                                   const std::string& by, json::object changes) {
  TRY(NameParts parts, PartsOf(row.at("name_parts").get_object()));
  // Unique among all that are registered, whichever server registers.
  TRY_VOID(
      writer.Create("registered_name", {{"key", names_.KeyOf(parts)}, {"whole", row.at("name")}}));
  std::string region = Text(row, "address_region").substr(0, 6), kind = Text(row, "kind");
  TRY(int64_t number, writer.NextNumber("credit-code:" + region));
  std::string code = NewCreditCode(region, kind, number);
  std::string legal;
  for (const json::value& each : row.at("persons").get_array())
    if (const json::array* roles = ArrayAt(each.get_object(), "roles"))
      for (const json::value& role : *roles)
        if (role == json::value("legal")) legal = Text(each.get_object(), "name");
  std::string today = IsoDate(ChinaDate(writer.now()));
  std::string address = region + " " + Text(row, "address");
  TRY(ledger::Written enterprise, writer.Create("enterprise",
                                                {{"name", row.at("name")},
                                                 {"credit_code", code},
                                                 {"legal_person", legal},
                                                 {"kind", kind},
                                                 {"industry", parts.trade},
                                                 {"capital", row.at("capital")},
                                                 {"founded", today},
                                                 {"address", Text(row, "address")},
                                                 {"scope", Text(row, "scope_text").substr(0, 1900)},
                                                 {"state", "active"}},
                                                region));
  TRY_VOID(writer.Create("business_licence",
                         {{"credit_code", code},
                          {"name", row.at("name")},
                          {"kind", kind},
                          {"legal_person", legal},
                          {"capital", row.at("capital")},
                          {"address", address},
                          {"scope", row.at("scope_text")},
                          {"registrar", settings_.registrar_name},
                          {"issued", today},
                          {"account", row.at("applicant")},
                          {"state", "active"}},
                         region));
  changes["state"] = "licensed";
  changes["decided_by"] = by;
  changes["decided_at"] = IsoChina(writer.now());
  changes["enterprise"] = enterprise.id;
  changes["credit_code"] = code;
  TRY_VOID(writer.Update("registration", id, changes));
  writer.Note({"registration:license", "registration", id, region,
               ToText(json::object{{"credit_code", code}, {"by", by}})});
  return writer.Send("registration", id, {{"credit_code", code}});
}

Result<void> Registration::Decide_(Writer& writer, json::object row, const std::string& id) {
  TRY(json::object facts, Facts(writer, row));
  TRY(Decided decided, decide_(settings_.model, "faults", facts, true));
  json::array faults;
  std::vector<std::string> codes;
  auto take = [&](const json::value& value) {
    if (value.is_string()) codes.emplace_back(value.get_string().c_str());
  };
  if (const json::array* list = decided.value.if_array()) {
    for (const json::value& each : *list) take(each);
  } else {
    take(decided.value);
  }
  // The basis of each rule that matched stands in the trace of the table.
  std::map<std::string, std::string> basis;
  if (const json::object* trace = decided.trace.if_object())
    if (const json::array* decisions = ArrayAt(*trace, "decisions"))
      for (const json::value& decision : *decisions)
        if (const json::array* tables = ArrayAt(decision.get_object(), "tables"))
          for (const json::value& table : *tables)
            if (const json::array* rules = ArrayAt(table.get_object(), "rules"))
              for (const json::value& rule : *rules) {
                const json::object& one = rule.get_object();
                if (!BoolAt(one, "matched")) continue;
                std::string text = ToText(one);
                for (const std::string& code : codes)
                  if (text.find("\"" + code + "\"") != std::string::npos)
                    if (const json::value* notes = one.if_contains("annotations"))
                      basis[code] = ToText(*notes);
              }
  for (const std::string& code : codes)
    faults.push_back(json::object{{"code", code}, {"basis", basis[code]}});
  json::object changes{
      {"facts", facts},
      {"faults", faults},
      {"rules", json::object{{"model", decided.model}, {"version", decided.version}}},
      {"trace", decided.trace}};
  if (faults.empty()) return License(writer, row, id, "automatic", std::move(changes));
  changes["state"] = "human";
  TRY_VOID(writer.Update("registration", id, changes));
  writer.Note({"registration:stopped", "registration", id, Text(row, "region"), ToText(faults)});
  return {};
}

void Registration::Remember(const std::string& id) {
  auto snapshot = ledger_.store().Read();
  if (!snapshot) return;
  auto row = ledger::ReadRow(**snapshot, *ledger_.catalogue(), "registration", id);
  if (!row || TextAt(*row, "state") != "licensed") return;
  auto parts = PartsOf(row->at("name_parts").get_object());
  if (parts && names_.Check(*parts).verdict != NameVerdict::kExact)
    names_.Add(*parts, Text(*row, "name"));
}

Result<std::string> Registration::Apply(const ledger::CommandInfo& info, const json::object& body) {
  const json::object* name = ObjectAt(body, "name");
  if (name == nullptr) return error::kNameIncomplete;
  TRY(NameParts parts, PartsOf(*name));
  const json::array* people = ArrayAt(body, "persons");
  if (people == nullptr || people->empty() || people->size() > 50) return error::kNoPerson;
  bool legal = false;
  for (const json::value& each : *people) {
    if (!each.is_object() || Text(each.get_object(), "citizen_id").empty()) return error::kNoPerson;
    if (const json::array* roles = ArrayAt(each.get_object(), "roles"))
      for (const json::value& role : *roles) legal = legal || role == json::value("legal");
  }
  if (!legal) return error::kNoPerson;
  TRY(std::string id, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    std::string account = writer.who().account, own_id = IdOf(writer, account);
    writer.ActAsEngine();
    json::array persons = *people;
    bool all_signed = true;
    for (json::value& each : persons) {
      bool own = !own_id.empty() && TextAt(each.get_object(), "citizen_id") == own_id;
      each.get_object()["signed"] = own;
      // Who is not in the register cannot sign; the rules will name it.
      bool known = own;
      if (!known) {
        TRY(json::array found,
            Rows(writer, "person",
                 "citizen_id = " + Quoted(Text(each.get_object(), "citizen_id"))));
        if (!found.empty()) {
          TRY(store::Rows rows, writer.tx().Query("select 1 from r_account where person = $1",
                                                  {Text(found[0].get_object(), "id")}));
          known = rows.Next();
        }
        all_signed = all_signed && !known;
      }
    }
    json::array scope = ArrayAt(body, "scope") != nullptr ? *ArrayAt(body, "scope") : json::array{};
    std::string words;
    bool licensed_scope = false;
    for (const json::value& each : scope) {
      TRY(store::Rows rows,
          writer.tx().Query("select text, kind from r_scope_entry where code = $1 and ended_at is "
                            "null",
                            {each.is_string() ? std::string(each.get_string().c_str()) : ""}));
      if (!rows.Next()) continue;
      words += (words.empty() ? "" : "；") + std::string(rows.Text(0));
      licensed_scope = licensed_scope || rows.Text(1) != "general";
    }
    if (licensed_scope) words += settings_.scope_end;
    std::string region = Text(body, "address_region");
    json::object row{
        {"name", Whole(parts)},
        {"name_parts", *name},
        {"kind", Text(body, "kind").empty() ? "company" : Text(body, "kind")},
        {"applicant", account},
        {"address_region", ledger::IsDivisionCode(region) ? json::value(region) : json::value()},
        {"address", Text(body, "address")},
        {"capital", IntAt(body, "capital")},
        {"scope", scope},
        {"scope_text", words},
        {"persons", persons},
        {"state", "signing"},
        {"submitted_at", IsoChina(writer.now())}};
    TRY(ledger::Written made, writer.Create("registration", row));
    row["region"] = writer.shard();
    if (all_signed) TRY_VOID(Decide_(writer, row, made.id));
    return made.id;
  }));
  Remember(id);
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}

Result<std::string> Registration::Sign(const ledger::CommandInfo& info, const std::string& id) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", id));
    std::string own_id = IdOf(writer, writer.who().account);
    bool named = false, all = true;
    json::array persons = row.at("persons").get_array();
    for (json::value& each : persons) {
      json::object& person = each.get_object();
      if (!own_id.empty() && TextAt(person, "citizen_id") == own_id) {
        named = true;
        person["signed"] = true;
      }
      all = all && BoolAt(person, "signed");
    }
    if (!named) return error::kNotYours;
    if (TextAt(row, "state") != "signing")
      return error::kActNotPossible({{"state", Text(row, "state")}});
    writer.ActAsEngine();
    TRY_VOID(writer.Update("registration", id, {{"persons", persons}}));
    row["persons"] = std::move(persons);
    if (all) TRY_VOID(Decide_(writer, row, id));
    return id;
  }));
  Remember(id);
  return ToText(json::object{{"id", id}, {"signed", true}});
}

Result<std::string> Registration::Act(const ledger::CommandInfo& info, const std::string& id,
                                      const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "registration", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", id));
    const ledger::Subject& who = writer.who();
    bool registrar = std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
      return post.role == "approver" && !post.organisation_path.empty() &&
             settings_.registrar_path.starts_with(post.organisation_path);
    });
    if (!registrar) return error::kNotYours;
    std::string reason(Trim(TextAt(body, "reason"))), by = who.name;
    if (reason.empty()) return error::kReasonMissing;
    if (TextAt(row, "state") != "human" || (act != "approve" && act != "return"))
      return error::kActNotPossible({{"state", Text(row, "state")}});
    writer.ActAsEngine();
    if (act == "approve") {
      TRY_VOID(License(writer, row, id, by, {{"reason", reason.substr(0, 1000)}}));
    } else {
      TRY_VOID(writer.Update("registration", id,
                             {{"state", "returned"},
                              {"reason", reason.substr(0, 1000)},
                              {"decided_by", by},
                              {"decided_at", IsoChina(writer.now())}}));
    }
    TRY_VOID(writer.Create(
        "message",
        {{"account", row.at("applicant")},
         {"kind", "registration"},
         {"title", (act == "approve" ? "已核准登记：" : "登记申请已退回：") + Text(row, "name")},
         {"text", reason},
         {"link", "/registrations/" + id}}));
    return id;
  }));
  Remember(id);
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}
}  // namespace city::registration
