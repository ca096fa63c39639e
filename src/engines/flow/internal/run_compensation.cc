// SPDX-License-Identifier: Apache-2.0
// Compensation: undoing what was completed, last first; and the cancelling of transactions.
#include <algorithm>

#include "engines/flow/internal/run.h"

namespace city::flow {
namespace {

bool CatchesCompensation(const Definition& d, const Node& level, Index* start) {
  for (Index sub : level.event_subs) {
    for (Index s : d.node(sub).children) {
      const Node& n = d.node(s);
      if (n.kind != NodeKind::kStart) continue;
      for (const auto& e : n.events) {
        if (e.kind == EventKind::kCompensate) {
          if (start != nullptr) *start = s;
          return true;
        }
      }
    }
  }
  return false;
}

std::string IdText(const std::vector<std::uint32_t>& ids) {
  std::string out;
  for (auto id : ids) out += std::to_string(id) + " ";
  return out;
}

std::vector<std::uint32_t> LastFirst(std::vector<std::uint32_t> ids) {
  std::sort(ids.rbegin(), ids.rend());
  return ids;
}

}  // namespace

void Run::RecordCompletion(const Live& l) {
  const Node& n = node(l.node);
  bool handled = CatchesCompensation(*definition_, n, nullptr);
  for (Index b : n.boundary) {
    for (const auto& e : node(b).events) handled |= e.kind == EventKind::kCompensate;
  }
  bool holds = std::any_of(instance_->completions.begin(), instance_->completions.end(),
                           [&](const Completion& c) { return c.scope == l.key && c.inside == 0; });
  if (!handled && !holds) return;
  LogLine line;
  line.kind = LogKind::kCompleted;
  line.a = instance_->last_completion + 1;
  line.parent = l.parent;
  line.node = l.node;
  if (l.has_scope && l.extra) line.text = ToText(json::value(l.extra->variables));
  auto id = line.a;
  Key key = l.key;
  Emit(std::move(line));
  if (!holds) return;
  LogLine folded;
  folded.kind = LogKind::kFolded;
  folded.a = id;
  folded.parent = key;
  Emit(std::move(folded));
}

void Run::Compensate(Index index, Key scope, Index activity) {
  const Live* level = live(scope);
  std::uint32_t inside = level->extra ? level->extra->compensates : 0;
  Key outer = node(level->node).kind == NodeKind::kEventSubProcess ? level->parent : 0;
  std::vector<std::uint32_t> ids;
  for (const auto& c : instance_->completions) {
    bool ours = inside != 0
                    ? c.inside == inside
                    : c.inside == 0 && (c.scope == scope || (outer != 0 && c.scope == outer));
    if (ours && (activity == kNone || c.node == activity)) ids.push_back(c.id);
  }
  Key key = Enter(index, scope);
  LogLine state;
  state.kind = LogKind::kState;
  state.key = key;
  state.a = static_cast<int>(LiveState::kCompensating);
  Emit(std::move(state));
  LogLine line;
  line.kind = LogKind::kPending;
  line.key = key;
  line.text = IdText(LastFirst(std::move(ids)));
  Emit(std::move(line));
  NextCompensation(key);
}

void Run::NextCompensation(Key thrower) {
  while (true) {
    Live* l = live(thrower);
    if (l == nullptr) return;
    auto pending = l->extra ? l->extra->pending : std::vector<std::uint32_t>();
    if (pending.empty()) break;
    auto id = pending.front();
    pending.erase(pending.begin());
    auto it = std::find_if(instance_->completions.begin(), instance_->completions.end(),
                           [&](const Completion& c) { return c.id == id; });
    if (it == instance_->completions.end()) {
      LogLine rest;  // gone by now
      rest.kind = LogKind::kPending;
      rest.key = thrower;
      rest.text = IdText(pending);
      Emit(std::move(rest));
      continue;
    }
    Completion done = *it;
    const Node& n = node(done.node);
    Index handler = kNone;
    for (Index b : n.boundary) {
      for (const auto& e : node(b).events) {
        if (e.kind == EventKind::kCompensate) handler = node(b).handler;
      }
    }
    Index start = kNone;
    CatchesCompensation(*definition_, n, &start);
    if (handler == kNone && start == kNone) {
      std::vector<std::uint32_t> inner;
      for (const auto& c : instance_->completions) {
        if (c.inside == id) inner.push_back(c.id);
      }
      inner = LastFirst(std::move(inner));
      inner.insert(inner.end(), pending.begin(), pending.end());
      pending = std::move(inner);
    }
    LogLine line;
    line.kind = LogKind::kPending;
    line.key = thrower;
    line.text = IdText(pending);
    Emit(std::move(line));
    if (handler != kNone) {
      LogLine used;
      used.kind = LogKind::kCompensated;
      used.a = id;
      Emit(std::move(used));
      bool loops = node(handler).loop.kind != LoopKind::kNone;
      Key child = Enter(handler, thrower, 0, loops);
      if (!node(handler).boundary.empty()) SubscribeBoundary(child);
      if (live(child) == nullptr) continue;
      if (loops) {
        BeginLoop(child);
      } else {
        BeginWork(child);
      }
      return;  // goes on when the handler is done
    }
    if (start != kNone) {
      Key child = Enter(node(start).scope, thrower);
      if (!done.variables.empty()) {
        OwnScope(child, false);
        if (auto old = ParseJson(done.variables); old && old->is_object()) {
          for (const auto& m : old->get_object()) SetVariable(child, m.key(), m.value());
        }
      }
      LogLine of;
      of.kind = LogKind::kPending;
      of.key = child;
      of.a = id;
      Emit(std::move(of));
      OpenLevel(child, start);
      return;
    }
  }
  Live* l = live(thrower);
  if (l->active != 0 || l->moving != 0) return;
  Index index = l->node;
  Key scope = l->parent;
  const Node& n = node(index);
  bool cancels = std::any_of(n.events.begin(), n.events.end(),
                             [](const EventSpec& e) { return e.kind == EventKind::kCancel; });
  Exit(thrower, "completed");
  if (!cancels) {
    FinishThrow(index, scope);
    AfterChild(scope);
    return;
  }
  // The transaction is undone: it is left over its cancel boundary event.
  Key host = HostOf(scope);
  Index transaction = live(scope)->node;
  for (Index b : node(transaction).boundary) {
    for (const auto& e : node(b).events) {
      if (e.kind != EventKind::kCancel) continue;
      TriggerBoundary(host, b, {});
      return;
    }
  }
  Key above = live(host)->parent;
  Terminate(host);
  AfterChild(above);
}

void Run::CancelTransaction(Index end_event, Key scope) {
  Key at = scope;
  while (live(at) != nullptr && node(live(at)->node).kind != NodeKind::kTransaction) {
    at = live(at)->parent;
  }
  if (live(at) == nullptr) {
    IncidentAt(end_event, scope, "no-transaction", "no transaction to cancel / 没有可取消的事务",
               Phase::kError);
    return;
  }
  interrupted_.push_back(at);
  // What has not been completed is cancelled, what has been is compensated.
  ClearLevel(at, 0);
  Compensate(end_event, at, kNone);
}

}  // namespace city::flow
