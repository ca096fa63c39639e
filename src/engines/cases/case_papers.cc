// SPDX-License-Identifier: Apache-2.0
// The papers of a case: promises and notices that are kept as they were signed, and those that tell
// of an act and are worded from it.
#include <algorithm>
#include <array>

#include "engines/cases/case_life.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/errors.h"
#include "parts/crypto/crypto.h"

namespace city::cases {
using ledger::Writer;

namespace {
/// Acts that the law wants told in writing (Administrative Licensing Law Art. 32, 38, 42, 44, 45,
/// 69), and the name of their paper.
struct ActPaper {
  std::string_view act, paper;
};
constexpr std::array kActPapers = {
    ActPaper{"submit", "receipt"},        ActPaper{"request-correction", "correction"},
    ActPaper{"accept", "acceptance"},     ActPaper{"refuse", "refusal"},
    ActPaper{"not-needed", "not-needed"}, ActPaper{"pause", "special-procedure"},
    ActPaper{"extend", "extension"},      ActPaper{"approve", "grant"},
    ActPaper{"reject", "denial"},         ActPaper{"deliver", "delivery"},
    ActPaper{"revoke", "revocation"}};

std::string_view PaperOfAct(const json::object& event) {
  std::string_view act = TextAt(event, "act"), to = TextAt(event, "to_state");
  // A step's approval is no decision; only the one that ends the case is.
  if ((act == "approve" || act == "forward") && !to.starts_with("granted")) return {};
  if (act == "forward") act = "approve";
  if (act == "reject" && to != "denied") return {};
  for (const ActPaper& each : kActPapers)
    if (each.act == act) return each.paper;
  return {};
}

std::string DigestOf(const json::object& title, const json::array& paragraphs) {
  return crypto::ToHex(crypto::Sm3(ToText(json::array{title, paragraphs})));
}

std::string DayOf(std::string_view moment) { return std::string(moment.substr(0, 10)); }
}  // namespace

Result<std::string> Cases::KeepPaper(Writer& writer, const std::string& id,
                                     const std::string& region, const CasePaper& paper) {
  json::object title{{"zh", paper.title_zh}, {"en", paper.title_en}};
  json::array paragraphs;
  for (const std::string& each : paper.paragraphs) paragraphs.push_back(json::string(each));
  std::string digest = DigestOf(title, paragraphs);
  TRY(ledger::Written made, writer.Create("case_paper",
                                          {{"case_id", id},
                                           {"kind", paper.kind},
                                           {"title", title},
                                           {"paragraphs", paragraphs},
                                           {"digest", digest},
                                           {"material", OrNull(paper.material)},
                                           {"signed_by", OrNull(paper.signed_by)},
                                           {"written_at", IsoChina(writer.now())},
                                           {"due", OrNull(paper.due)}},
                                          region));
  writer.Note({"case:paper", "service_case", id, region,
               ToText(json::object{{"kind", paper.kind}, {"sm3", digest}})});
  return made.id;
}

Result<std::string> Cases::WriteAndKeep(Writer& writer, const Loaded& loaded,
                                        const std::string& name, json::object facts,
                                        const std::string& signed_by, const std::string& due) {
  for (const char* key : {"number", "item_name", "applicant_name"})
    if (loaded.row.contains(key)) facts[key] = loaded.row.at(key);
  facts["day"] = IsoDate(ChinaDate(writer.now()));
  facts["due"] = due;
  std::string department = Text(loaded.row, "department");
  if (!department.empty()) {
    TRY(json::object body,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation", department));
    facts["department_name"] = body.at("name");
  }
  TRY(json::object written, rules_.WritePaper(name, facts));
  CasePaper paper{name,
                  Text(written.at("title").as_object(), "zh"),
                  Text(written.at("title").as_object(), "en"),
                  {},
                  signed_by,
                  {},
                  due};
  for (const json::value& each : written.at("paragraphs").as_array())
    paper.paragraphs.emplace_back(each.as_string());
  return KeepPaper(writer, loaded.id, loaded.region, paper);
}

Result<json::array> Cases::PapersOf(store::Reader& reader, const std::string& id) {
  auto catalogue = ledger_.catalogue();
  json::array out;
  TRY(json::object row, ledger::ReadRow(reader, *catalogue, "service_case", id));
  TRY(json::array events, ledger::FindRows(reader, *catalogue, "case_event",
                                           "case_id = " + Quoted(id), 500, "created_at"));
  std::string department_name;
  if (auto body = ledger::ReadRow(reader, *catalogue, "organisation", Text(row, "department")))
    department_name = Text(*body, "name");
  for (const json::value& each : events) {
    const json::object& event = each.get_object();
    std::string name(PaperOfAct(event));
    if (name.empty()) continue;
    json::object facts;
    for (const char* key : {"number", "item_name", "applicant_name", "query_code", "promised_due",
                            "legal_due", "legal_days", "promised_days", "accepted_day"})
      facts[key] = row.at(key);
    facts["department_name"] = department_name;
    facts["reason"] = event.at("note");
    facts["day"] = DayOf(TextAt(event, "created_at"));
    auto written = rules_.WritePaper(name, facts);
    if (!written) continue;  // the city words no such paper
    out.push_back(json::object{{"id", "act-" + Text(event, "id")},
                               {"kind", name},
                               {"title", written->at("title")},
                               {"paragraphs", written->at("paragraphs")},
                               {"written_at", event.at("created_at")},
                               {"signed_by", department_name},
                               {"material", nullptr},
                               {"due", nullptr},
                               {"digest", DigestOf(written->at("title").as_object(),
                                                   written->at("paragraphs").as_array())}});
  }
  TRY(json::array kept, ledger::FindRows(reader, *catalogue, "case_paper",
                                         "case_id = " + Quoted(id), 100, "created_at"));
  for (const json::value& each : kept) {
    const json::object& paper = each.get_object();
    json::object shown;
    for (const char* key : {"id", "kind", "title", "paragraphs", "written_at", "signed_by",
                            "material", "due", "digest"})
      shown[key] = paper.at(key);
    out.push_back(std::move(shown));
  }
  std::stable_sort(out.begin(), out.end(), [](const json::value& a, const json::value& b) {
    return TextAt(a.get_object(), "written_at") < TextAt(b.get_object(), "written_at");
  });
  return out;
}

Result<std::string> Cases::Paper(const ledger::Subject& who, const std::string& id,
                                 const std::string& paper) {
  TRY(ledger::One one, Read(who, id));
  TRY(json::value parsed, ParseJson(one.row, {.max_bytes = 16u << 20}));
  // Whoever may read the answers may read the papers; others see that they exist.
  const json::value* form = parsed.get_object().if_contains("form");
  if (form == nullptr || !form->is_object()) return ledger::error::kNotFound;
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::array papers, PapersOf(*snapshot, id));
  for (json::value& each : papers)
    if (TextAt(each.get_object(), "id") == paper) {
      each.get_object()["number"] = parsed.get_object().at("number");
      each.get_object()["item_name"] = parsed.get_object().at("item_name");
      return ToText(each);
    }
  return ledger::error::kNotFound;
}
}  // namespace city::cases
