// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/store/internal/pg_session.h"

#include <algorithm>
#include <cctype>
#include <thread>
#include <utility>

#include "base/ids.h"
#include "base/time.h"
#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

int64_t NowMicros() { return ToMicros(SystemClock().Now()); }

bool OnlyReads(std::string_view sql) {
  size_t start = sql.find_first_not_of(" \t\r\n(");
  if (start == std::string_view::npos) return false;
  std::string word(sql.substr(start, 6));
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "select";
}

}  // namespace

PgSession::PgSession(std::string conninfo, std::unique_ptr<PgConnection> connection,
                     std::chrono::milliseconds retry_for, Counters& counters)
    : conninfo_(std::move(conninfo)),
      retry_for_(retry_for),
      counters_(counters),
      connection_(std::move(connection)),
      writer_(NewId(SystemClock().Now())) {}

PgSession::~PgSession() {
  if (!registered_ || connection_->broken()) return;
  connection_->Forget();
  static_cast<void>(connection_->Send("delete from store_writers where writer = $1",
                                      std::vector<Value>{writer_}));
  static_cast<void>(connection_->Settle());
}

Result<void> PgSession::Prepare(PgConnection& connection) {
  constexpr int64_t kMonth = 30ll * 24 * 3600 * 1'000'000;
  Result<void> made;
  for (int attempt = 0; attempt < 5; ++attempt) {  // two programs may start at once
    connection.Forget();
    made = connection.Script(
        "create table if not exists store_writers (writer text primary key, "
        "last_group bigint not null, seen_at bigint not null) with (fillfactor = 10)");
    if (made) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (!made) return made;
  TRY_VOID(connection.Send("delete from store_writers where seen_at < $1",
                           std::vector<Value>{NowMicros() - kMonth}));
  TRY_VOID(connection.Settle());
  return {};
}

// Plans of prepared statements are kept. One made while a table was small would read all of it for
// ever after: commands look rows up by their keys, so keys it is.
Result<void> PgSession::Prefer() { return connection_->Send("set enable_seqscan = off", {}); }

Result<void> PgSession::Reconnect() {
  const auto until = std::chrono::steady_clock::now() + retry_for_;
  auto pause = std::chrono::milliseconds(20);
  for (;;) {
    Result<std::unique_ptr<PgConnection>> opened = PgConnection::Open(conninfo_);
    if (opened) {
      connection_ = std::move(*opened);
      ++counters_.reconnects;
      prefers_ = false;
      return {};
    }
    if (std::chrono::steady_clock::now() + pause > until) {
      return error::kConnection({{"detail", opened.error().ToLine()}});
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(1000));
  }
}

Result<void> PgSession::Begin() {
  if (connection_->broken()) TRY_VOID(Reconnect());
  if (connection_->in_transaction() || !connection_->failure()) Rollback();
  if (connection_->broken()) TRY_VOID(Reconnect());
  connection_->Forget();
  own_failure_ = {};
  wrote_ = false;
  lost_ = false;
  if (!prefers_) TRY_VOID(Prefer());
  prefers_ = true;
  return connection_->Send("begin", {});
}

Tx& PgSession::Start() {
  own_failure_ = {};
  wrote_ = false;
  return *this;
}

const Result<void>& PgSession::failure() const {
  return own_failure_ ? connection_->failure() : own_failure_;
}

Result<void> PgSession::Settle() {
  TRY_VOID(connection_->Settle());
  return own_failure_;
}

Result<Rows> PgSession::Query(std::string_view sql, std::span<const Value> params) {
  if (!failure()) return Fail(failure().error());
  if (!OnlyReads(sql)) wrote_ = true;
  if (Result<void> sent = connection_->Send(sql, params); !sent) {
    own_failure_ = sent;
    return Fail(sent.error());
  }
  TRY(PgResult result, connection_->Settle());
  return RowsOf(std::move(result));
}

Result<int64_t> PgSession::Execute(std::string_view sql, std::span<const Value> params) {
  TRY_VOID(Enqueue(sql, params, kAnyRows));
  TRY(PgResult result, connection_->Settle());
  return ChangedBy(result);
}

Result<void> PgSession::Enqueue(std::string_view sql, std::span<const Value> params,
                                int64_t expected_rows) {
  if (!failure()) return failure();
  wrote_ = true;
  Result<void> sent = connection_->Send(sql, params, expected_rows);
  if (!sent) own_failure_ = sent;
  return sent;
}

Result<void> PgSession::Script(std::string_view sql) {
  if (!failure()) return failure();
  wrote_ = true;
  return connection_->Script(sql);
}

Result<void> PgSession::BackToMark() {
  connection_->Forget();
  TRY_VOID(connection_->Send("rollback to savepoint command", {}));
  TRY_VOID(connection_->Send("release savepoint command", {}));
  TRY_VOID(connection_->Settle());
  return {};
}

Verdict PgSession::Commit(Result<void>& failure) {
  // Counts of rows are checked before the commit is on its way.
  if (connection_->expects()) failure = Settle();
  if (failure) failure = own_failure_ ? connection_->failure() : own_failure_;
  if (!failure) return Verdict::kNothing;

  ++group_;
  constexpr std::string_view kFirst =
      "insert into store_writers (writer, last_group, seen_at) values ($1, $2, $3)";
  constexpr std::string_view kLater =
      "update store_writers set last_group = $2, seen_at = $3 where writer = $1";
  const Value marker[] = {writer_, group_, NowMicros()};
  failure = connection_->Send(registered_ ? kLater : kFirst, marker);
  if (failure) failure = connection_->Send("commit", {});
  if (!failure) return Verdict::kNothing;
  Result<PgResult> settled = connection_->Settle();
  if (settled) {
    registered_ = true;
    return Verdict::kDurable;
  }
  failure = Fail(settled.error());
  if (!connection_->broken()) return Verdict::kNothing;
  return Resolve(failure);
}

// The connection broke while a commit was under way: asks the writer's row.
Verdict PgSession::Resolve(Result<void>& failure) {
  const auto until = std::chrono::steady_clock::now() + retry_for_;
  while (std::chrono::steady_clock::now() < until) {
    if (!Reconnect()) break;
    const Value who[] = {writer_};
    // A process of the lost connection that is still committing holds the row, and is waited for.
    // For a first group it holds no row yet that can be seen, so an insert that clashes with it
    // waits instead.
    Result<void> sent = connection_->Send("begin", {});
    if (sent) {
      const Value none[] = {writer_, int64_t{0}, NowMicros()};
      sent = connection_->Send(
          "insert into store_writers (writer, last_group, seen_at) values ($1, $2, $3) "
          "on conflict (writer) do nothing",
          none);
    }
    if (sent) {
      sent = connection_->Send("select last_group from store_writers where writer = $1 for update",
                               who);
    }
    Result<PgResult> answer = sent ? connection_->Settle() : Fail(sent.error());
    if (!answer) continue;
    Rows rows = RowsOf(std::move(*answer));
    int64_t last = rows.Next() ? rows.Int(0) : 0;
    if (!connection_->Send("commit", {}) || !connection_->Settle()) continue;
    registered_ = true;
    if (last == group_) return Verdict::kDurable;
    // Nothing is kept, so the group may be tried again on the new connection.
    failure = error::kConnection({{"detail", "the connection broke before the commit"}});
    lost_ = true;
    return Verdict::kNothing;
  }
  failure = error::kOutcomeUnknown;
  return Verdict::kUnknown;
}

void PgSession::Rollback() {
  if (connection_->broken()) return;
  static_cast<void>(connection_->Settle());  // leaves the aborted pipeline
  connection_->Forget();
  if (connection_->broken() || !connection_->in_transaction()) return;
  static_cast<void>(connection_->Send("rollback", {}));
  static_cast<void>(connection_->Settle());
}

}  // namespace city::store::internal
