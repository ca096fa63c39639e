// SPDX-License-Identifier: Apache-2.0
// The expressions of a process: compiled at deployment, evaluated over the variables in scope.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace city::flow {

/// Variables by scope, innermost first; the first scope that has a name gives its value.
struct Variables {
  std::vector<const json::object*> scopes;

  /// The value of a name; null when no scope has it. Lives as long as the scopes.
  const json::value* Find(std::string_view name) const {
    for (const auto* scope : scopes) {
      if (const auto* value = scope->if_contains(name)) return value;
    }
    return nullptr;
  }
  /// All that is visible, as one object.
  json::object Flatten() const;
};

/// A compiled expression. Immutable; may be evaluated by many threads at once.
class Expression {
 public:
  virtual ~Expression() = default;
  /// Its value; what goes wrong inside is an error, null is a value.
  virtual Result<json::value> Evaluate(const Variables& variables, Time now) const = 0;
};

/// A language of expressions.
class ExpressionLanguage {
 public:
  virtual ~ExpressionLanguage() = default;
  /// Errors: kInvalidInput with the place in the text.
  virtual Result<std::unique_ptr<const Expression>> Compile(std::string_view text) const = 0;
};

/// FEEL, the one language of the house. Lives for the whole program.
const ExpressionLanguage& Feel();

/// An expression text of another tool as FEEL: the leading `=` of zeebe and the `${…}` of camunda
/// removed; string methods (`a.contains(b)`), `==`, `!=null`, `&&`, `||`, `!x` and `'text'`
/// rewritten. `changed` tells whether more than a marker was changed.
std::string ToFeel(std::string_view text, bool* changed = nullptr);

}  // namespace city::flow
