// SPDX-License-Identifier: Apache-2.0
// Why: see the header. One handle is used by one thread at a time, so it is opened without mutexes.
#include "parts/store/internal/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "parts/store/errors.h"
#include "parts/store/internal/utf8.h"

namespace city::store::internal {
namespace {

// Beyond this the statements that are not in use are let go; texts should be few.
constexpr size_t kMostStatements = 512;

// Counting every allocation goes through one lock of the whole process, which readers on several
// threads then wait for; nobody reads those counts.
void LeaveAllocationsUncounted() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);  // refused once SQLite is in use: then it only stays slower
}

}  // namespace

class SqliteCursor : public Cursor {
 public:
  SqliteCursor(SqliteConnection& connection, SqliteStatement* statement, int first_code)
      : connection_(&connection), statement_(statement), first_code_(first_code) {
    connection.cursors_.push_back(this);
  }

  ~SqliteCursor() override { End(); }

  void End() {
    if (!statement_) return;
    std::erase(connection_->cursors_, this);
    connection_->GiveBack(std::exchange(statement_, nullptr));
  }

  Result<bool> Next() override {
    if (!statement_) return false;
    int code = first_code_ ? std::exchange(first_code_, 0) : sqlite3_step(statement_->handle);
    if (code == SQLITE_ROW) return true;
    Result<bool> out = false;
    if (code != SQLITE_DONE) out = connection_->Failure(code);
    End();
    return out;
  }

  int Columns() const override { return statement_ ? sqlite3_column_count(statement_->handle) : 0; }

  std::string_view Name(int column) const override {
    const char* name = sqlite3_column_name(statement_->handle, column);
    return name ? name : "";
  }

  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_->handle, column) == SQLITE_NULL;
  }

  int64_t Int(int column) const override {
    return sqlite3_column_int64(statement_->handle, column);
  }

  double Number(int column) const override {
    return sqlite3_column_double(statement_->handle, column);
  }

  std::string_view Text(int column) override {
    const auto* text =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_->handle, column));
    if (!text) return {};
    return {text, static_cast<size_t>(sqlite3_column_bytes(statement_->handle, column))};
  }

  std::string_view Blob(int column) override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_->handle, column));
    if (!bytes) return {};
    return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_->handle, column))};
  }

  Value At(int column) override {
    switch (sqlite3_column_type(statement_->handle, column)) {
      case SQLITE_INTEGER:
        return Int(column);
      case SQLITE_FLOAT:
        return Number(column);
      case SQLITE_TEXT:
        return std::string(Text(column));
      case SQLITE_BLOB:
        return Bytes{std::string(Blob(column))};
      default:
        return std::monostate();
    }
  }

 private:
  SqliteConnection* connection_;
  SqliteStatement* statement_;
  int first_code_;  // the first step is taken by Query, so that its failure is told there
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path, Use use,
                                                                 const SqliteOptions& options) {
  LeaveAllocationsUncounted();
  std::unique_ptr<SqliteConnection> out(new SqliteConnection);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (use == Use::kWrite) flags |= SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(path.c_str(), &out->handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    std::string detail = out->handle_ ? sqlite3_errmsg(out->handle_) : sqlite3_errstr(code);
    return error::kCannotOpen({{"detail", path + ": " + detail}});
  }
  sqlite3_busy_timeout(out->handle_, kBusyTimeoutMs);
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(out->handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  std::string setup = "pragma foreign_keys=on; pragma temp_store=memory;";
  int cache_kib = options.cache_mb * 1024;
  if (use == Use::kWrite) {
    setup += "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=" +
             std::to_string(options.autocheckpoint_pages) + ";";
  } else {
    setup += "pragma query_only=on;";
    cache_kib /= 8;
  }
  setup += "pragma cache_size=-" + std::to_string(cache_kib) +
           "; pragma mmap_size=" + std::to_string(options.mmap_mb * 1024 * 1024) + ";";
  if (sqlite3_exec(out->handle_, setup.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error::kCannotOpen({{"detail", path + ": " + sqlite3_errmsg(out->handle_)}});
  }
  return out;
}

SqliteConnection::~SqliteConnection() {
  EndCursors();
  for (auto& [text, statement] : kept_) sqlite3_finalize(statement->handle);
  sqlite3_close_v2(handle_);
}

void SqliteConnection::EndCursors() {
  while (!cursors_.empty()) cursors_.back()->End();
}

bool SqliteConnection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

tl::unexpected<Error> SqliteConnection::Failure(int code) {
  std::string detail = sqlite3_errmsg(handle_);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return error::kUnique({{"detail", detail}});
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return error::kForeignKey({{"detail", detail}});
    case SQLITE_CONSTRAINT_NOTNULL:
      return error::kNotNull({{"detail", detail}});
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return error::kCheck({{"detail", detail}});
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error::kBusy({{"detail", detail}});
    case SQLITE_TOOBIG:
      return error::kTooLarge({{"detail", detail}});
    case SQLITE_READONLY:
      return error::kReadOnly({{"detail", detail}});
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return error::kDisk({{"detail", detail}});
    default:
      return error::kStatement({{"detail", detail}});
  }
}

Result<SqliteStatement*> SqliteConnection::Prepare(std::string_view sql) {
  auto found = kept_.find(sql);
  if (found != kept_.end() && !found->second->in_use) return found->second.get();

  auto statement = std::make_unique<SqliteStatement>();
  const char* rest = nullptr;
  int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &statement->handle, &rest);
  if (code != SQLITE_OK) return Failure(code);
  std::string_view after(rest, sql.data() + sql.size() - rest);
  if (!statement->handle || after.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    sqlite3_finalize(statement->handle);
    return error::kStatement({{"detail", "one statement is expected: " + std::string(sql)}});
  }
  int count = sqlite3_bind_parameter_count(statement->handle);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement->handle, i);
    std::string_view text = name ? name : "";
    int number = 0;
    if (text.starts_with('$')) std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (number <= 0) {
      sqlite3_finalize(statement->handle);
      return error::kStatement({{"detail", "a placeholder is not $1..$n: " + std::string(sql)}});
    }
    statement->slots.push_back(number);
    statement->parameters = std::max(statement->parameters, number);
  }
  statement->reads_only = sqlite3_stmt_readonly(statement->handle) != 0;
  if (found != kept_.end()) return statement.release();  // the kept one is being read

  if (kept_.size() >= kMostStatements) {
    std::erase_if(kept_, [](auto& entry) {
      if (entry.second->in_use) return false;
      sqlite3_finalize(entry.second->handle);
      return true;
    });
  }
  statement->kept = true;
  return kept_.emplace(sql, std::move(statement)).first->second.get();
}

void SqliteConnection::GiveBack(SqliteStatement* statement) {
  if (statement->kept) {
    sqlite3_reset(statement->handle);
    statement->in_use = false;
    return;
  }
  sqlite3_finalize(statement->handle);
  delete statement;
}

Result<void> SqliteConnection::Bind(SqliteStatement& statement, std::span<const Value> params,
                                    bool copy) {
  if (static_cast<int>(params.size()) != statement.parameters) {
    return error::kStatement(
        {{"detail", "the statement has " + std::to_string(statement.parameters) +
                        " placeholders, " + std::to_string(params.size()) +
                        " values were given: " + sqlite3_sql(statement.handle)}});
  }
  auto keep = copy ? SQLITE_TRANSIENT : SQLITE_STATIC;
  for (size_t i = 0; i < statement.slots.size(); ++i) {
    int slot = static_cast<int>(i) + 1;
    const Value& value = params[statement.slots[i] - 1];
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<int64_t>(&value)) {
      code = sqlite3_bind_int64(statement.handle, slot, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      if (!IsStorableText(*text)) return error::kText;
      code = sqlite3_bind_text64(statement.handle, slot, text->data(), text->size(), keep,
                                 SQLITE_UTF8);
    } else if (const auto* real = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(statement.handle, slot, *real);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      code =
          sqlite3_bind_blob64(statement.handle, slot, bytes->data.data(), bytes->data.size(), keep);
    } else {
      code = sqlite3_bind_null(statement.handle, slot);
    }
    if (code != SQLITE_OK) return Failure(code);
  }
  return {};
}

Result<Rows> SqliteConnection::Query(std::string_view sql, std::span<const Value> params) {
  TRY(SqliteStatement * statement, Prepare(sql));
  last_could_write_ = !statement->reads_only;
  statement->in_use = true;
  if (Result<void> bound = Bind(*statement, params, true); !bound) {
    GiveBack(statement);
    return tl::unexpected(bound.error());
  }
  int code = sqlite3_step(statement->handle);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    tl::unexpected<Error> failure = Failure(code);
    GiveBack(statement);
    return failure;
  }
  return Rows(std::make_unique<SqliteCursor>(*this, statement, code));
}

Result<int64_t> SqliteConnection::Execute(std::string_view sql, std::span<const Value> params) {
  TRY(SqliteStatement * statement, Prepare(sql));
  last_could_write_ = !statement->reads_only;
  statement->in_use = true;
  if (Result<void> bound = Bind(*statement, params, false); !bound) {
    GiveBack(statement);
    return tl::unexpected(bound.error());
  }
  const int64_t before = sqlite3_total_changes64(handle_);
  int code;
  do {
    code = sqlite3_step(statement->handle);
  } while (code == SQLITE_ROW);
  if (code != SQLITE_DONE) {
    tl::unexpected<Error> failure = Failure(code);
    GiveBack(statement);
    return failure;
  }
  // A statement that changes no row leaves the count of the one before it.
  const bool changed_some = sqlite3_total_changes64(handle_) != before;
  const int64_t changed = changed_some ? sqlite3_changes64(handle_) : 0;
  GiveBack(statement);
  return changed;
}

Result<void> SqliteConnection::Script(std::string_view sql) {
  last_could_write_ = true;
  std::string text(sql);
  int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failure(code);
  return {};
}

Result<void> SqliteConnection::Run(const char* sql) {
  TRY(int64_t changed, Execute(sql, {}));
  static_cast<void>(changed);
  return {};
}

}  // namespace city::store::internal
