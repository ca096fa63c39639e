// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/engine.h"

#include <algorithm>

#include "engines/flow/errors.h"
#include "engines/flow/internal/run.h"
#include "engines/flow/internal/task_rules.h"

namespace city::flow {
namespace {

constexpr const char* kVerbNames[] = {
    "claim",         "release",     "complete",  "save-draft", "return",        "withdraw",
    "transfer",      "delegate",    "give-back", "add-before", "add-after",     "add-beside",
    "remove-signer", "copy-to",     "urge",      "consult",    "answer",        "comment",
    "suspend",       "resume",      "terminate", "jump",       "set-variables", "complete-job",
    "fail-job",      "throw-error", "message",   "signal",     "fire-timers",   "raise-conditions",
    "retry",         "skip",        "nothing"};

bool IsTaskVerb(Verb verb) { return verb <= Verb::kComment && verb != Verb::kWithdraw; }

}  // namespace

std::string_view VerbName(Verb verb) { return kVerbNames[static_cast<std::size_t>(verb)]; }

Result<Verb> VerbNamed(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kVerbNames); ++i) {
    if (name == kVerbNames[i]) return static_cast<Verb>(i);
  }
  return error::kUnknownVerb({{"verb", std::string(name)}});
}

ScriptOutcome Host::Run(const Definition& definition, Index node, const Variables&) {
  ScriptOutcome out;
  out.kind = ScriptOutcome::Kind::kFailed;
  out.text = "no script language \"" + definition.node(node).script_format + "\" here";
  return out;
}

Result<json::value> Host::Decide(std::string_view decision, const Variables&) {
  return error::kBadExpression({{"text", std::string(decision)}, {"reason", "no decisions here"}});
}

Result<Time> Host::AddWorkingDays(std::string_view, Time from, int days) {
  using namespace std::chrono;
  auto local = from + kChinaOffset;
  auto day = floor<std::chrono::days>(local);
  auto rest = local - day;
  for (int left = days; left > 0;) {
    day += std::chrono::days(1);
    auto w = weekday(day);
    if (w != Saturday && w != Sunday) --left;
  }
  return Time(day.time_since_epoch()) + rest - kChinaOffset;
}

Engine::Engine(Host* host) : host_(host) {
  if (host_ == nullptr) {
    own_host_ = std::make_unique<Host>();
    host_ = own_host_.get();
  }
  run_ = std::make_unique<class Run>(host_);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<Instance> Engine::Start(const Definition& definition, const StartRequest& request, Time now,
                               Effects& effects) {
  Index process = kNone;
  if (request.start_event != kNone) {
    process = definition.node(request.start_event).scope;
  } else if (request.process.empty()) {
    if (definition.processes.size() == 1) process = definition.processes.front();
  } else {
    process = definition.Find(request.process);
  }
  if (process == kNone || definition.node(process).kind != NodeKind::kProcess) {
    return error::kNoSuchProcess({{"id", request.process}});
  }
  StartRequest chosen = request;
  const Node& level = definition.node(process);
  if (request.start_event == kNone && level.starts.empty()) {
    // Without a plain start event a process begins where its condition holds.
    Variables variables{{&request.variables}};
    for (Index c : level.children) {
      const Node& n = definition.node(c);
      if (n.kind != NodeKind::kStart || chosen.start_event != kNone) continue;
      for (const auto& event : n.events) {
        if (event.kind != EventKind::kConditional) continue;
        auto holds = definition.expression(event.expression).Evaluate(variables, now);
        if (holds && holds->is_bool() && holds->get_bool()) chosen.start_event = c;
      }
    }
    if (chosen.start_event == kNone) return error::kCannotStart({{"id", level.id}});
  }
  Instance instance;
  run_->Begin(definition, instance, now, effects);
  LogLine line;
  line.kind = LogKind::kCommand;
  line.name = request.actor.id;
  line.text = "start";
  line.a = ToMicros(now);
  run_->Emit(std::move(line));
  run_->StartProcess(process, chosen);
  run_->Finish();
  return instance;
}

Result<void> Engine::May(const Definition& definition, const Instance& instance,
                         const Command& command) {
  const Actor& actor = command.actor;
  if (instance.ended()) return error::kEnded;
  bool suspended = instance.state == InstanceState::kSuspended;
  if (suspended && command.verb != Verb::kResume && command.verb != Verb::kTerminate &&
      command.verb != Verb::kComment && command.verb != Verb::kSetVariables) {
    return error::kSuspended;
  }
  auto administrator = [&]() -> Result<void> {
    if (!actor.administrator) return error::kNotAdministrator;
    return {};
  };
  auto incident = [&]() -> Result<void> {
    TRY_VOID(administrator());
    const Live* l = instance.Find(command.key);
    if (l == nullptr || l->state != LiveState::kIncident) return error::kNoSuchIncident;
    return {};
  };
  switch (command.verb) {
    case Verb::kSuspend:
      return administrator();
    case Verb::kResume:
      TRY_VOID(administrator());
      if (!suspended) return error::kNotSuspended;
      return {};
    case Verb::kTerminate:
      TRY_VOID(administrator());
      if (command.reason.empty()) return error::kNeedsReason;
      return {};
    case Verb::kJump: {
      TRY_VOID(administrator());
      Index target = definition.Find(command.name);
      if (target == kNone || definition.node(target).kind == NodeKind::kBoundary ||
          definition.node(target).kind == NodeKind::kProcess) {
        return error::kNoStep({{"step", command.name}});
      }
      if (command.key == 0) {
        if (definition.node(target).scope != instance.process) {
          return error::kNoStep({{"step", command.name}});
        }
      } else if (LevelFor(definition, instance, command.key, target, nullptr) == 0) {
        return error::kNoStep({{"step", command.name}});
      }
      return {};
    }
    case Verb::kSetVariables: {
      TRY_VOID(administrator());
      if (command.key != 0 && instance.Find(command.key) == nullptr) {
        return error::kNoVariableScope;
      }
      return {};
    }
    case Verb::kRetry:
    case Verb::kSkip:
      return incident();
    case Verb::kCompleteJob:
    case Verb::kFailJob:
    case Verb::kThrowError: {
      const Live* l = instance.Find(command.key);
      bool job = l != nullptr && l->state == LiveState::kWaiting && l->extra &&
                 !l->extra->text.empty() && definition.node(l->node).kind != NodeKind::kUser;
      if (!job) return error::kNoSuchJob;
      return {};
    }
    case Verb::kMessage: {
      for (const auto& w : instance.waits) {
        if (w.kind == EventKind::kMessage && w.name == command.name &&
            w.key == command.correlation) {
          return {};
        }
      }
      return error::kNoSubscription({{"name", command.name}});
    }
    case Verb::kSignal:
    case Verb::kFireTimers:
    case Verb::kRaiseConditions:
    case Verb::kNothing:
      return {};
    case Verb::kWithdraw:
      if (Withdrawable(definition, instance, actor, command.name, nullptr) == nullptr) {
        return error::kCannotWithdraw;
      }
      return {};
    default:
      break;
  }
  const Live* task = instance.Find(command.key);
  if (command.verb == Verb::kComment && task == nullptr) return {};
  if (task == nullptr || task->state != LiveState::kWaiting ||
      definition.node(task->node).kind != NodeKind::kUser) {
    return error::kNoSuchTask;
  }
  const Seat* seat = FindSeat(*task, command.seat);
  if (command.verb == Verb::kUrge || command.verb == Verb::kComment) {
    bool involved = actor.administrator || ActsFor(actor, instance.starter);
    for (const auto& s : instance.trail) involved |= ActsFor(actor, s.person);
    for (const auto& s : task->extra->seats) involved |= ActsFor(actor, s.person);
    if (!involved) return error::kNotCandidate;
    return {};
  }
  if (seat == nullptr || seat->state != SeatState::kOpen) return error::kNoSuchTask;
  if (command.verb == Verb::kClaim) {
    if (!seat->person.empty() && !ActsFor(actor, seat->person)) {
      return error::kAlreadyClaimed({{"person", seat->person}});
    }
    if (seat->person.empty() && !IsCandidate(actor, *seat)) return error::kNotCandidate;
    return {};
  }
  bool manages = actor.administrator &&
                 (command.verb == Verb::kTransfer || command.verb == Verb::kRemoveSigner ||
                  command.verb == Verb::kAddBeside);
  if (!manages) {
    if (seat->person.empty()) {
      if (!IsCandidate(actor, *seat)) return error::kNotCandidate;
      return error::kNotClaimed;
    }
    if (!ActsFor(actor, seat->person)) return error::kNotYours({{"person", seat->person}});
  }
  bool consulted = seat->origin == SeatOrigin::kConsult;
  if (consulted != (command.verb == Verb::kAnswer) && command.verb != Verb::kTransfer &&
      command.verb != Verb::kSaveDraft) {
    return error::kUnsupportedCommand;
  }
  switch (command.verb) {
    case Verb::kRelease:
      if (seat->assigned) return error::kCannotRelease;
      return {};
    case Verb::kReturn: {
      const auto& rule = definition.node(task->node).user->returns;
      bool allowed = command.name == "applicant"  ? rule.applicant
                     : command.name == "previous" ? rule.previous
                                                  : rule.named;
      if (allowed && command.name != "applicant" && command.name != "previous" &&
          !rule.steps.empty()) {
        allowed = std::find(rule.steps.begin(), rule.steps.end(), command.name) != rule.steps.end();
      }
      if (!allowed) return error::kReturnNotAllowed({{"step", command.name}});
      if (ReturnTarget(definition, instance, command.key, command.name) == kNone) {
        return error::kNoStep({{"step", command.name}});
      }
      if (command.reason.empty()) return error::kNeedsReason;
      return {};
    }
    case Verb::kGiveBack:
      if (seat->owner.empty()) return error::kNotDelegated;
      return {};
    case Verb::kTransfer:
    case Verb::kDelegate:
    case Verb::kCopyTo:
    case Verb::kConsult:
      if (command.people.empty() || command.people.front().empty()) return error::kNeedsPeople;
      return {};
    case Verb::kAddBefore:
    case Verb::kAddAfter:
    case Verb::kAddBeside:
      if (command.people.empty()) return error::kNeedsPeople;
      for (const auto& person : command.people) {
        if (person.empty()) return error::kNeedsPeople;
        for (const auto& s : task->extra->seats) {
          bool active = s.state == SeatState::kOpen || s.state == SeatState::kPending;
          if (s.person == person && active && s.origin != SeatOrigin::kConsult) {
            return error::kDuplicateSigner({{"person", person}});
          }
        }
      }
      return {};
    case Verb::kRemoveSigner: {
      if (command.people.empty()) return error::kNeedsPeople;
      int others = 0;
      bool found = false;
      for (const auto& s : task->extra->seats) {
        if (s.origin == SeatOrigin::kConsult || s.state == SeatState::kRemoved) continue;
        bool waits = s.state == SeatState::kOpen || s.state == SeatState::kPending;
        if (s.person == command.people.front() && waits) {
          found = true;
        } else {
          ++others;
        }
      }
      if (!found) return error::kNoSuchTask;
      if (others == 0) return error::kLastSigner;
      return {};
    }
    default:
      return {};
  }
}

Result<void> Engine::Apply(const Definition& definition, Instance& instance, const Command& command,
                           Time now, Effects& effects) {
  TRY_VOID(May(definition, instance, command));
  auto& run = *run_;
  run.Begin(definition, instance, now, effects);
  LogLine line;
  line.kind = LogKind::kCommand;
  line.key = command.key;
  line.name = command.actor.id;
  line.text = std::string(VerbName(command.verb));
  line.a = ToMicros(now);
  if (!command.reason.empty()) line.value = json::string(command.reason);
  run.Emit(std::move(line));
  run.DoVerb(command);
  run.Settle();
  run.Finish();
  return {};
}

void Run::DoVerb(const Command& command) {
  Key root = instance_->lives.empty() ? 0 : instance_->lives.front().key;
  auto state = [&](InstanceState s) {
    LogLine line;
    line.kind = LogKind::kInstance;
    line.a = static_cast<int>(s);
    Emit(std::move(line));
  };
  auto notify = [&](Outbound::Kind kind, std::vector<std::string> people) {
    Outbound out;
    out.kind = kind;
    out.people = std::move(people);
    out.name = command.reason;
    if (const Live* l = live(command.key)) out.node = l->node;
    effects_->out.push_back(std::move(out));
  };
  switch (command.verb) {
    case Verb::kReturn: {
      Index target = ReturnTarget(*definition_, *instance_, command.key, command.name);
      Note(command.key, "returned", node(target).id);
      ReturnTo(command.key, target);
      return;
    }
    case Verb::kWithdraw:
      Withdraw(command);
      return;
    case Verb::kCopyTo:
      notify(Outbound::Kind::kCopy, command.people);
      return;
    case Verb::kUrge: {
      std::vector<std::string> people;
      for (const auto& seat : live(command.key)->extra->seats) {
        if (seat.state != SeatState::kOpen) continue;
        if (!seat.person.empty()) {
          people.push_back(seat.person);
        } else {
          people.insert(people.end(), seat.users.begin(), seat.users.end());
        }
      }
      notify(Outbound::Kind::kUrge, std::move(people));
      return;
    }
    case Verb::kComment:
    case Verb::kNothing:
      return;
    case Verb::kSuspend:
      state(InstanceState::kSuspended);
      return;
    case Verb::kResume:
      state(InstanceState::kRunning);
      FireTimers();
      return;
    case Verb::kTerminate:
      if (root != 0) Terminate(root);
      state(InstanceState::kTerminated);
      return;
    case Verb::kJump: {
      Index target = definition_->Find(command.name);
      if (command.key != 0) {
        ReturnTo(command.key, target);
        return;
      }
      ++live(root)->moving;
      auto moving = live(root)->moving;
      ClearLevel(root, 0);
      live(root)->moving = moving;
      moves_.push_back({target, root, kNone});
      return;
    }
    case Verb::kSetVariables: {
      Key scope = command.key == 0 ? root : command.key;
      if (!live(scope)->has_scope) OwnScope(scope, false);
      for (const auto& m : command.variables) SetVariable(scope, m.key(), m.value());
      return;
    }
    case Verb::kCompleteJob:
      FinishWork(command.key, command.variables);
      return;
    case Verb::kFailJob: {
      LogLine line;
      line.kind = LogKind::kJob;
      line.key = command.key;
      line.text = live(command.key)->extra->text;
      line.a = std::max<std::int64_t>(command.number, 0);
      Emit(std::move(line));
      if (command.number <= 0) Incident(command.key, "job", command.reason, Phase::kWork);
      return;
    }
    case Verb::kThrowError:
      if (!RaiseError(command.key, command.name, command.reason, command.variables,
                      live(command.key)->node)) {
        Incident(command.key, "unhandled-error", command.name, Phase::kWork);
      }
      return;
    case Verb::kMessage:
      for (const auto& w : instance_->waits) {
        if (w.kind == EventKind::kMessage && w.name == command.name &&
            w.key == command.correlation && !w.seen) {
          Wait hit = w;
          Trigger(hit, command.variables);
          return;
        }
      }
      return;
    case Verb::kSignal:
      Signal(command.name, command.variables, false);
      return;
    case Verb::kFireTimers:
      FireTimers();
      return;
    case Verb::kRaiseConditions:
      variables_changed_ = true;
      return;
    case Verb::kRetry:
      for (const auto& m : command.variables) Propagate(command.key, m.key(), m.value());
      Retry(command.key);
      return;
    case Verb::kSkip:
      Skip(command);
      return;
    default:
      if (IsTaskVerb(command.verb)) TaskVerb(command);
      return;
  }
}

}  // namespace city::flow
