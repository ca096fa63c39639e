// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/internal/model.h"

#include <array>

namespace city::flow {
namespace {

template <std::size_t N>
bool OneOf(const Element& e, const std::array<std::string_view, N>& names) {
  if (e.ns != Ns::kBpmn) return false;
  for (auto n : names) {
    if (e.name == n) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 8> kTasks = {"task",       "userTask",         "serviceTask",
                                                    "scriptTask", "businessRuleTask", "manualTask",
                                                    "sendTask",   "receiveTask"};
constexpr std::array<std::string_view, 3> kSubProcesses = {"subProcess", "transaction",
                                                           "adHocSubProcess"};
constexpr std::array<std::string_view, 5> kEvents = {
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"};
constexpr std::array<std::string_view, 5> kGateways = {"exclusiveGateway", "inclusiveGateway",
                                                       "parallelGateway", "complexGateway",
                                                       "eventBasedGateway"};
constexpr std::array<std::string_view, 3> kChoreography = {"choreographyTask", "subChoreography",
                                                           "callChoreography"};
constexpr std::array<std::string_view, 8> kItemAware = {
    "dataObject", "dataObjectReference", "dataStore", "dataStoreReference",
    "dataInput",  "dataOutput",          "property",  "inputDataItem"};
constexpr std::array<std::string_view, 3> kArtifacts = {"association", "group", "textAnnotation"};
constexpr std::array<std::string_view, 5> kGlobalTasks = {"globalTask", "globalUserTask",
                                                          "globalScriptTask", "globalManualTask",
                                                          "globalBusinessRuleTask"};

const std::vector<const Element*> kNothing;

}  // namespace

bool IsTask(const Element& e) { return OneOf(e, kTasks); }
bool IsSubProcess(const Element& e) { return OneOf(e, kSubProcesses); }
bool IsActivity(const Element& e) { return IsTask(e) || IsSubProcess(e) || e.Is("callActivity"); }
bool IsEvent(const Element& e) { return OneOf(e, kEvents); }
bool IsCatchEvent(const Element& e) {
  return e.Is("startEvent") || e.Is("intermediateCatchEvent") || e.Is("boundaryEvent");
}
bool IsThrowEvent(const Element& e) { return e.Is("endEvent") || e.Is("intermediateThrowEvent"); }
bool IsGateway(const Element& e) { return OneOf(e, kGateways); }
bool IsChoreographyActivity(const Element& e) { return OneOf(e, kChoreography); }
bool IsFlowNode(const Element& e) {
  return IsActivity(e) || IsEvent(e) || IsGateway(e) || IsChoreographyActivity(e);
}
bool IsEventDefinition(const Element& e) {
  return e.ns == Ns::kBpmn && e.name.ends_with("EventDefinition");
}
bool IsItemAware(const Element& e) { return OneOf(e, kItemAware) || e.Is("outputDataItem"); }
bool IsArtifact(const Element& e) { return OneOf(e, kArtifacts); }
bool IsGlobalTask(const Element& e) { return OneOf(e, kGlobalTasks); }
bool IsFlowContainer(const Element& e) {
  return e.Is("process") || IsSubProcess(e) || e.Is("choreography") || e.Is("subChoreography") ||
         e.Is("globalChoreographyTask");
}
bool IsEventSubProcess(const Element& e) {
  return IsSubProcess(e) && e.Flag("triggeredByEvent", false);
}

const Element* ContainerOf(const Element& e) {
  for (const Element* at = e.parent; at != nullptr; at = at->parent) {
    if (IsFlowContainer(*at)) return at;
  }
  return nullptr;
}

const Element* ProcessOf(const Element& e) {
  for (const Element* at = &e; at != nullptr; at = at->parent) {
    if (at->Is("process")) return at;
  }
  return nullptr;
}

bool InExecutable(const Element& e) {
  const Element* process = ProcessOf(e);
  return process != nullptr && process->Flag("isExecutable", false);
}

FlowGraph::FlowGraph(const Document& document) : document_(document) {
  for (const auto& e : document.elements()) {
    if (e.Is("sequenceFlow")) {
      if (const auto* s = Follow(e, e.Attr("sourceRef"))) out_[s].push_back(&e);
      if (const auto* t = Follow(e, e.Attr("targetRef"))) in_[t].push_back(&e);
    } else if (e.Is("boundaryEvent")) {
      if (const auto* a = Follow(e, e.Attr("attachedToRef"))) boundary_[a].push_back(&e);
    } else if (e.Is("association")) {
      const auto* s = Follow(e, e.Attr("sourceRef"));
      const auto* t = Follow(e, e.Attr("targetRef"));
      if (s != nullptr && t != nullptr) {
        associated_[s].push_back(t);
        associated_[t].push_back(s);
      }
    }
  }
}

const Element* FlowGraph::Follow(const Element& at, std::string_view qname) const {
  if (qname.empty()) return nullptr;
  auto found = document_.Resolve(at, qname);
  return found.targets.empty() ? nullptr : found.targets.front();
}

const std::vector<const Element*>& FlowGraph::In(const Element& node) const {
  auto it = in_.find(&node);
  return it == in_.end() ? kNothing : it->second;
}

const std::vector<const Element*>& FlowGraph::Out(const Element& node) const {
  auto it = out_.find(&node);
  return it == out_.end() ? kNothing : it->second;
}

const Element* FlowGraph::Source(const Element& flow) const {
  return Follow(flow, flow.Attr("sourceRef"));
}
const Element* FlowGraph::Target(const Element& flow) const {
  return Follow(flow, flow.Attr("targetRef"));
}

std::vector<Trigger> FlowGraph::Triggers(const Element& event) const {
  std::vector<Trigger> out;
  constexpr std::string_view kSuffix = "EventDefinition";
  for (const auto* c : event.children) {
    const Element* definition = c;
    bool by_reference = false;
    if (c->Is("eventDefinitionRef")) {
      definition = Follow(*c, c->Text());
      by_reference = true;
    }
    if (definition == nullptr || !IsEventDefinition(*definition)) continue;
    auto kind = definition->name;
    kind.remove_suffix(kSuffix.size());
    out.push_back({definition, kind, by_reference});
  }
  return out;
}

std::vector<const Element*> FlowGraph::BoundaryOf(const Element& activity) const {
  auto it = boundary_.find(&activity);
  return it == boundary_.end() ? kNothing : it->second;
}

const Element* FlowGraph::CompensationHandler(const Element& boundary) const {
  auto it = associated_.find(&boundary);
  if (it == associated_.end()) return nullptr;
  for (const auto* other : it->second) {
    if (IsActivity(*other)) return other;
  }
  return nullptr;
}

bool FlowGraph::HasKind(const Element& event, std::string_view kind) const {
  for (const auto& t : Triggers(event)) {
    if (t.kind == kind) return true;
  }
  return false;
}

}  // namespace city::flow
