// SPDX-License-Identifier: Apache-2.0
// Rules about participants, message flow, lanes, choreographies and conversations.
#include <cstdlib>
#include <map>
#include <set>

#include "engines/flow/internal/linter.h"

namespace city::flow {
namespace {

/// Process behind an end of a message flow: that of the participant, or the node's own.
const Element* PoolOf(const Linter& lint, const Element& end) {
  if (end.Is("participant")) {
    const auto* p = lint.graph.Follow(end, end.Attr("processRef"));
    return p != nullptr ? p : &end;
  }
  return ProcessOf(end);
}

void CheckMessageFlow(const Linter& lint, const Element& e) {
  const auto* source = lint.graph.Follow(e, e.Attr("sourceRef"));
  const auto* target = lint.graph.Follow(e, e.Attr("targetRef"));
  if (source == nullptr || target == nullptr) return;
  const auto* from = PoolOf(lint, *source);
  const auto* to = PoolOf(lint, *target);
  if (source == target || (from != nullptr && from == to)) {
    lint.Report(rule::kMessageFlowPool, e, source->Label() + " -> " + target->Label());
  }
  if (source->Is("startEvent")) lint.Report(rule::kMessageFlowStart, *source, e.Label());
  if (target->Is("endEvent")) lint.Report(rule::kMessageFlowEnd, *target, e.Label());
  if (source->Is("endEvent")) {
    auto kinds = lint.graph.Triggers(*source);
    if (kinds.empty() || !lint.graph.HasKind(*source, "message")) {
      lint.Report(rule::kMessageFlowEndKind, *source, e.Label());
    }
  }
  if (target->Is("startEvent")) {
    if (!lint.graph.HasKind(*target, "message")) {
      lint.Report(rule::kMessageFlowStartKind, *target, e.Label());
    }
  }
  if (source->Is("intermediateCatchEvent") || source->Is("boundaryEvent") ||
      source->Is("receiveTask") || IsGateway(*source)) {
    lint.Report(rule::kMessageFlowSource, *source, e.Label());
  }
  if (source->Is("intermediateThrowEvent") && !lint.graph.HasKind(*source, "message")) {
    lint.Report(rule::kMessageFlowSource, *source, e.Label());
  }
  if (target->Is("intermediateThrowEvent") || target->Is("sendTask") || IsGateway(*target)) {
    lint.Report(rule::kMessageFlowTarget, *target, e.Label());
  }
  if ((target->Is("intermediateCatchEvent") || target->Is("boundaryEvent")) &&
      !lint.graph.HasKind(*target, "message")) {
    lint.Report(rule::kMessageFlowTarget, *target, e.Label());
  }
}

void CheckLanes(const Linter& lint, const Element& set) {
  const auto* process = ProcessOf(set);
  std::set<std::string> seen;
  for (const auto* lane : set.children) {
    if (!lane->Is("lane")) continue;
    for (const auto* c : lane->children) {
      if (!c->Is("flowNodeRef")) continue;
      auto text = c->Text();
      if (!seen.insert(text).second) lint.Report(rule::kLaneDouble, *lane, text);
      const auto* node = lint.graph.Follow(*c, text);
      if (node != nullptr && ProcessOf(*node) != process) {
        lint.Report(rule::kLaneNode, *lane, text);
      }
    }
  }
}

void CheckChoreography(const Linter& lint, const Element& e) {
  if ((e.Is("choreography") || e.Is("globalConversation") || e.Is("globalChoreographyTask")) &&
      e.Child("choreographyRef") != nullptr) {
    lint.Report(rule::kChoreographyReference, e);
  }
  if (e.Is("collaboration") || e.Is("choreography")) {
    for (const auto* c : e.children) {
      if (!c->Is("choreographyRef")) continue;
      const auto* other = lint.graph.Follow(*c, c->Text());
      if (other == nullptr || !other->Flag("isClosed", false)) continue;
      std::set<std::string_view> own;
      for (const auto* m : other->children) {
        if (m->Is("messageFlow")) own.insert(m->id);
      }
      for (const auto* m : e.children) {
        if (m->Is("messageFlow") && !own.contains(m->id)) {
          lint.Report(rule::kClosedMessageFlow, *m, other->Label());
        }
      }
    }
  }
  if (e.Is("globalConversation")) {
    static const std::set<std::string_view> allowed = {"participant",
                                                       "messageFlow",
                                                       "conversation",
                                                       "subConversation",
                                                       "callConversation",
                                                       "conversationLink",
                                                       "correlationKey",
                                                       "documentation",
                                                       "extensionElements",
                                                       "participantAssociation",
                                                       "messageFlowAssociation",
                                                       "conversationAssociation",
                                                       "choreographyRef",
                                                       "supportedInterfaceRef",
                                                       "ioSpecification",
                                                       "ioBinding"};
    for (const auto* c : e.children) {
      if (c->ns == Ns::kBpmn && !allowed.contains(c->name)) {
        lint.Report(rule::kGlobalConversationContent, e, c->Label());
      }
    }
  }
  if (e.Is("choreographyTask")) {
    int participants = 0;
    bool initiator = false;
    for (const auto* c : e.children) {
      if (!c->Is("participantRef")) continue;
      ++participants;
      initiator |= c->Text() == e.Attr("initiatingParticipantRef");
    }
    if (participants != 2 || !initiator) lint.Report(rule::kChoreographyParticipants, e);
  }
}

}  // namespace

void LintCollaboration(const Linter& lint, const Element& e) {
  if (e.Is("messageFlow")) CheckMessageFlow(lint, e);
  if (e.Is("laneSet")) CheckLanes(lint, e);
  CheckChoreography(lint, e);
  if (e.Is("participantMultiplicity") && e.Has("minimum") && e.Has("maximum")) {
    long low = std::atol(e.xml.attribute("minimum").value());
    long high = std::atol(e.xml.attribute("maximum").value());
    if (high < low || low < 0 || high < 1) {
      lint.Report(rule::kParticipantMultiplicity, *e.parent,
                  std::to_string(low) + " > " + std::to_string(high));
    }
  }
  if (e.Is("collaboration")) {
    std::map<const Element*, int> ends;
    for (const auto* c : e.children) {
      if (!c->Is("messageFlow")) continue;
      for (const char* key : {"sourceRef", "targetRef"}) {
        const auto* end = lint.graph.Follow(*c, c->Attr(key));
        if (end != nullptr && IsEvent(*end) && lint.graph.Triggers(*end).size() == 1 &&
            ++ends[end] == 2) {
          lint.Report(rule::kMessageFlowMany, *end);
        }
      }
    }
    std::set<std::string_view> processes;
    for (const auto* c : e.children) {
      if (c->Is("participant") && c->Has("processRef") &&
          !processes.insert(c->Attr("processRef")).second) {
        lint.Report(rule::kParticipantProcess, *c, std::string(c->Attr("processRef")));
      }
    }
  }
}

}  // namespace city::flow
