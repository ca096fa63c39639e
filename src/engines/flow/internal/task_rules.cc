// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/internal/task_rules.h"

#include <algorithm>

namespace city::flow {

bool ActsFor(const Actor& actor, std::string_view person) {
  if (person.empty()) return false;
  return actor.id == person || std::find(actor.stands_in_for.begin(), actor.stands_in_for.end(),
                                         person) != actor.stands_in_for.end();
}

bool IsCandidate(const Actor& actor, const Seat& seat) {
  if (seat.users.empty() && seat.groups.empty()) return true;
  for (const auto& user : seat.users) {
    if (ActsFor(actor, user)) return true;
  }
  return std::any_of(seat.groups.begin(), seat.groups.end(), [&](const std::string& group) {
    return std::find(actor.groups.begin(), actor.groups.end(), group) != actor.groups.end();
  });
}

const Seat* FindSeat(const Live& live, std::uint32_t id) {
  if (!live.extra) return nullptr;
  const Seat* only_open = nullptr;
  int open = 0;
  for (const auto& seat : live.extra->seats) {
    if (seat.id == id) return &seat;
    if (seat.state == SeatState::kOpen) {
      only_open = &seat;
      ++open;
    }
  }
  return id == 0 && open == 1 ? only_open : nullptr;
}

bool IsRefusal(std::string_view outcome) {
  return outcome == "reject" || outcome == "rejected" || outcome == "refuse" ||
         outcome == "refused" || outcome == "disagree" || outcome == "veto";
}

Key LevelFor(const Definition& definition, const Instance& instance, Key from, Index target,
             Key* branch) {
  Index wanted = definition.node(target).scope;
  Key below = from;
  for (const Live* at = instance.Find(from); at != nullptr; at = instance.Find(at->parent)) {
    if (at->key != from && !at->body && at->node == wanted) {
      if (branch != nullptr) *branch = below;
      return at->key;
    }
    below = at->key;
  }
  return 0;
}

Index ReturnTarget(const Definition& definition, const Instance& instance, Key from,
                   std::string_view where) {
  const Live* task = instance.Find(from);
  if (task == nullptr) return kNone;
  auto reaches_here = [&](Index candidate) {
    Key branch = 0;
    if (candidate == task->node || LevelFor(definition, instance, from, candidate, &branch) == 0) {
      return false;
    }
    return definition.Reaches(candidate, instance.Find(branch)->node);
  };
  if (where == "previous") {
    for (auto it = instance.trail.rbegin(); it != instance.trail.rend(); ++it) {
      if (reaches_here(it->node)) return it->node;
    }
    return kNone;
  }
  if (where == "applicant") {
    for (const auto& step : instance.trail) {
      const auto& user = definition.node(step.node).user;
      if (user && user->applicant && reaches_here(step.node)) return step.node;
    }
    for (const auto& step : instance.trail) {
      if (!instance.starter.empty() && step.person == instance.starter && reaches_here(step.node)) {
        return step.node;
      }
    }
    for (const auto& step : instance.trail) {
      if (reaches_here(step.node)) return step.node;
    }
    return kNone;
  }
  Index named = definition.Find(where);
  if (named == kNone) return kNone;
  for (const auto& step : instance.trail) {
    if (step.node == named && reaches_here(named)) return named;
  }
  return kNone;
}

const Step* Withdrawable(const Definition& definition, const Instance& instance, const Actor& actor,
                         std::string_view step, std::vector<Key>* downstream) {
  for (std::size_t i = instance.trail.size(); i-- > 0;) {
    const Step& mine = instance.trail[i];
    if (!ActsFor(actor, mine.person)) continue;
    if (!step.empty() && definition.node(mine.node).id != step) continue;
    const Live* level = instance.Find(mine.scope);
    if (level == nullptr) return nullptr;
    for (std::size_t k = i + 1; k < instance.trail.size(); ++k) {
      if (definition.Reaches(mine.node, instance.trail[k].node)) return nullptr;
    }
    bool any = false;
    for (const auto& live : instance.lives) {
      if (live.parent != mine.scope || !definition.Reaches(mine.node, live.node)) continue;
      if (definition.node(live.node).kind != NodeKind::kUser) return nullptr;
      if (live.extra) {
        for (const auto& seat : live.extra->seats) {
          if (seat.touched || seat.state == SeatState::kApproved ||
              seat.state == SeatState::kRejected) {
            return nullptr;
          }
        }
      }
      if (live.body) {
        for (const auto& inner : instance.lives) {
          if (inner.parent != live.key || !inner.extra) continue;
          for (const auto& seat : inner.extra->seats) {
            if (seat.touched || seat.state != SeatState::kOpen) return nullptr;
          }
        }
        if (live.completed > 0) return nullptr;
      }
      any = true;
      if (downstream != nullptr) downstream->push_back(live.key);
    }
    for (const auto& arrival : instance.arrivals) {
      if (arrival.scope == mine.scope &&
          definition.Reaches(mine.node, definition.flow(arrival.flow).source)) {
        any = true;
      }
    }
    return any ? &mine : nullptr;
  }
  return nullptr;
}

int SigningResult(const SigningRule& rule, const std::vector<Seat>& seats) {
  std::int64_t total = 0;
  std::int64_t yes = 0;
  std::int64_t no = 0;
  bool extra_open = false;
  for (const auto& seat : seats) {
    if (seat.origin == SeatOrigin::kConsult || seat.state == SeatState::kRemoved) continue;
    ++total;
    if (seat.state == SeatState::kApproved) ++yes;
    if (seat.state == SeatState::kRejected) ++no;
    bool done = seat.state == SeatState::kApproved || seat.state == SeatState::kRejected;
    if (seat.origin != SeatOrigin::kModel && !done) extra_open = true;
  }
  if (rule.veto && no > 0) return -1;
  std::int64_t needed = total;
  switch (rule.mode) {
    case SignMode::kAll:
      break;
    case SignMode::kAny:
      needed = 1;
      break;
    case SignMode::kCount:
      needed = std::clamp<std::int64_t>(rule.number, 1, total);
      break;
    case SignMode::kPercent:
      needed = std::clamp<std::int64_t>((rule.number * total + 99) / 100, 1, total);
      break;
  }
  if (total - no < needed) return -1;
  // Those who were asked to sign as well are waited for, whatever the rule.
  if (yes >= needed && !extra_open) return 1;
  return 0;
}

}  // namespace city::flow
