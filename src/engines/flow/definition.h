// SPDX-License-Identifier: Apache-2.0
// A deployed BPMN file: nodes and flows by number, everything checked and compiled once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engines/flow/expressions.h"
#include "engines/flow/findings.h"
#include "engines/flow/timing.h"

namespace city::flow {

/// Number of a node, flow or expression within its definition; -1: none.
using Index = std::int32_t;
inline constexpr Index kNone = -1;

enum class NodeKind : std::uint8_t {
  kProcess,
  kSubProcess,
  kEventSubProcess,
  kTransaction,
  kAdHoc,
  kTask,  ///< abstract: passes at once
  kManual,
  kUser,
  kService,
  kSend,
  kReceive,
  kScript,
  kBusinessRule,
  kCall,
  kExclusive,
  kInclusive,
  kParallel,
  kComplex,
  kEventGateway,
  kStart,
  kEnd,
  kCatch,
  kThrow,
  kBoundary,
};

enum class EventKind : std::uint8_t {
  kMessage,
  kTimer,
  kSignal,
  kError,
  kEscalation,
  kConditional,
  kLink,
  kTerminate,
  kCompensate,
  kCancel,
};

enum class TimerKind : std::uint8_t { kDate, kPeriod, kCycle };

/// One trigger or result of an event.
struct EventSpec {
  EventKind kind = EventKind::kMessage;
  std::string name;          ///< message, signal or link name
  std::string code;          ///< error or escalation code; empty catches all
  Index key = kNone;         ///< correlation key
  Index expression = kNone;  ///< condition, or the text of a timer
  TimerKind timer = TimerKind::kPeriod;
  std::string time;           ///< literal time text; empty: `expression` gives it
  bool working_days = false;  ///< the period counts working days of `calendar`
  std::string calendar;
  Index activity = kNone;  ///< what to compensate; none: all of the level
  std::string variable;    ///< where the error code or message payload goes; empty: by name
};

/// `source` evaluated into the variable `target` (dots make members).
struct Mapping {
  Index source = kNone;
  std::string target;
};

enum class LoopKind : std::uint8_t { kNone, kStandard, kMulti };
enum class Behaviour : std::uint8_t { kAll, kNone, kOne, kComplex };

struct ComplexBehaviour {
  Index condition = kNone;
  std::optional<EventSpec> event;
};

struct LoopSpec {
  LoopKind kind = LoopKind::kNone;
  bool test_before = false;
  std::int64_t maximum = -1;
  Index condition = kNone;
  bool sequential = false;
  Index cardinality = kNone;
  Index collection = kNone;
  std::string input_element;
  std::string output_collection;
  Index output_element = kNone;
  Index completion = kNone;
  Behaviour behaviour = Behaviour::kAll;
  std::optional<EventSpec> event;
  std::vector<ComplexBehaviour> complex;
};

/// Who must sign and what counts as done.
enum class SignMode : std::uint8_t { kAll, kAny, kCount, kPercent };
struct SigningRule {
  SignMode mode = SignMode::kAll;
  std::int64_t number = 0;  ///< k, or the percentage
  bool veto = false;        ///< one refusal refuses
  bool sequential = false;  ///< one after the other
  Index signers = kNone;    ///< expression: list of people
};

/// Where a task may be returned to.
struct ReturnRule {
  bool applicant = true;
  bool previous = true;
  bool named = true;
  std::vector<std::string> steps;  ///< allowed named steps; empty: all before
};

struct UserTaskSpec {
  Index assignee = kNone;
  Index users = kNone;
  Index groups = kNone;
  Index due = kNone;
  Index priority = kNone;
  std::string form;
  std::string lane;        ///< candidates when nothing else is said
  bool applicant = false;  ///< the applicant's own step: `return to applicant` leads here
  std::string outcome_variable;
  SigningRule signing;
  ReturnRule returns;
  int deadline_working_days = 0;  ///< legal deadline; 0: none
  std::string calendar;
};

struct JobSpec {
  Index type = kNone;
  std::string type_text;
  int retries = 3;
  std::vector<std::pair<std::string, std::string>> headers;
};

struct Node {
  NodeKind kind = NodeKind::kTask;
  std::string id;
  std::string name;
  Index scope = kNone;  ///< enclosing level; none for a process
  std::vector<Index> in;
  std::vector<Index> out;
  Index fallback = kNone;  ///< default flow
  std::vector<EventSpec> events;
  bool parallel_multiple = false;
  bool interrupting = true;
  Index attached_to = kNone;
  std::vector<Index> boundary;
  Index handler = kNone;  ///< of a compensation boundary event
  bool for_compensation = false;
  int start_quantity = 1;
  int completion_quantity = 1;
  LoopSpec loop;
  std::vector<Mapping> inputs;
  std::vector<Mapping> outputs;
  std::vector<std::pair<std::string, std::string>> data_inputs;   ///< variable -> local
  std::vector<std::pair<std::string, std::string>> data_outputs;  ///< local -> variable
  std::unique_ptr<UserTaskSpec> user;
  std::unique_ptr<JobSpec> job;
  std::string script_format;
  std::string script;
  Index script_expression = kNone;
  std::string result_variable;
  std::string decision;
  Index called = kNone;  ///< process node of a call activity
  bool pass_all_in = true;
  bool pass_all_out = true;
  Index activation = kNone;  ///< of a complex gateway
  bool ordered = false;      ///< ad-hoc: one at a time
  Index completion = kNone;  ///< ad-hoc completion condition
  Index active_elements = kNone;
  bool cancel_remaining = true;
  bool instantiate = false;
  std::vector<Index> children;  ///< nodes of this level
  std::vector<Index> starts;    ///< what begins when the level is entered without a trigger
  std::vector<Index> event_subs;
  Index link_target = kNone;
  /// Some completed activity of this level can be compensated.
  bool compensable = false;
  bool executable = false;
};

struct Flow {
  std::string id;
  Index source = kNone;
  Index target = kNone;
  Index condition = kNone;
};

/// What a deployment may use besides the file itself.
struct DeployOptions {
  const ExpressionLanguage* language = nullptr;  ///< default: FEEL
  /// The document that defines a called process of another file; its nodes are bound now.
  std::function<const Document*(std::string_view process_id)> called;
  /// Whether a decision or form of that id exists; unset: not checked.
  std::function<bool(std::string_view id)> decision_exists;
  std::function<bool(std::string_view id)> form_exists;
  /// Also deploy processes that are not marked executable.
  bool include_all = false;
};

/// Immutable once made; shared by all its instances and threads.
class Definition {
 public:
  std::vector<Node> nodes;
  std::vector<Flow> flows;
  std::vector<std::unique_ptr<const Expression>> expressions;
  std::vector<std::string> expression_texts;
  std::vector<Index> processes;        ///< of this file, in document order
  std::vector<std::string> variables;  ///< declared for search (city:variable)
  std::vector<Finding> warnings;

  const Node& node(Index i) const { return nodes[static_cast<std::size_t>(i)]; }
  const Flow& flow(Index i) const { return flows[static_cast<std::size_t>(i)]; }
  const Expression& expression(Index i) const { return *expressions[static_cast<std::size_t>(i)]; }
  /// Node by BPMN id; kNone when there is none.
  Index Find(std::string_view id) const;
  /// Nodes of a process at which an event begins an instance: start events with triggers,
  /// instantiating receive tasks, and what follows an instantiating event gateway.
  std::vector<Index> StartEvents(Index process) const;
  /// Whether a token at `from` can come to `to` along sequence flow (links and boundary events
  /// included) within one level without passing `without`.
  bool Reaches(Index from, Index to, Index without = kNone) const;
  /// Same question for the incoming flow `flow` of a join: can a token that waits at or works in
  /// node `from` still arrive over it without visiting the join?
  bool ReachesFlow(Index from, Index flow) const;

  std::unordered_map<std::string, Index> by_id;
  /// For each flow into an inclusive or complex gateway: nodes from which it can be reached.
  std::unordered_map<Index, std::vector<bool>> upstream;
};

/// Checks and compiles a file. Errors: kInvalidInput `flow.not_deployable` whose details name the
/// element, the rule and the remedy of every finding that stands against it: errors of the
/// standard, expressions that do not compile, and what this engine does not support
/// (`deploy.*` rules).
Result<std::shared_ptr<const Definition>> Deploy(const Document& document,
                                                 const DeployOptions& options = {});

}  // namespace city::flow
