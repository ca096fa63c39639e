// SPDX-License-Identifier: Apache-2.0
// A value or an error with words: how every function of the house says no.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace city {

/// What sort of trouble an error is; decides the HTTP status. The set is closed.
enum class Kind {
  kInvalidInput,
  kNotFound,
  kConflict,
  kForbidden,
  kUnauthenticated,
  kTooLarge,
  kTooMany,
  kUnavailable,
  kTimeout,
  kInternal,
  kPrecondition,
  kUnsupported,
};

/// Name of a kind as written in errors.yaml, for example "invalid_input".
std::string_view KindName(Kind kind);

/// Values for the {names} in an error's words.
using ErrorParams = std::vector<std::pair<std::string, std::string>>;

struct Error;

/// One row of an errors.yaml: code, kind and words in two languages. Lives for the whole program.
struct ErrorRow {
  const char* code;
  Kind kind;
  const char* says_zh;
  const char* says_en;
  const char* then_zh;
  const char* then_en;

  /// The error of this row with values for the {names} in its words.
  [[nodiscard]] tl::unexpected<Error> operator()(ErrorParams params) const;

  /// `return error::kThing;` from any function that answers Result<T>.
  template <class T>
  operator tl::expected<T, Error>() const;  // NOLINT(google-explicit-constructor)
};

/// One place inside an input that is wrong: a JSON pointer (or file:line) and why.
struct ErrorDetail {
  std::string pointer;
  std::string keyword;
  std::string says_zh;
  std::string says_en;
};

/// Why something was refused or failed. Copyable; the row is shared.
struct Error {
  const ErrorRow* row = nullptr;
  ErrorParams params;
  std::vector<ErrorDetail> details;

  Kind kind() const { return row->kind; }
  std::string_view code() const { return row->code; }
  bool Is(const ErrorRow& other) const { return row == &other; }
  /// What happened, with params filled in.
  std::string SaysZh() const;
  std::string SaysEn() const;
  /// What to do next, with params filled in.
  std::string ThenZh() const;
  std::string ThenEn() const;
  /// One line for logs and terminals: code, both languages, details.
  std::string ToLine() const;
};

/// A value of type T or an Error. Must be looked at.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> ErrorRow::operator()(ErrorParams params) const {
  return tl::unexpected<Error>(Error{this, std::move(params), {}});
}

template <class T>
ErrorRow::operator tl::expected<T, Error>() const {
  return tl::unexpected<Error>(Error{this, {}, {}});
}

/// The error itself, as something a Result of any type can be made from.
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

namespace internal {
[[noreturn]] void CheckFailed(const char* file, int line, const char* what);
}  // namespace internal
}  // namespace city

#define CITY_CONCAT_INNER(a, b) a##b
#define CITY_CONCAT(a, b) CITY_CONCAT_INNER(a, b)
#define CITY_TRY_IMPL(tmp, declaration, ...)                                \
  auto tmp = (__VA_ARGS__);                                                 \
  if (!tmp) return ::tl::unexpected<::city::Error>(std::move(tmp).error()); \
  declaration = std::move(*tmp)

/// `TRY(Case found, Read(id));` declares `found` or returns the error.
#define TRY(declaration, ...) \
  CITY_TRY_IMPL(CITY_CONCAT(city_try_, __COUNTER__), declaration, __VA_ARGS__)

/// `TRY_VOID(Write(x));` goes on or returns the error.
#define TRY_VOID(...)                                                      \
  do {                                                                     \
    if (auto city_try = (__VA_ARGS__); !city_try)                          \
      return ::tl::unexpected<::city::Error>(std::move(city_try).error()); \
  } while (false)

/// Our own promise: when it does not hold the process stops, and the log restores it.
#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) ::city::internal::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)
