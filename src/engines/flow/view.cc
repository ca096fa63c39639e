// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/view.h"

#include <algorithm>
#include <map>

namespace city::flow {
namespace {

const char* LiveName(LiveState state) {
  switch (state) {
    case LiveState::kActive:
      return "active";
    case LiveState::kWaiting:
      return "waiting";
    case LiveState::kIncident:
      return "incident";
    case LiveState::kCompensating:
      return "compensating";
  }
  return "active";
}

const char* EventName(EventKind kind) {
  switch (kind) {
    case EventKind::kMessage:
      return "message";
    case EventKind::kTimer:
      return "timer";
    case EventKind::kSignal:
      return "signal";
    case EventKind::kConditional:
      return "conditional";
    default:
      return "event";
  }
}

json::array Texts(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& s : list) out.emplace_back(s);
  return out;
}

}  // namespace

const char* StateName(InstanceState state) {
  switch (state) {
    case InstanceState::kRunning:
      return "running";
    case InstanceState::kSuspended:
      return "suspended";
    case InstanceState::kCompleted:
      return "completed";
    case InstanceState::kTerminated:
      return "terminated";
  }
  return "running";
}

std::map<std::string, int> TokensOf(const Definition& definition, const Instance& instance) {
  std::map<std::string, int> out;
  for (const auto& live : instance.lives) {
    if (!live.body && definition.node(live.node).kind != NodeKind::kProcess) {
      ++out[definition.node(live.node).id];
    }
  }
  for (const auto& arrival : instance.arrivals) {
    const auto& join = definition.node(definition.flow(arrival.flow).target);
    out[join.id] += static_cast<int>(arrival.count);
  }
  return out;
}

json::object InstanceView(const Definition& definition, const Instance& instance) {
  json::object out;
  out["process"] = instance.process == kNone ? "" : definition.node(instance.process).id;
  out["state"] = StateName(instance.state);
  out["version"] = instance.version;
  out["businessKey"] = instance.business_key;
  out["starter"] = instance.starter;
  out["started"] = IsoChina(FromMicros(instance.started));
  auto counts = TokensOf(definition, instance);
  json::array tokens;
  json::array incidents;
  json::array tasks;
  for (const auto& live : instance.lives) {
    const Node& n = definition.node(live.node);
    if (live.body || n.kind == NodeKind::kProcess) continue;
    tokens.push_back(json::object{{"element", n.id},
                                  {"name", n.name},
                                  {"key", live.key},
                                  {"state", LiveName(live.state)},
                                  {"count", counts[n.id]}});
    if (live.state == LiveState::kIncident) {
      incidents.push_back(json::object{{"element", n.id},
                                       {"key", live.key},
                                       {"code", live.extra->code},
                                       {"message", live.extra->text}});
    }
    if (n.kind != NodeKind::kUser || !live.extra) continue;
    for (const auto& seat : live.extra->seats) {
      if (seat.state != SeatState::kOpen) continue;
      json::object task{{"element", n.id},
                        {"key", live.key},
                        {"seat", seat.id},
                        {"person", seat.person},
                        {"groups", Texts(seat.groups)},
                        {"users", Texts(seat.users)},
                        {"name", n.name},
                        {"owner", seat.owner}};
      if (live.extra->due != 0) task["due"] = IsoChina(FromMicros(live.extra->due));
      tasks.push_back(std::move(task));
    }
  }
  for (const auto& arrival : instance.arrivals) {
    const auto& join = definition.node(definition.flow(arrival.flow).target);
    tokens.push_back(json::object{{"element", join.id},
                                  {"name", join.name},
                                  {"flow", definition.flow(arrival.flow).id},
                                  {"state", "arrived"},
                                  {"count", arrival.count}});
  }
  json::array waits;
  for (const auto& wait : instance.waits) {
    json::object row{{"element", definition.node(wait.node).id},
                     {"kind", EventName(wait.kind)},
                     {"name", wait.name},
                     {"key", wait.key}};
    if (wait.due != 0) row["due"] = IsoChina(FromMicros(wait.due));
    waits.push_back(std::move(row));
  }
  out["tokens"] = std::move(tokens);
  out["waits"] = std::move(waits);
  out["incidents"] = std::move(incidents);
  out["tasks"] = std::move(tasks);
  if (!instance.lives.empty() && instance.lives.front().extra) {
    out["variables"] = instance.lives.front().extra->variables;
  }
  return out;
}

json::object VariablesAfter(const std::vector<LogLine>& log) {
  json::object out;
  Instance state;
  Key process = 0;
  for (const auto& line : log) {
    Fold(state, line);
    if (process == 0 && !state.lives.empty()) process = state.lives.front().key;
    if (line.kind == LogKind::kVariable && line.key == process) out[line.name] = line.value;
  }
  return out;
}

json::value LineView(const Definition& definition, const LogLine& line) {
  auto element = [&]() -> std::string {
    return line.node == kNone ? std::string() : definition.node(line.node).id;
  };
  switch (line.kind) {
    case LogKind::kCommand: {
      json::object out{{"what", "command"},
                       {"verb", line.text},
                       {"actor", line.name},
                       {"at", IsoChina(FromMicros(line.a), true)}};
      if (line.value.is_string()) out["reason"] = line.value;
      return out;
    }
    case LogKind::kEntered:
      return json::object{{"what", "entered"}, {"element", element()}, {"key", line.key}};
    case LogKind::kPassed:
      return json::object{{"what", "passed"}, {"element", element()}};
    case LogKind::kLeft:
      return json::object{{"what", line.text}, {"element", element()}, {"key", line.key}};
    case LogKind::kArrived:
      return json::object{{"what", "arrived"}, {"flow", definition.flow(line.node).id}};
    case LogKind::kVariable:
      return json::object{{"what", "variable"}, {"name", line.name}, {"value", line.value}};
    case LogKind::kSeat:
      return json::object{{"what", line.text},
                          {"key", line.key},
                          {"seat", line.a},
                          {"person", line.seat ? line.seat->person : std::string()},
                          {"remark", line.seat ? line.seat->remark : std::string()}};
    case LogKind::kIncident:
      return json::object{
          {"what", "incident"}, {"key", line.key}, {"code", line.name}, {"message", line.text}};
    case LogKind::kSolved:
      return json::object{{"what", "solved"}, {"key", line.key}};
    case LogKind::kNote:
      return json::object{{"what", line.name}, {"key", line.key}, {"words", line.text}};
    case LogKind::kInstance:
      return json::object{{"what", StateName(static_cast<InstanceState>(line.a))}};
    default:
      return nullptr;
  }
}

json::object TokensAfter(const Definition& definition, const std::vector<LogLine>& log,
                         std::size_t lines) {
  Instance instance;
  for (std::size_t i = 0; i < std::min(lines, log.size()); ++i) Fold(instance, log[i]);
  json::object out;
  for (const auto& [element, count] : TokensOf(definition, instance)) out[element] = count;
  return out;
}

void StatisticsCollector::Add(const std::vector<LogLine>& log) {
  struct Entry {
    Index node;
    std::int64_t at;
  };
  std::map<Key, Entry> open;
  std::int64_t now = 0;
  for (const auto& line : log) {
    if (line.kind == LogKind::kCommand) now = line.a;
    if (line.kind == LogKind::kPassed) ++at_[line.node].passed;
    if (line.kind == LogKind::kEntered) {
      ++at_[line.node].passed;
      open[line.key] = {line.node, now};
    }
    if (line.kind != LogKind::kLeft) continue;
    auto it = open.find(line.key);
    if (it == open.end()) continue;
    auto& at = at_[it->second.node];
    if (line.text == "cancelled") {
      ++at.cancelled;
    } else {
      at.seconds.push_back(static_cast<float>(now - it->second.at) / 1e6F);
    }
    open.erase(it);
  }
  for (const auto& [key, entry] : open) ++at_[entry.node].waiting;
}

std::map<std::string, ElementStatistics> StatisticsCollector::Result(
    const Definition& definition) const {
  std::map<std::string, ElementStatistics> out;
  for (const auto& [node, at] : at_) {
    auto& s = out[definition.node(node).id];
    s.passed = at.passed;
    s.waiting = at.waiting;
    s.cancelled = at.cancelled;
    if (at.seconds.empty()) continue;
    auto sorted = at.seconds;
    std::sort(sorted.begin(), sorted.end());
    double sum = 0;
    for (float x : sorted) sum += x;
    s.mean_s = sum / static_cast<double>(sorted.size());
    // Nearest rank: the value that nine of ten do not exceed.
    s.p90_s = sorted[(sorted.size() * 9 + 9) / 10 - 1];
  }
  return out;
}

}  // namespace city::flow
