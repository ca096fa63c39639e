// SPDX-License-Identifier: Apache-2.0
// Boxed expressions in the form that runs. Values of names lie in the environment by position.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engines/decisions/model.h"

namespace city::decisions {

class Run;

/// The values of the names in scope, innermost last; one vector grows and shrinks during a run.
struct Env {
  feel::CallFrame& frame;
  Run* run;  // null inside a function called from outside a run
  std::vector<feel::Value> values;
};

/// A boxed expression. Run() leaves `env.values` as it found it.
class Logic {
 public:
  virtual ~Logic() = default;
  virtual feel::Value Evaluate(Env& env) const = 0;

  feel::TypePtr type;  // declared by typeRef; null for Any
  std::string name;    // what it belongs to, for remarks
};
using LogicPtr = std::shared_ptr<const Logic>;

/// Runs a boxed expression and brings its value to its declared type.
feel::Value RunTyped(const Logic& logic, Env& env);
/// The value under a type, or null with a remark.
feel::Value ToType(feel::Value value, const feel::TypePtr& type, const std::string& name, Env& env);

class LiteralLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  feel::Expression expression;
};

/// An expression that could not be compiled: always null, and says why.
class BrokenLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  Error error;
};

class ContextLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  struct Entry {
    feel::Value key;  // null for the result entry
    feel::TypePtr type;
    LogicPtr logic;
  };
  std::vector<Entry> entries;
};

class ListLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  std::vector<LogicPtr> items;
};

class RelationLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  std::vector<feel::Value> columns;
  std::vector<feel::TypePtr> types;
  std::vector<std::vector<LogicPtr>> rows;
};

/// A function with FEEL or boxed body; sees the names around it and its own parameters.
class FunctionLogic : public Logic, public std::enable_shared_from_this<FunctionLogic> {
 public:
  feel::Value Evaluate(Env& env) const override;
  bool sees_itself = false;  // the entry's own name comes after the parameters
  std::vector<std::string> parameters;
  std::vector<feel::TypePtr> types;
  LogicPtr body;
  LogicPtr external;  // the declaration of a Java or PMML function, instead of a body
};

class InvocationLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  LogicPtr callee;
  std::vector<std::pair<std::string, LogicPtr>> bindings;
};

class ConditionalLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  LogicPtr condition, then, otherwise;
};

/// filter, for, some and every.
class IteratorLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;
  enum class Form { kFilter, kFor, kSome, kEvery } form = Form::kFor;
  LogicPtr domain;
  LogicPtr body;
  bool filtered = false;  // the body filters a list of the one item
};

/// A decision table.
class TableLogic : public Logic {
 public:
  feel::Value Evaluate(Env& env) const override;

  enum class Policy { kUnique, kFirst, kPriority, kAny, kCollect, kRuleOrder, kOutputOrder };
  enum class Aggregation { kNone, kCount, kSum, kMin, kMax };
  struct Input {
    std::string label;
    std::string text;
    LogicPtr expression;
    feel::TypePtr type;
    std::string values;  // text of the allowed values
    // The different cells of the column: rules often repeat them, and each is tested once a run.
    std::vector<feel::Expression> tests;  // empty expression: broken, never matches
    size_t first_memo = 0;
  };
  struct Output {
    std::string name;
    std::string label;  // what people read; empty: the name
    feel::Value key;
    feel::TypePtr type;
    std::vector<feel::Value> order;  // allowed values, highest priority first
    LogicPtr fallback;               // default output entry
  };
  struct Rule {
    std::vector<uint32_t> cells;  // places in Input::tests
    std::vector<LogicPtr> outputs;
    std::vector<std::string> annotations;
    std::string id;
  };
  Policy policy = Policy::kUnique;
  Aggregation aggregation = Aggregation::kNone;
  std::string policy_text;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  std::vector<std::string> annotation_names;
  size_t memo_size = 0;                            // cells that differ, over all columns
  std::shared_ptr<const struct TableIndex> index;  // null when no column gains by it

  /// The rules that match the inputs at env.values[first…], in their order, by the index. False
  /// when it does not know these values.
  bool MatchByIndex(size_t first, bool first_only, Env& env, std::vector<size_t>& hits) const;

 private:
  /// Whether a rule matches the inputs at env.values[first…]; otherwise `failed` said no.
  bool Matches(const Rule& rule, size_t first, uint8_t* memo, Env& env, int& failed) const;
  std::vector<feel::Value> OutputsOf(const Rule& rule, Env& env) const;
  feel::Value Assemble(std::vector<feel::Value> outputs) const;
  feel::Value Collect(std::vector<std::vector<feel::Value>> hits, Env& env) const;
  bool HigherPriority(const std::vector<feel::Value>& a, const std::vector<feel::Value>& b) const;
};

}  // namespace city::decisions
