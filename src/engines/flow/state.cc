// SPDX-License-Identifier: Apache-2.0
// Fold: how each log line changes a state; and the index rows that a state implies.
#include "engines/flow/state.h"

#include <algorithm>

#include "engines/flow/errors.h"

namespace city::flow {

Live* Instance::Find(Key key) {
  auto it = std::lower_bound(lives.begin(), lives.end(), key,
                             [](const Live& l, Key k) { return l.key < k; });
  return it == lives.end() || it->key != key ? nullptr : &*it;
}

const Live* Instance::Find(Key key) const { return const_cast<Instance*>(this)->Find(key); }

Variables Instance::Scopes(Key key) const {
  Variables out;
  for (const Live* at = Find(key); at != nullptr; at = Find(at->parent)) {
    if (at->has_scope && at->extra) out.scopes.push_back(&at->extra->variables);
    // A called process sees nothing of its caller but what was passed.
    if (at->isolated || at->parent == 0) break;
  }
  return out;
}

json::object Variables::Flatten() const {
  json::object out;
  for (auto it = scopes.rbegin(); it != scopes.rend(); ++it) {
    for (const auto& member : **it) out.insert_or_assign(member.key(), member.value());
  }
  return out;
}

namespace {

constexpr std::size_t kMostResults = 100'000;

/// These completions and all that lies inside them.
std::vector<std::uint32_t> WithInside(const Instance& instance, std::vector<std::uint32_t> ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const auto& c : instance.completions) {
      if (c.inside == ids[i] && std::find(ids.begin(), ids.end(), c.id) == ids.end()) {
        ids.push_back(c.id);
      }
    }
  }
  return ids;
}

auto WaitAt(Instance& instance, const LogLine& line) {
  return std::find_if(instance.waits.begin(), instance.waits.end(), [&](const Wait& w) {
    return w.owner == line.key && w.node == line.node &&
           w.spec == static_cast<std::uint32_t>(line.a);
  });
}

/// All numbers change at once, so that a swap of two nodes is a swap.
void Renumber(Instance& instance, const json::value& map) {
  auto table = [&](const char* key) {
    std::unordered_map<Index, Index> out;
    const auto* object = map.if_object();
    const auto* pairs = object == nullptr ? nullptr : ArrayAt(*object, key);
    if (pairs == nullptr) return out;
    for (const auto& pair : *pairs) {
      const auto* two = pair.if_array();
      if (two == nullptr || two->size() != 2 || !(*two)[0].is_int64() || !(*two)[1].is_int64()) {
        continue;
      }
      out.emplace(static_cast<Index>((*two)[0].get_int64()),
                  static_cast<Index>((*two)[1].get_int64()));
    }
    return out;
  };
  auto nodes = table("nodes");
  auto flows = table("flows");
  auto at = [](const std::unordered_map<Index, Index>& t, Index i) {
    auto it = t.find(i);
    return it == t.end() ? kNone : it->second;
  };
  instance.process = at(nodes, instance.process);
  for (auto& l : instance.lives) l.node = at(nodes, l.node);
  for (auto& w : instance.waits) w.node = at(nodes, w.node);
  for (auto& c : instance.completions) c.node = at(nodes, c.node);
  for (auto& s : instance.trail) s.node = at(nodes, s.node);
  for (auto& a : instance.arrivals) a.flow = at(flows, a.flow);
  std::erase_if(instance.waits, [](const Wait& w) { return w.node == kNone; });
  std::erase_if(instance.completions, [](const Completion& c) { return c.node == kNone; });
  std::erase_if(instance.trail, [](const Step& s) { return s.node == kNone; });
}

}  // namespace

void Fold(Instance& instance, const LogLine& line) {
  switch (line.kind) {
    case LogKind::kCommand:
      ++instance.version;
      return;
    case LogKind::kPassed:
    case LogKind::kNote:
      return;
    case LogKind::kCreated:
      instance.process = line.node;
      instance.business_key = line.text;
      instance.starter = line.name;
      instance.started = line.a;
      return;
    case LogKind::kEntered: {
      Live live;
      live.key = line.key;
      live.parent = line.parent;
      live.node = line.node;
      live.loop = static_cast<std::int32_t>(line.a);
      live.body = line.b != 0;
      instance.last_key = std::max(instance.last_key, line.key);
      if (Live* parent = instance.Find(line.parent)) ++parent->active;
      instance.lives.push_back(std::move(live));
      return;
    }
    case LogKind::kLeft: {
      auto it = std::find_if(instance.lives.begin(), instance.lives.end(),
                             [&](const Live& l) { return l.key == line.key; });
      if (it == instance.lives.end()) return;
      Key parent = it->parent;
      instance.lives.erase(it);
      if (Live* p = instance.Find(parent); p != nullptr && p->active > 0) --p->active;
      if (!instance.waits.empty()) {
        std::erase_if(instance.waits, [&](const Wait& w) { return w.owner == line.key; });
      }
      if (!instance.arrivals.empty()) {
        std::erase_if(instance.arrivals, [&](const Arrival& x) { return x.scope == line.key; });
      }
      if (!instance.completions.empty()) {
        // Completions of a level that is gone can no longer be compensated, nor what they hold.
        std::vector<std::uint32_t> gone;
        for (const auto& c : instance.completions) {
          if (c.scope == line.key && c.inside == 0) gone.push_back(c.id);
        }
        gone = WithInside(instance, std::move(gone));
        if (!gone.empty()) {
          std::erase_if(instance.completions, [&](const Completion& c) {
            return std::find(gone.begin(), gone.end(), c.id) != gone.end();
          });
        }
      }
      return;
    }
    case LogKind::kArrived: {
      auto it = std::find_if(
          instance.arrivals.begin(), instance.arrivals.end(),
          [&](const Arrival& x) { return x.scope == line.parent && x.flow == line.node; });
      auto count = static_cast<std::uint32_t>(line.a);
      if (it == instance.arrivals.end()) {
        instance.arrivals.push_back({line.parent, line.node, count});
      } else {
        it->count += count;
      }
      if (Live* scope = instance.Find(line.parent)) scope->active += count;
      return;
    }
    case LogKind::kConsumed: {
      auto it = std::find_if(
          instance.arrivals.begin(), instance.arrivals.end(),
          [&](const Arrival& x) { return x.scope == line.parent && x.flow == line.node; });
      if (it == instance.arrivals.end()) return;
      auto count = std::min(it->count, static_cast<std::uint32_t>(line.a));
      it->count -= count;
      if (it->count == 0) instance.arrivals.erase(it);
      if (Live* scope = instance.Find(line.parent)) scope->active -= std::min(scope->active, count);
      return;
    }
    case LogKind::kWaiting: {
      Wait wait;
      wait.owner = line.key;
      wait.node = line.node;
      wait.spec = static_cast<std::uint32_t>(line.a);
      wait.due = line.b;
      wait.left = line.c;
      wait.kind = static_cast<EventKind>(line.d);
      wait.name = line.name;
      wait.key = line.text;
      instance.waits.push_back(std::move(wait));
      return;
    }
    case LogKind::kWaitChanged: {
      auto it = WaitAt(instance, line);
      if (it == instance.waits.end()) return;
      it->due = line.b;
      it->left = line.c;
      it->seen = line.d != 0;
      return;
    }
    case LogKind::kUnwaited: {
      auto it = WaitAt(instance, line);
      if (it != instance.waits.end()) instance.waits.erase(it);
      return;
    }
    case LogKind::kMigrated:
      Renumber(instance, line.value);
      return;
    case LogKind::kCompleted:
      instance.last_completion =
          std::max(instance.last_completion, static_cast<std::uint32_t>(line.a));
      instance.completions.push_back(
          {static_cast<std::uint32_t>(line.a), line.parent, 0, line.node, line.text});
      return;
    case LogKind::kFolded:
      for (auto& c : instance.completions) {
        if (c.scope == line.parent && c.inside == 0) {
          c.scope = 0;
          c.inside = static_cast<std::uint32_t>(line.a);
        }
      }
      return;
    case LogKind::kCompensated: {
      auto gone = WithInside(instance, {static_cast<std::uint32_t>(line.a)});
      std::erase_if(instance.completions, [&](const Completion& c) {
        return std::find(gone.begin(), gone.end(), c.id) != gone.end();
      });
      return;
    }
    case LogKind::kTrail: {
      std::erase_if(instance.trail, [&](const Step& s) { return s.node == line.node; });
      instance.trail.push_back({line.node, line.parent, line.key, line.name});
      return;
    }
    case LogKind::kInstance:
      instance.state = static_cast<InstanceState>(line.a);
      return;
    default:
      break;
  }
  Live* live = instance.Find(line.key);
  if (live == nullptr) return;
  switch (line.kind) {
    case LogKind::kScope:
      live->has_scope = true;
      live->more();
      live->isolated = line.a != 0;
      return;
    case LogKind::kVariable:
      live->more().variables.insert_or_assign(line.name, line.value);
      return;
    case LogKind::kState:
      live->state = static_cast<LiveState>(line.a);
      return;
    case LogKind::kLoop:
      live->total = static_cast<std::uint32_t>(line.a);
      live->created = static_cast<std::uint32_t>(line.b);
      live->completed = static_cast<std::uint32_t>(line.c);
      return;
    case LogKind::kItems:
      if (line.value.is_array()) live->more().items = line.value.get_array();
      return;
    case LogKind::kResult: {
      auto& results = live->more().results;
      auto place = static_cast<std::size_t>(line.a);
      if (line.a < 0 || place > kMostResults) return;
      if (results.size() <= place) results.resize(place + 1);
      results[place] = line.value;
      return;
    }
    case LogKind::kSeat: {
      if (!line.seat) return;
      auto& seats = live->more().seats;
      auto it = std::find_if(seats.begin(), seats.end(),
                             [&](const Seat& s) { return s.id == line.seat->id; });
      if (it == seats.end()) {
        seats.push_back(*line.seat);
      } else {
        *it = *line.seat;
      }
      return;
    }
    case LogKind::kTaskInfo:
      live->more().due = line.a;
      live->more().priority = static_cast<std::int32_t>(line.b);
      return;
    case LogKind::kJob:
      live->more().text = line.text;
      live->more().retries = static_cast<std::int32_t>(line.a);
      return;
    case LogKind::kPending: {
      auto& extra = live->more();
      extra.pending.clear();
      std::uint32_t id = 0;
      for (char c : line.text) {
        if (c == ' ') {
          extra.pending.push_back(id);
          id = 0;
        } else {
          id = id * 10 + static_cast<std::uint32_t>(c - '0');
        }
      }
      extra.compensates = static_cast<std::uint32_t>(line.a);
      return;
    }
    case LogKind::kIncident:
      live->state = LiveState::kIncident;
      live->more().code = line.name;
      live->more().text = line.text;
      live->more().phase = static_cast<std::uint8_t>(line.a);
      return;
    case LogKind::kSolved:
      live->state = LiveState::kActive;
      live->more().code.clear();
      live->more().text.clear();
      live->more().phase = 0;
      return;
    default:
      return;
  }
}

std::vector<Row> RowsOf(const Definition& definition, const Instance& instance) {
  std::vector<Row> rows;
  if (instance.ended()) return rows;
  bool asleep = instance.state == InstanceState::kSuspended;
  for (const auto& live : instance.lives) {
    const Node& node = definition.node(live.node);
    if (live.state == LiveState::kIncident) {
      Row& row = rows.emplace_back();
      row.kind = RowKind::kIncident;
      row.key = live.key;
      row.node = live.node;
      row.name = live.extra->code;
      row.value = live.extra->text;
      continue;
    }
    if (asleep || live.state != LiveState::kWaiting || !live.extra) continue;
    if (node.kind == NodeKind::kUser) {
      for (const auto& seat : live.extra->seats) {
        if (seat.state != SeatState::kOpen) continue;
        Row& row = rows.emplace_back();
        row.kind = RowKind::kTask;
        row.key = live.key;
        row.part = seat.id;
        row.node = live.node;
        row.due = live.extra->due;
        row.priority = live.extra->priority;
        row.value = seat.person;
        row.users = seat.users;
        row.groups = seat.groups;
      }
    } else if (!live.extra->text.empty()) {
      Row& row = rows.emplace_back();
      row.kind = RowKind::kJob;
      row.key = live.key;
      row.node = live.node;
      row.part = static_cast<std::uint32_t>(live.extra->retries);
      row.name = live.extra->text;
    }
  }
  if (!asleep) {
    for (const auto& wait : instance.waits) {
      Row row;
      row.key = wait.owner;
      row.part = wait.spec;
      row.node = wait.node;
      row.due = wait.due;
      row.name = wait.name;
      row.value = wait.key;
      switch (wait.kind) {
        case EventKind::kTimer:
          row.kind = RowKind::kTimer;
          break;
        case EventKind::kMessage:
          row.kind = RowKind::kMessage;
          break;
        case EventKind::kSignal:
          row.kind = RowKind::kSignal;
          break;
        default:
          continue;
      }
      if (wait.seen && definition.node(wait.node).parallel_multiple) continue;
      rows.push_back(std::move(row));
    }
  }
  if (!definition.variables.empty() && !instance.lives.empty() && instance.lives.front().extra) {
    const auto& root = instance.lives.front();
    for (const auto& name : definition.variables) {
      const auto* value = root.extra->variables.if_contains(name);
      if (value == nullptr) continue;
      Row& row = rows.emplace_back();
      row.kind = RowKind::kVariable;
      row.key = root.key;
      row.name = name;
      row.value = value->is_string() ? std::string(value->get_string()) : ToText(*value);
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace city::flow
