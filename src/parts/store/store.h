// SPDX-License-Identifier: Apache-2.0
// Why: one small SQL interface with SQLite and PostgreSQL behind it; every durable write of the
// house passes through `Store::Command`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "parts/store/value.h"

namespace city::store {

/// Something that answers queries: a transaction or a snapshot. Threads: one at a time.
class Reader {
 public:
  virtual ~Reader() = default;

  /// The rows of `sql`. Placeholders are $1..$n on both engines; a prepared statement is kept for
  /// each text, so pass values as parameters and keep texts few.
  /// Errors: kInvalidInput (text that is not UTF-8 or holds NUL), kConflict (a constraint),
  /// kUnavailable (engine gone or busy), kInternal (the statement is wrong).
  virtual Result<Rows> Query(std::string_view sql, std::span<const Value> params) = 0;

  Result<Rows> Query(std::string_view sql) { return Query(sql, std::span<const Value>()); }
  Result<Rows> Query(std::string_view sql, std::initializer_list<Value> params) {
    return Query(sql, std::span<const Value>(params.begin(), params.size()));
  }

  virtual Dialect dialect() const = 0;
};

/// The transaction that a command runs in. A statement that fails dooms its command on both
/// engines, whatever `work` returns; where a clash is expected, say `on conflict do nothing` and
/// ask Execute how many rows changed.
class Tx : public Reader {
 public:
  /// `Enqueue` without an expectation of how many rows change.
  static constexpr int64_t kAnyRows = -1;

  /// Runs a statement; how many rows it changed. Errors: as Query.
  virtual Result<int64_t> Execute(std::string_view sql, std::span<const Value> params) = 0;

  /// Like Execute, but its outcome is only checked at the commit (PostgreSQL then needs no round
  /// trip for it, which is several times faster). A failure, or a count of changed rows that is
  /// not `expected_rows`, fails this command alone. Errors: as Execute for what can be seen at
  /// once; kConflict `store.rows_changed_meanwhile` for the count.
  virtual Result<void> Enqueue(std::string_view sql, std::span<const Value> params,
                               int64_t expected_rows = kAnyRows) = 0;

  /// Runs several statements without parameters, separated by semicolons (schema changes).
  virtual Result<void> Script(std::string_view sql) = 0;

  Result<int64_t> Execute(std::string_view sql) { return Execute(sql, std::span<const Value>()); }
  Result<int64_t> Execute(std::string_view sql, std::initializer_list<Value> params) {
    return Execute(sql, std::span<const Value>(params.begin(), params.size()));
  }
  Result<void> Enqueue(std::string_view sql, std::initializer_list<Value> params,
                       int64_t expected_rows = kAnyRows) {
    return Enqueue(sql, std::span<const Value>(params.begin(), params.size()), expected_rows);
  }
};

/// A view of the store as of one moment (the first query), on a connection of its own that goes
/// back to a pool on destruction. Keep it short: a long one holds back the engine's clean-up;
/// stream exports by key, a page for each snapshot.
class Snapshot : public Reader {};

/// The closure of a command. It may run more than once (a failed group is replayed one by one, a
/// serialisation failure is tried again), so it must have no effect outside the transaction, and
/// must set, not add to, what it captures.
using Work = std::function<Result<void>(Tx&)>;
/// Told the outcome of a submitted command once; runs on a writer thread, so it must be short and
/// must not call the store's blocking functions.
using Done = std::function<void(Result<void>)>;

/// One numbered step of the schema of an `area` (a library's name). Steps are recorded with the
/// SM3 of their text, and each runs once, in the order of the numbers.
struct Migration {
  std::string area;      ///< whose schema, e.g. "ledger"
  int64_t number = 0;    ///< 1 and up, ascending within the area
  std::string name;      ///< what is true afterwards, for the record
  std::string sql;       ///< one or more statements, for both engines unless `postgres` is set
  std::string postgres;  ///< the text for PostgreSQL where it must differ; empty: as `sql`
};

/// Counters since opening.
struct Stats {
  uint64_t commands = 0;        ///< answered, with or without success
  uint64_t failed = 0;          ///< answered with an error
  uint64_t groups = 0;          ///< durable commits
  uint64_t replays = 0;         ///< groups that had to be replayed one command at a time
  uint64_t refused = 0;         ///< turned away because the queue was full
  uint64_t reconnects = 0;      ///< PostgreSQL connections opened again
  uint64_t largest_group = 0;   ///< most commands in one commit
  uint64_t waiting = 0;         ///< commands in the queues now
  uint64_t open_snapshots = 0;  ///< snapshots in use now
  uint64_t checkpoints = 0;     ///< SQLite write-ahead logs emptied while idle
};

/// A durable store. All functions may be called from any thread.
class Store {
 public:
  virtual ~Store() = default;

  virtual Dialect dialect() const = 0;

  /// Runs `work` in one transaction, grouped with others, and returns when it is durable, or with
  /// the error that `work` returned (then nothing of it is kept). An exception that leaves `work`
  /// is such an error too. `shard` (a region code) picks the writer: commands of one shard run in
  /// the order of their calls, one after the other.
  /// Errors besides those of `work`: kTooMany `store.queue_full`, kUnavailable `store.closed`,
  /// kConflict (a constraint checked at the commit), kUnavailable `store.outcome_unknown` (the
  /// connection broke during the commit and could not be asked again).
  virtual Result<void> Command(std::string_view shard, Work work) = 0;

  /// As Command, without blocking. `done` is called once, on a writer thread after the commit (or
  /// at once on the caller's when the command is turned away).
  virtual void Submit(std::string_view shard, Work work, Done done) = 0;

  /// A snapshot of what is durable now. Errors: kUnavailable (closed, or no connection in time).
  virtual Result<std::unique_ptr<Snapshot>> Read() = 0;

  /// Brings the schema up to date: runs the steps that are not recorded yet, each with its record
  /// in one transaction. Errors: kPrecondition `store.migration_changed` when a recorded step has
  /// another text now, `store.migration_order` when numbers do not ascend or a step is missing
  /// below a recorded one; else the statement's.
  virtual Result<void> Migrate(std::span<const Migration> steps) = 0;

  /// A consistent copy of everything into the new file `path`, while work goes on.
  /// SQLite: a database file. PostgreSQL: an archive of pg_dump (custom format).
  /// Errors: kConflict when the file exists, kUnavailable with the reason otherwise.
  virtual Result<void> BackupTo(const std::string& path) = 0;

  /// Writes everything anew, so that nothing deleted or overwritten stays behind in the files.
  /// Slow; commands wait meanwhile. Errors: kUnavailable.
  virtual Result<void> Compact() = 0;

  virtual Stats stats() const = 0;

  /// Answers what is queued, then ends the writers. Later calls get `store.closed`. The destructor
  /// calls it. All snapshots must be gone by then.
  virtual void Close() = 0;
};

/// How a SQLite store behaves; the defaults were measured.
struct SqliteOptions {
  size_t max_group = 512;                     ///< most commands in one commit
  size_t queue_limit = 8192;                  ///< commands waiting beyond this are refused
  int readers = 16;                           ///< read connections at most; a further Read waits
  std::chrono::milliseconds read_wait{5000};  ///< how long Read waits for a connection
  std::chrono::milliseconds idle_checkpoint{1000};  ///< idle time before the log is emptied
  int autocheckpoint_pages = 8000;                  ///< pages in the log before a commit moves them
  int cache_mb = 64;       ///< page cache of the writer; readers have an eighth each
  int64_t mmap_mb = 1024;  ///< how much of the file is mapped
};

/// How a PostgreSQL store behaves.
struct PostgresOptions {
  int writers = 0;  ///< writer connections (a shard keeps to one); 0: half the processors, 1 to 4
  size_t max_group = 512;                      ///< most commands in one commit
  size_t queue_limit = 8192;                   ///< commands waiting beyond this are refused
  int readers = 16;                            ///< read connections at most; a further Read waits
  std::chrono::milliseconds read_wait{5000};   ///< how long Read waits for a connection
  std::chrono::milliseconds retry_for{30000};  ///< how long a lost server is waited for
};

/// Opens or creates the database file `path`. Errors: kUnavailable when it cannot be opened,
/// kPrecondition when it is no database of ours to use.
Result<std::unique_ptr<Store>> OpenSqlite(const std::string& path, SqliteOptions options = {});

/// Connects to a PostgreSQL 15 or newer database (or a relative of it). Its encoding must be UTF8
/// and its collation C, C.UTF-8 or POSIX, so that text sorts as on SQLite; else kPrecondition.
Result<std::unique_ptr<Store>> OpenPostgres(const std::string& conninfo,
                                            PostgresOptions options = {});

/// Opens "sqlite:/path/to/file" or "postgresql://…" with default options.
Result<std::unique_ptr<Store>> Open(const std::string& url);

}  // namespace city::store
