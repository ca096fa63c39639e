// SPDX-License-Identifier: Apache-2.0
// The table of built-in functions: names, parameters, code.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parts/feel/feel.h"

namespace city::feel {

/// What a built-in function is called with.
struct Arguments {
  std::span<const Value* const> values;  // null pointer: absent
  CallFrame& frame;
  const struct Builtin& builtin;
  uint32_t at;

  size_t size() const { return values.size(); }
  bool Has(size_t i) const {
    return i < values.size() && values[i] != nullptr && !values[i]->IsNull();
  }
  const Value& operator[](size_t i) const { return *values[i]; }
  /// Null, after telling that an argument is unusable.
  Value Bad(size_t i) const;
  /// Null, after telling that there is no result.
  Value None() const;
};

struct Parameter {
  std::string name;
  /// n number, s string, b boolean, l list, c context, f function, r range, a anything, t list of
  /// strings, d date or date and time.
  char type = 'a';
  bool optional = false;  // may be absent or null
};

struct Signature {
  std::vector<Parameter> parameters;
  bool variadic = false;  // the last parameter may repeat
  size_t required = 0;
};

struct Builtin {
  std::string_view name;
  std::vector<Signature> signatures;
  Value (*code)(const Arguments&);
  bool foldable = false;  // may be calculated at compile time
};

/// All built-in functions. Source: DMN 1.5, 10.3.4.
std::span<const Builtin> Builtins();
/// The row of a name, or -1.
int FindBuiltin(std::string_view name);
/// "substring(string, start position, length)" and the other forms, for messages.
std::string Describe(const Builtin& builtin);
/// Calls a row: checks the arguments against its signatures, converts them, runs it.
Value CallBuiltin(const Builtin& builtin, std::span<const Value* const> values, bool positional,
                  size_t signature, CallFrame& frame, uint32_t at);

// One definition of `name(parameters)` in a family's file.
struct BuiltinRow {
  std::string_view name;
  std::string_view signatures;  // "string:s, start position:n, length:n?" forms separated by "|"
  Value (*code)(const Arguments&);
  bool foldable = false;
};
std::span<const BuiltinRow> NumberBuiltins();
std::span<const BuiltinRow> TextBuiltins();
std::span<const BuiltinRow> ListBuiltins();
std::span<const BuiltinRow> ContextBuiltins();
std::span<const BuiltinRow> TemporalBuiltins();
std::span<const BuiltinRow> RangeBuiltins();

}  // namespace city::feel
