// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/review.h"

namespace city::decisions {
namespace {

const char* KindName(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::kGap:
      return "gap";
    case Finding::Kind::kOverlap:
      return "overlap";
    case Finding::Kind::kContradiction:
      return "contradiction";
    case Finding::Kind::kUnreachable:
      return "unreachable";
    case Finding::Kind::kUnchecked:
      return "unchecked";
    case Finding::Kind::kTooLarge:
      return "too-large";
  }
  return "";
}

/// Two rules at once make null where one is wanted: that is an error, all else is worth a look.
bool IsError(const Finding& finding) {
  return finding.kind == Finding::Kind::kOverlap || finding.kind == Finding::Kind::kContradiction;
}

}  // namespace

json::object BothWords(std::string_view zh, std::string_view en) {
  return {{"zh", zh}, {"en", en}};
}

std::string TextOf(const json::object& row, std::string_view key) {
  return std::string(TextAt(row, key));
}

Review LookOver(const Model& model) {
  Review out;
  for (const Problem& problem : model.problems()) {
    out.problems.push_back(
        json::object{{"element", problem.element},
                     {"line", problem.line},
                     {"code", problem.error.code()},
                     {"says", BothWords(problem.error.SaysZh(), problem.error.SaysEn())},
                     {"then", BothWords(problem.error.ThenZh(), problem.error.ThenEn())}});
    out.errors.push_back({"/" + problem.element, std::string(problem.error.code()),
                          problem.error.SaysZh(), problem.error.SaysEn()});
  }
  for (const TableView& table : model.tables()) {
    for (const Finding& finding : CheckTable(table)) {
      json::array rules, ids, example;
      for (int rule : finding.rules) {
        rules.push_back(json::value(rule));
        size_t at = static_cast<size_t>(rule) - 1;
        ids.push_back(json::value(at < table.rules.size() ? table.rules[at].id : std::string()));
      }
      for (const auto& [name, value] : finding.example)
        example.push_back(json::object{
            {"name", name}, {"value", feel::ToJson(value)}, {"text", feel::ToLiteral(value)}});
      std::string zh = Describe(finding, Language::kChinese);
      std::string en = Describe(finding, Language::kEnglish);
      out.findings.push_back(json::object{{"table", table.element},
                                          {"kind", KindName(finding.kind)},
                                          {"severity", IsError(finding) ? "error" : "warning"},
                                          {"rules", std::move(rules)},
                                          {"rule_ids", std::move(ids)},
                                          {"example", std::move(example)},
                                          {"says", BothWords(zh, en)}});
      if (IsError(finding))
        out.errors.push_back(
            {"/" + table.element, KindName(finding.kind), std::move(zh), std::move(en)});
    }
  }
  return out;
}

json::array TablesOf(const Model& model) {
  json::array out;
  auto texts = [](const std::vector<std::string>& list) {
    json::array each;
    for (const std::string& text : list) each.push_back(json::value(text));
    return each;
  };
  for (const TableView& table : model.tables()) {
    json::array inputs, rules;
    for (const TableView::Input& input : table.inputs)
      inputs.push_back(json::object{{"label", input.label.empty() ? input.text : input.label},
                                    {"text", input.text},
                                    {"allowed", input.allowed}});
    for (const TableView::Rule& rule : table.rules)
      rules.push_back(json::object{{"id", rule.id},
                                   {"tests", texts(rule.tests)},
                                   {"outputs", texts(rule.outputs)},
                                   {"annotations", texts(rule.annotations)}});
    out.push_back(json::object{{"name", table.element},
                               {"hit_policy", table.hit_policy},
                               {"inputs", std::move(inputs)},
                               {"outputs", texts(table.outputs)},
                               {"rules", std::move(rules)}});
  }
  return out;
}

}  // namespace city::decisions
