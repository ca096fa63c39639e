// SPDX-License-Identifier: Apache-2.0
// Loops: standard, sequential and parallel multi-instance, with their events.
#include <algorithm>

#include "engines/flow/internal/run.h"

namespace city::flow {
namespace {

constexpr std::uint32_t kMaxInstances = 10'000;
constexpr std::uint32_t kUnknown = 0x7fffffff;

LogLine LoopLine(Key key, std::uint32_t total, std::uint32_t created, std::uint32_t completed) {
  LogLine line;
  line.kind = LogKind::kLoop;
  line.key = key;
  line.a = total;
  line.b = created;
  line.c = completed;
  return line;
}

}  // namespace

void Run::BeginLoop(Key body) {
  const Node& n = node(live(body)->node);
  const auto& loop = n.loop;
  if (loop.kind == LoopKind::kStandard) {
    if (loop.maximum == 0) {
      FinishLoop(body);
      return;
    }
    Emit(LoopLine(body, kUnknown, 0, 0));
    if (loop.test_before && loop.condition != kNone) {
      bool problem = false;
      std::string why;
      bool go = Truth(loop.condition, body, problem, why);
      if (problem) {
        Incident(body, "expression", why, Phase::kLoop);
        return;
      }
      if (!go) {
        FinishLoop(body);
        return;
      }
    }
    LoopInstance(body);
    return;
  }
  std::uint32_t total = 0;
  if (loop.collection != kNone) {
    auto items = Evaluate(loop.collection, body);
    if (!items || !items->is_array()) {
      Incident(body, "expression",
               items ? "the collection is not a list / 集合不是列表" : items.error().SaysEn(),
               Phase::kLoop);
      return;
    }
    total = static_cast<std::uint32_t>(
        std::min<std::size_t>(items->get_array().size(), kMaxInstances + 1));
    LogLine line;
    line.kind = LogKind::kItems;
    line.key = body;
    line.value = std::move(*items);
    Emit(std::move(line));
  } else {
    auto count = Evaluate(loop.cardinality, body);
    double number = -1;
    if (count && count->is_int64()) number = static_cast<double>(count->get_int64());
    if (count && count->is_uint64()) number = static_cast<double>(count->get_uint64());
    if (count && count->is_double()) number = count->get_double();
    if (number < 0) {
      Incident(
          body, "expression",
          count ? "the number of instances is no count / 实例数量无效" : count.error().SaysEn(),
          Phase::kLoop);
      return;
    }
    total = static_cast<std::uint32_t>(std::min<double>(number, kMaxInstances + 1));
  }
  if (total > kMaxInstances) {
    Incident(body, "too-many", "more than 10,000 instances / 实例过多", Phase::kLoop);
    return;
  }
  Emit(LoopLine(body, total, 0, 0));
  if (total == 0) {
    FinishLoop(body);
    return;
  }
  std::uint32_t first = loop.sequential ? 1 : total;
  for (std::uint32_t i = 0; i < first; ++i) {
    const Live* l = live(body);
    // An instance that ended at once may have completed or cancelled the whole.
    if (l == nullptr || !l->body || l->state == LiveState::kIncident) return;
    if (l->created > i) continue;
    LoopInstance(body);
  }
}

void Run::LoopInstance(Key body) {
  const Live* l = live(body);
  Index index = l->node;
  const auto& loop = node(index).loop;
  std::uint32_t place = l->created + 1;
  Emit(LoopLine(body, l->total, place, l->completed));
  Key key = Enter(index, body, static_cast<int>(place));
  OwnScope(key, false);
  SetVariable(key, "loopCounter", place);
  if (loop.kind == LoopKind::kMulti && !loop.input_element.empty()) {
    const Live* b = live(body);
    if (b->extra && b->extra->items.size() >= place) {
      json::value item = b->extra->items[place - 1];
      SetVariable(key, loop.input_element, item);
    }
  }
  BeginWork(key);
}

void Run::LoopDone(Key instance) {
  Live* l = live(instance);
  Key body = l->parent;
  Index index = l->node;
  auto place = static_cast<std::uint32_t>(l->loop);
  const auto& loop = node(index).loop;
  if (loop.kind == LoopKind::kMulti && loop.output_element != kNone) {
    auto value = Evaluate(loop.output_element, instance);
    if (!value) {
      Incident(instance, "expression", value.error().SaysEn(), Phase::kLeave);
      return;
    }
    LogLine line;
    line.kind = LogKind::kResult;
    line.key = body;
    line.a = place - 1;
    line.value = std::move(*value);
    Emit(std::move(line));
  }
  Exit(instance, "completed");
  Live* b = live(body);
  if (b == nullptr) return;
  Emit(LoopLine(body, b->total, b->created, b->completed + 1));
  b = live(body);
  if (loop.kind == LoopKind::kStandard) {
    bool go = loop.maximum < 0 || b->completed < static_cast<std::uint32_t>(loop.maximum);
    if (++steps_ > 50'000) {
      Incident(body, "runaway", "the loop does not end / 循环无法结束", Phase::kLoop);
      return;
    }
    if (go && loop.condition != kNone) {
      bool problem = false;
      std::string why;
      go = Truth(loop.condition, body, problem, why);
      if (problem) {
        Incident(body, "expression", why, Phase::kLoop);
        return;
      }
    }
    if (go) {
      ++live(body)->moving;
      moves_.push_back({index, body, kNextInstance});
    } else {
      FinishLoop(body);
    }
    return;
  }
  json::object counts{{"numberOfInstances", b->total},
                      {"numberOfActiveInstances", b->created - b->completed},
                      {"numberOfCompletedInstances", b->completed},
                      {"numberOfTerminatedInstances", 0},
                      {"nrOfInstances", b->total},
                      {"nrOfActiveInstances", b->created - b->completed},
                      {"nrOfCompletedInstances", b->completed}};
  auto ask = [&](Index expression, bool& problem) {
    Variables variables = instance_->Scopes(body);
    variables.scopes.insert(variables.scopes.begin(), &counts);
    auto value = definition_->expression(expression).Evaluate(variables, now_);
    problem = !value;
    if (problem) Incident(body, "expression", value.error().SaysEn(), Phase::kLoop);
    return value && value->is_bool() && value->get_bool();
  };
  // Events of the activity itself are caught at its border without ending what else it does.
  auto tell = [&](const EventSpec& spec) {
    for (Index bound : node(index).boundary) {
      for (const auto& event : node(bound).events) {
        bool same = event.kind == spec.kind && event.name == spec.name &&
                    (event.code.empty() || event.code == spec.code);
        if (same) PassOn(bound, live(body)->parent);
      }
    }
    if (spec.kind == EventKind::kSignal) {
      Outbound out;
      out.kind = Outbound::Kind::kSignal;
      out.name = spec.name;
      effects_->out.push_back(std::move(out));
    }
  };
  bool done = false;
  if (loop.event && (loop.behaviour == Behaviour::kNone ||
                     (loop.behaviour == Behaviour::kOne && b->completed == 1))) {
    tell(*loop.event);
  }
  for (const auto& complex : loop.complex) {
    if (complex.condition == kNone) continue;
    bool problem = false;
    bool holds = ask(complex.condition, problem);
    if (problem) return;
    if (!holds) continue;
    if (complex.event) tell(*complex.event);
    done = true;
  }
  if (!done && loop.completion != kNone) {
    bool problem = false;
    done = ask(loop.completion, problem);
    if (problem) return;
  }
  b = live(body);
  if (done) {
    ClearLevel(body, 0);
    FinishLoop(body);
    return;
  }
  if (b->completed >= b->total) {
    FinishLoop(body);
  } else if (loop.sequential && b->created < b->total) {
    ++b->moving;
    moves_.push_back({index, body, kNextInstance});
  }
}

void Run::FinishLoop(Key body) {
  Live* b = live(body);
  const auto& loop = node(b->node).loop;
  if (loop.kind == LoopKind::kMulti && !loop.output_collection.empty()) {
    json::array results;
    if (b->extra) results = b->extra->results;
    Propagate(body, loop.output_collection, results);
  }
  Leave(body);
}

}  // namespace city::flow
