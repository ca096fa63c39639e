// SPDX-License-Identifier: Apache-2.0
// Moving a running instance to another version of its process.
#include <algorithm>
#include <unordered_map>

#include "engines/flow/engine.h"
#include "engines/flow/errors.h"
#include "engines/flow/internal/run.h"

namespace city::flow {
namespace {

class Mapper {
 public:
  Mapper(const Definition& from, const Definition& to, const MigrationPlan& plan)
      : from_(from), to_(to) {
    for (std::size_t i = 0; i < to.flows.size(); ++i) {
      flows_.emplace(to.flows[i].id, static_cast<Index>(i));
    }
    for (const auto& [a, b] : plan.elements) renamed_.emplace(a, b);
  }

  Index Node(Index old) const {
    if (old == kNone) return kNone;
    return to_.Find(Renamed(from_.node(old).id));
  }

  Index Flow(Index old) const {
    const auto& f = from_.flow(old);
    auto it = flows_.find(Renamed(f.id));
    if (it != flows_.end()) return it->second;
    // A flow drawn anew between the same ends is the same flow.
    Index source = Node(f.source);
    Index target = Node(f.target);
    for (std::size_t i = 0; i < to_.flows.size(); ++i) {
      if (to_.flows[i].source == source && to_.flows[i].target == target) {
        return static_cast<Index>(i);
      }
    }
    return kNone;
  }

 private:
  const std::string& Renamed(const std::string& id) const {
    auto it = renamed_.find(id);
    return it == renamed_.end() ? id : it->second;
  }
  const Definition& from_;
  const Definition& to_;
  std::unordered_map<std::string, Index> flows_;
  std::unordered_map<std::string, std::string> renamed_;
};

}  // namespace

Result<void> Engine::Migrate(const Definition& from, const Definition& to,
                             const MigrationPlan& plan, Instance& instance, const Actor& actor,
                             Time now, bool dry_run, Effects& effects) {
  if (!actor.administrator) return error::kNotAdministrator;
  if (instance.ended()) return error::kEnded;
  Mapper map(from, to, plan);
  std::vector<ErrorDetail> problems;
  auto problem = [&](Index node, const char* zh, const char* en) {
    ErrorDetail d;
    d.pointer = from.node(node).id;
    d.keyword = "migrate";
    d.says_zh = zh;
    d.says_en = en;
    if (problems.empty() || problems.back().pointer != d.pointer) problems.push_back(std::move(d));
  };
  for (const auto& live : instance.lives) {
    Index target = map.Node(live.node);
    const Node& old = from.node(live.node);
    if (target == kNone) {
      problem(live.node, "在新版本中不存在", "does not exist in the new version");
      continue;
    }
    const Node& fresh = to.node(target);
    if (fresh.kind != old.kind) {
      problem(live.node, "在新版本中类型不同", "has another type in the new version");
      continue;
    }
    if (fresh.loop.kind != old.loop.kind || fresh.loop.sequential != old.loop.sequential) {
      problem(live.node, "在新版本中循环方式不同", "loops in another way in the new version");
      continue;
    }
    const Live* parent = instance.Find(live.parent);
    if (parent != nullptr && parent->state != LiveState::kCompensating) {
      bool same = parent->node == live.node;  // inside its own loop
      bool called = old.kind == NodeKind::kProcess;
      Index level = map.Node(parent->node);
      if (!same && !called && fresh.scope != level) {
        problem(live.node, "在新版本中移到了另一层", "has moved to another level");
      }
      if (called && level != kNone && to.node(level).called != target) {
        problem(live.node, "在新版本中调用了别的流程", "is no longer what is called");
      }
    }
  }
  for (const auto& wait : instance.waits) {
    const Live* owner = instance.Find(wait.owner);
    bool own = owner != nullptr && owner->node == wait.node;
    Index target = map.Node(wait.node);
    if (!own) continue;
    if (target == kNone || to.node(target).events.size() <= wait.spec ||
        to.node(target).events[wait.spec].kind != wait.kind) {
      problem(wait.node, "在新版本中等待的事件不同", "waits for another event in the new version");
    }
  }
  for (const auto& arrival : instance.arrivals) {
    if (map.Flow(arrival.flow) == kNone) {
      problem(from.flow(arrival.flow).target, "汇聚前的连线在新版本中不存在",
              "has a token on a flow that is gone");
    }
  }
  if (!problems.empty()) {
    auto refusal = error::kCannotMigrate({{"element", problems.front().pointer},
                                          {"reason_zh", problems.front().says_zh},
                                          {"reason_en", problems.front().says_en}});
    refusal.value().details = std::move(problems);
    return refusal;
  }
  if (dry_run) return {};

  auto& run = *run_;
  run.Begin(from, instance, now, effects);
  LogLine command;
  command.kind = LogKind::kCommand;
  command.name = actor.id;
  command.text = "migrate";
  command.a = ToMicros(now);
  run.Emit(std::move(command));
  json::array nodes;
  json::array flows;
  for (std::size_t i = 0; i < from.nodes.size(); ++i) {
    Index target = map.Node(static_cast<Index>(i));
    // A boundary wait whose event has become another kind is not waited for any more.
    for (const auto& wait : instance.waits) {
      if (wait.node != static_cast<Index>(i) || target == kNone) continue;
      const auto& events = to.node(target).events;
      if (events.size() <= wait.spec || events[wait.spec].kind != wait.kind) target = kNone;
    }
    nodes.push_back(json::array{static_cast<std::int64_t>(i), std::int64_t{target}});
  }
  for (const auto& arrival : instance.arrivals) {
    flows.push_back(json::array{std::int64_t{arrival.flow}, std::int64_t{map.Flow(arrival.flow)}});
  }
  LogLine moved;
  moved.kind = LogKind::kMigrated;
  moved.value = json::object{{"nodes", std::move(nodes)}, {"flows", std::move(flows)}};
  run.Emit(std::move(moved));
  run.definition_ = &to;
  // Events that the new version adds to what is alive.
  std::vector<std::pair<Key, Index>> missing;
  for (const auto& live : instance.lives) {
    if (live.loop > 0 || live.state == LiveState::kIncident) continue;
    const Node& n = to.node(live.node);
    std::vector<Index> wanted = n.boundary;
    if (!live.body) {
      for (Index sub : n.event_subs) {
        for (Index c : to.node(sub).children) {
          if (to.node(c).kind == NodeKind::kStart) wanted.push_back(c);
        }
      }
    }
    for (Index b : wanted) {
      bool there = std::any_of(instance.waits.begin(), instance.waits.end(),
                               [&](const Wait& w) { return w.owner == live.key && w.node == b; });
      bool interrupted =
          std::any_of(instance.lives.begin(), instance.lives.end(), [&](const Live& x) {
            return x.parent == live.key && to.node(x.node).kind == NodeKind::kEventSubProcess;
          });
      if (!there && !interrupted) missing.emplace_back(live.key, b);
    }
  }
  for (auto [key, node] : missing) {
    if (run.live(key) != nullptr) run.Subscribe(key, node);
  }
  run.Settle();
  run.Finish();
  return {};
}

}  // namespace city::flow
