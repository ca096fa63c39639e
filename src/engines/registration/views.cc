// SPDX-License-Identifier: Apache-2.0
// Why: what founders, signers and the registrar see of an application.
#include <algorithm>

#include "engines/registration/errors.h"
#include "engines/registration/internal/facts.h"
#include "engines/registration/registration.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"

namespace city::registration {
using ledger::Quoted;
using ledger::Text;

std::string Registration::NameWordsForPeople() const {
  const NameWords& words = names_.words();
  json::array places, trades, forms;
  for (const std::string& place : settings_.name_places) places.push_back(json::string(place));
  for (const auto& group : words.trades)
    for (const std::string& trade : group) trades.push_back(json::string(trade));
  for (const std::string& form : words.forms) forms.push_back(json::string(form));
  return ToText(json::object{
      {"places", std::move(places)}, {"trades", std::move(trades)}, {"forms", std::move(forms)}});
}

Result<std::string> Registration::Papers(const ledger::Subject&, const json::object& body) const {
  const json::object* name = ObjectAt(body, "name");
  if (name == nullptr) return error::kNameIncomplete;
  TRY(NameParts parts, city::registration::PartsOf(*name));
  TRY(auto snapshot, ledger_.store().Read());
  const json::array* codes = ArrayAt(body, "scope");
  ScopeWords words = WordsOfScope(*snapshot, codes != nullptr ? *codes : json::array{});
  if (words.licensed) words.text += settings_.scope_end;
  const json::array* people = ArrayAt(body, "persons");
  if (people == nullptr || people->empty() || people->size() > 50) return error::kNoPerson;
  json::object row{{"name", Whole(parts)},
                   {"kind", Text(body, "kind").empty() ? "company" : Text(body, "kind")},
                   {"address", Text(body, "address")},
                   {"capital", IntAt(body, "capital")},
                   {"scope_text", words.text},
                   {"persons", *people}};
  auto papers = WritePapers(settings_.papers, row, settings_.code_names);
  return ToText(json::object{{"papers", city::registration::ToJson(papers)},
                             {"digest", PapersDigest(papers)},
                             {"scope_text", words.text}});
}

Result<json::object> Registration::Seen(store::Reader& reader, const ledger::Subject& who,
                                        const std::string& id) {
  auto catalogue = ledger_.catalogue();
  TRY(json::object row, ledger::ReadRow(reader, *catalogue, "registration", id));
  if (ledger_.Read(who, "registration", id)) return row;  // by right; the reading is on record
  // A person who is named signs, and so may read what they sign.
  std::string own_id = IdOf(reader, *catalogue, who.account);
  const json::array* persons = ArrayAt(row, "persons");
  if (!own_id.empty() && persons != nullptr)
    for (const json::value& each : *persons)
      if (each.is_object() && TextAt(each.get_object(), "citizen_id") == own_id) {
        TRY_VOID(ledger_.Command(
            {who, Text(row, "region"), "", ""}, [&](ledger::Writer& w) -> Result<std::string> {
              w.Note(
                  {"registration:read-as-signer", "registration", id, Text(row, "region"), "{}"});
              return "";
            }));
        return row;
      }
  return ledger::error::kNotFound;
}

Result<std::string> Registration::PapersOf(const ledger::Subject& who, const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::object row, Seen(*snapshot, who, id));
  auto papers = WritePapers(settings_.papers, row, settings_.code_names);
  return ToText(
      json::object{{"papers", city::registration::ToJson(papers)},
                   {"digest", PapersDigest(papers)},
                   {"signed_digest", row.contains("papers") ? row.at("papers") : json::value()}});
}

Result<std::string> Registration::Mine(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  std::vector<std::string> ids, to_sign;
  auto take = [&](std::string id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  };
  TRY(json::array own,
      ledger::FindRows(*snapshot, *catalogue, "registration", "applicant = " + Quoted(who.account),
                       100, "-submitted_at"));
  for (const json::value& each : own) take(Text(each.get_object(), "id"));
  TRY(json::array named, ledger::FindRows(*snapshot, *catalogue, "registration_signer",
                                          "account = " + Quoted(who.account), 100, "-created_at"));
  for (const json::value& each : named) {
    const json::object& signer = each.get_object();
    take(Text(signer, "registration"));
    if (Text(signer, "signed_at").empty()) to_sign.push_back(Text(signer, "registration"));
  }
  std::vector<json::object> rows;
  for (const std::string& id : ids) {
    auto row = ledger::ReadRow(*snapshot, *catalogue, "registration", id);
    if (!row) continue;
    json::object out;
    for (const char* key : {"id", "matter", "name", "kind", "state", "submitted_at", "decided_at",
                            "credit_code", "enterprise", "changes"})
      if (row->contains(key)) out[key] = row->at(key);
    out["mine"] = TextAt(*row, "applicant") == who.account;
    out["to_sign"] = Text(*row, "state") == "signing" &&
                     std::find(to_sign.begin(), to_sign.end(), id) != to_sign.end();
    rows.push_back(std::move(out));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const json::object& a, const json::object& b) {
    return TextAt(a, "submitted_at") > TextAt(b, "submitted_at");
  });
  json::array list;
  for (json::object& row : rows) list.push_back(std::move(row));
  return ToText(json::object{{"rows", std::move(list)}, {"next", nullptr}});
}

Result<std::string> Registration::View(const ledger::Subject& who, const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object row, Seen(*snapshot, who, id));
  bool registrar = IsRegistrar(who);
  json::object out;
  for (const char* key : {"id", "matter", "name", "kind", "state", "address_region", "address",
                          "capital", "scope_text", "faults", "rules", "submitted_at", "decided_at",
                          "decided_by", "reason", "credit_code", "enterprise", "changes", "papers"})
    if (row.contains(key)) out[key] = row.at(key);
  if (registrar || Text(row, "applicant") == who.account)
    for (const char* key : {"facts", "trace"})
      if (row.contains(key)) out[key] = row.at(key);
  std::string own_id = IdOf(*snapshot, *catalogue, who.account);
  json::array people;
  if (const json::array* persons = ArrayAt(row, "persons"))
    for (const json::value& each : *persons) {
      json::object person = each.get_object();
      person["self"] = !own_id.empty() && TextAt(person, "citizen_id") == own_id;
      // Whoever is named sees the others' names and parts; numbers are for applicant and registrar.
      if (!registrar && Text(row, "applicant") != who.account && !BoolAt(person, "self"))
        person.erase("citizen_id");
      people.push_back(std::move(person));
    }
  out["persons"] = std::move(people);
  TRY(json::array signers, ledger::FindRows(*snapshot, *catalogue, "registration_signer",
                                            "registration = " + Quoted(id), 60));
  json::array signatures;
  for (const json::value& each : signers) {
    const json::object& signer = each.get_object();
    if (Text(signer, "signed_at").empty()) continue;
    json::object one;
    for (const char* key : {"name", "signed_at", "digest", "signature"})
      if (signer.contains(key)) one[key] = signer.at(key);
    signatures.push_back(std::move(one));
  }
  out["signatures"] = std::move(signatures);
  TRY(json::array notices, ledger::FindRows(*snapshot, *catalogue, "cancellation_notice",
                                            "registration = " + Quoted(id), 1));
  if (!notices.empty()) out["notice"] = notices[0];
  if (std::string enterprise = Text(row, "enterprise"); !enterprise.empty()) {
    TRY(json::array certificates,
        ledger::FindRows(
            *snapshot, *catalogue, "certificate",
            "holder = " + Quoted(enterprise) + " and type = \"" + settings_.certificate + "\"", 1,
            "-issued_at"));
    if (!certificates.empty()) out["certificate"] = certificates[0].get_object().at("id");
  }
  return ToText(out);
}
}  // namespace city::registration
