// SPDX-License-Identifier: Apache-2.0
// Why: owns one PostgreSQL connection in pipeline mode with its prepared statements, and turns
// SQLSTATEs into errors.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parts/store/store.h"

struct pg_conn;
struct pg_result;

namespace city::store::internal {

/// Frees a libpq result.
struct PgClear {
  void operator()(pg_result* result) const;
};
using PgResult = std::unique_ptr<pg_result, PgClear>;

/// The rows of a result that is wholly here.
Rows RowsOf(PgResult result);
/// How many rows the statement of `result` changed.
int64_t ChangedBy(const PgResult& result);

/// One connection. Statements are sent without waiting; Settle waits for all of them. The first
/// failure stays until Forget. Threads: one at a time.
class PgConnection {
 public:
  /// Connects once. Errors: kCannotOpen, kWrongLocale.
  static Result<std::unique_ptr<PgConnection>> Open(const std::string& conninfo);
  ~PgConnection();
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  /// Sends a statement. `expected_rows` as Tx::Enqueue. Errors: what can be seen at once.
  Result<void> Send(std::string_view sql, std::span<const Value> params,
                    int64_t expected_rows = Tx::kAnyRows);
  /// Starts the server on what was sent.
  void Flush();
  /// Waits for everything sent; the last statement's result, or the first failure since Forget.
  Result<PgResult> Settle();
  /// Marks the end of what was sent, without waiting; the next Settle reads its results too.
  void SettleLater();
  /// Runs several statements without parameters and waits.
  Result<void> Script(std::string_view sql);

  /// The first failure since Forget.
  const Result<void>& failure() const { return failure_; }
  /// Whether that failure passes by itself.
  bool passing() const { return passing_; }
  void Forget();
  /// Whether something sent has a count of rows to be checked.
  bool expects() const { return expects_; }
  /// Whether the connection is of no use any more.
  bool broken() const { return broken_; }
  bool in_transaction() const;

 private:
  struct Statement {
    std::string name;
    std::vector<uint32_t> types;  ///< type of each parameter; 0 where only nulls were seen
    bool known = false;           ///< the server has confirmed it
  };
  enum class Step { kPrepare, kStatement, kSync };
  struct InFlight {
    Step step;
    int64_t expected_rows = Tx::kAnyRows;
    Statement* statement = nullptr;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  PgConnection() = default;
  Result<Statement*> Prepare(std::string_view sql, std::span<const Value> params);
  PgResult Next();
  bool WaitForInput();
  void Note(const PgResult& result);
  void Broke();
  void ForgetStatements();

  pg_conn* connection_ = nullptr;
  std::unordered_map<std::string, std::vector<std::unique_ptr<Statement>>, Hash, std::equal_to<>>
      statements_;
  std::deque<InFlight> in_flight_;
  Result<void> failure_;
  bool passing_ = false;
  bool expects_ = false;
  bool broken_ = false;
  bool stale_plans_ = false;
  uint64_t named_ = 0;
};

}  // namespace city::store::internal
