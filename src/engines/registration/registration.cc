// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/registration.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engines/registration/errors.h"
#include "engines/registration/internal/facts.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/row_text.h"

namespace city::registration {
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

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

void Registration::ForMatter(const json::object& row, json::object& facts) {
  std::string matter = Text(row, "matter");
  if (matter != "change" && matter != "filing") return;
  // What stays as it was registered is not asked again.
  const json::object* changes = ObjectAt(row, "changes");
  auto stays = [&](std::string_view field) {
    return changes == nullptr || !changes->contains(field);
  };
  if (stays("name")) facts["name"] = VerdictName(NameVerdict::kFree);
  if (stays("address")) {
    facts["address"] = "ok";
    facts["address_uses"] = 0;
  }
  if (stays("scope")) facts["scope_prior"] = facts["scope_unknown"] = 0;
  if (matter == "filing") facts["shares"] = 100;
}

Result<void> Registration::KeepName(Writer& writer, const NameParts& parts,
                                    const std::string& whole) {
  // Unique among all that are registered, whichever server registers. A name that was given up is
  // free again after a year (enterprise-name rules, Art. 17).
  std::string key = names_.KeyOf(parts);
  TRY(json::array old, Rows(writer, "registered_name", "key = " + Quoted(key)));
  if (!old.empty()) {
    std::string_view until = TextAt(old[0].get_object(), "barred_until");
    if (!until.empty() && until < IsoDate(ChinaDate(writer.now()))) {
      TRY_VOID(writer.Update("registered_name", Text(old[0].get_object(), "id"),
                             {{"whole", whole}, {"barred_until", nullptr}}));
      return {};
    }
  }
  TRY_VOID(writer.Create("registered_name", {{"key", key}, {"whole", whole}}));
  return {};
}

Result<void> Registration::LetIn(Writer& writer, const std::string& enterprise,
                                 const json::array& persons, const std::string& region) {
  for (const json::value& each : persons) {
    const json::object& person = each.get_object();
    if (!HoldsRole(person, "legal")) continue;
    std::string account = AccountOf(writer, Text(person, "citizen_id"));
    if (account.empty()) continue;
    TRY_VOID(writer.Create("space_member",
                           {{"enterprise", enterprise},
                            {"account", account},
                            {"name", person.at("name")},
                            {"role", "legal_person"},
                            {"state", "active"}},
                           region));
  }
  return {};
}

Result<void> Registration::License(Writer& writer, const json::object& row, const std::string& id,
                                   const std::string& by, json::object changes) {
  std::string matter = Text(row, "matter");
  if (matter == "change" || matter == "filing")
    return ApplyChange(writer, row, id, by, std::move(changes));
  TRY(NameParts parts, PartsOf(row.at("name_parts").get_object()));
  TRY_VOID(KeepName(writer, parts, Text(row, "name")));
  std::string region = Text(row, "address_region").substr(0, 6), kind = Text(row, "kind");
  TRY(int64_t number, writer.NextNumber("credit-code:" + region));
  std::string code = NewCreditCode(region, kind, number);
  const json::array& persons = row.at("persons").get_array();
  std::string legal = LegalPerson(persons);
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
  TRY_VOID(LetIn(writer, enterprise.id, persons, region));
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
  TRY(json::object facts, GatherFacts(writer, names_, row));
  ForMatter(row, facts);
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
  if (!row || (TextAt(*row, "state") != "licensed" && TextAt(*row, "state") != "changed")) return;
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
    std::string account = writer.who().account,
                own_id = IdOf(writer.tx(), writer.catalogue(), account);
    writer.ActAsEngine();
    json::array scope = ArrayAt(body, "scope") != nullptr ? *ArrayAt(body, "scope") : json::array{};
    ScopeWords words = WordsOfScope(writer.tx(), scope);
    if (words.licensed) words.text += settings_.scope_end;
    std::string region = Text(body, "address_region");
    json::object row{
        {"matter", "found"},
        {"name", Whole(parts)},
        {"name_parts", *name},
        {"kind", Text(body, "kind").empty() ? "company" : Text(body, "kind")},
        {"applicant", account},
        {"address_region", ledger::IsDivisionCode(region) ? json::value(region) : json::value()},
        {"address", Text(body, "address")},
        {"capital", IntAt(body, "capital")},
        {"scope", scope},
        {"scope_text", words.text},
        {"persons", *people},
        {"state", "signing"},
        {"submitted_at", IsoChina(writer.now())}};
    return Begin(writer, std::move(row), own_id, Text(body, "papers"), {});
  }));
  Remember(id);
  TRY(ledger::One one, ledger_.Read(info.who, "registration", id));
  return one.row;
}

Result<std::string> Registration::Begin(Writer& writer, json::object row, const std::string& own_id,
                                        const std::string& papers,
                                        const std::vector<std::string>& trusted) {
  std::string digest = PapersDigest(WritePapers(settings_.papers, row, settings_.code_names));
  if (!papers.empty() && papers != digest) return error::kPapersChanged;
  row["papers"] = digest;
  bool all_signed = true;
  json::array persons = row.at("persons").get_array();
  std::vector<json::object> signers;
  for (json::value& each : persons) {
    json::object& person = each.get_object();
    std::string id = Text(person, "citizen_id");
    bool own = !own_id.empty() && id == own_id;
    bool before = std::find(trusted.begin(), trusted.end(), id) != trusted.end();
    person["signed"] = own || before;
    if (before && !own) continue;
    // Who is not in the register cannot sign; the rules will name it.
    std::string account = AccountOf(writer, id);
    all_signed = all_signed && (own || account.empty());
    json::object signer{{"citizen_id", id},
                        {"name", Text(person, "name")},
                        {"roles", person.contains("roles") ? person.at("roles") : json::array{}},
                        {"account", ledger::OrNull(account)}};
    if (own) TRY_VOID(Seal(writer, signer, digest));
    signers.push_back(std::move(signer));
  }
  row["persons"] = std::move(persons);
  TRY(ledger::Written made, writer.Create("registration", row));
  for (json::object& signer : signers) {
    signer["registration"] = made.id;
    TRY_VOID(writer.Create("registration_signer", signer));
    // Those who still have to sign are told.
    if (!signer.contains("signed_at") && signer.at("account").is_string())
      TRY_VOID(writer.Create("message", {{"account", signer.at("account")},
                                         {"kind", "registration"},
                                         {"title", "请核对并签署登记文件：" + Text(row, "name")},
                                         {"link", "/registrations/" + made.id}}));
  }
  row["region"] = writer.shard();
  if (all_signed) TRY_VOID(Decide_(writer, row, made.id));
  return made.id;
}

Result<void> Registration::Seal(Writer& writer, json::object& signer, const std::string& digest) {
  std::string at = IsoChina(writer.now());
  signer["signed_at"] = at;
  signer["digest"] = digest;
  if (settings_.sign) {
    // What was read, by whom, when: the digest of the papers with number and time.
    TRY(std::string signature,
        settings_.sign(digest + "|" + Text(signer, "citizen_id") + "|" + at));
    signer["signature"] = std::move(signature);
  }
  return {};
}

Result<std::string> Registration::Sign(const ledger::CommandInfo& info, const std::string& id) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", id));
    std::string own_id = IdOf(writer.tx(), writer.catalogue(), writer.who().account);
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
    TRY(json::array signers,
        Rows(writer, "registration_signer",
             "registration = " + Quoted(id) + " and citizen_id = " + Quoted(own_id)));
    for (const json::value& each : signers) {
      json::object signature{{"citizen_id", own_id}};
      TRY_VOID(Seal(writer, signature, Text(row, "papers")));
      signature.erase("citizen_id");
      TRY_VOID(writer.Update("registration_signer", Text(each.get_object(), "id"), signature));
    }
    TRY_VOID(writer.Update("registration", id, {{"persons", persons}}));
    row["persons"] = std::move(persons);
    if (all) TRY_VOID(Decide_(writer, row, id));
    return id;
  }));
  Remember(id);
  return ToText(json::object{{"id", id}, {"signed", true}});
}

bool Registration::IsRegistrar(const ledger::Subject& who) const {
  return std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
    return post.role == "approver" && !post.organisation_path.empty() &&
           settings_.registrar_path.starts_with(post.organisation_path);
  });
}

Result<std::string> Registration::Act(const ledger::CommandInfo& info, const std::string& id,
                                      const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "registration", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "registration", id));
    const ledger::Subject& who = writer.who();
    if (!IsRegistrar(who)) return error::kNotYours;
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
