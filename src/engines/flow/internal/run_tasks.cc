// SPDX-License-Identifier: Apache-2.0
// User tasks: seats, signing, and the verbs of approval.
#include <algorithm>

#include "engines/flow/internal/run.h"
#include "engines/flow/internal/task_rules.h"

namespace city::flow {
namespace {

std::vector<std::string> Texts(const json::value& value) {
  std::vector<std::string> out;
  auto add = [&](const json::value& v) {
    if (v.is_string() && !v.get_string().empty()) out.emplace_back(v.get_string());
  };
  if (value.is_array()) {
    for (const auto& v : value.get_array()) add(v);
  } else {
    add(value);
  }
  return out;
}

bool IsDone(SeatState state) {
  return state == SeatState::kApproved || state == SeatState::kRejected ||
         state == SeatState::kRemoved || state == SeatState::kAnswered;
}

}  // namespace

void Run::PutSeat(Key key, const Seat& seat, const std::string& what) {
  LogLine line;
  line.kind = LogKind::kSeat;
  line.key = key;
  line.a = seat.id;
  line.text = what;
  line.seat = std::make_shared<const Seat>(seat);
  Emit(std::move(line));
}

void Run::OpenTask(Key key) {
  Index index = live(key)->node;
  const auto& spec = *node(index).user;
  std::string problem;
  auto list = [&](Index expression) {
    auto value = Evaluate(expression, key);
    if (!value) problem = value.error().SaysEn();
    return value ? Texts(*value) : std::vector<std::string>();
  };
  std::vector<Seat> seats;
  if (spec.signing.signers != kNone) {
    std::uint32_t turn = 0;
    for (auto& person : list(spec.signing.signers)) {
      Seat seat;
      seat.id = ++turn;
      seat.turn = turn;
      if (person.starts_with("g:")) {
        // A department or post signs: whoever of it claims the seat.
        seat.groups = {person.substr(2)};
      } else {
        seat.person = std::move(person);
        seat.assigned = true;
      }
      bool later = spec.signing.sequential && turn > 1;
      seat.state = later ? SeatState::kPending : SeatState::kOpen;
      seats.push_back(std::move(seat));
    }
    if (seats.empty() && problem.empty()) problem = "nobody is to sign / 没有签署人";
  } else {
    Seat seat;
    seat.id = 1;
    seat.state = SeatState::kOpen;
    if (spec.assignee != kNone) {
      auto people = list(spec.assignee);
      if (!people.empty()) seat.person = people.front();
    }
    if (spec.users != kNone) seat.users = list(spec.users);
    if (spec.groups != kNone) seat.groups = list(spec.groups);
    if (!spec.lane.empty()) seat.groups.push_back(spec.lane);
    if (spec.applicant && seat.person.empty() && seat.users.empty() && seat.groups.empty()) {
      seat.person = instance_->starter;
    }
    if (returned_to_ == index) {
      for (const auto& step : instance_->trail) {
        if (step.node == index && !step.person.empty()) seat.person = step.person;
      }
      returned_to_ = kNone;
    }
    seat.assigned = !seat.person.empty();
    seats.push_back(std::move(seat));
  }
  std::int64_t due = 0;
  std::int32_t priority = 50;
  if (spec.due != kNone) {
    auto value = Evaluate(spec.due, key);
    if (!value) {
      problem = value.error().SaysEn();
    } else if (value->is_string()) {
      std::string_view text = value->get_string();
      auto moment = ParseMoment(text);
      auto period = ParsePeriod(text);
      if (moment) due = ToMicros(*moment);
      if (period) due = ToMicros(Add(now_, *period));
      if (!moment && !period) problem = moment.error().SaysEn();
    }
  } else if (spec.deadline_working_days > 0) {
    auto at = host_->AddWorkingDays(spec.calendar, now_, spec.deadline_working_days);
    if (!at) problem = at.error().SaysEn();
    if (at) due = ToMicros(*at);
  }
  if (spec.priority != kNone) {
    auto value = Evaluate(spec.priority, key);
    if (value && value->is_int64()) priority = static_cast<std::int32_t>(value->get_int64());
  }
  if (!problem.empty()) {
    Incident(key, "expression", problem, Phase::kWork);
    return;
  }
  for (const auto& seat : seats) PutSeat(key, seat, "opened");
  if (due != 0 || priority != 50) {
    LogLine line;
    line.kind = LogKind::kTaskInfo;
    line.key = key;
    line.a = due;
    line.b = priority;
    Emit(std::move(line));
  }
  MarkWaiting(key);
}

void Run::OpenSeats(Key key) {
  const auto& spec = *node(live(key)->node).user;
  auto seats = live(key)->extra->seats;
  for (const auto& seat : seats) {
    if (seat.state != SeatState::kPending) continue;
    bool held = false;
    for (const auto& other : seats) {
      if (other.origin == SeatOrigin::kBefore && other.host == seat.id && !IsDone(other.state)) {
        held = true;
      }
      if (seat.origin == SeatOrigin::kAfter && other.id == seat.host && !IsDone(other.state)) {
        held = true;
      }
      if (spec.signing.sequential && seat.origin == SeatOrigin::kModel &&
          other.origin == SeatOrigin::kModel && other.turn < seat.turn && !IsDone(other.state)) {
        held = true;
      }
    }
    if (held) continue;
    Seat open = seat;
    open.state = SeatState::kOpen;
    PutSeat(key, open, "opened");
  }
}

void Run::DecideTask(Key key, const std::string& outcome, const json::object& variables) {
  Index index = live(key)->node;
  const auto& spec = *node(index).user;
  const auto& seats = live(key)->extra->seats;
  int result = SigningResult(spec.signing, seats);
  if (result == 0) {
    PropagateAll(key, variables);
    OpenSeats(key);
    return;
  }
  json::object all = variables;
  bool many = spec.signing.signers != kNone || seats.size() > 1;
  if (!outcome.empty() || many) {
    std::string name = spec.outcome_variable.empty() ? "outcome" : spec.outcome_variable;
    all.insert_or_assign(name, many ? (result > 0 ? "approved" : "rejected") : outcome);
  }
  std::string person;
  for (const auto& seat : seats) {
    bool decided = seat.state == SeatState::kApproved || seat.state == SeatState::kRejected;
    // The step was theirs whose seat the model has made, not those who were asked to sign as well.
    if (decided && (person.empty() || seat.origin == SeatOrigin::kModel)) person = seat.person;
  }
  LogLine line;
  line.kind = LogKind::kTrail;
  line.key = key;
  line.parent = live(HostOf(key))->parent;
  line.node = index;
  line.name = person;
  Emit(std::move(line));
  FinishWork(key, all);
}

void Run::ReturnTo(Key from, Index target) {
  Key branch = 0;
  Key level = LevelFor(*definition_, *instance_, from, target, &branch);
  if (level == 0) return;
  Index here = live(branch)->node;
  ++live(level)->moving;
  Terminate(branch);
  // What runs only because the target has been passed is undone with it; other branches stay.
  std::vector<Key> undone;
  for (const auto& l : instance_->lives) {
    if (l.parent == level && node(l.node).kind != NodeKind::kEventSubProcess &&
        definition_->Reaches(target, l.node, here)) {
      undone.push_back(l.key);
    }
  }
  for (Key k : undone) Terminate(k);
  std::vector<Arrival> resting;
  for (const auto& a : instance_->arrivals) {
    if (a.scope == level && definition_->Reaches(target, definition_->flow(a.flow).source, here)) {
      resting.push_back(a);
    }
  }
  for (const auto& a : resting) {
    LogLine line;
    line.kind = LogKind::kConsumed;
    line.parent = level;
    line.node = a.flow;
    line.a = a.count;
    Emit(std::move(line));
  }
  returned_to_ = target;
  moves_.push_back({target, level, kNone});
}

void Run::Withdraw(const Command& command) {
  std::vector<Key> downstream;
  const Step* step =
      Withdrawable(*definition_, *instance_, command.actor, command.name, &downstream);
  if (step == nullptr) return;
  Step mine = *step;
  if (Live* level = live(mine.scope)) ++level->moving;
  for (Key key : downstream) Terminate(key);
  std::vector<Arrival> resting;
  for (const auto& a : instance_->arrivals) {
    if (a.scope == mine.scope &&
        definition_->Reaches(mine.node, definition_->flow(a.flow).source)) {
      resting.push_back(a);
    }
  }
  for (const auto& a : resting) {
    LogLine line;
    line.kind = LogKind::kConsumed;
    line.parent = mine.scope;
    line.node = a.flow;
    line.a = a.count;
    Emit(std::move(line));
  }
  returned_to_ = mine.node;
  moves_.push_back({mine.node, mine.scope, kNone});
}

void Run::TaskVerb(const Command& command) {
  const Live* task = live(command.key);
  Seat seat = *FindSeat(*task, command.seat);
  auto& seats = task->extra->seats;
  auto next_id = [&] {
    std::uint32_t id = 0;
    for (const auto& s : live(command.key)->extra->seats) id = std::max(id, s.id);
    return id + 1;
  };
  auto add = [&](SeatOrigin origin, SeatState state, const std::string& what) {
    for (const auto& person : command.people) {
      Seat extra;
      extra.id = next_id();
      extra.origin = origin;
      extra.state = state;
      extra.person = person;
      extra.assigned = true;
      extra.host = seat.id;
      extra.remark = origin == SeatOrigin::kConsult ? command.reason : std::string();
      PutSeat(command.key, extra, what);
    }
  };
  switch (command.verb) {
    case Verb::kClaim:
      seat.person = command.actor.id;
      seat.touched = true;
      PutSeat(command.key, seat, "claimed");
      return;
    case Verb::kRelease:
      seat.person.clear();
      seat.touched = false;
      PutSeat(command.key, seat, "released");
      return;
    case Verb::kComplete: {
      bool refused = IsRefusal(command.name);
      seat.state = refused ? SeatState::kRejected : SeatState::kApproved;
      seat.touched = true;
      seat.remark = command.reason;
      seat.draft.clear();
      PutSeat(command.key, seat, refused ? "refused" : "signed");
      DecideTask(command.key, command.name, command.variables);
      return;
    }
    case Verb::kSaveDraft:
      seat.draft = ToText(json::value(command.variables));
      seat.touched = true;
      PutSeat(command.key, seat, "draft");
      return;
    case Verb::kTransfer:
      seat.person = command.people.front();
      seat.owner.clear();
      seat.assigned = true;
      seat.touched = false;
      PutSeat(command.key, seat, "transferred");
      return;
    case Verb::kDelegate:
      if (seat.owner.empty()) seat.owner = seat.person;
      seat.person = command.people.front();
      seat.assigned = true;
      PutSeat(command.key, seat, "delegated");
      return;
    case Verb::kGiveBack:
      seat.person = seat.owner;
      seat.owner.clear();
      seat.touched = true;
      seat.remark = command.reason;
      PutSeat(command.key, seat, "given back");
      return;
    case Verb::kAddBefore:
      seat.state = SeatState::kPending;
      PutSeat(command.key, seat, "waits");
      add(SeatOrigin::kBefore, SeatState::kOpen, "added before");
      return;
    case Verb::kAddAfter:
      add(SeatOrigin::kAfter, SeatState::kPending, "added after");
      return;
    case Verb::kAddBeside:
      add(SeatOrigin::kBeside, SeatState::kOpen, "added beside");
      return;
    case Verb::kConsult:
      add(SeatOrigin::kConsult, SeatState::kOpen, "consulted");
      return;
    case Verb::kAnswer:
      seat.state = SeatState::kAnswered;
      seat.remark = command.reason;
      seat.touched = true;
      PutSeat(command.key, seat, "answered");
      return;
    case Verb::kRemoveSigner:
      for (const auto& s : std::vector<Seat>(seats)) {
        if (s.person != command.people.front() || IsDone(s.state)) continue;
        Seat gone = s;
        gone.state = SeatState::kRemoved;
        PutSeat(command.key, gone, "removed");
      }
      DecideTask(command.key, {}, {});
      return;
    default:
      return;
  }
}

}  // namespace city::flow
