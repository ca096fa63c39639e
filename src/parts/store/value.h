// SPDX-License-Identifier: Apache-2.0
// Why: both engines speak the same five kinds of value, so callers never see an engine's own types.
//
// Column types to declare (the same rows then read the same on both engines):
//   what            SQLite (STRICT)  PostgreSQL                here
//   whole number    integer          bigint                    int64_t
//   boolean         integer          bigint                    int64_t 0 or 1
//   moment          integer          bigint                    int64_t microseconds since 1970 UTC
//   real number     real             double precision          double
//   text, JSON      text             text (database is C)      std::string, UTF-8 without NUL
//   date            text             text                      std::string "2026-11-23"
//   bytes           blob             bytea                     Bytes
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"

namespace city::store {

/// The engine behind a store, for the few statements that must differ.
enum class Dialect { kSqlite, kPostgres };

/// Bytes that are not text (ciphertext, hashes, files).
struct Bytes {
  std::string data;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

/// A parameter or a column: null, whole number, real number, text or bytes.
using Value = std::variant<std::monostate, int64_t, double, std::string, Bytes>;

/// What an engine supplies behind `Rows`; callers use `Rows`.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual Result<bool> Next() = 0;
  virtual int Columns() const = 0;
  virtual std::string_view Name(int column) const = 0;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;
  virtual double Number(int column) const = 0;
  virtual std::string_view Text(int column) = 0;
  virtual std::string_view Blob(int column) = 0;
  virtual Value At(int column) = 0;
};

/// The rows of one query, read forward once.
/// Lifetime: ends with the transaction or snapshot it came from; a view from Text or Blob holds
/// until the next call of Next. Threads: one.
/// A column outside 0..Columns()-1, or any column before the first Next, reads as null.
class Rows {
 public:
  Rows() = default;
  explicit Rows(std::unique_ptr<Cursor> cursor);
  Rows(Rows&&) noexcept = default;
  Rows& operator=(Rows&&) noexcept = default;

  /// Moves to the next row; false at the end and after a failure (then `status` tells which).
  bool Next();
  /// The failure that ended the rows early, if any. A failure inside a command also fails the
  /// command, so only readers of a snapshot need to ask.
  const Result<void>& status() const { return status_; }

  int Columns() const;
  /// The column's name as the statement gives it.
  std::string_view Name(int column) const;
  bool IsNull(int column) const;
  /// A whole number; null, and text that is no number, read as 0. PostgreSQL booleans read as 0, 1.
  int64_t Int(int column) const;
  /// A real number; null, and text that is no number, read as 0.
  double Number(int column) const;
  /// Text; null reads as empty.
  std::string_view Text(int column);
  /// Bytes; null reads as empty.
  std::string_view Blob(int column);
  /// The column as a value of its own kind.
  Value At(int column);

 private:
  bool Readable(int column) const;

  std::unique_ptr<Cursor> cursor_;
  Result<void> status_;
  bool on_row_ = false;
};

}  // namespace city::store
