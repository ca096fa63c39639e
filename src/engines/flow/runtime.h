// SPDX-License-Identifier: Apache-2.0
// The engine on a store: definitions, instances, their rows and log, all in one transaction a step.
// Tables: see runtime_schema.cc. Threads: all functions may be called from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engines/flow/engine.h"
#include "engines/flow/view.h"
#include "ledger/vault.h"
#include "parts/store/store.h"

namespace city::flow {

class Cover;

/// Type under which a vault keeps the keys of processes.
inline constexpr std::string_view kVaultType = "flow";

/// What a deployment came to.
struct Deployment {
  std::string id;
  std::string process;  ///< id of its first process, which names the line of versions
  std::int64_t version = 0;
  bool unchanged = false;  ///< the same file is the latest version already
  std::vector<Finding> warnings;
};

/// Which instance: the region picks the writer and the distribution.
struct InstanceRef {
  std::string region;
  std::string id;
};

struct StartOptions {
  std::string process;
  std::string business_key;
  std::string definition;  ///< a certain version; empty: the latest
  json::object variables;
  Actor actor;
  Index start_event = kNone;
  std::string id;  ///< chosen by the caller for idempotency; empty: a new one
};

/// What a step did.
struct StepDone {
  std::uint32_t version = 0;
  bool ended = false;
  std::vector<Outbound> out;
};

/// A line of somebody's list.
struct TaskItem {
  InstanceRef instance;
  std::string definition;
  std::string node;
  std::string name;
  std::string form;
  Key key = 0;
  std::uint32_t seat = 0;
  std::string person;
  std::int64_t due = 0;
  std::int32_t priority = 50;
  std::int64_t created = 0;
};

struct TaskQuery {
  std::string region;
  std::string person;               ///< assigned to
  std::vector<std::string> groups;  ///< or offered to these (and to `person` as candidate)
  bool offered = false;             ///< list what is offered instead of what is assigned
  std::int64_t after_created = 0;   ///< keyset: continue behind this moment …
  std::string after_instance;       ///< … and instance
  int limit = 50;
};

struct JobItem {
  InstanceRef instance;
  std::string node;
  Key key = 0;
  std::string type;
  int retries = 0;
};

struct IncidentItem {
  InstanceRef instance;
  std::string definition;
  std::string node;
  Key key = 0;
  std::string code;
  std::string message;
  std::int64_t at = 0;
};

/// One command of the history.
struct HistoryEntry {
  std::uint32_t version = 0;
  std::string definition;  ///< the version of the process that its lines speak of
  Time at{};
  std::string actor;
  std::string verb;
  std::vector<LogLine> lines;
};

/// One instance in a batch.
struct BatchItem {
  InstanceRef instance;
  std::optional<Error> error;
};

/// How long what ended of a process is kept, and whether new instances may begin.
struct ProcessRule {
  std::string keep_class;      ///< name of the retention class, for people
  std::int64_t keep_days = 0;  ///< after the end; 0: kept for ever
  bool retired = false;
};

/// A deployed version.
struct VersionItem {
  std::string id;
  std::string process;
  std::string name;
  std::int64_t version = 0;
  std::int64_t deployed_at = 0;
  std::string deployed_by;
  std::int64_t running = 0;
};

/// A line of the list of instances.
struct InstanceItem {
  InstanceRef instance;
  std::string definition;
  std::string process;
  std::int64_t process_version = 0;
  InstanceState state = InstanceState::kRunning;
  std::string business_key;
  std::string starter;
  std::int64_t started = 0;
  std::int64_t ended = 0;  ///< 0: not yet
  std::int64_t incidents = 0;
  std::string hold;  ///< reason of a legal hold
};

/// Which instances, newest first. Empty fields do not narrow.
struct InstanceQuery {
  std::string region;
  std::string id;
  std::string process;
  std::string definition;
  std::optional<InstanceState> state;
  bool with_incident = false;
  bool held = false;  ///< under legal hold
  std::string starter;
  std::string person;  ///< took part
  std::string business_key;
  std::int64_t before_started = 0;  ///< keyset: continue before this moment …
  std::string before_id;            ///< … and instance; 0: from the newest
  int limit = 50;
};

/// A copy or reminder that somebody got.
struct NoticeItem {
  InstanceRef instance;
  std::string id;
  Outbound::Kind kind = Outbound::Kind::kCopy;
  std::string words;
  std::int64_t at = 0;
  bool seen = false;
};

struct RuntimeOptions {
  Host* host = nullptr;
  std::string region;  ///< where instances live that a time begins
  DeployOptions deploy;
  /// Seals what instances know; without one it lies in clear. Its types must hold kVaultType.
  std::shared_ptr<const ledger::Vault> vault;
  /// Told of copies and reminders in the transaction that takes them from the outbox.
  std::function<Result<void>(store::Tx&, const InstanceRef&, const Outbound&)> notify;
};

class Runtime {
 public:
  Runtime(store::Store& store, const Clock& clock, RuntimeOptions options = {});
  ~Runtime();

  /// Steps of the schema, for Store::Migrate.
  static std::span<const store::Migration> Schema();

  /// Seals what instances, messages and notices stored in clear while there was no vault, and
  /// writes the store anew so that nothing of it stays behind; how many rows. It does so once:
  /// later calls find it done. To be called before anything runs.
  Result<int64_t> SealOld();

  /// Checks, compiles and keeps a file as the next version. Errors: as flow::Deploy.
  Result<Deployment> Deploy(std::string_view xml, const Actor& actor);
  /// The same inside a transaction of the caller's.
  Result<Deployment> DeployIn(store::Tx& tx, std::string_view xml, const Actor& actor);
  /// A file made ready to run as Deploy would make it, and not kept. Errors: as Deploy.
  Result<std::shared_ptr<const Definition>> Compile(const Document& document);
  /// The file of a deployed version. Errors: kNotFound `flow.no_such_process`.
  Result<std::string> File(std::string_view definition);
  /// Versions of a process (empty: the latest of each), newest first.
  Result<std::vector<VersionItem>> Versions(std::string_view process);
  /// A deployed version. Errors: kNotFound `flow.no_such_process`.
  Result<std::shared_ptr<const Definition>> Find(std::string_view definition);
  /// Id of the latest version with this process. Errors: kNotFound.
  Result<std::string> Latest(std::string_view process);

  /// Starts, durable when it returns.
  Result<InstanceRef> Start(std::string_view region, const StartOptions& options);
  /// One command, durable when it returns. Errors: as Engine::Apply; kNotFound for the instance.
  Result<StepDone> Do(const InstanceRef& instance, const Command& command);
  /// As Do, without blocking.
  void Submit(const InstanceRef& instance, Command command,
              std::function<void(Result<StepDone>)> done);
  /// The same inside a transaction of the caller's, so that a case and its process move together.
  Result<InstanceRef> StartIn(store::Tx& tx, std::string_view region, const StartOptions& options);
  Result<StepDone> DoIn(store::Tx& tx, const InstanceRef& instance, const Command& command);

  Result<std::vector<InstanceItem>> Instances(const InstanceQuery& query);
  /// Writes down that somebody acted on an instance, for their own list.
  Result<void> NotePart(store::Tx& tx, const InstanceRef& instance, const std::string& person);
  Result<std::vector<NoticeItem>> Notices(std::string_view region, std::string_view person,
                                          int limit);
  /// Marks somebody's notices as seen.
  Result<void> SeeNotices(store::Tx& tx, std::string_view region, std::string_view person);

  Result<std::vector<TaskItem>> Tasks(const TaskQuery& query);
  /// Steps behind version `after`, at most `limit` (0: all).
  Result<std::vector<HistoryEntry>> History(const InstanceRef& instance, std::uint32_t after = 0,
                                            int limit = 0);
  /// The state after step `version`, folded from the log a part at a time.
  Result<Instance> StateAt(const InstanceRef& instance, std::uint32_t version);
  /// The state as stored, with its definition.
  Result<std::pair<Instance, std::shared_ptr<const Definition>>> Load(const InstanceRef& instance);
  /// Whether state = fold(log) and rows = f(state) hold for an instance; the problem, or empty.
  Result<std::string> Verify(const InstanceRef& instance);

  /// Counts and working times for each element over the latest `limit` instances of a version.
  Result<std::map<std::string, ElementStatistics>> Statistics(std::string_view definition,
                                                              int limit);

  /// Fires at most `limit` instances whose timers are due; how many. Start timers too.
  Result<int> FireDue(int limit);
  /// Takes jobs of a type for a while; nobody else gets them until then.
  Result<std::vector<JobItem>> TakeJobs(std::string_view type, int limit,
                                        std::chrono::seconds hold);
  /// A message from outside: to its subscription, else to a start event, else kept for `ttl`.
  /// A repeated `id` changes nothing. True: somebody got it.
  Result<bool> Publish(std::string_view region, std::string_view id, const std::string& name,
                       const std::string& key, const json::object& variables,
                       std::chrono::seconds ttl);
  /// A signal from outside, to everybody of the region who waits for it and to start events, with
  /// the next delivery. A repeated `id` changes nothing. True: it was not sent before.
  Result<bool> SendSignal(store::Tx& tx, std::string_view region, std::string_view id,
                          const std::string& name, const json::object& variables);
  /// Delivers at most `limit` messages and signals that instances have sent; how many.
  Result<int> DeliverOutbox(int limit);

  Result<std::vector<IncidentItem>> Incidents(std::string_view region, int limit);
  /// One page of them, behind `after` (empty: the first page), in the order in which they came up.
  Result<std::vector<IncidentItem>> Incidents(std::string_view region, const IncidentItem& after,
                                              int limit);
  /// Retries many, each on its own; a result for each.
  std::vector<BatchItem> RetryAll(const std::vector<IncidentItem>& incidents, const Actor& actor);
  /// Moves running instances of one version to another, each on its own; a result for each. With
  /// `dry_run` nothing changes.
  Result<std::vector<BatchItem>> Migrate(std::string_view from, std::string_view to,
                                         const MigrationPlan& plan, const Actor& actor,
                                         bool dry_run, int limit);
  /// Removes instances that ended before `before` with their log; how many. What is held stays.
  Result<int> RemoveEnded(Time before, int limit);

  Result<ProcessRule> RuleOf(std::string_view process);
  Result<void> SetRule(store::Tx& tx, std::string_view process, const ProcessRule& rule);
  /// Puts an instance under legal hold, so that nothing removes it; an empty reason lifts it.
  /// Errors: kNotFound for the instance.
  Result<void> Hold(store::Tx& tx, const InstanceRef& instance, const std::string& reason,
                    const Actor& actor);
  /// Removes at most `limit` instances of a process (empty: of all) whose time of keeping is over,
  /// each on its own. What is held stays and is reported with `flow.held`.
  Result<std::vector<BatchItem>> RemoveExpired(std::string_view process, int limit);

 private:
  struct Loaded;
  Result<Loaded> LoadIn(store::Reader& reader, const InstanceRef& instance);
  Result<void> Save(store::Tx& tx, const InstanceRef& ref, const std::string& definition_id,
                    const Definition& definition, const Instance& instance, bool fresh,
                    std::uint32_t old_version, const std::string& body, Effects& effects);
  Result<void> SaveRow(store::Tx& tx, const InstanceRef& ref, const std::string& definition_id,
                       const Definition& definition, const RowChange& change);
  Result<void> TakeFromInbox(store::Tx& tx, const InstanceRef& ref, const Effects& effects,
                             StepDone& done);
  Result<bool> PublishIn(store::Tx& tx, std::string_view region, std::string_view id,
                         const std::string& name, const std::string& key,
                         const json::object& variables, Time expires);
  Result<void> SetStartEvents(store::Tx& tx, const std::string& id, const Definition& definition);
  Result<std::shared_ptr<const Definition>> FindIn(store::Reader& reader, std::string_view id);
  Result<void> RemoveOne(const InstanceRef& instance);
  Result<void> StartDue(store::Tx& tx, std::string_view definition, Index node);

  /// A start; `body` gets the state as stored, empty when it has gone on since.
  Result<InstanceRef> BeginIn(store::Tx& tx, std::string_view region, const StartOptions& options,
                              std::string& definition, std::string& body, std::uint32_t& version);
  /// One step; from the state remembered after the last durable step when `remembered` allows.
  Result<StepDone> StepIn(store::Tx& tx, const InstanceRef& ref, const Command& command,
                          bool remembered, std::string& definition, std::string& body);
  void Remember(const InstanceRef& ref, std::string definition, std::string body,
                std::uint32_t version);
  void Forget(const InstanceRef& ref);

  struct Remembered {
    std::string definition;
    std::string body;
    std::uint32_t version = 0;
  };

  store::Store& store_;
  const Clock& clock_;
  RuntimeOptions options_;
  std::unique_ptr<const Cover> cover_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Definition>> definitions_;
  std::unordered_map<std::string, std::pair<std::string, Time>> latest_;
  std::mutex memory_mutex_;
  std::unordered_map<std::string, Remembered> memory_;
};

}  // namespace city::flow
