// SPDX-License-Identifier: Apache-2.0
// Why: the group rule's view of the one SQLite writer connection.
#pragma once

#include <functional>
#include <memory>

#include "parts/store/internal/group_writer.h"
#include "parts/store/internal/sqlite_connection.h"

namespace city::store::internal {

/// The writer of a SQLite store. Threads: the writer's.
class SqliteSession : public Session, private Tx {
 public:
  /// `committed` is told of each commit before anybody hears its outcome, and before the log is
  /// emptied.
  SqliteSession(
      std::unique_ptr<SqliteConnection> connection, Counters& counters,
      std::function<void()> committed = [] {})
      : connection_(std::move(connection)), counters_(counters), committed_(std::move(committed)) {}

  Result<void> Begin() override;
  Tx& Start() override;
  const Result<void>& failure() const override { return failure_; }
  bool wrote() const override { return wrote_; }
  Result<void> Settle() override { return failure_; }
  Result<void> Mark() override { return connection_->Run("savepoint command"); }
  Result<void> KeepMark() override { return connection_->Run("release command"); }
  Result<void> BackToMark() override;
  Verdict Commit(Result<void>& failure) override;
  void Rollback() override;
  bool Passing() const override { return false; }
  bool Idle() override;

 private:
  Result<Rows> Query(std::string_view sql, std::span<const Value> params) override;
  Result<int64_t> Execute(std::string_view sql, std::span<const Value> params) override;
  Result<void> Enqueue(std::string_view sql, std::span<const Value> params,
                       int64_t expected_rows) override;
  Result<void> Script(std::string_view sql) override;
  Dialect dialect() const override { return Dialect::kSqlite; }

  template <class T>
  Result<T> Noted(Result<T> result);

  std::unique_ptr<SqliteConnection> connection_;
  Counters& counters_;
  const std::function<void()> committed_;
  Result<void> failure_;
  bool wrote_ = false;
};

}  // namespace city::store::internal
