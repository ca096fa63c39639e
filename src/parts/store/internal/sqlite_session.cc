// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/store/internal/sqlite_session.h"

#include <sqlite3.h>

#include <utility>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

// Rows of a command whose later steps fail must doom the command too.
class NotingCursor : public Cursor {
 public:
  NotingCursor(Rows rows, Result<void>& failure) : rows_(std::move(rows)), failure_(failure) {}
  Result<bool> Next() override {
    bool more = rows_.Next();
    if (!rows_.status()) {
      if (failure_) failure_ = rows_.status();
      return Fail(rows_.status().error());
    }
    return more;
  }
  int Columns() const override { return rows_.Columns(); }
  std::string_view Name(int column) const override { return rows_.Name(column); }
  bool IsNull(int column) const override { return rows_.IsNull(column); }
  int64_t Int(int column) const override { return rows_.Int(column); }
  double Number(int column) const override { return rows_.Number(column); }
  std::string_view Text(int column) override { return rows_.Text(column); }
  std::string_view Blob(int column) override { return rows_.Blob(column); }
  Value At(int column) override { return rows_.At(column); }

 private:
  Rows rows_;
  Result<void>& failure_;
};

}  // namespace

Result<void> SqliteSession::Begin() {
  connection_->EndCursors();
  if (connection_->InTransaction()) Rollback();
  failure_ = {};
  wrote_ = false;
  return connection_->Run("begin immediate");
}

Tx& SqliteSession::Start() {
  connection_->EndCursors();
  failure_ = {};
  wrote_ = false;
  return *this;
}

template <class T>
Result<T> SqliteSession::Noted(Result<T> result) {
  if (connection_->last_could_write()) wrote_ = true;
  if (!result && failure_) failure_ = Fail(result.error());
  return result;
}

Result<Rows> SqliteSession::Query(std::string_view sql, std::span<const Value> params) {
  if (!failure_) return Fail(failure_.error());
  TRY(Rows rows, Noted(connection_->Query(sql, params)));
  return Rows(std::make_unique<NotingCursor>(std::move(rows), failure_));
}

Result<int64_t> SqliteSession::Execute(std::string_view sql, std::span<const Value> params) {
  if (!failure_) return Fail(failure_.error());
  return Noted(connection_->Execute(sql, params));
}

Result<void> SqliteSession::Enqueue(std::string_view sql, std::span<const Value> params,
                                    int64_t expected_rows) {
  TRY(int64_t changed, Execute(sql, params));
  if (expected_rows != kAnyRows && changed != expected_rows) {
    failure_ = error::kRowsChangedMeanwhile;
  }
  return {};  // as on PostgreSQL, the count is only heard at the commit
}

Result<void> SqliteSession::Script(std::string_view sql) {
  if (!failure_) return Fail(failure_.error());
  return Noted(connection_->Script(sql));
}

Result<void> SqliteSession::BackToMark() {
  connection_->EndCursors();
  TRY_VOID(connection_->Run("rollback to command"));
  return connection_->Run("release command");
}

Verdict SqliteSession::Commit(Result<void>& failure) {
  connection_->EndCursors();
  failure = connection_->Run("commit");
  if (failure) {
    committed_();
    return Verdict::kDurable;
  }
  Rollback();
  return Verdict::kNothing;
}

void SqliteSession::Rollback() {
  connection_->EndCursors();
  // A full disk and its like end the transaction by themselves.
  if (connection_->InTransaction()) static_cast<void>(connection_->Run("rollback"));
}

bool SqliteSession::Idle() {
  connection_->EndCursors();
  committed_();
  // A snapshot that is still open would be waited for, and commands with it: better try later.
  sqlite3_busy_timeout(connection_->handle(), 0);
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr,
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(connection_->handle(), SqliteConnection::kBusyTimeoutMs);
  if (code == SQLITE_OK) ++counters_.checkpoints;
  return code == SQLITE_OK;
}

}  // namespace city::store::internal
