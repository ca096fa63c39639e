// SPDX-License-Identifier: Apache-2.0
// Rules about events: which trigger may stand where, and what each needs.
#include <algorithm>
#include <initializer_list>
#include <set>

#include "engines/flow/internal/linter.h"

namespace city::flow {
namespace {

bool In(std::string_view kind, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), kind) != list.end();
}

void CheckStart(const Linter& lint, const Element& e, const std::vector<Trigger>& triggers) {
  const auto* container = ContainerOf(e);
  if (container == nullptr) return;
  bool interrupting = e.Flag("isInterrupting", true);
  if (IsEventSubProcess(*container)) {
    if (triggers.empty()) lint.Report(rule::kStartEventSubprocessKind, e, "none");
    for (const auto& t : triggers) {
      if (!In(t.kind,
              {"message", "timer", "escalation", "error", "compensate", "conditional", "signal"})) {
        lint.Report(rule::kStartEventSubprocessKind, e, std::string(t.kind));
      } else if (!interrupting && In(t.kind, {"error", "compensate"})) {
        lint.Report(rule::kStartNoninterrupting, e, std::string(t.kind));
      }
    }
    return;
  }
  if (!interrupting) lint.Report(rule::kStartNoninterruptingPlace, e);
  for (const auto& t : triggers) {
    if (IsSubProcess(*container)) {
      lint.Report(rule::kStartSubprocessKind, e, std::string(t.kind));
    } else if (!In(t.kind, {"message", "timer", "conditional", "signal"})) {
      lint.Report(rule::kStartEventKind, e, std::string(t.kind));
    }
  }
}

void CheckEnd(const Linter& lint, const Element& e, const std::vector<Trigger>& triggers) {
  for (const auto& t : triggers) {
    if (!In(t.kind,
            {"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"})) {
      lint.Report(rule::kEndEventKind, e, std::string(t.kind));
    }
    if (t.kind == "cancel") {
      bool inside = false;
      for (const Element* at = ContainerOf(e); at != nullptr; at = ContainerOf(*at)) {
        inside |= at->Is("transaction");
      }
      if (!inside) lint.Report(rule::kCancelEndPlace, e);
    }
  }
}

void CheckBoundary(const Linter& lint, const Element& e, const std::vector<Trigger>& triggers) {
  const auto* host = lint.graph.Follow(e, e.Attr("attachedToRef"));
  if (host == nullptr && !e.Has("attachedToRef")) lint.Report(rule::kBoundaryAttached, e);
  if (host != nullptr && IsActivity(*host) && ContainerOf(*host) != ContainerOf(e)) {
    lint.Report(rule::kBoundaryAttached, e, std::string(host->Label()));
  }
  bool interrupting = e.Flag("cancelActivity", true);
  bool compensation = false;
  if (triggers.empty()) lint.Report(rule::kBoundaryKind, e, "none");
  for (const auto& t : triggers) {
    if (!In(t.kind, {"message", "timer", "escalation", "error", "cancel", "compensate",
                     "conditional", "signal"})) {
      lint.Report(rule::kBoundaryKind, e, std::string(t.kind));
      continue;
    }
    if (!interrupting && In(t.kind, {"error", "cancel", "compensate"})) {
      lint.Report(rule::kBoundaryNoninterrupting, e, std::string(t.kind));
    }
    if (t.kind == "cancel" && host != nullptr && !host->Is("transaction")) {
      lint.Report(rule::kBoundaryCancelPlace, e, std::string(host->Label()));
    }
    compensation |= t.kind == "compensate";
  }
  const auto& out = lint.graph.Out(e);
  if (!compensation) {
    if (out.empty()) lint.Report(rule::kBoundaryOutgoing, e);
    return;
  }
  if (!out.empty()) lint.Report(rule::kBoundaryCompensationFlow, e);
  const auto* handler = lint.graph.CompensationHandler(e);
  if (handler == nullptr) {
    lint.Report(rule::kCompensationHandlerMissing, e);
  } else if (!handler->Flag("isForCompensation", false)) {
    lint.Report(rule::kCompensationHandlerKind, *handler);
  }
}

std::string LinkName(const Trigger& t) { return std::string(t.definition->Attr("name")); }

void CheckLink(const Linter& lint, const Element& e, const Trigger& link) {
  bool source = e.Is("intermediateThrowEvent");
  if (source && !lint.graph.Out(e).empty()) lint.Report(rule::kLinkFlow, e);
  if (!source && !lint.graph.In(e).empty()) lint.Report(rule::kLinkFlow, e);
  const auto* level = ContainerOf(e);
  if (level == nullptr) return;
  int partners = 0;
  int same_side = 0;
  for (const auto* other : level->children) {
    if (!other->Is("intermediateThrowEvent") && !other->Is("intermediateCatchEvent")) continue;
    for (const auto& t : lint.graph.Triggers(*other)) {
      if (t.kind != "link") continue;
      bool named = !LinkName(link).empty() && LinkName(t) == LinkName(link);
      if (other->name == e.name) {
        if (named) ++same_side;
        continue;
      }
      bool pointed = false;
      for (const auto* c : link.definition->children) {
        if (c->Is(source ? "target" : "source") && !t.definition->id.empty() &&
            c->Text() == t.definition->id) {
          pointed = true;
        }
      }
      for (const auto* c : t.definition->children) {
        if (c->Is(source ? "source" : "target") && !link.definition->id.empty() &&
            c->Text() == link.definition->id) {
          pointed = true;
        }
      }
      if (named || pointed) ++partners;
    }
  }
  if (partners == 0) lint.Report(rule::kLinkUnmatched, e, LinkName(link));
  if (!source && same_side > 1) lint.Report(rule::kLinkManyTargets, e, LinkName(link));
}

const Element* ItemOf(const Linter& lint, const Trigger& t) {
  const auto& d = *t.definition;
  const Element* holder = nullptr;
  const char* key = "structureRef";
  if (t.kind == "message") {
    holder = lint.graph.Follow(d, d.Attr("messageRef"));
    key = "itemRef";
  } else if (t.kind == "signal") {
    holder = lint.graph.Follow(d, d.Attr("signalRef"));
  } else if (t.kind == "error") {
    holder = lint.graph.Follow(d, d.Attr("errorRef"));
  } else if (t.kind == "escalation") {
    holder = lint.graph.Follow(d, d.Attr("escalationRef"));
  }
  return holder == nullptr ? nullptr : lint.graph.Follow(*holder, holder->Attr(key));
}

/// With data on an event, each trigger that carries an item needs its own data input or output of
/// that item (10.5.1).
void CheckEventData(const Linter& lint, const Element& e, const std::vector<Trigger>& triggers) {
  const char* side = IsThrowEvent(e) ? "dataInput" : "dataOutput";
  std::vector<const Element*> data;
  for (const auto* c : e.children) {
    if (c->Is(side)) data.push_back(c);
  }
  if (data.empty()) return;
  std::vector<const Element*> items;
  for (const auto& t : triggers) {
    if (const auto* item = ItemOf(lint, t)) items.push_back(item);
  }
  for (const auto* item : items) {
    bool found = std::any_of(data.begin(), data.end(), [&](const Element* d) {
      return lint.graph.Follow(*d, d->Attr("itemSubjectRef")) == item;
    });
    if (!found) lint.Report(rule::kEventDataMissing, e, std::string(item->Label()));
  }
}

}  // namespace

void LintEvent(const Linter& lint, const Element& e) {
  if (!IsEvent(e)) return;
  auto triggers = lint.graph.Triggers(e);
  if (e.Is("startEvent")) CheckStart(lint, e, triggers);
  if (e.Is("endEvent")) CheckEnd(lint, e, triggers);
  if (e.Is("boundaryEvent")) CheckBoundary(lint, e, triggers);
  if (e.Is("intermediateCatchEvent")) {
    if (triggers.empty()) lint.Report(rule::kCatchEventKind, e, "none");
    for (const auto& t : triggers) {
      if (!In(t.kind, {"message", "timer", "conditional", "link", "signal"})) {
        lint.Report(rule::kCatchEventKind, e, std::string(t.kind));
      }
    }
  }
  if (e.Is("intermediateThrowEvent")) {
    for (const auto& t : triggers) {
      if (!In(t.kind, {"message", "escalation", "compensate", "link", "signal"})) {
        lint.Report(rule::kThrowEventKind, e, std::string(t.kind));
      }
    }
  }
  for (const auto& t : triggers) {
    if (t.kind == "link" && (e.Is("intermediateThrowEvent") || e.Is("intermediateCatchEvent"))) {
      CheckLink(lint, e, t);
    }
    if (t.by_reference &&
        !(t.definition->parent != nullptr && t.definition->parent->Is("definitions"))) {
      lint.Report(rule::kEventDefinitionReference, e, std::string(t.definition->Label()));
    }
    if (!InExecutable(e)) continue;
    const auto& d = *t.definition;
    if (t.kind == "message") {
      bool job = e.Extension(Ns::kZeebe, "taskDefinition") != nullptr;
      const auto* message = lint.graph.Follow(d, d.Attr("messageRef"));
      if (!d.Has("messageRef") && !job) lint.Report(rule::kMessageMissing, e);
      bool bound = d.Child("operationRef") != nullptr || d.Has("operationRef") || job ||
                   (message != nullptr && message->Extension(Ns::kZeebe, "subscription"));
      if (!bound) lint.Report(rule::kOperationMissing, e);
    }
    if (t.kind == "signal" && !d.Has("signalRef")) lint.Report(rule::kSignalMissing, e);
    if (t.kind == "error" && e.Is("endEvent")) {
      const auto* err = lint.graph.Follow(d, d.Attr("errorRef"));
      if (err == nullptr || err->Attr("errorCode").empty()) {
        lint.Report(rule::kErrorCodeMissing, e);
      }
    }
    if (t.kind == "escalation" && IsThrowEvent(e)) {
      const auto* esc = lint.graph.Follow(d, d.Attr("escalationRef"));
      if (esc == nullptr || esc->Attr("escalationCode").empty()) {
        lint.Report(rule::kEscalationCodeMissing, e);
      }
    }
  }
  CheckEventData(lint, e, triggers);
}

void LintEventDefinition(const Linter& lint, const Element& e) {
  if (!IsEventDefinition(e)) return;
  bool executable = InExecutable(e) || ProcessOf(e) == nullptr;
  if (e.Is("timerEventDefinition")) {
    int given = 0;
    for (const auto* c : e.children) {
      if (c->Is("timeDate") || c->Is("timeCycle") || c->Is("timeDuration")) ++given;
    }
    bool extension = e.Extension(Ns::kCity, "deadline") != nullptr;
    if (given != 1 && !(given == 0 && (extension || !executable))) {
      lint.Report(rule::kTimerOne, e, std::to_string(given));
    }
  }
  if (e.Is("conditionalEventDefinition") && executable) {
    const auto* condition = e.Child("condition");
    auto type = condition == nullptr ? std::string_view() : condition->AttrOf(Ns::kXsi, "type");
    if (condition == nullptr || condition->Text().empty() || !type.ends_with("tFormalExpression")) {
      lint.Report(rule::kConditionalFormal, e);
    }
  }
  if (e.Is("compensateEventDefinition") && e.Has("activityRef")) {
    const auto* target = lint.graph.Follow(e, e.Attr("activityRef"));
    if (target != nullptr && IsActivity(*target)) {
      const Element* level = ContainerOf(e);
      bool visible = false;
      for (; level != nullptr; level = ContainerOf(*level)) {
        visible |= ContainerOf(*target) == level;
        if (!IsEventSubProcess(*level)) {
          visible |= ContainerOf(*target) == level;
          break;
        }
      }
      if (!visible) lint.Report(rule::kCompensationTarget, e, std::string(target->Label()));
    }
  }
}

}  // namespace city::flow
