// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engines/flow/internal/linter.h"

namespace city::flow {

std::span<const Rule* const> AllRules() { return rule::kAll; }

std::string Finding::ToLine(std::string_view file) const {
  std::string out =
      fmt::format("{}:{}: {}: {} {} [{} §{}]: {}", file, line, is_error() ? "error" : "warning",
                  element_kind, element, rule->id, rule->clause, rule->says_en);
  if (!detail.empty()) out += fmt::format(" ({})", detail);
  return out + fmt::format("; {}. {}；{}。", rule->then_en, rule->says_zh, rule->then_zh);
}

std::vector<Finding> Lint(const Document& document) {
  std::vector<Finding> findings;
  FlowGraph graph(document);
  Linter lint{document, graph, findings};
  for (const auto& e : document.elements()) {
    lint.uses_lists |= e.Is("incoming") || e.Is("outgoing");
  }
  LintDocument(lint);
  for (const auto& e : document.elements()) {
    LintReferences(lint, e);
    LintSequenceFlow(lint, e);
    LintContainer(lint, e);
    LintEvent(lint, e);
    LintEventDefinition(lint, e);
    LintGateway(lint, e);
    LintActivity(lint, e);
    LintData(lint, e);
    LintCollaboration(lint, e);
    LintExpression(lint, e);
  }
  auto key = [](const Finding& f) {
    return std::tuple(f.line, std::string_view(f.rule->id), std::string_view(f.element),
                      std::string_view(f.detail));
  };
  std::sort(findings.begin(), findings.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [&](const Finding& a, const Finding& b) { return key(a) == key(b); }),
                 findings.end());
  return findings;
}

}  // namespace city::flow
