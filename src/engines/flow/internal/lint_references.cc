// SPDX-License-Identifier: Apache-2.0
// Rules about identifiers and what they lead to.
#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "engines/flow/internal/linter.h"

namespace city::flow {
namespace {

using Test = bool (*)(const Element&);

bool Any(const Element&) { return true; }
bool IsInteraction(const Element& e) {
  return e.Is("participant") || IsTask(e) || IsActivity(e) || IsEvent(e) || IsGateway(e) ||
         IsChoreographyActivity(e) || e.Is("conversation") || e.Is("subConversation") ||
         e.Is("callConversation");
}
bool IsCollaboration(const Element& e) {
  return e.Is("collaboration") || e.Is("globalConversation") || e.Is("choreography") ||
         e.Is("globalChoreographyTask");
}
bool IsDataEnd(const Element& e) {
  return IsItemAware(e) || e.Is("dataInputAssociation") || e.Is("dataOutputAssociation");
}

#define CITY_IS(local) [](const Element& e) { return e.Is(local); }

struct Row {
  std::string_view owner;  ///< local name of the element; empty: any
  std::string_view key;    ///< attribute or child element
  bool child;
  Test wanted;
  bool strict;  ///< the engine cannot do without it: an error
};

const Row kRows[] = {
    {"sequenceFlow", "sourceRef", false, IsFlowNode, true},
    {"sequenceFlow", "targetRef", false, IsFlowNode, true},
    {"messageFlow", "sourceRef", false, IsInteraction, true},
    {"messageFlow", "targetRef", false, IsInteraction, true},
    {"messageFlow", "messageRef", false, CITY_IS("message"), false},
    {"association", "sourceRef", false, Any, false},
    {"association", "targetRef", false, Any, false},
    {"boundaryEvent", "attachedToRef", false, IsActivity, true},
    {"", "default", false, CITY_IS("sequenceFlow"), true},
    {"", "incoming", true, CITY_IS("sequenceFlow"), false},
    {"", "outgoing", true, CITY_IS("sequenceFlow"), false},
    {"participant", "processRef", false, CITY_IS("process"), false},
    {"participant", "interfaceRef", true, CITY_IS("interface"), false},
    {"", "supportedInterfaceRef", true, CITY_IS("interface"), false},
    {"process", "definitionalCollaborationRef", false, IsCollaboration, false},
    {"", "messageRef", false, CITY_IS("message"), false},
    {"", "operationRef", false, CITY_IS("operation"), false},
    {"messageEventDefinition", "operationRef", true, CITY_IS("operation"), false},
    {"operation", "inMessageRef", true, CITY_IS("message"), false},
    {"operation", "outMessageRef", true, CITY_IS("message"), false},
    {"operation", "errorRef", true, CITY_IS("error"), false},
    {"signalEventDefinition", "signalRef", false, CITY_IS("signal"), false},
    {"errorEventDefinition", "errorRef", false, CITY_IS("error"), false},
    {"escalationEventDefinition", "escalationRef", false, CITY_IS("escalation"), false},
    {"compensateEventDefinition", "activityRef", false, IsActivity, false},
    {"linkEventDefinition", "source", true, CITY_IS("linkEventDefinition"), false},
    {"linkEventDefinition", "target", true, CITY_IS("linkEventDefinition"), false},
    {"", "eventDefinitionRef", true, IsEventDefinition, true},
    {"", "itemSubjectRef", false, CITY_IS("itemDefinition"), false},
    {"message", "itemRef", false, CITY_IS("itemDefinition"), false},
    {"signal", "structureRef", false, CITY_IS("itemDefinition"), false},
    {"error", "structureRef", false, CITY_IS("itemDefinition"), false},
    {"escalation", "structureRef", false, CITY_IS("itemDefinition"), false},
    {"dataObjectReference", "dataObjectRef", false, CITY_IS("dataObject"), false},
    {"dataStoreReference", "dataStoreRef", false, CITY_IS("dataStore"), false},
    {"", "dataInputRefs", true, CITY_IS("dataInput"), false},
    {"", "dataOutputRefs", true, CITY_IS("dataOutput"), false},
    {"", "optionalInputRefs", true, CITY_IS("dataInput"), false},
    {"", "optionalOutputRefs", true, CITY_IS("dataOutput"), false},
    {"", "whileExecutingInputRefs", true, CITY_IS("dataInput"), false},
    {"", "whileExecutingOutputRefs", true, CITY_IS("dataOutput"), false},
    {"inputSet", "outputSetRefs", true, CITY_IS("outputSet"), false},
    {"outputSet", "inputSetRefs", true, CITY_IS("inputSet"), false},
    {"dataInputAssociation", "sourceRef", true, IsDataEnd, false},
    {"dataInputAssociation", "targetRef", true, IsDataEnd, false},
    {"dataOutputAssociation", "sourceRef", true, IsDataEnd, false},
    {"dataOutputAssociation", "targetRef", true, IsDataEnd, false},
    {"ioBinding", "operationRef", false, CITY_IS("operation"), false},
    {"ioBinding", "inputDataRef", false, IsItemAware, false},
    {"ioBinding", "outputDataRef", false, IsItemAware, false},
    {"", "loopDataInputRef", true, IsItemAware, false},
    {"", "loopDataOutputRef", true, IsItemAware, false},
    {"", "noneBehaviorEventRef", false, IsEventDefinition, false},
    {"", "oneBehaviorEventRef", false, IsEventDefinition, false},
    {"lane", "flowNodeRef", true, IsFlowNode, false},
    {"group", "categoryValueRef", false, CITY_IS("categoryValue"), false},
    {"correlationKey", "correlationPropertyRef", true, CITY_IS("correlationProperty"), false},
    {"correlationSubscription", "correlationKeyRef", false, CITY_IS("correlationKey"), false},
    {"correlationPropertyBinding", "correlationPropertyRef", false, CITY_IS("correlationProperty"),
     false},
    {"correlationPropertyRetrievalExpression", "messageRef", false, CITY_IS("message"), false},
    {"", "initiatingParticipantRef", false, CITY_IS("participant"), false},
    {"", "participantRef", true, CITY_IS("participant"), false},
    {"", "messageFlowRef", true, CITY_IS("messageFlow"), false},
    {"participantAssociation", "innerParticipantRef", true, CITY_IS("participant"), false},
    {"participantAssociation", "outerParticipantRef", true, CITY_IS("participant"), false},
    {"", "choreographyRef", true, IsCollaboration, false},
    {"callChoreography", "calledChoreographyRef", false, IsCollaboration, false},
    {"callConversation", "calledCollaborationRef", false, IsCollaboration, false},
    {"conversationLink", "sourceRef", false, Any, false},
    {"conversationLink", "targetRef", false, Any, false},
    {"", "resourceRef", true, CITY_IS("resource"), false},
    {"resourceParameterBinding", "parameterRef", false, CITY_IS("resourceParameter"), false},
};
#undef CITY_IS

void CheckReference(const Linter& lint, const Element& e, const Row& row, std::string_view value) {
  if (value.empty()) return;
  auto found = lint.document.Resolve(e, value);
  if (found.outside) return;
  std::string detail = std::string(row.key) + " = " + std::string(value);
  if (found.targets.empty()) {
    lint.Report(row.strict ? rule::kReferenceMissing : rule::kReferenceDangling, e, detail);
    return;
  }
  for (const auto* target : found.targets) {
    if (row.wanted(*target)) return;
  }
  detail += " (" + std::string(found.targets.front()->name) + ")";
  bool artefact =
      IsArtifact(*found.targets.front()) && (e.Is("sequenceFlow") || e.Is("messageFlow"));
  lint.Report(artefact     ? rule::kTextAnnotationFlow
              : row.strict ? rule::kReferenceType
                           : rule::kReferenceKind,
              e, detail);
}

bool NeedsId(const Element& e) {
  return IsFlowNode(e) || e.Is("sequenceFlow") || e.Is("messageFlow") || e.Is("process") ||
         e.Is("collaboration") || e.Is("participant") || e.Is("message") || e.Is("signal") ||
         e.Is("error") || e.Is("escalation") || e.Is("dataObject") || e.Is("dataInput") ||
         e.Is("dataOutput") || e.Is("property") || e.Is("itemDefinition") || e.Is("lane") ||
         IsGlobalTask(e) || e.Is("choreography");
}

}  // namespace

void LintReferences(const Linter& lint, const Element& e) {
  if (e.ns == Ns::kBpmn) {
    for (const Row& row : kRows) {
      if (!row.owner.empty() && e.name != row.owner) continue;
      if (row.child) {
        for (const auto* c : e.children) {
          if (c->Is(row.key)) CheckReference(lint, e, row, city::Trim(c->Text()));
        }
      } else if (e.Has(row.key.data())) {
        CheckReference(lint, e, row, e.Attr(row.key.data()));
      }
    }
    if (NeedsId(e) && e.id.empty()) lint.Report(rule::kIdRequired, e);
  }
  if (e.ns == Ns::kBpmnDi && e.Has("bpmnElement")) {
    auto found = lint.document.Resolve(e, e.Attr("bpmnElement"));
    if (!found.outside && found.targets.empty()) {
      lint.Report(rule::kDiagramReference, e, std::string(e.Attr("bpmnElement")));
    }
  }
}

void LintDocument(const Linter& lint) {
  std::set<std::string_view> told;
  for (const auto& e : lint.document.elements()) {
    if (e.id.empty() || e.ns == Ns::kOther || e.ns == Ns::kNone) continue;
    const auto& same = lint.document.ById(e.id);
    auto vocabulary = [](const Element* x) { return x->ns != Ns::kOther && x->ns != Ns::kNone; };
    if (std::count_if(same.begin(), same.end(), vocabulary) > 1 && told.insert(e.id).second) {
      lint.Report(rule::kIdUnique, e, std::string(e.id));
    }
  }
  for (const auto* c : lint.document.root().children) {
    if (c->Is("import")) {
      lint.Report(rule::kImportNotFollowed, *c, std::string(c->Attr("location")));
    }
  }
  for (const auto& uri : lint.document.UnknownNamespaces()) {
    lint.Report(rule::kUnknownNamespace, lint.document.root(), uri);
  }
}

}  // namespace city::flow
