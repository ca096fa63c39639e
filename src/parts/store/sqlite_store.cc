// SPDX-License-Identifier: Apache-2.0
// Why: the embedded store: one writer thread with group commit, read connections beside it.
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <utility>

#include "parts/store/errors.h"
#include "parts/store/internal/group_writer.h"
#include "parts/store/internal/migrations.h"
#include "parts/store/internal/pool.h"
#include "parts/store/internal/process.h"
#include "parts/store/internal/sqlite_connection.h"
#include "parts/store/internal/sqlite_session.h"
#include "parts/store/store.h"

namespace city::store {
namespace {

using internal::SqliteConnection;
using ReaderPool = internal::Pool<SqliteConnection>;

// A read transaction is worth keeping while nothing was committed: opening and ending one costs as
// much as a point read. What another program writes to the file is seen after this time at most.
constexpr std::chrono::milliseconds kKeepView{50};

bool Rested(SqliteConnection& connection) {
  connection.EndCursors();
  return !connection.InTransaction() || connection.Run("rollback");
}

class SqliteSnapshot : public Snapshot {
 public:
  SqliteSnapshot(ReaderPool& pool, std::unique_ptr<SqliteConnection> connection,
                 const std::atomic<uint64_t>& commits)
      : pool_(pool), connection_(std::move(connection)), commits_(commits) {}

  ~SqliteSnapshot() override {
    connection_->EndCursors();
    bool current = connection_->view.commits == commits_.load(std::memory_order_acquire);
    bool healthy = current || Rested(*connection_);
    pool_.GiveBack(healthy ? std::move(connection_) : nullptr);
  }

  Result<Rows> Query(std::string_view sql, std::span<const Value> params) override {
    // A deferred transaction takes its view with its first read, so it sees at least the commits
    // counted before.
    if (!connection_->InTransaction()) {
      connection_->view = {commits_.load(std::memory_order_acquire),
                           std::chrono::steady_clock::now()};
      TRY_VOID(connection_->Run("begin"));
    }
    return connection_->Query(sql, params);
  }

  Dialect dialect() const override { return Dialect::kSqlite; }

 private:
  ReaderPool& pool_;
  std::unique_ptr<SqliteConnection> connection_;
  const std::atomic<uint64_t>& commits_;
};

class SqliteStore : public Store {
 public:
  SqliteStore(std::string path, SqliteOptions options, std::unique_ptr<SqliteConnection> writer)
      : path_(std::move(path)),
        options_(options),
        readers_([this] { return Reader(); }, options.readers, options.read_wait),
        writer_(std::make_unique<internal::SqliteSession>(std::move(writer), counters_,
                                                          [this] { LetViewsGo(); }),
                {.max_group = options.max_group,
                 .queue_limit = options.queue_limit,
                 .idle = options.idle_checkpoint},
                counters_) {}

  ~SqliteStore() override { SqliteStore::Close(); }

  Dialect dialect() const override { return Dialect::kSqlite; }

  Result<void> Command(std::string_view, Work work) override {
    return writer_.Command(std::move(work));
  }

  void Submit(std::string_view, Work work, Done done) override {
    writer_.Submit(std::move(work), std::move(done));
  }

  Result<std::unique_ptr<Snapshot>> Read() override {
    TRY(std::unique_ptr<SqliteConnection> connection, readers_.Lend());
    if (connection->InTransaction() && !MayKeep(*connection) && !Rested(*connection)) {
      readers_.GiveBack(nullptr);
      return error::kBusy;
    }
    return std::make_unique<SqliteSnapshot>(readers_, std::move(connection), commits_);
  }

  Result<void> Migrate(std::span<const Migration> steps) override {
    return internal::RunMigrations(*this, steps, "");
  }

  Result<void> BackupTo(const std::string& path) override;
  Result<void> Compact() override;

  Stats stats() const override {
    Stats out;
    counters_.Fill(out);
    out.waiting = writer_.waiting();
    out.open_snapshots = readers_.lent();
    return out;
  }

  void Close() override {
    writer_.Close();
    readers_.Close();
  }

 private:
  Result<std::unique_ptr<SqliteConnection>> Reader() {
    return SqliteConnection::Open(path_, SqliteConnection::Use::kRead, options_);
  }

  bool MayKeep(const SqliteConnection& connection) const {
    return connection.view.commits == commits_.load(std::memory_order_acquire) &&
           std::chrono::steady_clock::now() - connection.view.since < kKeepView;
  }

  // Called on the writer's thread. Old views would keep the log from being moved and emptied.
  void LetViewsGo() {
    commits_.fetch_add(1, std::memory_order_acq_rel);
    readers_.ForEachIdle([](SqliteConnection& connection) {
      // Where ending fails, the next to be lent it hears so.
      static_cast<void>(Rested(connection));
    });
  }

  const std::string path_;
  const SqliteOptions options_;
  std::atomic<uint64_t> commits_{0};
  internal::Counters counters_;
  internal::Pool<SqliteConnection> readers_;
  internal::GroupWriter writer_;
};

Result<void> SqliteStore::BackupTo(const std::string& path) {
  TRY_VOID(internal::CreateNew(path));
  TRY(std::unique_ptr<SqliteConnection> source, Reader());
  sqlite3* target = nullptr;
  int code =
      sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (code == SQLITE_OK) {
    // All pages in one step: a single read transaction, so writers go on and the copy is of one
    // moment.
    sqlite3_backup* copy = sqlite3_backup_init(target, "main", source->handle(), "main");
    if (copy) {
      code = sqlite3_backup_step(copy, -1);
      if (code == SQLITE_DONE) code = SQLITE_OK;
      int finished = sqlite3_backup_finish(copy);
      if (code == SQLITE_OK) code = finished;
    } else {
      code = sqlite3_errcode(target);
    }
  }
  // The copy is a plain file without a log beside it.
  if (code == SQLITE_OK) {
    code = sqlite3_exec(target, "pragma journal_mode=delete", nullptr, nullptr, nullptr);
  }
  std::string detail = sqlite3_errstr(code);
  sqlite3_close_v2(target);
  if (code == SQLITE_OK) return {};
  ::unlink(path.c_str());
  return error::kBackupFailed({{"detail", path + ": " + detail}});
}

Result<void> SqliteStore::Compact() {
  sqlite3* handle = nullptr;
  int code = sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(handle, 60'000);
    code = sqlite3_exec(handle, "vacuum", nullptr, nullptr, nullptr);
  }
  // The log still holds the pages from before until it is emptied.
  if (code == SQLITE_OK)
    code = sqlite3_exec(handle, "pragma wal_checkpoint(truncate)", nullptr, nullptr, nullptr);
  std::string detail = sqlite3_errstr(code);
  sqlite3_close_v2(handle);
  if (code == SQLITE_OK) return {};
  return error::kBackupFailed({{"detail", "compact " + path_ + ": " + detail}});
}

}  // namespace

Result<std::unique_ptr<Store>> OpenSqlite(const std::string& path, SqliteOptions options) {
  TRY(std::unique_ptr<SqliteConnection> writer,
      SqliteConnection::Open(path, SqliteConnection::Use::kWrite, options));
  return std::make_unique<SqliteStore>(path, options, std::move(writer));
}

}  // namespace city::store
