// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/simulator.h"

#include <algorithm>

#include "engines/flow/internal/start_timers.h"

namespace city::flow {

namespace {
constexpr std::size_t kMaxInstances = 10'000;
}

Simulator::Simulator(std::shared_ptr<const Definition> definition, Host* host, Time start)
    : definition_(std::move(definition)), engine_(host), now_(start) {}

Result<std::size_t> Simulator::Start(const std::string& process, const json::object& variables) {
  StartRequest request;
  request.process = process;
  request.variables = variables;
  Effects effects;
  TRY(Instance instance, engine_.Start(*definition_, request, now_, effects));
  instances_.push_back(std::move(instance));
  rows_.emplace_back();
  logs_.emplace_back();
  std::size_t index = instances_.size() - 1;
  Absorb(index, std::move(effects));
  Deliver();
  return index;
}

Result<void> Simulator::Apply(std::size_t instance, const Command& command) {
  Effects effects;
  TRY_VOID(engine_.Apply(*definition_, instances_[instance], command, now_, effects));
  Absorb(instance, std::move(effects));
  Deliver();
  return {};
}

void Simulator::Absorb(std::size_t instance, Effects effects) {
  auto& rows = rows_[instance];
  for (auto& change : effects.rows) {
    if (!change.add) {
      rows.erase(std::remove(rows.begin(), rows.end(), change.row), rows.end());
      continue;
    }
    if (change.row.kind == RowKind::kJob && worker_) {
      if (auto work = worker_(change.row, now_)) {
        jobs_.emplace(now_ + work->takes, Due{instance, change.row.key, std::move(*work)});
      }
    }
    rows.push_back(std::move(change.row));
  }
  auto& log = logs_[instance];
  std::move(effects.log.begin(), effects.log.end(), std::back_inserter(log));
  for (auto& out : effects.out) posted_.emplace_back(instance, std::move(out));
}

void Simulator::Begin(Index start_event, const json::object& variables) {
  if (instances_.size() >= kMaxInstances) return;
  StartRequest request;
  request.start_event = start_event;
  request.variables = variables;
  Effects effects;
  auto started = engine_.Start(*definition_, request, now_, effects);
  if (!started) return;
  instances_.push_back(std::move(*started));
  rows_.emplace_back();
  logs_.emplace_back();
  Absorb(instances_.size() - 1, std::move(effects));
}

bool Simulator::DeliverMessage(const Message& message) {
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    for (const auto& row : rows_[i]) {
      if (row.kind != RowKind::kMessage || row.name != message.name || row.value != message.key) {
        continue;
      }
      Command command;
      command.verb = Verb::kMessage;
      command.name = message.name;
      command.correlation = message.key;
      command.variables = message.variables;
      Effects effects;
      if (!engine_.Apply(*definition_, instances_[i], command, now_, effects)) break;
      Absorb(i, std::move(effects));
      return true;
    }
  }
  for (Index process : definition_->processes) {
    for (Index c : definition_->StartEvents(process)) {
      for (const auto& event : definition_->node(c).events) {
        if (event.kind == EventKind::kMessage && event.name == message.name) {
          Begin(c, message.variables);
          return true;
        }
      }
    }
  }
  return false;
}

void Simulator::Deliver() {
  if (delivering_) return;
  delivering_ = true;
  for (int rounds = 0; rounds < 100'000; ++rounds) {
    if (!posted_.empty()) {
      auto [from, out] = std::move(posted_.front());
      posted_.erase(posted_.begin());
      if (out.kind == Outbound::Kind::kMessage) {
        Message message{{}, out.name, out.key, out.variables, now_ + std::chrono::hours(24)};
        if (!DeliverMessage(message)) inbox_.Put(message, now_);
      } else if (out.kind == Outbound::Kind::kSignal) {
        for (std::size_t i = 0; i < instances_.size(); ++i) {
          if (i == from || instances_[i].ended()) continue;
          Command command;
          command.verb = Verb::kSignal;
          command.name = out.name;
          command.variables = out.variables;
          Effects effects;
          if (engine_.Apply(*definition_, instances_[i], command, now_, effects)) {
            Absorb(i, std::move(effects));
          }
        }
        for (Index process : definition_->processes) {
          for (Index c : definition_->StartEvents(process)) {
            for (const auto& event : definition_->node(c).events) {
              if (event.kind == EventKind::kSignal && event.name == out.name) {
                Begin(c, out.variables);
              }
            }
          }
        }
      }
      sent_.push_back(std::move(out));
      continue;
    }
    // A message may have come before its receiver.
    bool taken = false;
    for (std::size_t i = 0; i < instances_.size() && !taken && inbox_.size() > 0; ++i) {
      for (const auto& row : rows_[i]) {
        if (row.kind != RowKind::kMessage) continue;
        auto message = inbox_.Take(row.name, row.value, now_);
        if (!message) continue;
        taken = true;
        if (!DeliverMessage(*message)) inbox_.Put(*message, now_);
        break;
      }
    }
    if (!taken) break;
  }
  delivering_ = false;
}

void Simulator::Publish(Message message, std::chrono::microseconds ttl) {
  message.expires = now_ + ttl;
  if (!DeliverMessage(message)) inbox_.Put(std::move(message), now_);
  Deliver();
}

void Simulator::Arm(const std::string& process, const json::object& variables) {
  Index index = definition_->Find(process);
  if (index == kNone) return;
  for (Index c : definition_->StartEvents(index)) {
    for (const auto& event : definition_->node(c).events) {
      if (event.kind != EventKind::kTimer) continue;
      auto due = FirstDue(*definition_, event, now_);
      if (due) start_timers_.push_back({c, &event, due->first, due->second, variables});
    }
  }
}

void Simulator::RunUntil(Time until) {
  for (int steps = 0; steps < 1'000'000; ++steps) {
    std::optional<Time> next;
    auto start =
        std::min_element(start_timers_.begin(), start_timers_.end(),
                         [](const StartTimer& a, const StartTimer& b) { return a.due < b.due; });
    if (start != start_timers_.end()) next = FromMicros(start->due);
    bool job = !jobs_.empty() && (!next || jobs_.begin()->first < *next);
    if (job) next = jobs_.begin()->first;
    std::optional<std::size_t> timer;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      for (const auto& row : rows_[i]) {
        if (row.kind != RowKind::kTimer) continue;
        Time due = FromMicros(row.due);
        if (!next || due < *next) {
          next = due;
          timer = i;
        }
      }
    }
    if (!next || *next > until) return;
    now_ = std::max(now_, *next);
    if (timer) {
      Command command;
      command.verb = Verb::kFireTimers;
      if (!Apply(*timer, command)) return;
      continue;
    }
    if (!job) {
      StartTimer fired = *start;
      auto again = NextDue(*definition_, *fired.event, fired.due, fired.left, now_);
      if (again && again->second != 0) {
        start->due = again->first;
        start->left = again->second;
      } else {
        start_timers_.erase(start);
      }
      Begin(fired.node, fired.variables);
      Deliver();
      continue;
    }
    Due due = std::move(jobs_.begin()->second);
    jobs_.erase(jobs_.begin());
    Command command;
    command.verb = due.work.error.empty() ? Verb::kCompleteJob : Verb::kThrowError;
    command.key = due.key;
    command.name = due.work.error;
    command.variables = std::move(due.work.variables);
    // The job may be gone by now: its activity was interrupted.
    auto done = Apply(due.instance, command);
    (void)done;
  }
}

}  // namespace city::flow
