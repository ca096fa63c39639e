// SPDX-License-Identifier: Apache-2.0
// Questions that the lint rules and the deployer both ask of a BPMN file.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engines/flow/document.h"

namespace city::flow {

bool IsTask(const Element& e);
bool IsSubProcess(const Element& e);  ///< subProcess, transaction, adHocSubProcess
bool IsActivity(const Element& e);    ///< task, sub-process or call activity
bool IsEvent(const Element& e);
bool IsCatchEvent(const Element& e);  ///< start, intermediate catch, boundary
bool IsThrowEvent(const Element& e);  ///< intermediate throw, end
bool IsGateway(const Element& e);
bool IsFlowNode(const Element& e);  ///< activity, event, gateway or choreography activity
bool IsChoreographyActivity(const Element& e);
bool IsEventDefinition(const Element& e);
bool IsItemAware(const Element& e);  ///< data object, reference, store, property, input, output
bool IsArtifact(const Element& e);
bool IsGlobalTask(const Element& e);
/// Process, sub-process or choreography: what holds flow nodes.
bool IsFlowContainer(const Element& e);
bool IsEventSubProcess(const Element& e);

/// Nearest enclosing element that holds flow nodes; null at the top.
const Element* ContainerOf(const Element& e);
/// Enclosing process; null outside one.
const Element* ProcessOf(const Element& e);
/// Whether the enclosing process is meant to run.
bool InExecutable(const Element& e);

/// Trigger or result of an event after following eventDefinitionRef; kind is the local name without
/// `EventDefinition`, such as `timer`.
struct Trigger {
  const Element* definition;
  std::string_view kind;
  bool by_reference;
};

/// Sequence flows by their ends, found once.
class FlowGraph {
 public:
  explicit FlowGraph(const Document& document);
  const std::vector<const Element*>& In(const Element& node) const;
  const std::vector<const Element*>& Out(const Element& node) const;
  const Element* Source(const Element& flow) const;
  const Element* Target(const Element& flow) const;
  std::vector<Trigger> Triggers(const Element& event) const;
  /// First target of a reference attribute or element text; null when unresolved.
  const Element* Follow(const Element& at, std::string_view qname) const;
  /// Boundary events attached to an activity.
  std::vector<const Element*> BoundaryOf(const Element& activity) const;
  /// Handler that an association leads to from a compensation boundary event; null without one.
  const Element* CompensationHandler(const Element& boundary) const;
  bool HasKind(const Element& event, std::string_view kind) const;

 private:
  const Document& document_;
  std::unordered_map<const Element*, std::vector<const Element*>> in_;
  std::unordered_map<const Element*, std::vector<const Element*>> out_;
  std::unordered_map<const Element*, std::vector<const Element*>> boundary_;
  std::unordered_map<const Element*, std::vector<const Element*>> associated_;
};

}  // namespace city::flow
