// SPDX-License-Identifier: Apache-2.0
// Why: the store of a larger city: a few writer connections with group commit, sharded by region,
// and read connections beside them.
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "parts/store/errors.h"
#include "parts/store/internal/group_writer.h"
#include "parts/store/internal/migrations.h"
#include "parts/store/internal/pg_connection.h"
#include "parts/store/internal/pg_session.h"
#include "parts/store/internal/pool.h"
#include "parts/store/internal/process.h"
#include "parts/store/store.h"

namespace city::store {
namespace {

using internal::PgConnection;
using internal::PgResult;

class PgSnapshot : public Snapshot {
 public:
  PgSnapshot(internal::Pool<PgConnection>& pool, std::unique_ptr<PgConnection> connection,
             std::function<Result<std::unique_ptr<PgConnection>>()> open)
      : pool_(pool), connection_(std::move(connection)), open_(std::move(open)) {}

  ~PgSnapshot() override {
    connection_->Forget();
    if (begun_ && !connection_->broken()) {
      // The answer is read by whoever uses the connection next.
      static_cast<void>(connection_->Send("rollback", {}));
      connection_->SettleLater();
    }
    pool_.GiveBack(connection_->broken() ? nullptr : std::move(connection_));
  }

  Result<Rows> Query(std::string_view sql, std::span<const Value> params) override {
    Result<PgResult> result = Ask(sql, params);
    if (!result && first_ && connection_->passing()) {
      // Nothing has been seen yet, so the view may as well begin now: the connection had been lost
      // in the pool, or the schema has changed under a prepared statement.
      if (connection_->broken()) {
        TRY(connection_, open_());
      } else {
        End();
      }
      begun_ = false;
      result = Ask(sql, params);
    }
    if (!result) return Fail(result.error());
    first_ = false;
    return RowsOf(std::move(*result));
  }

  Dialect dialect() const override { return Dialect::kPostgres; }

 private:
  Result<PgResult> Ask(std::string_view sql, std::span<const Value> params) {
    if (!begun_) {
      connection_->Forget();
      TRY_VOID(connection_->Send("begin isolation level repeatable read read only", {}));
      begun_ = true;
    } else if (!connection_->failure()) {
      return Fail(connection_->failure().error());
    }
    TRY_VOID(connection_->Send(sql, params));
    return connection_->Settle();
  }

  void End() {
    connection_->Forget();
    static_cast<void>(connection_->Send("rollback", {}));
    static_cast<void>(connection_->Settle());
    connection_->Forget();
  }

  internal::Pool<PgConnection>& pool_;
  std::unique_ptr<PgConnection> connection_;
  const std::function<Result<std::unique_ptr<PgConnection>>()> open_;
  bool begun_ = false;
  bool first_ = true;
};

class PostgresStore : public Store {
 public:
  PostgresStore(std::string conninfo, PostgresOptions options)
      : conninfo_(std::move(conninfo)),
        options_(options),
        readers_([this] { return PgConnection::Open(conninfo_); }, options.readers,
                 options.read_wait) {}

  ~PostgresStore() override { PostgresStore::Close(); }

  Result<void> Start() {
    for (int i = 0; i < options_.writers; ++i) {
      TRY(std::unique_ptr<PgConnection> connection, PgConnection::Open(conninfo_));
      if (i == 0) TRY_VOID(internal::PgSession::Prepare(*connection));
      writers_.push_back(std::make_unique<internal::GroupWriter>(
          std::make_unique<internal::PgSession>(conninfo_, std::move(connection),
                                                options_.retry_for, counters_),
          internal::GroupWriter::Limits{.max_group = options_.max_group,
                                        .queue_limit = options_.queue_limit},
          counters_));
    }
    return {};
  }

  Dialect dialect() const override { return Dialect::kPostgres; }

  Result<void> Command(std::string_view shard, Work work) override {
    return WriterOf(shard).Command(std::move(work));
  }

  void Submit(std::string_view shard, Work work, Done done) override {
    WriterOf(shard).Submit(std::move(work), std::move(done));
  }

  Result<std::unique_ptr<Snapshot>> Read() override {
    TRY(std::unique_ptr<PgConnection> connection, readers_.Lend());
    return std::make_unique<PgSnapshot>(readers_, std::move(connection),
                                        [this] { return PgConnection::Open(conninfo_); });
  }

  Result<void> Migrate(std::span<const Migration> steps) override {
    // Programs that start at the same time take turns.
    return internal::RunMigrations(*this, steps, "lock table store_migrations in exclusive mode");
  }

  Result<void> BackupTo(const std::string& path) override {
    TRY_VOID(internal::CreateNew(path));
    Result<void> done =
        internal::RunPgProgram("pg_dump", {"--format=custom", "--no-owner", "--no-privileges",
                                           "--file=" + path, "--dbname=" + conninfo_});
    if (!done) ::unlink(path.c_str());
    return done;
  }

  Result<void> Compact() override {
    TRY(std::unique_ptr<PgConnection> connection, PgConnection::Open(conninfo_));
    return connection->Script("vacuum full");
  }

  Stats stats() const override {
    Stats out;
    counters_.Fill(out);
    for (const auto& writer : writers_) out.waiting += writer->waiting();
    out.open_snapshots = readers_.lent();
    return out;
  }

  void Close() override {
    for (const auto& writer : writers_) writer->Close();
    readers_.Close();
  }

 private:
  internal::GroupWriter& WriterOf(std::string_view shard) {
    return *writers_[std::hash<std::string_view>()(shard) % writers_.size()];
  }

  const std::string conninfo_;
  const PostgresOptions options_;
  internal::Counters counters_;
  internal::Pool<PgConnection> readers_;
  std::vector<std::unique_ptr<internal::GroupWriter>> writers_;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgres(const std::string& conninfo, PostgresOptions options) {
  // On two processors a second writer only took the server's share away: 21 k commands a second
  // with one, 10 to 20 k with two.
  if (options.writers <= 0) {
    options.writers = std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2, 1, 4);
  }
  auto out = std::make_unique<PostgresStore>(conninfo, options);
  TRY_VOID(out->Start());
  return out;
}

}  // namespace city::store
