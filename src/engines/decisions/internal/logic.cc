// SPDX-License-Identifier: Apache-2.0
// How boxed expressions run. Source: DMN 1.5, 10.2.
#include "engines/decisions/internal/logic.h"

#include "engines/decisions/errors.h"
#include "engines/decisions/internal/run.h"

namespace city::decisions {

using feel::Value;

namespace {

/// Pushes a value for the time of a block.
class Pushed {
 public:
  Pushed(Env& env, Value value) : env_(env) { env_.values.push_back(std::move(value)); }
  ~Pushed() { env_.values.pop_back(); }
  Pushed(const Pushed&) = delete;
  Pushed& operator=(const Pushed&) = delete;

 private:
  Env& env_;
};

/// The values a boxed iterator runs over; false when the domain cannot be iterated.
bool DomainOf(const Value& domain, std::vector<Value>& out, Env& env) {
  if (domain.IsNull()) return false;
  if (domain.IsList()) {
    out.assign(domain.items().begin(), domain.items().end());
    return true;
  }
  if (domain.IsRange()) {
    static const feel::Expression kItems =
        *feel::Compile("for i in r return i", feel::Scope().Declare("r"));
    Value items = env.frame.Evaluate(kItems, std::span<const Value>(&domain, 1));
    if (!items.IsList()) return false;
    out.assign(items.items().begin(), items.items().end());
    return true;
  }
  out = {domain};
  return true;
}

}  // namespace

Value ToType(Value value, const feel::TypePtr& type, const std::string& name, Env& env) {
  if (type == nullptr || value.IsNull() || feel::Accepts(*type, value)) return value;
  auto converted = feel::Coerce(value, *type);
  if (converted) return std::move(*converted);
  if (env.frame.listening())
    env.frame.Tell(error::kWrongResult, {{"element", name}, {"value", feel::ToText(value, 200)}});
  return Value();
}

Value RunTyped(const Logic& logic, Env& env) {
  if (!env.frame.Step() || !env.frame.Enter()) {
    env.frame.Leave();
    return Value();
  }
  Value value = ToType(logic.Evaluate(env), logic.type, logic.name, env);
  env.frame.Leave();
  return value;
}

Value LiteralLogic::Evaluate(Env& env) const { return env.frame.Evaluate(expression, env.values); }

Value BrokenLogic::Evaluate(Env& env) const {
  if (env.frame.listening() && error.row != nullptr) env.frame.Tell(*error.row, error.params);
  return Value();
}

Value ContextLogic::Evaluate(Env& env) const {
  size_t size = env.values.size();
  feel::ContextBuilder builder;
  Value result;
  bool has_result = false;
  for (const Entry& entry : entries) {
    Value value = entry.logic != nullptr ? RunTyped(*entry.logic, env) : Value();
    value = ToType(std::move(value), entry.type, name, env);
    if (entry.key.IsNull()) {
      result = std::move(value);
      has_result = true;
      break;
    }
    builder.Add(entry.key, value);
    env.values.push_back(std::move(value));
  }
  env.values.resize(size);
  return has_result ? result : builder.Build();
}

Value ListLogic::Evaluate(Env& env) const {
  std::vector<Value> out;
  out.reserve(items.size());
  for (const LogicPtr& item : items) out.push_back(RunTyped(*item, env));
  return Value::List(std::move(out));
}

Value RelationLogic::Evaluate(Env& env) const {
  std::vector<Value> out;
  for (const auto& row : rows) {
    feel::ContextBuilder builder;
    for (size_t i = 0; i < columns.size(); ++i) {
      Value cell = i < row.size() ? RunTyped(*row[i], env) : Value();
      builder.Add(columns[i], ToType(std::move(cell), types[i], name, env));
    }
    out.push_back(builder.Build());
  }
  return Value::List(std::move(out));
}

namespace {

/// The function value; the names around it are kept by value, so that it may outlive its run.
Value MakeFunction(const std::shared_ptr<const FunctionLogic>& logic,
                   const std::vector<Value>& captured) {
  auto function = std::make_unique<feel::Function>();
  function->name = logic->name;
  function->parameters = logic->parameters;
  function->parameter_types = logic->types;
  function->native = [logic, captured](std::span<const Value> arguments, feel::CallFrame& frame) {
    Env inner{frame, static_cast<Run*>(frame.host), captured};
    inner.values.insert(inner.values.end(), arguments.begin(), arguments.end());
    if (logic->sees_itself) inner.values.push_back(MakeFunction(logic, captured));
    return logic->body != nullptr ? RunTyped(*logic->body, inner) : Value();
  };
  return Value::OfFunction(std::move(function));
}

}  // namespace

Value FunctionLogic::Evaluate(Env& env) const {
  // The loader compiled an external declaration into a FEEL function; its value is the function.
  if (external != nullptr) return RunTyped(*external, env);
  return MakeFunction(shared_from_this(), env.values);
}

Value InvocationLogic::Evaluate(Env& env) const {
  Value function = callee != nullptr ? RunTyped(*callee, env) : Value();
  if (!function.IsFunction()) return Value();
  const auto& names = function.function().parameters;
  std::vector<Value> arguments(names.size());
  for (const auto& [parameter, logic] : bindings) {
    size_t at = 0;
    while (at < names.size() && names[at] != parameter) ++at;
    if (at == names.size()) return Value();
    if (logic != nullptr) arguments[at] = RunTyped(*logic, env);
  }
  return env.frame.Call(function, arguments);
}

Value ConditionalLogic::Evaluate(Env& env) const {
  Value decided = RunTyped(*condition, env);
  if (!decided.IsBoolean() && !decided.IsNull()) return Value();
  return RunTyped(decided.IsTrue() ? *then : *otherwise, env);
}

Value IteratorLogic::Evaluate(Env& env) const {
  std::vector<Value> items;
  if (!DomainOf(RunTyped(*domain, env), items, env)) return Value();
  std::vector<Value> out;
  bool unknown = false;
  for (const Value& item : items) {
    if (!env.frame.Step()) return Value();
    Value result;
    {
      Pushed variable(env, item);
      if (form == Form::kFor) {
        Pushed partial(env, Value::List(out));
        result = RunTyped(*body, env);
      } else {
        result = RunTyped(*body, env);
      }
    }
    if (env.frame.stopped()) return Value();
    switch (form) {
      case Form::kFor:
        out.push_back(std::move(result));
        break;
      case Form::kFilter:
        if (filtered) {
          // The body is a filter of this one item: null when its condition was no boolean.
          if (!result.IsList()) return Value();
          if (!result.items().empty()) out.push_back(item);
          break;
        }
        if (result.IsTrue()) out.push_back(item);
        if (!result.IsBoolean() && !result.IsNull()) return Value();
        break;
      default:
        if (result.IsNull()) {
          unknown = true;
        } else if (!result.IsBoolean()) {
          return Value();
        } else if (result.boolean() == (form == Form::kSome)) {
          return result;
        }
    }
  }
  if (form == Form::kFor || form == Form::kFilter) return Value::List(std::move(out));
  if (unknown) return Value();
  return Value::Of(form == Form::kEvery);
}

}  // namespace city::decisions
