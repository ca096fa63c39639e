// SPDX-License-Identifier: Apache-2.0
// Rules about activities, loops, called elements and their data.
#include <cstdlib>
#include <map>
#include <set>

#include "base/text.h"
#include "engines/flow/internal/linter.h"

namespace city::flow {
namespace {

std::vector<const Element*> ChildrenNamed(const Element& e, std::string_view local) {
  std::vector<const Element*> out;
  for (const auto* c : e.children) {
    if (c->Is(local)) out.push_back(c);
  }
  return out;
}

/// Item definitions fit when they are one and the same or name the same structure.
bool SameItem(const Linter& lint, const Element* a, const Element* b) {
  (void)lint;
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  auto s = a->Attr("structureRef");
  return !s.empty() && s == b->Attr("structureRef");
}

const Element* ItemOfMember(const Linter& lint, const Element& set_ref) {
  const auto* data = lint.graph.Follow(set_ref, city::Trim(set_ref.Text()));
  return data == nullptr ? nullptr : lint.graph.Follow(*data, data->Attr("itemSubjectRef"));
}

/// 10.3.3: a task bound to a message has one set with one item of the message's type.
void CheckMessageData(const Linter& lint, const Element& e, const Element* message, bool input) {
  const auto* io = e.Child("ioSpecification");
  if (io == nullptr || message == nullptr) return;
  auto sets = ChildrenNamed(*io, input ? "inputSet" : "outputSet");
  auto data = ChildrenNamed(*io, input ? "dataInput" : "dataOutput");
  if (data.empty()) return;
  if (sets.size() != 1) {
    lint.Report(rule::kIoMessageCount, e, std::to_string(sets.size()) + " sets");
    return;
  }
  auto members = ChildrenNamed(*sets.front(), input ? "dataInputRefs" : "dataOutputRefs");
  if (members.size() > 1) {
    lint.Report(rule::kIoMessageCount, e, std::to_string(members.size()) + " items");
    return;
  }
  const auto* item = lint.graph.Follow(*message, message->Attr("itemRef"));
  for (const auto* m : members) {
    if (!SameItem(lint, item, ItemOfMember(lint, *m))) {
      lint.Report(rule::kIoMessageItem, e, city::Trim(m->Text()).data());
    }
  }
}

void CheckTask(const Linter& lint, const Element& e) {
  if (e.Is("serviceTask") || e.Is("sendTask") || e.Is("receiveTask") || e.Is("businessRuleTask")) {
    const auto* operation = lint.graph.Follow(e, e.Attr("operationRef"));
    const Element* in = nullptr;
    const Element* out = nullptr;
    if (operation != nullptr && operation->Is("operation")) {
      if (const auto* m = operation->Child("inMessageRef")) in = lint.graph.Follow(*m, m->Text());
      if (const auto* m = operation->Child("outMessageRef")) out = lint.graph.Follow(*m, m->Text());
    }
    const auto* message = lint.graph.Follow(e, e.Attr("messageRef"));
    if (e.Is("serviceTask")) {
      CheckMessageData(lint, e, in, true);
      if (out != nullptr) CheckMessageData(lint, e, out, false);
    }
    if (e.Is("sendTask")) CheckMessageData(lint, e, message != nullptr ? message : in, true);
    if (e.Is("receiveTask")) {
      CheckMessageData(lint, e, message, false);
      if (e.Flag("instantiate", false)) {
        for (const auto* flow : lint.graph.In(e)) {
          const auto* from = lint.graph.Source(*flow);
          if (from != nullptr) {
            lint.Report(rule::kReceiveInstantiate, e, from->Label());
            break;
          }
        }
      }
    }
  }
}

void CheckLoops(const Linter& lint, const Element& e) {
  const auto* loop = e.Child("standardLoopCharacteristics");
  const auto* multi = e.Child("multiInstanceLoopCharacteristics");
  if (loop != nullptr && multi != nullptr) lint.Report(rule::kLoopBoth, e);
  if (loop != nullptr) {
    if (loop->Has("loopMaximum") && std::atol(loop->xml.attribute("loopMaximum").value()) < 0) {
      lint.Report(rule::kLoopMaximum, e, std::string(loop->Attr("loopMaximum")));
    }
    if (loop->Child("loopCondition") == nullptr && !loop->Has("loopMaximum")) {
      lint.Report(rule::kLoopCondition, e);
    }
  }
  if (multi == nullptr) return;
  bool collection = multi->Child("loopDataInputRef") != nullptr ||
                    multi->Extension(Ns::kZeebe, "loopCharacteristics") != nullptr ||
                    multi->Extension(Ns::kCity, "signing") != nullptr ||
                    e.Extension(Ns::kCity, "signing") != nullptr ||
                    !multi->AttrOf(Ns::kCamunda, "collection").empty();
  if (multi->Child("loopCardinality") == nullptr && !collection) {
    lint.Report(rule::kMultiInstanceCount, e);
  }
  auto behaviour = multi->Attr("behavior");
  bool none = multi->Has("noneBehaviorEventRef");
  bool one = multi->Has("oneBehaviorEventRef");
  auto complex = ChildrenNamed(*multi, "complexBehaviorDefinition");
  if ((behaviour == "None" && !none) || (behaviour == "One" && !one) ||
      (behaviour == "Complex" && complex.empty())) {
    lint.Report(rule::kMultiInstanceBehaviour, e, std::string(behaviour));
  }
  for (const auto* c : complex) {
    const auto* condition = c->Child("condition");
    auto text = condition == nullptr ? std::string() : condition->Text();
    bool number = !text.empty() && text.find_first_not_of("0123456789.+- ") == text.npos;
    bool literal = !text.empty() && text.front() == '"' && text.back() == '"';
    if (text.empty() || number || literal) {
      lint.Report(rule::kComplexBehaviourCondition, e, text);
    }
  }
  for (auto [ref, item] : {std::pair("loopDataInputRef", "inputDataItem"),
                           std::pair("loopDataOutputRef", "outputDataItem")}) {
    const auto* r = multi->Child(ref);
    const auto* i = multi->Child(item);
    if (r == nullptr) continue;
    const auto* data = lint.graph.Follow(*r, city::Trim(r->Text()));
    if (data != nullptr) {
      const auto* definition = lint.graph.Follow(*data, data->Attr("itemSubjectRef"));
      bool many = data->Flag("isCollection", false) ||
                  (definition != nullptr && definition->Flag("isCollection", false));
      if (!many) lint.Report(rule::kMultiInstanceItem, e, "not a collection: " + data->Label());
      if (i != nullptr) {
        const auto* single = lint.graph.Follow(*i, i->Attr("itemSubjectRef"));
        bool item_many = i->Flag("isCollection", false) ||
                         (single != nullptr && single->Flag("isCollection", false));
        if (item_many) lint.Report(rule::kMultiInstanceItem, e, "item is a collection");
        if (single != nullptr && definition != nullptr && !SameItem(lint, single, definition)) {
          lint.Report(rule::kMultiInstanceItem, e, "other structure");
        }
      }
    }
  }
}

void CheckCall(const Linter& lint, const Element& e) {
  if (!e.Is("callActivity")) return;
  auto called = e.Attr("calledElement");
  bool native = e.Extension(Ns::kZeebe, "calledElement") != nullptr;
  if (called.empty()) {
    if (!native && InExecutable(e)) lint.Report(rule::kCalledElementMissing, e);
    return;
  }
  auto found = lint.document.Resolve(e, called);
  if (found.targets.empty()) {
    if (!found.outside) lint.Report(rule::kCalledElementUnknown, e, std::string(called));
    return;
  }
  const auto* target = found.targets.front();
  if (!target->Is("process") && !IsGlobalTask(*target)) {
    lint.Report(rule::kReferenceKind, e, "calledElement = " + std::string(called));
    return;
  }
  if (target->Is("process")) {
    bool starts = false;
    bool none = false;
    for (const auto* c : target->children) {
      if (!c->Is("startEvent")) continue;
      starts = true;
      none |= lint.graph.Triggers(*c).empty();
    }
    if (starts && !none) lint.Report(rule::kStartCalledProcess, *target, e.Label());
  }
  // A callable element that offers an interface binds each operation to its data (10.3.6).
  bool offers = target->Child("supportedInterfaceRef") != nullptr;
  const auto* io = target->Child("ioSpecification");
  if (offers && target->Child("ioBinding") == nullptr) {
    lint.Report(rule::kCallData, *target, "ioBinding");
  }
  const auto* mine = e.Child("ioSpecification");
  if (io != nullptr && mine != nullptr) {
    for (const char* side : {"dataInput", "dataOutput"}) {
      if (ChildrenNamed(*io, side).size() != ChildrenNamed(*mine, side).size()) {
        lint.Report(rule::kCallData, e, side);
      }
    }
  }
}

}  // namespace

void LintActivity(const Linter& lint, const Element& e) {
  if (e.Is("performer") || e.Is("humanPerformer") || e.Is("potentialOwner") ||
      e.Is("resourceRole")) {
    bool resource = e.Child("resourceRef") != nullptr;
    bool expression = e.Child("resourceAssignmentExpression") != nullptr;
    bool bindings = e.Child("resourceParameterBinding") != nullptr;
    if ((resource && expression) || (bindings && !resource)) {
      lint.Report(rule::kResourceAssignment, e);
    }
  }
  if (e.Is("scriptTask") && e.Child("script") != nullptr && !e.Has("scriptFormat") &&
      e.Extension(Ns::kZeebe, "script") == nullptr) {
    lint.Report(rule::kScriptFormat, e);
  }
  if (e.Is("sendTask") || e.Is("receiveTask") || e.Is("messageEventDefinition")) {
    auto name = e.Attr("operationRef");
    std::string text;
    if (const auto* ref = e.Child("operationRef")) text = ref->Text();
    const auto* operation = lint.graph.Follow(e, name.empty() ? std::string_view(text) : name);
    const auto* message = lint.graph.Follow(e, e.Attr("messageRef"));
    if (operation != nullptr && operation->Is("operation") && message != nullptr &&
        message->Is("message")) {
      const auto* in = operation->Child("inMessageRef");
      const auto* out = operation->Child("outMessageRef");
      bool same = (in != nullptr && lint.graph.Follow(*in, in->Text()) == message) ||
                  (out != nullptr && lint.graph.Follow(*out, out->Text()) == message);
      const Element& at = e.Is("messageEventDefinition") && e.parent != nullptr ? *e.parent : e;
      if (!same) lint.Report(rule::kOperationMessage, at, std::string(operation->Label()));
    }
  }
  if (e.Is("interface") && e.Child("operation") == nullptr) {
    lint.Report(rule::kSupportedInterface, e);
  }
  if (!IsActivity(e)) return;
  for (const char* key : {"startQuantity", "completionQuantity"}) {
    if (e.Has(key) && std::atol(e.xml.attribute(key).value()) < 1) {
      lint.Report(rule::kQuantityBelowOne, e, std::string(key) + " = " + std::string(e.Attr(key)));
    }
  }
  if (e.Is("transaction") && e.Has("method")) {
    auto method = e.Attr("method");
    bool known = method == "##Compensate" || method == "##Store" || method == "##Image" ||
                 method == "##compensate" || method == "##store" || method == "##image";
    bool uri =
        method.find(':') != method.npos && method.find_first_of(" \"<>\\^`{|}%!$") == method.npos;
    if (!known && !uri) lint.Report(rule::kTransactionMethod, e, std::string(method));
  }
  CheckTask(lint, e);
  CheckLoops(lint, e);
  CheckCall(lint, e);
  // A compensation handler hangs on its boundary event by an association, never on sequence flow.
}

}  // namespace city::flow
