// SPDX-License-Identifier: Apache-2.0
// Why: the group rule's view of a PostgreSQL writer connection.
//
// Each group moves a number in the writer's own row of `store_writers` in the same transaction.
// When the connection breaks during a commit, that row tells whether the group is kept, also after
// a crash of the server.
#pragma once

#include <memory>
#include <string>

#include "parts/store/internal/group_writer.h"
#include "parts/store/internal/pg_connection.h"

namespace city::store::internal {

/// A writer of a PostgreSQL store. Threads: the writer's.
class PgSession : public Session, private Tx {
 public:
  PgSession(std::string conninfo, std::unique_ptr<PgConnection> connection,
            std::chrono::milliseconds retry_for, Counters& counters);
  ~PgSession() override;

  /// Makes the table of writers where it is missing and drops rows of writers long gone.
  static Result<void> Prepare(PgConnection& connection);

  Result<void> Begin() override;
  Tx& Start() override;
  const Result<void>& failure() const override;
  bool wrote() const override { return wrote_; }
  Result<void> Settle() override;
  Result<void> Mark() override { return connection_->Send("savepoint command", {}); }
  Result<void> KeepMark() override { return connection_->Send("release savepoint command", {}); }
  Result<void> BackToMark() override;
  Verdict Commit(Result<void>& failure) override;
  void Rollback() override;
  bool Passing() const override { return lost_ || connection_->passing(); }

 private:
  Result<Rows> Query(std::string_view sql, std::span<const Value> params) override;
  Result<int64_t> Execute(std::string_view sql, std::span<const Value> params) override;
  Result<void> Enqueue(std::string_view sql, std::span<const Value> params,
                       int64_t expected_rows) override;
  Result<void> Script(std::string_view sql) override;
  Dialect dialect() const override { return Dialect::kPostgres; }

  Result<void> Prefer();
  Result<void> Reconnect();
  Verdict Resolve(Result<void>& failure);

  const std::string conninfo_;
  const std::chrono::milliseconds retry_for_;
  Counters& counters_;
  std::unique_ptr<PgConnection> connection_;
  Result<void> own_failure_;  // what was refused before it reached the server
  const std::string writer_;
  int64_t group_ = 0;
  bool registered_ = false;
  bool prefers_ = false;  // the connection has been told how to plan
  bool wrote_ = false;
  bool lost_ = false;  // the connection broke during the commit, and nothing is kept
};

}  // namespace city::store::internal
