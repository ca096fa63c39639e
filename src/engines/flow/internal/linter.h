// SPDX-License-Identifier: Apache-2.0
// What the rule groups share: the file, its graph, and the list of findings they add to.
#pragma once

#include <string>
#include <vector>

#include "engines/flow/findings.h"
#include "engines/flow/internal/model.h"
#include "engines/flow/internal/rule_names.h"

namespace city::flow {

struct Linter {
  const Document& document;
  const FlowGraph& graph;
  std::vector<Finding>& findings;
  bool uses_lists = false;  ///< the file lists incoming and outgoing flows at its nodes

  void Report(const Rule& rule, const Element& e, std::string detail = {}) const {
    Finding f;
    f.rule = &rule;
    f.element = e.Label();
    f.element_kind = std::string(e.name);
    f.line = e.line;
    f.detail = std::move(detail);
    findings.push_back(std::move(f));
  }
};

void LintReferences(const Linter& lint, const Element& e);
void LintDocument(const Linter& lint);
void LintSequenceFlow(const Linter& lint, const Element& e);
void LintContainer(const Linter& lint, const Element& e);
void LintEvent(const Linter& lint, const Element& e);
void LintEventDefinition(const Linter& lint, const Element& e);
void LintGateway(const Linter& lint, const Element& e);
void LintActivity(const Linter& lint, const Element& e);
void LintData(const Linter& lint, const Element& e);
void LintCollaboration(const Linter& lint, const Element& e);
void LintExpression(const Linter& lint, const Element& e);

}  // namespace city::flow
