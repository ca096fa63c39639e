// SPDX-License-Identifier: Apache-2.0
// Why: owns one SQLite handle with its prepared statements, and turns result codes into errors.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parts/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace city::store::internal {

class SqliteCursor;

/// A prepared statement that its connection keeps.
struct SqliteStatement {
  sqlite3_stmt* handle = nullptr;
  std::vector<int> slots;  ///< for each SQLite parameter, the number behind its $
  int parameters = 0;      ///< the largest such number
  bool reads_only = false;
  bool in_use = false;  ///< a cursor is reading it
  bool kept = false;    ///< in the cache, else freed after use
};

/// One handle. Threads: one at a time.
class SqliteConnection {
 public:
  enum class Use { kWrite, kRead };
  /// How long a lock of another program is waited for.
  static constexpr int kBusyTimeoutMs = 5000;

  static Result<std::unique_ptr<SqliteConnection>> Open(const std::string& path, Use use,
                                                        const SqliteOptions& options);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Result<Rows> Query(std::string_view sql, std::span<const Value> params);
  Result<int64_t> Execute(std::string_view sql, std::span<const Value> params);
  /// Runs several statements, without results.
  Result<void> Script(std::string_view sql);
  /// Runs one of our own fixed statements.
  Result<void> Run(const char* sql);
  /// Whether the last statement given to Query or Execute could change something.
  bool last_could_write() const { return last_could_write_; }
  /// Whether a transaction is open.
  bool InTransaction() const;
  /// Ends every cursor that is still open; they then report the end of their rows.
  void EndCursors();
  sqlite3* handle() { return handle_; }

  /// What an open read transaction was begun upon: the number of commits that it surely sees, and
  /// when.
  struct View {
    uint64_t commits = 0;
    std::chrono::steady_clock::time_point since{};
  };
  View view;

 private:
  friend class SqliteCursor;
  SqliteConnection() = default;

  Result<SqliteStatement*> Prepare(std::string_view sql);
  Result<void> Bind(SqliteStatement& statement, std::span<const Value> params, bool copy);
  void GiveBack(SqliteStatement* statement);
  tl::unexpected<Error> Failure(int code);

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement>, Hash, std::equal_to<>> kept_;
  std::vector<SqliteCursor*> cursors_;
  bool last_could_write_ = false;
};

}  // namespace city::store::internal
