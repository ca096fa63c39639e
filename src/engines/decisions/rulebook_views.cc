// SPDX-License-Identifier: Apache-2.0
// Looking at decision models: lists, versions, findings, trials, differences.
#include <algorithm>

#include "base/text.h"
#include "engines/decisions/compare.h"
#include "engines/decisions/errors.h"
#include "engines/decisions/inputs.h"
#include "engines/decisions/internal/review.h"
#include "engines/decisions/rulebook.h"

namespace city::decisions {
namespace {

json::object Brief(const json::object& version) {
  json::object out;
  for (const char* key : {"id", "number", "state", "digest", "reason", "author_name", "based_on",
                          "tested_at", "published_at", "published_by", "publish_reason",
                          "retired_at", "retired_by", "retire_reason", "created_at", "updated_at"})
    if (const json::value* found = version.if_contains(key)) out[key] = *found;
  // The row version guards against two editors at once.
  out["row_version"] = version.if_contains("version") ? version.at("version") : json::value(0);
  const json::array* tests = ArrayAt(version, "tests");
  out["test_count"] = tests != nullptr ? static_cast<int64_t>(tests->size()) : 0;
  return out;
}

json::object ModelBrief(const json::object& model) {
  return {{"id", model.at("id")},
          {"name", model.at("name")},
          {"label", BothWords(TextAt(model, "label_zh"), TextAt(model, "label_en"))},
          {"purpose", model.at("purpose")},
          {"decision", model.at("decision")},
          {"basis", model.at("basis")},
          {"system", model.at("system")},
          {"in_force", model.at("in_force")}};
}

/// What anybody may know of a model's text: problems, findings, tables, questions.
json::object Looked(const Model& model, const std::string& decision) {
  Review review = LookOver(model);
  json::array names;
  for (const ElementInfo& element : model.elements())
    if (element.kind == ElementKind::kDecision || element.kind == ElementKind::kService)
      names.push_back(json::value(element.name));
  return {{"digest", model.version()},
          {"errors", static_cast<int64_t>(review.errors.size())},
          {"problems", std::move(review.problems)},
          {"findings", std::move(review.findings)},
          {"decision", decision},
          {"decisions", std::move(names)},
          {"tables", TablesOf(model)},
          {"questions", QuestionsOf(model, decision)}};
}

}  // namespace

Result<std::string> Rulebook::List(const ledger::Subject& who) {
  // Rights on the records decide who sees models at all.
  ledger::ListRequest request;
  request.type = "decision_model";
  request.sort = "name";
  request.limit = 500;
  TRY(ledger::Page page, ledger_.List(who, request));
  TRY(json::value models, ParseJson(page.rows, {.max_bytes = 16u << 20}));
  request.type = "decision_version";
  request.sort = "-number";
  request.filter = "state in (\"draft\", \"tested\", \"published\")";
  request.fields = {"model",       "number",       "state",        "reason",
                    "author_name", "published_at", "published_by", "tests"};
  TRY(ledger::Page open, ledger_.List(who, request));
  TRY(json::value versions, ParseJson(open.rows, {.max_bytes = 64u << 20}));
  json::array rows;
  for (const json::value& each : models.get_array()) {
    const json::object& model = each.get_object();
    json::object row = ModelBrief(model);
    row["published"] = nullptr;
    row["draft"] = nullptr;
    for (const json::value& other : versions.get_array()) {
      const json::object& version = other.get_object();
      if (TextAt(version, "model") != TextAt(model, "id")) continue;
      const char* slot = TextAt(version, "state") == "published" ? "published" : "draft";
      if (row.at(slot).is_null()) row[slot] = Brief(version);
    }
    rows.push_back(std::move(row));
  }
  return city::ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}});
}

Result<std::string> Rulebook::Read(const ledger::Subject& who, const std::string& name) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::object model, ModelRow(*snapshot, name));
  TRY_VOID(ledger_.Read(who, "decision_model", TextAt(model, "id")));
  TRY(json::array versions, VersionRows(*snapshot, TextOf(model, "id")));
  json::object out = ModelBrief(model);
  json::array rows;
  for (const json::value& version : versions) rows.push_back(Brief(version.get_object()));
  out["versions"] = std::move(rows);
  return city::ToText(out);
}

Result<std::string> Rulebook::ReadVersion(const ledger::Subject& who, const std::string& name,
                                          int number) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Known known, Find(*snapshot, name, number));
  TRY_VOID(ledger_.Read(who, "decision_version", TextAt(known.version, "id")));
  json::object out = Brief(known.version);
  out["model"] = ModelBrief(known.model);
  out["xml"] = known.version.at("xml");
  const json::array* tests = ArrayAt(known.version, "tests");
  out["tests"] = tests != nullptr ? *tests : json::array{};
  out["test_report"] = known.version.at("test_report");
  TRY(auto edition, Compiled(known));
  json::object looked = Looked(*edition->model, edition->decision);
  for (auto& [key, value] : looked) out[key] = std::move(value);
  return city::ToText(out);
}

Result<std::string> Rulebook::CompareVersions(const ledger::Subject& who, const std::string& name,
                                              int before, int after) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Known then, Find(*snapshot, name, before));
  TRY(Known now, Find(*snapshot, name, after));
  TRY_VOID(ledger_.Read(who, "decision_version", TextAt(now.version, "id")));
  TRY(auto old_edition, Compiled(then));
  TRY(auto new_edition, Compiled(now));
  json::object out = Compare(*old_edition->model, *new_edition->model);
  out["before"] = Brief(then.version);
  out["after"] = Brief(now.version);
  // The same questions put to both: what the change does, not only where it lies.
  json::array effects;
  json::array asked;
  Time at = ledger_.clock().Now();
  for (const Known* known : {&now, &then}) {
    const json::array* tests = ArrayAt(known->version, "tests");
    if (tests == nullptr) continue;
    auto cases = ReadTestCases(*tests);
    if (!cases) continue;
    auto old_results = RunTestCases(*old_edition->model, *cases, old_edition->decision, at);
    auto new_results = RunTestCases(*new_edition->model, *cases, new_edition->decision, at);
    for (size_t i = 0; i < cases->size(); ++i) {
      json::value inputs((*cases)[i].inputs);
      if (std::find(asked.begin(), asked.end(), inputs) != asked.end()) continue;
      asked.push_back(inputs);
      effects.push_back(json::object{{"name", (*cases)[i].name},
                                     {"inputs", std::move(inputs)},
                                     {"before", old_results[i].actual},
                                     {"after", new_results[i].actual},
                                     {"same", old_results[i].actual == new_results[i].actual}});
    }
  }
  out["effects"] = std::move(effects);
  return city::ToText(out);
}

Result<std::string> Rulebook::Check(const json::object& body) const {
  TRY(auto model, Model::Load({"draft", TextOf(body, "xml")}));
  std::string decision = MainDecision(*model, TextAt(body, "decision"));
  if (decision.empty()) decision = MainDecision(*model);
  return city::ToText(Looked(*model, decision));
}

Result<std::string> Rulebook::Try(const ledger::Subject& who, const std::string& name,
                                  const json::object& body) {
  std::shared_ptr<const Model> model;
  std::string decision = TextOf(body, "decision");
  int64_t number = 0;
  if (std::string xml = TextOf(body, "xml"); !xml.empty()) {
    TRY(model, Model::Load({name, xml}));
    decision = MainDecision(*model, decision);
  } else {
    TRY(auto snapshot, ledger_.store().Read());
    number = IntAt(body, "version");
    std::shared_ptr<const Edition> edition;
    if (number > 0) {
      TRY(Known known, Find(*snapshot, name, static_cast<int>(number)));
      TRY_VOID(ledger_.Read(who, "decision_version", TextAt(known.version, "id")));
      TRY(edition, Compiled(known));
    } else {
      TRY_VOID(ModelRow(*snapshot, name));
      TRY(edition, InForce(*snapshot, name));
      number = edition->number;
    }
    model = edition->model;
    decision = decision.empty() ? edition->decision : MainDecision(*model, decision);
  }
  static const json::object kNone;
  const json::object* given = ObjectAt(body, "inputs");
  TRY(feel::Value inputs, InputsFrom(*model, decision, given != nullptr ? *given : kNone));
  DecideOptions options;
  options.settings.now = ledger_.clock().Now();
  options.trace = true;
  TRY(Outcome outcome, model->Decide(decision, inputs, options));
  json::array remarks;
  for (const Error& remark : outcome.remarks)
    remarks.push_back(json::object{{"zh", remark.SaysZh()}, {"en", remark.SaysEn()}});
  json::object out{{"decision", decision},
                   {"number", number > 0 ? json::value(number) : json::value()},
                   {"digest", model->version()},
                   {"value", feel::ToJson(outcome.value)},
                   {"text", feel::ToLiteral(outcome.value)},
                   {"limit_exceeded", outcome.limit_exceeded},
                   {"remarks", std::move(remarks)},
                   {"says", nullptr},
                   {"trace", nullptr}};
  if (outcome.trace) {
    out["says"] = BothWords(Explain(*outcome.trace, Language::kChinese),
                            Explain(*outcome.trace, Language::kEnglish));
    out["trace"] = ToJson(*outcome.trace);
  }
  return city::ToText(out);
}

}  // namespace city::decisions
