// SPDX-License-Identifier: Apache-2.0
// The door of FEEL, the expression language of decisions, conditions, rights and filters.
// Standard: OMG Decision Model and Notation 1.5, chapter 10. Threads: a compiled Expression may be
// evaluated by many threads at once; everything else belongs to its caller.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "parts/feel/type.h"
#include "parts/feel/value.h"

namespace city::feel {

/// What an expression may refer to: variables in the order of their values, and named types.
struct Scope {
  struct Name {
    std::string name;  // may hold spaces and signs, for example "monthly income"
    TypePtr type;      // null for Any
  };
  std::vector<Name> names;
  std::map<std::string, TypePtr, std::less<>> types;
  /// Type of the value that unary tests test (`?`); null for Any.
  TypePtr tested;
  /// When true an unknown name or wrong arguments make null with a diagnostic (as models of others
  /// expect); when false they are refused at compile time.
  bool lenient = false;
  /// Native functions for `function(…) external {…}`, by "class.method" or by name; null refuses.
  std::function<std::function<Value(std::span<const Value>, CallFrame&)>(const Value& declaration)>
      external;

  Scope& Declare(std::string name, TypePtr type = nullptr) {
    names.push_back({std::move(name), std::move(type)});
    return *this;
  }
};

enum class Mode : uint8_t {
  kExpression,
  kUnaryTests,  // a cell of a decision table: `> 5, [10..20], not("a")`; evaluates to a boolean
};

/// Bounds of one evaluation, so that a rule cannot hang the server.
struct Limits {
  uint64_t max_steps = 10'000'000;  // evaluated nodes and visited list items
  size_t max_list = 1'000'000;      // items of one list
  size_t max_text = 16u << 20;      // bytes of one string
  int max_depth = 2'000;            // nested evaluations
};

/// Why something became null, in words.
struct Diagnostic {
  Error error;
  uint32_t offset = 0;  // byte in the text of the expression
};

/// What an evaluation has to say besides its value. Reuse clears it first.
struct Diagnostics {
  std::vector<Diagnostic> entries;  // at most 50, the first ones
  bool limit_exceeded = false;      // the value is null because a limit was reached
};

/// What an evaluation is given besides its inputs.
struct Settings {
  Limits limits;
  Time now{};                         // for now() and today(); the caller's clock
  std::chrono::minutes zone{8 * 60};  // offset of now() and today(), China time by default
};

class Program;
struct Node;

/// A compiled expression. Copying shares it.
class Expression {
 public:
  Expression() = default;
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  explicit operator bool() const { return program_ != nullptr; }
  const std::string& text() const;
  /// Whether it is a cell that accepts everything ("-").
  bool IsAny() const;
  /// Which declared names it uses (positions in Scope::names).
  const std::vector<int>& used() const;
  /// Names it uses that nobody declared (only with Scope::lenient).
  const std::vector<std::string>& unknown() const;
  /// Type of its value as far as it is known before evaluation; null for Any.
  TypePtr type() const;
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

inline constexpr size_t kMaxExpressionBytes = 256u << 10;

/// The compiled form of a text.
/// Errors: feel.syntax (with line, column and what was expected), feel.unknown_name,
/// feel.wrong_arguments, feel.unknown_type, feel.too_long, feel.too_deep.
Result<Expression> Compile(std::string_view text, const Scope& scope,
                           Mode mode = Mode::kExpression);

/// The value of an expression. `inputs` are the values of Scope::names in their order (missing ones
/// are null). Never fails: what goes wrong is null and told in `diagnostics` when given.
Value Evaluate(const Expression& expression, std::span<const Value> inputs,
               const Settings& settings = {}, Diagnostics* diagnostics = nullptr);
/// The same with the inputs by name.
Value Evaluate(const Expression& expression, const Value& context, const Settings& settings = {},
               Diagnostics* diagnostics = nullptr);
/// Whether `tested` passes unary tests.
Value Test(const Expression& tests, const Value& tested, std::span<const Value> inputs,
           const Settings& settings = {}, Diagnostics* diagnostics = nullptr);

/// One run of many expressions under common limits, for those who evaluate whole models.
class CallFrame {
 public:
  CallFrame(const Settings& settings, Diagnostics* diagnostics)
      : settings_(settings), diagnostics_(diagnostics) {}
  CallFrame(const CallFrame&) = delete;
  CallFrame& operator=(const CallFrame&) = delete;

  Value Evaluate(const Expression& expression, std::span<const Value> inputs);
  Value Test(const Expression& tests, const Value& tested, std::span<const Value> inputs);
  /// Calls a function value with positional arguments.
  Value Call(const Value& function, std::span<const Value> arguments);

  const Settings& settings() const { return settings_; }
  /// Counts work; false when a limit is reached and everything must end.
  bool Step(uint64_t count = 1) {
    steps_ += count;
    if (steps_ <= settings_.limits.max_steps) return true;
    return StepLimit();
  }
  bool stopped() const { return stopped_; }
  void Stop(const char* limit);
  /// Enters one level of nesting; Leave() must follow, also after false.
  bool Enter() {
    if (++depth_ <= settings_.limits.max_depth) return true;
    Stop("depth");
    return false;
  }
  void Leave() { --depth_; }
  /// Tells why something became null.
  void Tell(const ErrorRow& row, ErrorParams params, uint32_t offset = 0);
  bool listening() const { return diagnostics_ != nullptr; }
  /// Whoever runs the frame, for native functions that belong to it.
  void* host = nullptr;

 private:
  bool StepLimit();
  const Settings& settings_;
  Diagnostics* diagnostics_;
  uint64_t steps_ = 0;
  int depth_ = 0;
  bool stopped_ = false;
};

/// What a cell compares with, for those who reason about whole tables.
struct CellShape {
  /// Its truth depends on the tested value alone, and changes only at the constants.
  bool closed = false;
  std::vector<Value> constants;
};
CellShape ShapeOf(const Expression& tests);

/// A name as the language compares names: one space between words, none at the ends.
std::string NormalizedName(std::string_view name);

/// Equality, order and membership as FEEL sees them: true, false or null.
Value Equal(const Value& a, const Value& b);
/// -1, 0 or 1 when the two can be ordered.
std::optional<int> Order(const Value& a, const Value& b);
/// Whether a value passes one test (a range, a list of tests or a value to equal).
Value In(const Value& value, const Value& test);

/// The FEEL value of a JSON value; strings stay strings.
Value FromJson(const json::value& value);
/// The FEEL value of a JSON value under a type: texts become dates, times and durations where the
/// type wants them. Errors: feel.bad_json with the JSON pointer.
Result<Value> FromJson(const json::value& value, const Type& type);
/// The JSON value: whole numbers of 64 bits as integers, others as the nearest double (write
/// ToText() where all 34 digits count); temporal values, ranges and functions as text.
json::value ToJson(const Value& value);

}  // namespace city::feel
