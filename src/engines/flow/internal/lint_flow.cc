// SPDX-License-Identifier: Apache-2.0
// Rules about sequence flow, levels (process, sub-process) and gateways.
#include <algorithm>
#include <set>

#include "engines/flow/internal/linter.h"

namespace city::flow {
namespace {

bool Lists(const Element& node, std::string_view child, std::string_view id) {
  for (const auto* c : node.children) {
    if (!c->Is(child)) continue;
    auto text = c->Text();
    std::string_view t = text;
    if (t == id) return true;
    auto colon = t.find(':');
    if (colon != t.npos && t.substr(colon + 1) == id) return true;
  }
  return false;
}

bool IsCompensationHandler(const Element& e) { return e.Flag("isForCompensation", false); }

void CheckConnected(const Linter& lint, const Element& node, bool starts, bool ends) {
  if (!(IsActivity(node) || IsGateway(node) || IsChoreographyActivity(node) ||
        node.Is("intermediateCatchEvent") || node.Is("intermediateThrowEvent"))) {
    return;
  }
  if (IsEventSubProcess(node) || IsCompensationHandler(node)) return;
  bool link = lint.graph.HasKind(node, "link");
  bool intermediate = IsEvent(node);
  if (lint.graph.In(node).empty() && !(link && node.Is("intermediateCatchEvent"))) {
    bool instantiates = node.Flag("instantiate", false);
    if (intermediate && !link) {
      lint.Report(rule::kIntermediateIncoming, node);
    } else if (starts && !instantiates) {
      lint.Report(rule::kIncomingMissing, node);
    }
  }
  if (lint.graph.Out(node).empty() && !(link && node.Is("intermediateThrowEvent"))) {
    if (intermediate && !link && node.Is("intermediateCatchEvent")) {
      lint.Report(rule::kIntermediateOutgoing, node);
    } else if (intermediate && !link) {
      lint.Report(rule::kIntermediateOutgoing, node);
    } else if (ends) {
      lint.Report(rule::kOutgoingMissing, node);
    }
  }
}

}  // namespace

void LintSequenceFlow(const Linter& lint, const Element& e) {
  if (!e.Is("sequenceFlow")) return;
  const auto* source = lint.graph.Source(e);
  const auto* target = lint.graph.Target(e);
  if (source == nullptr || target == nullptr) return;
  if (!IsFlowNode(*source) || !IsFlowNode(*target)) return;
  const Element* home = ContainerOf(e);
  if (ContainerOf(*source) != ContainerOf(*target) ||
      (home != nullptr && ContainerOf(*source) != home)) {
    lint.Report(rule::kSequenceFlowScope, e,
                std::string(source->Label()) + " -> " + target->Label());
  }
  if (target->Is("startEvent")) lint.Report(rule::kStartEventIncoming, *target, e.Label());
  if (source->Is("endEvent")) lint.Report(rule::kEndEventOutgoing, *source, e.Label());
  if (target->Is("boundaryEvent")) lint.Report(rule::kBoundaryIncoming, *target, e.Label());
  for (const auto* end : {source, target}) {
    if (IsEventSubProcess(*end)) lint.Report(rule::kSequenceFlowEventSubprocess, *end, e.Label());
    if (IsActivity(*end) && IsCompensationHandler(*end) && !IsEventSubProcess(*end)) {
      lint.Report(rule::kCompensationHandlerFlow, *end, e.Label());
    }
  }
  if (lint.uses_lists && (!Lists(*source, "outgoing", e.id) || !Lists(*target, "incoming", e.id))) {
    lint.Report(rule::kIncomingOutgoingMismatch, e);
  }
  if (e.Has("isImmediate") && !e.Flag("isImmediate", true) && InExecutable(e)) {
    lint.Report(rule::kSequenceFlowImmediate, e);
  }
  const auto* condition = e.Child("conditionExpression");
  if (condition == nullptr) return;
  if (source->Is("eventBasedGateway") || source->Is("startEvent") ||
      source->Is("intermediateCatchEvent") || source->Is("boundaryEvent")) {
    lint.Report(rule::kConditionPlace, e, std::string(source->Label()));
  } else if (source->Is("parallelGateway")) {
    lint.Report(rule::kConditionIgnored, e, std::string(source->Label()));
  } else if (IsActivity(*source) && lint.graph.Out(*source).size() == 1) {
    lint.Report(rule::kConditionAlone, e, std::string(source->Label()));
  }
  const auto* fallback = lint.graph.Follow(*source, source->Attr("default"));
  if (fallback == &e) lint.Report(rule::kConditionWithDefault, e);
}

void LintContainer(const Linter& lint, const Element& e) {
  if (!e.Is("process") && !IsSubProcess(e) && !e.Is("choreography") && !e.Is("subChoreography")) {
    return;
  }
  bool adhoc = e.Is("adHocSubProcess");
  std::vector<const Element*> starts;
  std::vector<const Element*> ends;
  int activities = 0;
  int nodes = 0;
  for (const auto* c : e.children) {
    if (c->Is("startEvent")) starts.push_back(c);
    if (c->Is("endEvent")) ends.push_back(c);
    if (IsActivity(*c)) ++activities;
    if (IsFlowNode(*c)) ++nodes;
    if (IsChoreographyActivity(*c) && (e.Is("process") || IsSubProcess(e))) {
      lint.Report(rule::kChoreographyInProcess, *c);
    }
    if (adhoc && (c->Is("startEvent") || c->Is("endEvent"))) {
      lint.Report(rule::kAdhocContent, *c);
    }
  }
  if (adhoc) {
    if (activities == 0) lint.Report(rule::kAdhocEmpty, e);
    return;
  }
  if (IsEventSubProcess(e) && starts.size() != 1) {
    lint.Report(rule::kEventSubprocessOneStart, e, std::to_string(starts.size()));
  }
  bool opens = !starts.empty();
  for (const auto* c : e.children) {
    if (c->Is("receiveTask") && c->Flag("instantiate", false)) opens = true;
    if (c->Is("eventBasedGateway") && c->Flag("instantiate", false)) opens = true;
  }
  if (!starts.empty() && ends.empty()) lint.Report(rule::kStartWithoutEnd, e);
  if (!ends.empty() && !opens) lint.Report(rule::kEndWithoutStart, e);
  int none = 0;
  for (const auto* s : starts) {
    if (lint.graph.Triggers(*s).empty()) ++none;
  }
  if (none > 1) lint.Report(rule::kInstantiateNone, e, std::to_string(none));
  if (starts.empty() && nodes > 0 && e.Is("process") && InExecutable(e)) {
    bool any = opens;
    for (const auto* c : e.children) {
      if (IsFlowNode(*c) && lint.graph.In(*c).empty() && !IsEventSubProcess(*c) &&
          !c->Is("boundaryEvent")) {
        any = true;
      }
    }
    if (!any) lint.Report(rule::kNoStart, e);
  }
  for (const auto* c : e.children) CheckConnected(lint, *c, !starts.empty(), !ends.empty());
  for (const auto* c : e.children) {
    // A level with a start event must lead from it to every end.
    if (c->Is("endEvent") && lint.graph.In(*c).empty()) lint.Report(rule::kIncomingMissing, *c);
    if (c->Is("startEvent") && lint.graph.Out(*c).empty()) lint.Report(rule::kOutgoingMissing, *c);
  }
}

void LintGateway(const Linter& lint, const Element& e) {
  if (e.Has("default")) {
    const auto* flow = lint.graph.Follow(e, e.Attr("default"));
    if (flow != nullptr && flow->Is("sequenceFlow") && lint.graph.Source(*flow) != &e) {
      lint.Report(rule::kDefaultNotOutgoing, e, std::string(e.Attr("default")));
    }
  }
  if (!IsGateway(e)) return;
  auto in = lint.graph.In(e).size();
  auto out = lint.graph.Out(e).size();
  auto direction = e.Attr("gatewayDirection");
  bool fits = true;
  if (direction == "Diverging") fits = in <= 1 && out > 1;
  if (direction == "Converging") fits = in > 1 && out <= 1;
  if (direction == "Mixed") fits = in > 1 && out > 1;
  if (!fits) {
    lint.Report(rule::kGatewayDirection, e,
                std::string(direction) + ": " + std::to_string(in) + " in, " + std::to_string(out) +
                    " out");
  }
  if (!e.Is("eventBasedGateway")) return;
  bool instantiate = e.Flag("instantiate", false);
  if (out < 2) lint.Report(rule::kEventGatewayOutgoing, e, std::to_string(out));
  if (instantiate && in > 0) lint.Report(rule::kEventGatewayInstantiate, e);
  bool parallel = e.Attr("eventGatewayType") == "Parallel";
  if (parallel && !instantiate) lint.Report(rule::kEventGatewayParallel, e);
  bool receive = false;
  bool message = false;
  for (const auto* flow : lint.graph.Out(e)) {
    const auto* target = lint.graph.Target(*flow);
    if (target == nullptr) continue;
    if (target->Is("receiveTask")) {
      receive = true;
      if (!lint.graph.BoundaryOf(*target).empty()) {
        lint.Report(rule::kEventGatewayReceiveBoundary, *target);
      }
    } else if (target->Is("intermediateCatchEvent")) {
      for (const auto& t : lint.graph.Triggers(*target)) {
        if (t.kind == "message") message = true;
        if (parallel && t.kind != "message") lint.Report(rule::kEventGatewayParallel, *target);
        if (t.kind == "error" || t.kind == "escalation" || t.kind == "cancel" ||
            t.kind == "compensate" || t.kind == "link" || t.kind == "terminate") {
          lint.Report(rule::kEventGatewayLink, *target, std::string(t.kind));
        }
      }
    } else {
      lint.Report(rule::kEventGatewayTarget, e, std::string(target->Label()));
    }
    if (lint.graph.In(*target).size() > 1) {
      lint.Report(rule::kEventGatewayTargetIncoming, *target);
    }
  }
  if (receive && message) lint.Report(rule::kEventGatewayMixed, e);
}

}  // namespace city::flow
