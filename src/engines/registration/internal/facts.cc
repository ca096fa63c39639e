// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/internal/facts.h"

#include <algorithm>

#include "base/text.h"
#include "engines/registration/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::registration {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

namespace {
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

Result<json::array> Rows(Writer& writer, std::string_view type, const std::string& condition) {
  return ledger::FindRows(writer.tx(), writer.catalogue(), type, condition, 20);
}

std::string IdOf(store::Reader& reader, const ledger::Catalogue& catalogue,
                 const std::string& account) {
  auto holder = ledger::ReadRow(reader, catalogue, "account", account);
  std::string key(holder ? TextAt(*holder, "person") : "");
  if (key.empty()) return {};
  auto person = ledger::ReadRow(reader, catalogue, "person", key);
  return person ? Text(*person, "citizen_id") : std::string();
}

std::string AccountOf(Writer& writer, const std::string& citizen_id) {
  auto found = Rows(writer, "person", "citizen_id = " + Quoted(citizen_id));
  if (!found || found->empty()) return {};
  auto rows = writer.tx().Query("select id from r_account where person = $1 and ended_at is null",
                                {Text(found->front().get_object(), "id")});
  return rows && rows->Next() ? std::string(rows->Text(0)) : std::string();
}

bool HoldsRole(const json::object& person, std::string_view role) {
  const json::array* roles = ArrayAt(person, "roles");
  return roles != nullptr && std::any_of(roles->begin(), roles->end(), [&](const json::value& one) {
           return one.is_string() && one.get_string() == role;
         });
}

std::string LegalPerson(const json::array& persons) {
  for (const json::value& each : persons)
    if (each.is_object() && HoldsRole(each.get_object(), "legal"))
      return Text(each.get_object(), "name");
  return {};
}

ScopeWords WordsOfScope(store::Reader& reader, const json::array& codes) {
  ScopeWords out;
  for (const json::value& each : codes) {
    auto rows =
        reader.Query("select text, kind from r_scope_entry where code = $1 and ended_at is null",
                     {each.is_string() ? std::string(each.get_string().c_str()) : ""});
    if (!rows || !rows->Next()) continue;
    out.text += (out.text.empty() ? "" : "；") + std::string(rows->Text(0));
    out.licensed = out.licensed || rows->Text(1) != "general";
  }
  return out;
}

Result<json::object> GatherFacts(Writer& writer, const NameIndex& names, const json::object& row) {
  store::Tx& tx = writer.tx();
  TRY(NameParts parts, PartsOf(row.at("name_parts").get_object()));
  NameVerdict verdict = names.Check(parts).verdict;
  {
    // What was registered since by another server or in this very moment.
    TRY(store::Rows rows,
        tx.Query("select 1 from r_registered_name where key = $1 and (barred_until is null or "
                 "barred_until >= $2) and ended_at is null",
                 {names.KeyOf(parts), IsoDate(ChinaDate(writer.now()))}));
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
}  // namespace city::registration
