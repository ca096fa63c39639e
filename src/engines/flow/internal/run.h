// SPDX-License-Identifier: Apache-2.0
// One command at work: tokens in motion, everything at rest lies in the instance.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engines/flow/engine.h"

namespace city::flow {

/// Phases of an activity at which an incident can hold it.
enum class Phase : std::uint8_t { kEnter = 1, kWork, kLeave, kLoop, kError };

class Run {
 public:
  explicit Run(Host* host) : host_(host) {}

  void Begin(const Definition& definition, Instance& instance, Time now, Effects& effects);
  /// Runs until nothing moves.
  void Settle();
  /// Writes the row changes.
  void Finish();

  struct Move {
    Index node;
    Key scope;
    Index flow;
  };
  /// Instead of a flow: the next instance of a loop, the next compensation. Through the queue, so
  /// that ten thousand of them need no deeper stack than one.
  static constexpr Index kNextInstance = -2;
  static constexpr Index kNextCompensation = -3;
  void Runaway(const Move& move);

  // --- log ---
  LogLine& Emit(LogLine&& line);
  void Note(Key key, std::string what, std::string words);

  // --- run_tokens.cc: tokens, levels, activities ---
  void StartProcess(Index process, const StartRequest& request);
  void Take(Index flow, Key scope);
  void EnterNode(Index node, Key scope, Index flow);
  void Activate(Index node, Key scope);
  void BeginWork(Key key);
  void OpenLevel(Key key, Index only_start);
  void CompleteWork(Key key);
  void Leave(Key key);
  /// Outgoing flows that a token takes; false: an incident stands at `key` or a new live thing.
  bool Choose(Index node, Key scope, Key at, std::vector<Index>& chosen);
  void PassOn(Index node, Key scope);
  void Terminate(Key key);
  void ClearLevel(Key scope, Key except);
  void CheckLevel(Key scope);
  void CompleteLevel(Key key);
  void TryJoins();

  // --- run_loops.cc ---
  void BeginLoop(Key body);
  void LoopInstance(Key body);
  void LoopDone(Key instance);
  void FinishLoop(Key body);

  // --- run_events.cc ---
  void Subscribe(Key owner, Index node);
  void SubscribeBoundary(Key host);
  void Throw(Index node, Key scope);
  void FinishThrow(Index node, Key scope);
  bool ThrowSpec(const EventSpec& spec, Index node, Key scope);
  void Signal(const std::string& name, const json::object& variables, bool outside);
  bool RaiseError(Key from, const std::string& code, const std::string& message,
                  const json::object& variables, Index thrower);
  bool Escalate(Key from, const std::string& code, Index thrower);
  void Trigger(const Wait& wait, const json::object& variables);
  void TriggerBoundary(Key host, Index boundary, const json::object& variables);
  void TriggerEventSub(Key scope, Index start, const json::object& variables);
  void FireTimers();
  void CheckConditions();
  std::int64_t DueOf(const EventSpec& spec, const Variables& variables, std::int64_t& left,
                     std::string& problem);

  // --- run_compensation.cc ---
  void RecordCompletion(const Live& live);
  void Compensate(Index node, Key scope, Index activity);
  void NextCompensation(Key thrower);
  void CancelTransaction(Index end_event, Key scope);

  // --- run_tasks.cc ---
  void OpenTask(Key key);
  void CompleteSeat(const Command& command);
  void ReturnTo(Key from, Index target);
  void Withdraw(const Command& command);
  void PutSeat(Key key, const Seat& seat, const std::string& what);
  void OpenSeats(Key key);
  void DecideTask(Key key, const std::string& outcome, const json::object& variables);
  void TaskVerb(const Command& command);
  void DoVerb(const Command& command);
  void Retry(Key key);
  void Skip(const Command& command);
  void FinishWork(Key key, const json::object& result);
  void AskHost(Key key);
  void AfterChild(Key scope);
  void FireTimer(const Wait& wait);
  Key HostOf(Key key);
  bool IsLevel(const Live& live) const;
  void Purge(Key scope);
  void MarkWaiting(Key key);
  void ThrowFromTask(Key key);
  void AdHocNext(Key level);
  bool Blocks(Index join, Key scope, const std::vector<Index>& empty,
              const std::vector<Index>& full);
  bool TryJoin(Index join, Key scope);

  // --- run_data.cc ---
  Result<json::value> Evaluate(Index expression, Key at);
  bool Truth(Index expression, Key at, bool& problem, std::string& why);
  void SetVariable(Key scope, std::string_view name, const json::value& value);
  /// Into the nearest level that has the name, else into the process.
  void Propagate(Key from, std::string_view name, const json::value& value);
  void PropagateAll(Key from, const json::object& variables);
  void OwnScope(Key key, bool isolated);
  bool MapIn(Key key, std::string& problem);
  bool MapOut(Key key, const json::object& result, std::string& problem);
  void SetPath(Key scope, const std::string& path, json::value value, bool own);
  void Incident(Key key, std::string code, std::string message, Phase phase);
  Key IncidentAt(Index node, Key scope, std::string code, std::string message, Phase phase);

  const Node& node(Index i) const { return definition_->node(i); }
  Live* live(Key key) { return instance_->Find(key); }
  Key NewKey() { return instance_->last_key + 1; }
  Key Enter(Index node, Key parent, int loop = 0, bool body = false);
  void Exit(Key key, const char* how);

  const Definition* definition_ = nullptr;
  Instance* instance_ = nullptr;
  Effects* effects_ = nullptr;
  Time now_{};
  Host* host_;
  std::deque<Move> moves_;
  std::deque<Move> throws_;
  std::vector<Row> rows_before_;
  std::vector<Index> chosen_;
  bool variables_changed_ = false;
  Index returned_to_ = kNone;     ///< goes back to the person who did it before
  bool conditions_ = false;       ///< some conditional event may be waited for
  std::vector<Key> interrupted_;  ///< levels whose own event sub-process took over
  std::uint64_t steps_ = 0;       ///< a model that never rests is stopped
};

}  // namespace city::flow
