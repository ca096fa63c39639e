// SPDX-License-Identifier: Apache-2.0
// The engine: a pure function from an instance and a command to what changes.
// No storage, no clock, no threads: the caller loads, applies, and writes what comes back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "engines/flow/definition.h"
#include "engines/flow/state.h"

namespace city::flow {

/// Who acts. Groups decide candidacy; `administrator` allows jumps, migration and repair.
struct Actor {
  std::string id;
  std::vector<std::string> groups;
  /// People for whom this one may act now, as the absence register says.
  std::vector<std::string> stands_in_for;
  bool administrator = false;
};

/// What can be asked of an instance. The value is stored in the log as its name.
enum class Verb : std::uint8_t {
  // user tasks: `key` and `seat` of the task row
  kClaim,         ///< take a task offered to candidates
  kRelease,       ///< give a claimed task back to the candidates
  kComplete,      ///< finish: `name` = outcome (approve, reject or own), `variables`, `reason`
  kSaveDraft,     ///< keep `variables` with the task
  kReturn,        ///< `name` = applicant | previous | id of a step; `reason`
  kWithdraw,      ///< take back one's own completed step; `name` = its id (empty: the latest)
  kTransfer,      ///< to people[0]
  kDelegate,      ///< to people[0], comes back
  kGiveBack,      ///< a delegated task returns to its owner, with `reason` as the answer
  kAddBefore,     ///< people sign before me
  kAddAfter,      ///< people sign after me
  kAddBeside,     ///< people sign as well
  kRemoveSigner,  ///< people[0] need not sign
  kCopyTo,        ///< people get a copy
  kUrge,          ///< remind whoever has it
  kConsult,       ///< ask people; does not hold up the task
  kAnswer,        ///< answer to a consultation, `reason`
  kComment,       ///< `reason`
  // instance
  kSuspend,
  kResume,
  kTerminate,     ///< with `reason`
  kJump,          ///< administrators: tokens at `key` (0: all) go to step `name`
  kSetVariables,  ///< at scope `key` (0: the process)
  // outside world
  kCompleteJob,      ///< `key`, `variables`
  kFailJob,          ///< `key`, `reason`; `number` = retries left (0: incident)
  kThrowError,       ///< job `key` raises BPMN error `name`
  kMessage,          ///< `name`, `correlation`; `variables`
  kSignal,           ///< `name`, `variables`
  kFireTimers,       ///< all that are due
  kRaiseConditions,  ///< look at conditional events again (outside data changed)
  // incidents: `key`
  kRetry,
  kSkip,  ///< go on as if it were done
  kNothing,
};

std::string_view VerbName(Verb verb);
/// Whether an outcome is a refusal: reject, rejected, refuse, refused, disagree or veto.
bool IsRefusal(std::string_view outcome);
/// Errors: kInvalidInput `flow.unknown_verb`.
Result<Verb> VerbNamed(std::string_view name);

struct Command {
  Verb verb = Verb::kNothing;
  Key key = 0;
  std::uint32_t seat = 0;
  std::int64_t number = 0;
  std::string name;
  std::string correlation;
  std::string reason;
  std::vector<std::string> people;
  json::object variables;
  Actor actor;
};

/// Something that must leave the instance after the state is safe.
struct Outbound {
  enum class Kind : std::uint8_t {
    kMessage,  ///< name, key, variables: to the message inbox
    kSignal,   ///< name, variables: to every instance and signal start event
    kCopy,     ///< people: a copy of the task `node`
    kUrge,     ///< people: a reminder
  };
  Kind kind = Kind::kMessage;
  std::string name;
  std::string key;
  Index node = kNone;
  std::vector<std::string> people;
  json::object variables;
};

/// A change of the index rows.
struct RowChange {
  bool add = true;
  Row row;
};

/// What a command brought about. Reused between commands by whoever wants speed.
struct Effects {
  std::vector<RowChange> rows;
  std::vector<LogLine> log;
  std::vector<Outbound> out;
  bool ended = false;
  void Clear() {
    rows.clear();
    log.clear();
    out.clear();
    ended = false;
  }
};

/// What a script said.
struct ScriptOutcome {
  enum class Kind : std::uint8_t { kDone, kLater, kError, kFailed };
  Kind kind = Kind::kDone;
  json::object variables;  ///< kDone: set in the process
  std::string text;        ///< kLater: job type; kError: error code; kFailed: why
};

/// What the surroundings supply. All functions must be pure for given arguments.
class Host {
 public:
  virtual ~Host() = default;
  /// Runs a script that is not FEEL. Default: refused (an incident).
  virtual ScriptOutcome Run(const Definition& definition, Index node, const Variables& variables);
  /// Answer of a decision. Default: refused (an incident).
  virtual Result<json::value> Decide(std::string_view decision, const Variables& variables);
  /// Moment some working days ahead. Default: Monday to Friday in China time.
  virtual Result<Time> AddWorkingDays(std::string_view calendar, Time from, int days);
};

/// How to begin.
struct StartRequest {
  std::string process;        ///< id; empty: the only executable one
  Index start_event = kNone;  ///< a message, signal or timer start event; none: the none start
  std::string business_key;
  json::object variables;
  Actor actor;
};

/// Which element of the new version takes the place of which. Unlisted ones keep their id.
struct MigrationPlan {
  std::map<std::string, std::string> elements;
};

/// Stateless but for reused buffers: one for each thread.
class Engine {
 public:
  explicit Engine(Host* host = nullptr);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// A new instance, run to its first wait states. Errors: kNotFound `flow.no_such_process`,
  /// kPrecondition `flow.cannot_start` when it begins only with a message, signal or time.
  Result<Instance> Start(const Definition& definition, const StartRequest& request, Time now,
                         Effects& effects);

  /// Applies one command: in memory to the next wait states. On error nothing has changed.
  /// Errors: those of May, kNotFound and kConflict rows of this library.
  Result<void> Apply(const Definition& definition, Instance& instance, const Command& command,
                     Time now, Effects& effects);

  /// Moves an instance to another version of its process. Timers keep their due dates, loops their
  /// place, incidents their trouble; events that are new at a living activity are waited for from
  /// now on. With `dry_run` nothing changes. Errors: kPrecondition `flow.cannot_migrate` whose
  /// details name every element that has no place; then nothing has changed.
  Result<void> Migrate(const Definition& from, const Definition& to, const MigrationPlan& plan,
                       Instance& instance, const Actor& actor, Time now, bool dry_run,
                       Effects& effects);

  /// May this actor do this now? The reason is the error. Pure.
  static Result<void> May(const Definition& definition, const Instance& instance,
                          const Command& command);

 private:
  std::unique_ptr<class Run> run_;
  std::unique_ptr<Host> own_host_;
  Host* host_;
};

}  // namespace city::flow
