// SPDX-License-Identifier: Apache-2.0
// Rules about data: objects, inputs and outputs, sets and associations.
#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "engines/flow/internal/linter.h"
#include "engines/flow/timing.h"

namespace city::flow {
namespace {

const Element* ItemOf(const Linter& lint, const Element& data) {
  const Element* holder = &data;
  if (data.Is("dataObjectReference")) {
    holder = lint.graph.Follow(data, data.Attr("dataObjectRef"));
  } else if (data.Is("dataStoreReference")) {
    holder = lint.graph.Follow(data, data.Attr("dataStoreRef"));
  }
  if (holder == nullptr) return nullptr;
  if (!data.Attr("itemSubjectRef").empty()) holder = &data;
  return lint.graph.Follow(*holder, holder->Attr("itemSubjectRef"));
}

void CheckSets(const Linter& lint, const Element& io) {
  struct Side {
    const char* data;
    const char* set;
    const char* refs;
    const char* optional;
    const char* executing;
  };
  const Side sides[] = {
      {"dataInput", "inputSet", "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs"},
      {"dataOutput", "outputSet", "dataOutputRefs", "optionalOutputRefs",
       "whileExecutingOutputRefs"}};
  for (const auto& side : sides) {
    std::set<std::string> members;
    bool any_set = false;
    for (const auto* set : io.children) {
      if (!set->Is(side.set)) continue;
      any_set = true;
      std::set<std::string> own;
      for (const auto* r : set->children) {
        if (r->Is(side.refs)) own.insert(r->Text());
      }
      for (const auto* r : set->children) {
        if ((r->Is(side.optional) || r->Is(side.executing)) && !own.contains(r->Text())) {
          lint.Report(rule::kDataSetSubset, *set, r->Text());
        }
      }
      members.merge(own);
    }
    if (!any_set && io.Is("ioSpecification")) lint.Report(rule::kDataSetsMissing, io, side.set);
    if (!any_set && !io.Is("ioSpecification")) continue;
    for (const auto* d : io.children) {
      if (d->Is(side.data) && !d->id.empty() && !members.contains(std::string(d->id))) {
        lint.Report(rule::kDataSetMember, *d);
      }
    }
  }
}

void CheckAssociation(const Linter& lint, const Element& e) {
  bool input = e.Is("dataInputAssociation");
  std::vector<const Element*> sources;
  std::vector<const Element*> targets;
  for (const auto* c : e.children) {
    if (c->Is("sourceRef")) sources.push_back(c);
    if (c->Is("targetRef")) targets.push_back(c);
  }
  bool transforms = e.Child("transformation") != nullptr;
  if (targets.size() != 1 || (sources.size() > 1 && !transforms)) {
    lint.Report(rule::kDataAssociationEnds, e,
                std::to_string(sources.size()) + " sources, " + std::to_string(targets.size()) +
                    " targets");
  }
  if (targets.empty()) return;
  const auto* target = lint.graph.Follow(e, targets.front()->Text());
  auto of_process = [](const Element* d) {
    return d != nullptr && d->parent != nullptr && d->parent->Is("ioSpecification") &&
           d->parent->parent != nullptr &&
           (d->parent->parent->Is("process") || IsGlobalTask(*d->parent->parent));
  };
  if (target != nullptr && target->Is("dataInput") && !input && of_process(target)) {
    lint.Report(rule::kDataInputTarget, e, target->Label());
  }
  for (const auto* s : sources) {
    const auto* source = lint.graph.Follow(e, s->Text());
    if (source == nullptr) continue;
    if (source->Is("dataOutput") && input && of_process(source)) {
      lint.Report(rule::kDataOutputSource, e, source->Label());
    }
    if (target == nullptr || transforms || e.Child("assignment") != nullptr) continue;
    if (!IsItemAware(*source) || !IsItemAware(*target)) continue;
    const auto* a = ItemOf(lint, *source);
    const auto* b = ItemOf(lint, *target);
    if (a == nullptr || b == nullptr || a == b) continue;
    auto structure = a->Attr("structureRef");
    if (structure.empty() || structure != b->Attr("structureRef")) {
      lint.Report(rule::kDataItem, e, source->Label() + " -> " + target->Label());
    }
  }
}

}  // namespace

void LintData(const Linter& lint, const Element& e) {
  if ((e.Is("dataObject") || e.Is("dataObjectReference")) && e.parent != nullptr &&
      !e.parent->Is("process") && !IsSubProcess(*e.parent)) {
    lint.Report(rule::kDataPlace, e, e.parent->Label());
  }
  if (e.Is("dataState") && e.Attr("name").empty()) lint.Report(rule::kDataStateName, e);
  if (e.Is("dataObjectReference") && !e.Attr("name").empty()) {
    const auto* object = lint.graph.Follow(e, e.Attr("dataObjectRef"));
    const auto* state = e.Child("dataState");
    if (object != nullptr && state != nullptr && !state->Attr("name").empty()) {
      std::string wanted =
          std::string(object->Attr("name")) + " [" + std::string(state->Attr("name")) + "]";
      if (e.Attr("name") != wanted) lint.Report(rule::kDataReferenceName, e, wanted);
    }
  }
  if (e.Is("property") && e.parent != nullptr) {
    const auto& owner = *e.parent;
    if (!owner.Is("process") && !IsActivity(owner) && !IsEvent(owner)) {
      lint.Report(rule::kPropertyPlace, e, owner.Label());
    }
  }
  if (e.Is("textAnnotation") && e.Has("textFormat")) {
    auto format = e.Attr("textFormat");
    auto slash = format.find('/');
    if (slash == format.npos || slash == 0 || slash + 1 == format.size()) {
      lint.Report(rule::kTextFormat, e, std::string(format));
    }
  }
  bool holds_collection = e.Is("dataObject") || e.Is("dataInput") || e.Is("dataOutput") ||
                          e.Is("inputDataItem") || e.Is("outputDataItem");
  if (holds_collection && e.Has("itemSubjectRef")) {
    const auto* item = lint.graph.Follow(e, e.Attr("itemSubjectRef"));
    bool many = e.Flag("isCollection", false);
    if (item != nullptr && item->Is("itemDefinition") &&
        item->Flag("isCollection", false) != many) {
      lint.Report(rule::kDataCollection, e, std::string(item->Label()));
    }
  }
  if (e.Is("ioSpecification")) CheckSets(lint, e);
  if (e.Is("dataInputAssociation") || e.Is("dataOutputAssociation")) CheckAssociation(lint, e);
}

void LintExpression(const Linter& lint, const Element& e) {
  if (e.ns != Ns::kBpmn) return;
  bool executable = InExecutable(e) || ProcessOf(e) == nullptr;
  bool timer = e.Is("timeDate") || e.Is("timeCycle") || e.Is("timeDuration");
  bool expression = timer || e.Is("conditionExpression") || e.Is("condition") ||
                    e.Is("loopCondition") || e.Is("loopCardinality") ||
                    e.Is("completionCondition") || e.Is("activationCondition") ||
                    e.Is("messagePath") || e.Is("dataPath") || e.Is("transformation") ||
                    (e.parent != nullptr && e.parent->Is("assignment"));
  if (!expression) return;
  auto text = e.Text();
  if (text.empty()) {
    lint.Report(rule::kFormalExpressionEmpty, e,
                e.parent == nullptr ? std::string() : e.parent->Label());
    return;
  }
  if (timer && executable && text.front() != '=' && text.find("${") == text.npos &&
      text.find("#{") == text.npos) {
    bool good = e.Is("timeDate")       ? ParseMoment(text).has_value()
                : e.Is("timeDuration") ? ParsePeriod(text).has_value()
                                       : ParseCycle(text).has_value();
    if (!good) {
      lint.Report(rule::kTimeFormat, e.parent == nullptr ? e : *e.parent, text);
    }
  }
}

}  // namespace city::flow
