// SPDX-License-Identifier: Apache-2.0
// Tokens: how they move, what they begin, how levels end.
#include <algorithm>

#include "engines/flow/internal/run.h"

namespace city::flow {
namespace {

constexpr std::uint64_t kMaxSteps = 50'000;  // of one command; beyond it a model runs in circles
constexpr std::uint64_t kMaxRunaways = 20;
constexpr int kMaxDepth = 100;

bool IsLevelKind(NodeKind kind) {
  return kind == NodeKind::kProcess || kind == NodeKind::kSubProcess ||
         kind == NodeKind::kEventSubProcess || kind == NodeKind::kTransaction ||
         kind == NodeKind::kAdHoc;
}

bool IsActivityKind(NodeKind kind) {
  return (kind >= NodeKind::kSubProcess && kind <= NodeKind::kCall);
}

}  // namespace

void Run::Begin(const Definition& definition, Instance& instance, Time now, Effects& effects) {
  definition_ = &definition;
  instance_ = &instance;
  effects_ = &effects;
  now_ = now;
  moves_.clear();
  throws_.clear();
  interrupted_.clear();
  variables_changed_ = false;
  conditions_ = std::any_of(instance.waits.begin(), instance.waits.end(),
                            [](const Wait& w) { return w.kind == EventKind::kConditional; });
  steps_ = 0;
  rows_before_ = RowsOf(definition, instance);
}

void Run::Finish() {
  auto after = RowsOf(*definition_, *instance_);
  auto a = rows_before_.begin();
  auto b = after.begin();
  while (a != rows_before_.end() || b != after.end()) {
    if (b == after.end() || (a != rows_before_.end() && *a < *b)) {
      effects_->rows.push_back({false, std::move(*a++)});
    } else if (a == rows_before_.end() || *b < *a) {
      effects_->rows.push_back({true, std::move(*b++)});
    } else {
      ++a;
      ++b;
    }
  }
  effects_->ended = instance_->ended();
}

LogLine& Run::Emit(LogLine&& line) {
  Fold(*instance_, line);
  effects_->log.push_back(std::move(line));
  return effects_->log.back();
}

void Run::Note(Key key, std::string what, std::string words) {
  LogLine line;
  line.kind = LogKind::kNote;
  line.key = key;
  line.name = std::move(what);
  line.text = std::move(words);
  Emit(std::move(line));
}

Key Run::Enter(Index n, Key parent, int loop, bool body) {
  LogLine line;
  line.kind = LogKind::kEntered;
  line.key = NewKey();
  line.parent = parent;
  line.node = n;
  line.a = loop;
  line.b = body ? 1 : 0;
  Key key = line.key;
  Emit(std::move(line));
  return key;
}

void Run::Exit(Key key, const char* how) {
  const Live* l = live(key);
  if (l == nullptr) return;
  std::uint32_t compensated = l->extra ? l->extra->compensates : 0;
  LogLine line;
  line.kind = LogKind::kLeft;
  line.key = key;
  line.node = l->node;
  line.text = how;
  Emit(std::move(line));
  if (compensated != 0) {
    LogLine done;
    done.kind = LogKind::kCompensated;
    done.a = compensated;
    Emit(std::move(done));
  }
}

void Run::MarkWaiting(Key key) {
  if (live(key) == nullptr) return;
  LogLine line;
  line.kind = LogKind::kState;
  line.key = key;
  line.a = static_cast<int>(LiveState::kWaiting);
  Emit(std::move(line));
}

bool Run::IsLevel(const Live& l) const {
  return !l.body && IsLevelKind(node(l.node).kind) && l.state == LiveState::kActive;
}

Key Run::HostOf(Key key) {
  const Live* l = live(key);
  return l != nullptr && l->loop > 0 ? l->parent : key;
}

void Run::Settle() {
  while (true) {
    if (!moves_.empty()) {
      Move move = moves_.front();
      moves_.pop_front();
      Live* scope = live(move.scope);
      if (scope == nullptr) continue;
      if (scope->moving > 0) --scope->moving;
      if (++steps_ > kMaxSteps) {
        Runaway(move);
        continue;
      }
      if (move.flow == kNextInstance) {
        LoopInstance(move.scope);
      } else if (move.flow == kNextCompensation) {
        NextCompensation(move.scope);
      } else {
        EnterNode(move.node, move.scope, move.flow);
        CheckLevel(move.scope);
      }
      continue;
    }
    if (variables_changed_ && conditions_) {
      variables_changed_ = false;
      CheckConditions();
      continue;
    }
    TryJoins();
    if (!moves_.empty()) continue;
    if (throws_.empty()) return;
    // Whatever can still begin to wait has begun: now the events are thrown.
    Move move = throws_.front();
    throws_.pop_front();
    Live* scope = live(move.scope);
    if (scope == nullptr) continue;
    if (scope->moving > 0) --scope->moving;
    if (++steps_ > kMaxSteps) {
      Runaway(move);
      continue;
    }
    if (scope->node == move.node) {
      ThrowFromTask(move.scope);
    } else {
      Throw(move.node, move.scope);
      CheckLevel(move.scope);
    }
  }
}

void Run::Runaway(const Move& move) {
  // A few stand for all: whoever repairs the model needs no thousand incidents.
  if (steps_ > kMaxSteps + kMaxRunaways) return;
  IncidentAt(move.node, move.scope, "runaway", "the process does not come to rest / 流程无法停下",
             Phase::kEnter);
}

void Run::StartProcess(Index process, const StartRequest& request) {
  LogLine line;
  line.kind = LogKind::kCreated;
  line.node = process;
  line.text = request.business_key;
  line.name = request.actor.id;
  line.a = ToMicros(now_);
  Emit(std::move(line));
  Key root = Enter(process, 0);
  OwnScope(root, true);
  for (const auto& member : request.variables) SetVariable(root, member.key(), member.value());
  Index at = request.start_event;
  bool behind_gateway = at != kNone && node(at).kind != NodeKind::kStart;
  OpenLevel(root, behind_gateway ? kNone : at);
  if (behind_gateway && live(root) != nullptr) PassOn(at, root);  // its event has happened
  Settle();
  CheckLevel(root);
  Settle();
}

void Run::Take(Index flow, Key scope) {
  Live* l = live(scope);
  if (l == nullptr) return;
  ++l->moving;
  moves_.push_back({definition_->flow(flow).target, scope, flow});
}

void Run::EnterNode(Index index, Key scope, Index flow) {
  const Node& n = node(index);
  bool joins = false;
  if (flow != kNone) {
    joins = (n.kind == NodeKind::kParallel || n.kind == NodeKind::kInclusive ||
             n.kind == NodeKind::kComplex) &&
            n.in.size() > 1;
    joins |= n.start_quantity > 1;
  }
  if (!joins) {
    Activate(index, scope);
    return;
  }
  LogLine line;
  line.kind = LogKind::kArrived;
  line.parent = scope;
  line.node = flow;
  line.a = 1;
  Emit(std::move(line));
  if (n.kind == NodeKind::kInclusive || n.kind == NodeKind::kComplex) return;  // see TryJoins
  auto count = [&](Index f) -> std::uint32_t {
    for (const auto& a : instance_->arrivals) {
      if (a.scope == scope && a.flow == f) return a.count;
    }
    return 0;
  };
  auto consume = [&](Index f, std::uint32_t tokens) {
    LogLine used;
    used.kind = LogKind::kConsumed;
    used.parent = scope;
    used.node = f;
    used.a = tokens;
    Emit(std::move(used));
  };
  if (n.kind == NodeKind::kParallel) {
    for (Index f : n.in) {
      if (count(f) == 0) return;
    }
    for (Index f : n.in) consume(f, 1);
    Activate(index, scope);
    return;
  }
  std::uint32_t total = 0;
  for (Index f : n.in) total += count(f);
  auto wanted = static_cast<std::uint32_t>(n.start_quantity);
  if (total < wanted) return;
  for (Index f : n.in) {
    auto tokens = std::min(count(f), wanted);
    if (tokens > 0) consume(f, tokens);
    wanted -= tokens;
  }
  Activate(index, scope);
}

void Run::Activate(Index index, Key scope) {
  const Node& n = node(index);
  switch (n.kind) {
    case NodeKind::kStart:
    case NodeKind::kExclusive:
    case NodeKind::kInclusive:
    case NodeKind::kParallel:
    case NodeKind::kComplex:
      PassOn(index, scope);
      return;
    case NodeKind::kEnd:
    case NodeKind::kThrow: {
      if (n.events.empty()) {
        PassOn(index, scope);
        return;
      }
      auto kind = n.events.front().kind;
      if (kind == EventKind::kLink) {
        LogLine line;
        line.kind = LogKind::kPassed;
        line.key = scope;
        line.node = index;
        Emit(std::move(line));
        PassOn(n.link_target, scope);
        return;
      }
      if (n.events.size() == 1 && (kind == EventKind::kError || kind == EventKind::kTerminate ||
                                   kind == EventKind::kCancel)) {
        Throw(index, scope);
        return;
      }
      if (Live* l = live(scope)) ++l->moving;
      throws_.push_back({index, scope, kNone});
      return;
    }
    case NodeKind::kEventGateway: {
      Key key = Enter(index, scope);
      MarkWaiting(key);
      for (Index f : n.out) {
        if (live(key) == nullptr) return;
        Subscribe(key, definition_->flow(f).target);
      }
      return;
    }
    case NodeKind::kCatch: {
      Key key = Enter(index, scope);
      MarkWaiting(key);
      Subscribe(key, index);
      return;
    }
    case NodeKind::kBoundary:
    case NodeKind::kProcess:
      return;
    default:
      break;
  }
  int depth = 0;
  for (const Live* at = live(scope); at != nullptr; at = live(at->parent)) ++depth;
  bool loops = n.loop.kind != LoopKind::kNone;
  Key key = Enter(index, scope, 0, loops);
  if (depth > kMaxDepth) {
    Incident(key, "too-deep", "calls are nested too deeply / 调用层次过深", Phase::kEnter);
    return;
  }
  if (!n.boundary.empty()) SubscribeBoundary(key);
  if (live(key) == nullptr || live(key)->state == LiveState::kIncident) return;
  if (loops) {
    BeginLoop(key);
  } else {
    BeginWork(key);
  }
}

void Run::BeginWork(Key key) {
  Live* l = live(key);
  const Node& n = node(l->node);
  std::string problem;
  if (!MapIn(key, problem)) {
    Incident(key, "expression", problem, Phase::kEnter);
    return;
  }
  switch (n.kind) {
    case NodeKind::kTask:
    case NodeKind::kManual:
      FinishWork(key, {});
      return;
    case NodeKind::kUser:
      OpenTask(key);
      return;
    case NodeKind::kReceive:
      MarkWaiting(key);
      Subscribe(key, live(key)->node);
      return;
    case NodeKind::kService:
    case NodeKind::kSend:
    case NodeKind::kScript:
    case NodeKind::kBusinessRule:
      AskHost(key);
      return;
    case NodeKind::kCall: {
      if (n.called == kNone) {
        Incident(key, "called-process", "the called process is not deployed / 被调用的流程未部署",
                 Phase::kWork);
        return;
      }
      json::object passed;
      if (n.pass_all_in) {
        passed = instance_->Scopes(key).Flatten();
      } else if (l->has_scope && l->extra) {
        passed = l->extra->variables;
      }
      Key child = Enter(n.called, key);
      OwnScope(child, true);
      for (const auto& member : passed) SetVariable(child, member.key(), member.value());
      OpenLevel(child, kNone);
      return;
    }
    default:
      OpenLevel(key, kNone);
      return;
  }
}

void Run::OpenLevel(Key key, Index only_start) {
  const Node& level = node(live(key)->node);
  for (Index sub : level.event_subs) {
    for (Index c : node(sub).children) {
      if (node(c).kind == NodeKind::kStart) Subscribe(key, c);
      if (live(key) == nullptr) return;
    }
  }
  // An event sub-process that began at once, and interrupts, is all that happens here.
  if (std::find(interrupted_.begin(), interrupted_.end(), key) != interrupted_.end()) return;
  auto begin = [&](Index n) {
    ++live(key)->moving;
    moves_.push_back({n, key, kNone});
  };
  if (only_start != kNone) {
    begin(only_start);
    return;
  }
  if (level.kind == NodeKind::kAdHoc) {
    AdHocNext(key);
    return;
  }
  for (Index n : level.starts) begin(n);
  if (level.starts.empty() && level.kind != NodeKind::kProcess) CheckLevel(key);
}

void Run::AdHocNext(Key key) {
  const Live* l = live(key);
  const Node& level = node(l->node);
  std::vector<Index> wanted = level.starts;
  if (level.active_elements != kNone && l->created == 0) {
    auto ids = Evaluate(level.active_elements, key);
    if (!ids || !ids->is_array()) {
      Incident(key, "expression", ids ? "not a list" : ids.error().SaysEn(), Phase::kEnter);
      return;
    }
    wanted.clear();
    for (const auto& id : ids->get_array()) {
      Index found = id.is_string() ? definition_->Find(std::string_view(id.get_string())) : kNone;
      if (found != kNone && node(found).scope == l->node) wanted.push_back(found);
    }
  }
  auto first = l->created;
  auto last = level.ordered ? std::min<std::size_t>(first + 1, wanted.size()) : wanted.size();
  if (first >= last) {
    CheckLevel(key);
    return;
  }
  LogLine line;
  line.kind = LogKind::kLoop;
  line.key = key;
  line.a = static_cast<std::int64_t>(wanted.size());
  line.b = static_cast<std::int64_t>(last);
  line.c = l->completed;
  Emit(std::move(line));
  for (auto i = first; i < last; ++i) {
    ++live(key)->moving;
    moves_.push_back({wanted[i], key, kNone});
  }
}

void Run::FinishWork(Key key, const json::object& result) {
  std::string problem;
  if (!MapOut(key, result, problem)) {
    Incident(key, "expression", problem, Phase::kLeave);
    return;
  }
  CompleteWork(key);
}

void Run::CompleteWork(Key key) {
  const Live* l = live(key);
  if (l == nullptr) return;
  if (l->loop > 0) {
    LoopDone(key);
  } else {
    Leave(key);
  }
}

bool Run::Choose(Index index, Key scope, Key at, std::vector<Index>& chosen) {
  chosen.clear();
  const Node& n = node(index);
  if (n.out.empty()) return true;
  Key seen_from = at != 0 ? at : scope;
  bool exclusive = n.kind == NodeKind::kExclusive;
  if (n.kind == NodeKind::kParallel) {
    chosen = n.out;
    return true;
  }
  bool matched = false;
  for (Index f : n.out) {
    if (f == n.fallback) continue;
    Index condition = definition_->flow(f).condition;
    if (condition != kNone) {
      bool problem = false;
      std::string why;
      bool yes = Truth(condition, seen_from, problem, why);
      if (problem) {
        if (at != 0) {
          Incident(at, "expression", why, Phase::kLeave);
        } else {
          IncidentAt(index, scope, "expression", why, Phase::kLeave);
        }
        return false;
      }
      if (!yes) continue;
      matched = true;
    }
    chosen.push_back(f);
    if (exclusive) return true;
  }
  // A flow without condition is always taken and says nothing about the default.
  if (!matched && n.fallback != kNone) chosen.push_back(n.fallback);
  if (!chosen.empty()) return true;
  std::string why = "no outgoing flow can be taken / 没有可走的出线";
  if (at != 0) {
    Incident(at, "no-flow", why, Phase::kLeave);
  } else {
    IncidentAt(index, scope, "no-flow", why, Phase::kLeave);
  }
  return false;
}

void Run::PassOn(Index index, Key scope) {
  std::vector<Index> chosen;
  if (!Choose(index, scope, 0, chosen)) return;
  LogLine line;
  line.kind = LogKind::kPassed;
  line.key = scope;
  line.node = index;
  Emit(std::move(line));
  for (Index f : chosen) {
    for (int i = 0; i < node(index).completion_quantity; ++i) Take(f, scope);
  }
}

void Run::Leave(Key key) {
  Live* l = live(key);
  if (l == nullptr) return;
  Index index = l->node;
  Key scope = l->parent;
  std::vector<Index> chosen;
  if (!Choose(index, scope, key, chosen)) return;
  if (IsActivityKind(node(index).kind)) RecordCompletion(*live(key));
  Exit(key, "completed");
  for (Index f : chosen) {
    for (int i = 0; i < node(index).completion_quantity; ++i) Take(f, scope);
  }
  AfterChild(scope);
}

void Run::AfterChild(Key scope) {
  Live* s = live(scope);
  if (s == nullptr) return;
  if (s->state == LiveState::kCompensating) {
    if (s->active == 0 && s->moving == 0) {
      ++s->moving;
      moves_.push_back({s->node, scope, kNextCompensation});
    }
    return;
  }
  if (node(s->node).kind == NodeKind::kAdHoc && IsLevel(*s)) {
    const Node& level = node(s->node);
    LogLine line;
    line.kind = LogKind::kLoop;
    line.key = scope;
    line.a = s->total;
    line.b = s->created;
    line.c = s->completed + 1;
    Emit(std::move(line));
    if (level.completion != kNone) {
      bool problem = false;
      std::string why;
      bool done = Truth(level.completion, scope, problem, why);
      if (problem) {
        Incident(scope, "expression", why, Phase::kWork);
        return;
      }
      s = live(scope);
      if (done && (level.cancel_remaining || s->active == 0)) {
        ClearLevel(scope, 0);
        CompleteLevel(scope);
        return;
      }
    }
    s = live(scope);
    if (level.ordered && s->active == 0 && s->moving == 0 && s->created < s->total) {
      AdHocNext(scope);
      return;
    }
  }
  CheckLevel(scope);
}

void Run::CheckLevel(Key scope) {
  const Live* l = live(scope);
  if (l == nullptr || l->active != 0 || l->moving != 0 || !IsLevel(*l)) return;
  CompleteLevel(scope);
}

void Run::CompleteLevel(Key key) {
  const Live* l = live(key);
  Key parent = l->parent;
  switch (node(l->node).kind) {
    case NodeKind::kProcess: {
      if (parent == 0) {
        Exit(key, "completed");
        LogLine line;
        line.kind = LogKind::kInstance;
        line.a = static_cast<int>(InstanceState::kCompleted);
        Emit(std::move(line));
        return;
      }
      json::object result;
      if (l->extra) result = l->extra->variables;
      const Live* call = live(parent);
      const Node& n = node(call->node);
      Exit(key, "completed");
      if (!n.pass_all_out && n.outputs.empty()) result.clear();
      FinishWork(parent, result);
      return;
    }
    case NodeKind::kEventSubProcess:
      Exit(key, "completed");
      AfterChild(parent);
      return;
    default:
      FinishWork(key, {});
      return;
  }
}

void Run::Purge(Key scope) {
  auto of = [&](const Move& m) { return m.scope == scope; };
  std::erase_if(moves_, of);
  std::erase_if(throws_, of);
  if (Live* l = live(scope)) l->moving = 0;
}

void Run::Terminate(Key key) {
  ClearLevel(key, 0);
  Exit(key, "cancelled");
}

void Run::ClearLevel(Key scope, Key except) {
  std::vector<Key> children;
  for (const auto& l : instance_->lives) {
    if (l.parent == scope && l.key != except) children.push_back(l.key);
  }
  for (Key c : children) Terminate(c);
  std::vector<Arrival> resting;
  for (const auto& a : instance_->arrivals) {
    if (a.scope == scope) resting.push_back(a);
  }
  for (const auto& a : resting) {
    LogLine line;
    line.kind = LogKind::kConsumed;
    line.parent = scope;
    line.node = a.flow;
    line.a = a.count;
    Emit(std::move(line));
  }
  Purge(scope);
}

bool Run::Blocks(Index join, Key scope, const std::vector<Index>& empty,
                 const std::vector<Index>& full) {
  auto can = [&](Index from, const std::vector<Index>& flows) {
    return std::any_of(flows.begin(), flows.end(),
                       [&](Index f) { return definition_->ReachesFlow(from, f); });
  };
  auto holds = [&](Index at) { return at != join && can(at, empty) && !can(at, full); };
  for (const auto& l : instance_->lives) {
    if (l.parent == scope && holds(l.node)) return true;
  }
  for (const auto& a : instance_->arrivals) {
    if (a.scope == scope && holds(definition_->flow(a.flow).target)) return true;
  }
  for (const auto& m : throws_) {
    if (m.scope == scope && holds(m.node)) return true;
  }
  return false;
}

bool Run::TryJoin(Index join, Key scope) {
  const Node& n = node(join);
  std::vector<Index> empty;
  std::vector<Index> full;
  std::uint32_t tokens = 0;
  for (Index f : n.in) {
    std::uint32_t count = 0;
    for (const auto& a : instance_->arrivals) {
      if (a.scope == scope && a.flow == f) count = a.count;
    }
    (count > 0 ? full : empty).push_back(f);
    tokens += count;
  }
  Key resetting = 0;
  for (const auto& l : instance_->lives) {
    if (l.parent == scope && l.node == join && l.state == LiveState::kWaiting) resetting = l.key;
  }
  auto consume = [&](bool all) {
    for (Index f : full) {
      LogLine line;
      line.kind = LogKind::kConsumed;
      line.parent = scope;
      line.node = f;
      line.a = all ? 1'000'000 : 1;
      Emit(std::move(line));
    }
  };
  if (resetting != 0) {
    // Late tokens of the round that has been decided.
    if (!full.empty()) consume(true);
    if (Blocks(join, scope, n.in, {})) return !full.empty();
    Exit(resetting, "completed");
    CheckLevel(scope);
    return true;
  }
  if (full.empty()) return false;
  if (n.kind == NodeKind::kComplex && n.activation != kNone) {
    json::object counts{{"activationCount", tokens}};
    Variables variables = instance_->Scopes(scope);
    variables.scopes.insert(variables.scopes.begin(), &counts);
    auto value = definition_->expression(n.activation).Evaluate(variables, now_);
    if (!value || !value->is_bool()) {
      consume(true);
      IncidentAt(join, scope, "expression",
                 value ? "activation condition is no truth value" : value.error().SaysEn(),
                 Phase::kLeave);
      return true;
    }
    if (!value->get_bool()) return false;
    consume(true);
    bool more = Blocks(join, scope, n.in, {});
    if (more) MarkWaiting(Enter(join, scope));
    PassOn(join, scope);
    return true;
  }
  if (Blocks(join, scope, empty, full)) return false;
  consume(false);
  PassOn(join, scope);
  return true;
}

void Run::TryJoins() {
  std::vector<std::pair<Key, Index>> joins;
  auto add = [&](Key scope, Index join) {
    auto kind = node(join).kind;
    if (kind != NodeKind::kInclusive && kind != NodeKind::kComplex) return;
    std::pair<Key, Index> at(scope, join);
    if (std::find(joins.begin(), joins.end(), at) == joins.end()) joins.push_back(at);
  };
  for (const auto& a : instance_->arrivals) add(a.scope, definition_->flow(a.flow).target);
  for (const auto& l : instance_->lives) {
    if (l.state == LiveState::kWaiting) add(l.parent, l.node);
  }
  for (auto [scope, join] : joins) {
    if (live(scope) != nullptr && TryJoin(join, scope) && !moves_.empty()) return;
  }
}

}  // namespace city::flow
