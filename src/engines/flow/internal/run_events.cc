// SPDX-License-Identifier: Apache-2.0
// Events: what is waited for, what is thrown, who catches it.
#include <algorithm>

#include "engines/flow/internal/run.h"

namespace city::flow {

std::int64_t Run::DueOf(const EventSpec& spec, const Variables& variables, std::int64_t& left,
                        std::string& problem) {
  left = 1;
  std::string text = spec.time;
  if (spec.expression != kNone) {
    auto value = definition_->expression(spec.expression).Evaluate(variables, now_);
    if (!value) {
      problem = value.error().SaysEn();
      return 0;
    }
    text = value->is_string() ? std::string(value->get_string()) : ToText(*value);
  }
  if (spec.working_days) {
    auto days = std::atol(text.c_str());
    if (days < 0 || days > 36'500) {
      problem = "working days: " + text;
      return 0;
    }
    auto due = host_->AddWorkingDays(spec.calendar, now_, static_cast<int>(days));
    if (!due) {
      problem = due.error().SaysEn();
      return 0;
    }
    return ToMicros(*due);
  }
  switch (spec.timer) {
    case TimerKind::kDate: {
      auto at = ParseMoment(text);
      if (!at) problem = at.error().SaysEn();
      return at ? ToMicros(*at) : 0;
    }
    case TimerKind::kPeriod: {
      auto period = ParsePeriod(text);
      if (!period) problem = period.error().SaysEn();
      return period ? ToMicros(Add(now_, *period)) : 0;
    }
    case TimerKind::kCycle:
      break;
  }
  auto cycle = ParseCycle(text);
  if (!cycle) {
    problem = cycle.error().SaysEn();
    return 0;
  }
  left = cycle->times;
  if (!cycle->cron.empty()) {
    auto next = NextCron(cycle->cron, now_);
    if (!next) problem = next.error().SaysEn();
    return next ? ToMicros(*next) : 0;
  }
  if (cycle->start) return ToMicros(*cycle->start);
  return ToMicros(Add(now_, cycle->period));
}

void Run::Subscribe(Key owner, Index index) {
  const Node& n = node(index);
  for (std::uint32_t i = 0; i < n.events.size(); ++i) {
    const auto& spec = n.events[i];
    LogLine line;
    line.kind = LogKind::kWaiting;
    line.key = owner;
    line.node = index;
    line.a = i;
    line.d = static_cast<int>(spec.kind);
    line.name = spec.name;
    std::string problem;
    bool holds = false;
    switch (spec.kind) {
      case EventKind::kMessage:
        if (spec.key != kNone) {
          auto key = Evaluate(spec.key, owner);
          if (!key || key->is_null()) {
            problem = key ? "the correlation key is null / 关联键为空" : key.error().SaysEn();
          } else {
            line.text = key->is_string() ? std::string(key->get_string()) : ToText(*key);
          }
        }
        break;
      case EventKind::kTimer:
        line.b = DueOf(spec, instance_->Scopes(owner), line.c, problem);
        break;
      case EventKind::kSignal:
        if (spec.expression != kNone) {
          auto name = Evaluate(spec.expression, owner);
          if (!name || !name->is_string()) {
            problem = name ? "the signal name is no text" : name.error().SaysEn();
          } else {
            line.name = std::string(name->get_string());
          }
        }
        break;
      case EventKind::kConditional: {
        conditions_ = true;
        bool failed = false;
        std::string why;
        holds = Truth(spec.expression, owner, failed, why);
        // A condition over what is not there yet is simply not true yet.
        break;
      }
      default:
        continue;
    }
    if (!problem.empty()) {
      Incident(owner, "expression", problem, Phase::kEnter);
      return;
    }
    Emit(std::move(line));
    if (!holds) continue;
    Wait wait = instance_->waits.back();
    LogLine seen;
    seen.kind = LogKind::kWaitChanged;
    seen.key = owner;
    seen.node = index;
    seen.a = i;
    seen.d = 1;
    Emit(std::move(seen));
    Trigger(wait, {});
    if (live(owner) == nullptr) return;
  }
}

void Run::SubscribeBoundary(Key host) {
  Index index = live(host)->node;
  for (Index b : node(index).boundary) {
    Subscribe(host, b);
    if (live(host) == nullptr) return;
  }
}

void Run::Trigger(const Wait& wait, const json::object& variables) {
  const Node& n = node(wait.node);
  if (n.parallel_multiple) {
    LogLine line;
    line.kind = LogKind::kWaitChanged;
    line.key = wait.owner;
    line.node = wait.node;
    line.a = wait.spec;
    line.b = wait.due;
    line.c = wait.left;
    line.d = 1;
    Emit(std::move(line));
    for (const auto& w : instance_->waits) {
      if (w.owner == wait.owner && w.node == wait.node && !w.seen) return;
    }
  }
  if (n.kind == NodeKind::kBoundary) {
    TriggerBoundary(wait.owner, wait.node, variables);
    return;
  }
  if (n.kind == NodeKind::kStart) {
    TriggerEventSub(wait.owner, wait.node, variables);
    return;
  }
  const Live* owner = live(wait.owner);
  if (owner == nullptr) return;
  if (owner->node != wait.node) {  // behind an event gateway
    Key scope = owner->parent;
    PropagateAll(scope, variables);
    Exit(wait.owner, "completed");
    PassOn(wait.node, scope);
    AfterChild(scope);
    return;
  }
  FinishWork(wait.owner, variables);
}

void Run::TriggerBoundary(Key host, Index boundary, const json::object& variables) {
  const Live* l = live(host);
  if (l == nullptr) return;
  Key scope = l->parent;
  if (node(boundary).interrupting) {
    // The way out is chosen first: a level never looks finished in between.
    if (Live* s = live(scope)) ++s->moving;
    Terminate(host);
    if (Live* s = live(scope); s != nullptr && s->moving > 0) --s->moving;
  }
  PropagateAll(scope, variables);
  PassOn(boundary, scope);
}

void Run::TriggerEventSub(Key scope, Index start, const json::object& variables) {
  Live* level = live(scope);
  if (level == nullptr) return;
  const Node& n = node(start);
  if (n.interrupting) {
    interrupted_.push_back(scope);
    ClearLevel(scope, 0);
    std::vector<Wait> own;
    for (const auto& w : instance_->waits) {
      if (w.owner == scope && node(w.node).kind == NodeKind::kStart) own.push_back(w);
    }
    for (const auto& w : own) {
      LogLine line;
      line.kind = LogKind::kUnwaited;
      line.key = w.owner;
      line.node = w.node;
      line.a = w.spec;
      Emit(std::move(line));
    }
    if (Live* l = live(scope); l->state != LiveState::kActive) {
      LogLine line;
      line.kind = LogKind::kState;
      line.key = scope;
      line.a = static_cast<int>(LiveState::kActive);
      Emit(std::move(line));
    }
  }
  Key key = Enter(n.scope, scope);
  PropagateAll(key, variables);
  OpenLevel(key, start);
}

void Run::Throw(Index index, Key scope) {
  const Node& n = node(index);
  interrupted_.clear();
  auto gone = [&] {
    return live(scope) == nullptr ||
           std::find(interrupted_.begin(), interrupted_.end(), scope) != interrupted_.end();
  };
  if (n.job) {  // a worker sends the message
    Key key = Enter(index, scope);
    AskHost(key);
    return;
  }
  for (const auto& spec : n.events) {
    if (!ThrowSpec(spec, index, scope) || gone()) return;
  }
  FinishThrow(index, scope);
}

void Run::FinishThrow(Index index, Key scope) {
  const Node& n = node(index);
  // An end event inside an ad-hoc level does not exist; elsewhere the token ends here.
  if (n.kind == NodeKind::kThrow) {
    PassOn(index, scope);
    return;
  }
  LogLine line;
  line.kind = LogKind::kPassed;
  line.key = scope;
  line.node = index;
  Emit(std::move(line));
}

void Run::ThrowFromTask(Key key) {
  Index index = live(key)->node;
  interrupted_.clear();
  for (const auto& spec : node(index).events) {
    if (!ThrowSpec(spec, index, key) || live(key) == nullptr) return;
  }
  FinishWork(key, {});
}

bool Run::ThrowSpec(const EventSpec& spec, Index index, Key scope) {
  switch (spec.kind) {
    case EventKind::kMessage: {
      Outbound out;
      out.kind = Outbound::Kind::kMessage;
      out.name = spec.name;
      out.node = index;
      if (spec.key != kNone) {
        auto key = Evaluate(spec.key, scope);
        if (!key) {
          IncidentAt(index, scope, "expression", key.error().SaysEn(), Phase::kError);
          return false;
        }
        out.key = key->is_string() ? std::string(key->get_string()) : ToText(*key);
      }
      out.variables = instance_->Scopes(scope).Flatten();
      effects_->out.push_back(std::move(out));
      return true;
    }
    case EventKind::kSignal: {
      std::string name = spec.name;
      if (spec.expression != kNone) {
        auto value = Evaluate(spec.expression, scope);
        if (value && value->is_string()) name = std::string(value->get_string());
      }
      Signal(name, {}, true);
      return true;
    }
    case EventKind::kEscalation:
      Escalate(scope, spec.code, index);
      return true;
    case EventKind::kError: {
      LogLine line;
      line.kind = LogKind::kPassed;
      line.key = scope;
      line.node = index;
      Emit(std::move(line));
      if (!RaiseError(scope, spec.code, {}, {}, index)) {
        IncidentAt(index, scope, "unhandled-error", spec.code, Phase::kError);
      }
      return false;
    }
    case EventKind::kTerminate: {
      LogLine line;
      line.kind = LogKind::kPassed;
      line.key = scope;
      line.node = index;
      Emit(std::move(line));
      ClearLevel(scope, 0);
      return false;
    }
    case EventKind::kCompensate:
      Compensate(index, scope, spec.activity);
      return false;
    case EventKind::kCancel:
      CancelTransaction(index, scope);
      return false;
    default:
      return true;
  }
}

void Run::Signal(const std::string& name, const json::object& variables, bool outside) {
  std::vector<Wait> hit;
  for (const auto& w : instance_->waits) {
    if (w.kind == EventKind::kSignal && w.name == name) hit.push_back(w);
  }
  for (const auto& w : hit) {
    bool there = std::any_of(instance_->waits.begin(), instance_->waits.end(), [&](const Wait& x) {
      return x.owner == w.owner && x.node == w.node && x.spec == w.spec;
    });
    if (there) Trigger(w, variables);
  }
  if (!outside) return;
  Outbound out;
  out.kind = Outbound::Kind::kSignal;
  out.name = name;
  out.variables = variables;
  effects_->out.push_back(std::move(out));
}

bool Run::RaiseError(Key from, const std::string& code, const std::string& message,
                     const json::object& variables, Index thrower) {
  (void)thrower;
  json::object payload = variables;
  if (!message.empty()) payload.insert_or_assign("errorMessage", message);
  bool from_event_sub = false;
  for (Key at = from; at != 0;) {
    const Live* l = live(at);
    if (l == nullptr) return false;
    const Node& n = node(l->node);
    for (bool exact : {true, false}) {
      auto matches = [&](const EventSpec& e) {
        return e.kind == EventKind::kError &&
               (exact ? !code.empty() && e.code == code : e.code.empty());
      };
      auto with_code = [&](const EventSpec& e) {
        if (!e.variable.empty()) payload.insert_or_assign(e.variable, code);
      };
      if (!l->body && !from_event_sub) {
        for (Index sub : n.event_subs) {
          for (Index s : node(sub).children) {
            if (node(s).kind != NodeKind::kStart) continue;
            for (const auto& e : node(s).events) {
              if (!matches(e)) continue;
              with_code(e);
              TriggerEventSub(at, s, payload);
              return true;
            }
          }
        }
      }
      if (l->loop == 0) {
        for (Index b : n.boundary) {
          for (const auto& e : node(b).events) {
            if (!matches(e)) continue;
            with_code(e);
            TriggerBoundary(at, b, payload);
            return true;
          }
        }
      }
    }
    from_event_sub = n.kind == NodeKind::kEventSubProcess;
    at = l->parent;
  }
  return false;
}

bool Run::Escalate(Key from, const std::string& code, Index thrower) {
  (void)thrower;
  bool from_event_sub = false;
  for (Key at = from; at != 0;) {
    const Live* l = live(at);
    if (l == nullptr) return false;
    const Node& n = node(l->node);
    Key up = l->parent;
    for (bool exact : {true, false}) {
      auto matches = [&](const EventSpec& e) {
        return e.kind == EventKind::kEscalation &&
               (exact ? !code.empty() && e.code == code : e.code.empty());
      };
      if (!l->body && !from_event_sub) {
        for (Index sub : n.event_subs) {
          for (Index s : node(sub).children) {
            if (node(s).kind != NodeKind::kStart) continue;
            for (const auto& e : node(s).events) {
              if (!matches(e)) continue;
              TriggerEventSub(at, s, {});
              return true;
            }
          }
        }
      }
      if (l->loop == 0) {
        for (Index b : n.boundary) {
          for (const auto& e : node(b).events) {
            if (!matches(e)) continue;
            TriggerBoundary(at, b, {});
            return true;
          }
        }
      }
    }
    from_event_sub = n.kind == NodeKind::kEventSubProcess;
    at = up;
  }
  return false;
}

void Run::FireTimer(const Wait& wait) {
  const auto& spec = node(wait.node).events[wait.spec];
  const Node& n = node(wait.node);
  bool again = false;
  if (spec.timer == TimerKind::kCycle && wait.left != 1) {
    std::string text = spec.time;
    if (spec.expression != kNone) {
      auto value = Evaluate(spec.expression, wait.owner);
      if (value && value->is_string()) text = std::string(value->get_string());
    }
    auto cycle = ParseCycle(text);
    if (cycle) {
      // Firings missed while nothing ran are one firing: the schedule goes on from now.
      std::int64_t due = wait.due;
      std::int64_t left = wait.left;
      do {
        if (left > 0) --left;
        if (left == 0) break;
        if (!cycle->cron.empty()) {
          auto next = NextCron(cycle->cron, FromMicros(std::max(due, ToMicros(now_))));
          due = next ? ToMicros(*next) : 0;
          if (!next) left = 0;
          break;
        }
        std::int64_t next = ToMicros(Add(FromMicros(due), cycle->period));
        if (next <= due) break;
        due = next;
        bool fixed = cycle->period.months == 0;
        if (due <= ToMicros(now_) && fixed && left < 0) {
          auto step = cycle->period.micros;
          due += (ToMicros(now_) - due) / step * step;
        }
      } while (due <= ToMicros(now_));
      if (cycle->end && due > ToMicros(*cycle->end)) left = 0;
      bool stays = n.kind == NodeKind::kCatch || !n.interrupting;
      again = left != 0 && stays;
      if (again) {
        LogLine line;
        line.kind = LogKind::kWaitChanged;
        line.key = wait.owner;
        line.node = wait.node;
        line.a = wait.spec;
        line.b = due;
        line.c = left;
        Emit(std::move(line));
      }
    }
  }
  const Live* owner = live(wait.owner);
  if (again && n.kind == NodeKind::kCatch && owner != nullptr && owner->node == wait.node) {
    // Each firing lets one token go on; the last one ends the wait.
    PassOn(wait.node, owner->parent);
    return;
  }
  if (!again && !n.parallel_multiple) {
    LogLine line;
    line.kind = LogKind::kUnwaited;
    line.key = wait.owner;
    line.node = wait.node;
    line.a = wait.spec;
    Emit(std::move(line));
  }
  Trigger(wait, {});
}

void Run::FireTimers() {
  std::vector<Wait> due;
  for (const auto& w : instance_->waits) {
    if (w.kind == EventKind::kTimer && w.due <= ToMicros(now_) &&
        !(w.seen && node(w.node).parallel_multiple)) {
      due.push_back(w);
    }
  }
  std::stable_sort(due.begin(), due.end(),
                   [](const Wait& a, const Wait& b) { return a.due < b.due; });
  for (const auto& w : due) {
    bool there = std::any_of(instance_->waits.begin(), instance_->waits.end(), [&](const Wait& x) {
      return x.owner == w.owner && x.node == w.node && x.spec == w.spec && x.due == w.due;
    });
    if (!there) continue;
    FireTimer(w);
    Settle();
  }
}

void Run::CheckConditions() {
  std::vector<Wait> waits;
  for (const auto& w : instance_->waits) {
    if (w.kind == EventKind::kConditional) waits.push_back(w);
  }
  for (const auto& w : waits) {
    auto it = std::find_if(instance_->waits.begin(), instance_->waits.end(), [&](const Wait& x) {
      return x.owner == w.owner && x.node == w.node && x.spec == w.spec;
    });
    if (it == instance_->waits.end()) continue;
    bool failed = false;
    std::string why;
    bool holds = Truth(node(w.node).events[w.spec].expression, w.owner, failed, why);
    if (holds == w.seen || node(w.node).parallel_multiple) {
      if (holds && !w.seen) Trigger(w, {});
      continue;
    }
    LogLine line;
    line.kind = LogKind::kWaitChanged;
    line.key = w.owner;
    line.node = w.node;
    line.a = w.spec;
    line.d = holds ? 1 : 0;
    Emit(std::move(line));
    if (holds) Trigger(w, {});
  }
}

}  // namespace city::flow
