// SPDX-License-Identifier: Apache-2.0
// The evaluator: iterations, filters, contexts, functions and calls.
#include "parts/feel/errors.h"
#include "parts/feel/internal/machine.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

const Value kNull;
const Value kTrue = Value::Of(true);
const Value kFalse = Value::Of(false);

constexpr size_t kSmallFrame = 12;

/// The locals of one function call: on the stack when they are few, and made only when there are.
class Locals {
 public:
  explicit Locals(size_t count) : count_(count) {
    if (count > kSmallFrame) {
      large_.resize(count);
    } else {
      for (size_t i = 0; i < count; ++i) new (&small_[i]) Value();
    }
  }
  ~Locals() {
    if (count_ <= kSmallFrame)
      for (size_t i = 0; i < count_; ++i) data()[i].~Value();
  }
  Locals(const Locals&) = delete;
  Locals& operator=(const Locals&) = delete;
  Value* data() {
    return count_ > kSmallFrame ? large_.data()
                                : std::launder(reinterpret_cast<Value*>(&small_[0]));
  }

 private:
  struct alignas(Value) Raw {
    unsigned char bytes[sizeof(Value)];
  };
  Raw small_[kSmallFrame];
  std::vector<Value> large_;
  size_t count_;
};

}  // namespace

template <class Body>
bool Machine::Iterate(const Node& node, size_t level, bool& valid, const Body& body) {
  if (level + 1 == node.count) return body();
  const Node& domain = node.kid(level);
  Value& slot = locals_[node.aux->slots[level]];
  auto count = [&](int64_t from, int64_t to, bool dates) {
    for (int64_t i = from;; i += from <= to ? 1 : -1) {
      if (!frame_.Step()) return false;
      slot = dates ? Value::Of(Date{i}) : Value::Of(i);
      if (!Iterate(node, level + 1, valid, body)) return false;
      if (i == to) return true;
    }
  };
  auto span = [&](const Value& low, const Value& high, bool low_in, bool high_in, bool interval) {
    int64_t from = 0;
    int64_t to = 0;
    bool dates = low.kind() == ValueKind::kDate && high.kind() == ValueKind::kDate;
    if (dates) {
      from = low.date().days;
      to = high.date().days;
    } else {
      auto a = low.IsNumber() ? low.number().ToInteger() : std::nullopt;
      auto b = high.IsNumber() ? high.number().ToInteger() : std::nullopt;
      if (!a || !b) {
        valid = false;
        return false;
      }
      from = *a;
      to = *b;
    }
    if (interval) {
      // An interval counts upwards; its open ends are left out.
      if (!low_in) ++from;
      if (!high_in) --to;
      if (from > to) return true;
    }
    return count(from, to, dates);
  };
  Value scratch;
  if (domain.op == Op::kRangeTo || domain.op == Op::kInterval) {
    Value scratch_high;
    const Value& low = Eval(domain.kid(0), scratch);
    const Value& high = Eval(domain.kid(1), scratch_high);
    bool interval = domain.op == Op::kInterval;
    return span(low, high, !interval || (domain.flags & 1) != 0,
                !interval || (domain.flags & 2) != 0, interval);
  }
  const Value& list = Eval(domain, scratch);
  if (list.IsNull()) {
    valid = false;
    return false;
  }
  if (list.IsRange()) {
    const Range& r = list.range();
    return span(r.low, r.high, r.low_included, r.high_included, true);
  }
  if (!list.IsList()) {
    slot = list;
    return Iterate(node, level + 1, valid, body);
  }
  Value keep = list;  // the slot of an outer iteration may change meanwhile
  for (const Value& item : keep.items()) {
    if (!frame_.Step()) return false;
    slot = item;
    if (!Iterate(node, level + 1, valid, body)) return false;
  }
  return true;
}

const Value& Machine::For(const Node& node, Value& out) {
  std::vector<Value> results;
  bool valid = true;
  const Node& body = node.kid(node.count - 1);
  size_t limit = frame_.settings().limits.max_list;
  int partial = node.aux->partial;
  Iterate(node, 0, valid, [&] {
    if (results.size() >= limit) frame_.Stop("list");
    if (frame_.stopped()) return false;
    if (partial >= 0) {
      if (!frame_.Step(results.size())) return false;
      locals_[partial] = Value::List(results);
    }
    Value scratch;
    const Value& v = Eval(body, scratch);
    if (&v == &scratch) {
      results.push_back(std::move(scratch));
    } else {
      results.push_back(v);
    }
    return true;
  });
  if (!valid || frame_.stopped()) return kNull;
  return out = Value::List(std::move(results));
}

const Value& Machine::Quantified(const Node& node, Value&) {
  bool valid = true;
  bool some = node.op == Op::kSome;
  bool decided = false;
  bool unknown = false;
  const Node& body = node.kid(node.count - 1);
  Iterate(node, 0, valid, [&] {
    if (frame_.stopped()) return false;
    Value scratch;
    const Value& v = Eval(body, scratch);
    if (v.IsNull()) {
      unknown = true;
    } else if (!v.IsBoolean()) {
      valid = false;
      return false;
    } else if (v.boolean() == some) {
      decided = true;
      return false;
    }
    return true;
  });
  if (!valid || frame_.stopped()) return kNull;
  if (decided) return some ? kTrue : kFalse;
  if (unknown) return kNull;
  return some ? kFalse : kTrue;
}

const Value& Machine::Filter(const Node& node, Value& out) {
  Value scratch;
  Value list = Eval(node.kid(0), scratch);
  if (list.IsNull()) return kNull;
  if (!list.IsList()) list = Value::List({list});
  const Node& condition = node.kid(1);
  Value& item = locals_[node.slot];
  auto pick = [&](const Number& n) -> const Value& {
    auto at = n.ToInteger();
    auto items = list.items();
    auto size = static_cast<int64_t>(items.size());
    if (!at || *at == 0 || *at > size || *at < -size) return kNull;
    return out = items[static_cast<size_t>(*at > 0 ? *at - 1 : size + *at)];
  };
  if (condition.op == Op::kConstant && condition.value.IsNumber())
    return pick(condition.value.number());
  std::vector<Value> kept;
  bool first = true;
  for (const Value& candidate : list.items()) {
    if (!frame_.Step()) return kNull;
    item = candidate;
    Value result_scratch;
    const Value& result = Eval(condition, result_scratch);
    if (result.IsTrue()) {
      kept.push_back(candidate);
    } else if (result.IsNumber() && first) {
      return pick(result.number());
    } else if (!result.IsBoolean() && !result.IsNull()) {
      TellTypes(node, result, kNull);
      return kNull;
    }
    first = false;
  }
  if (first) {
    // Nothing to filter: only a position tells null from the empty list.
    item = Value();
    Value result_scratch;
    if (Eval(condition, result_scratch).IsNumber()) return kNull;
  }
  return out = Value::List(std::move(kept));
}

const Value& Machine::MakeContext(const Node& node, Value& out) {
  ContextBuilder builder;
  builder.Reserve(node.count);
  for (uint32_t i = 0; i < node.count; ++i) {
    Value scratch;
    const Value& v = Eval(node.kid(i), scratch);
    if (int slot = node.aux->slots[i]; slot >= 0) locals_[slot] = v;
    builder.Add(node.aux->names[i], v);
  }
  return out = builder.Build();
}

const Value& Machine::MakeFunction(const Node& node, Value& out) {
  auto function = std::make_unique<Function>();
  function->program = program_.shared_from_this();
  function->literal = &node;
  for (const Value& name : node.aux->names) function->parameters.emplace_back(name.text());
  function->parameter_types = node.aux->types;
  function->result_type = node.aux->result;
  for (uint32_t i = 1; i < node.count; ++i) {
    Value scratch;
    function->captures.push_back(Eval(node.kid(i), scratch));
  }
  return out = Value::OfFunction(std::move(function));
}

const Value& Machine::MakeExternal(const Node& node, Value& out) {
  auto function = std::make_unique<Function>();
  Value declaration;
  {
    Locals locals(static_cast<size_t>(node.aux->frame));
    Machine inner(frame_, {}, nullptr, locals.data(), nullptr, program_);
    Value scratch;
    declaration = inner.Eval(node.kid(0), scratch);
  }
  for (const Value& name : node.aux->names) function->parameters.emplace_back(name.text());
  function->parameter_types = node.aux->types;
  if (program_.external) function->native = program_.external(declaration);
  if (!function->native) {
    std::string shown = ToText(declaration, 200);
    function->native = [shown](std::span<const Value>, CallFrame& frame) {
      frame.Tell(error::kExternalRefused, {{"function", shown}});
      return Value();
    };
  }
  return out = Value::OfFunction(std::move(function));
}

const Value& Machine::CallBuiltinNode(const Node& node, Value& out) {
  const Builtin& builtin = Builtins()[static_cast<size_t>(node.slot)];
  bool positional = (node.flags & 0x80) != 0;
  size_t signature = node.flags & 0x7f;
  constexpr size_t kFew = 4;
  if (node.count <= kFew) {
    Value scratch[kFew];
    const Value* values[kFew];
    for (uint32_t i = 0; i < node.count; ++i)
      values[i] = node.kids[i] != nullptr ? &Eval(node.kid(i), scratch[i]) : nullptr;
    return out = CallBuiltin(builtin, {values, node.count}, positional, signature, frame_, node.at);
  }
  std::vector<Value> scratch(node.count);
  std::vector<const Value*> values(node.count);
  for (uint32_t i = 0; i < node.count; ++i)
    values[i] = node.kids[i] != nullptr ? &Eval(node.kid(i), scratch[i]) : nullptr;
  return out = CallBuiltin(builtin, values, positional, signature, frame_, node.at);
}

const Value& Machine::CallValue(const Node& node, Value& out) {
  Value scratch;
  Value callee = Eval(node.kid(0), scratch);
  if (!callee.IsFunction()) {
    if (frame_.listening())
      Tell(error::kNotCallable, {{"type", std::string(KindName(callee.kind()))}}, node);
    return kNull;
  }
  const Function& f = callee.function();
  std::vector<Value> arguments(node.count - 1);
  for (uint32_t i = 1; i < node.count; ++i) {
    Value argument;
    arguments[i - 1] = Eval(node.kid(i), argument);
  }
  if (node.aux == nullptr) return out = CallFunction(frame_, callee, arguments);
  // Named arguments go to the places of the parameters.
  std::vector<Value> placed(f.parameters.size());
  std::vector<bool> given(f.parameters.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    size_t at = 0;
    while (at < f.parameters.size() && f.parameters[at] != node.aux->names[i].text()) ++at;
    if (at == f.parameters.size() || given[at]) {
      if (frame_.listening())
        Tell(error::kBadArgument,
             {{"function", f.name}, {"argument", std::string(node.aux->names[i].text())}}, node);
      return kNull;
    }
    given[at] = true;
    placed[at] = std::move(arguments[i]);
  }
  for (bool g : given)
    if (!g) return kNull;
  return out = CallFunction(frame_, callee, placed);
}

Value CallFunction(CallFrame& frame, const Value& value, std::span<const Value> arguments) {
  if (!value.IsFunction()) return Value();
  const Function& f = value.function();
  if (f.builtin >= 0) {
    const Builtin& builtin = Builtins()[static_cast<size_t>(f.builtin)];
    std::vector<const Value*> values;
    for (const Value& argument : arguments) values.push_back(&argument);
    return CallBuiltin(builtin, values, true, 0, frame, 0);
  }
  if (arguments.size() != f.parameters.size()) {
    frame.Tell(
        error::kBadArgument,
        {{"function", f.name}, {"argument", std::to_string(arguments.size()) + " arguments"}});
    return Value();
  }
  if (!frame.Step() || !frame.Enter()) {
    frame.Leave();
    return Value();
  }
  size_t count = arguments.size();
  Locals locals(f.literal != nullptr ? static_cast<size_t>(f.literal->aux->frame) : count);
  Value* slots = locals.data();
  bool fits = true;
  for (size_t i = 0; i < count && fits; ++i) {
    const TypePtr type = i < f.parameter_types.size() ? f.parameter_types[i] : nullptr;
    if (type == nullptr) {
      slots[i] = arguments[i];
      continue;
    }
    auto converted = Coerce(arguments[i], *type);
    fits = converted.has_value();
    if (fits) {
      slots[i] = std::move(*converted);
    } else {
      frame.Tell(error::kBadArgument,
                 {{"function", f.name},
                  {"argument", f.parameters[i] + " = " + ToText(arguments[i], 200)}});
    }
  }
  Value result;
  if (fits && f.native) {
    result = f.native({slots, count}, frame);
  } else if (fits && f.literal != nullptr) {
    if (f.literal->aux->self >= 0) slots[f.literal->aux->self] = value;
    Machine machine(frame, {}, nullptr, slots, f.captures.data(), *f.program);
    Value scratch;
    result = machine.Eval(f.literal->kid(0), scratch);
  }
  if (fits && f.result_type != nullptr) {
    auto converted = Coerce(result, *f.result_type);
    result = converted ? std::move(*converted) : Value();
  }
  frame.Leave();
  return result;
}

bool IsPlain(const Node& node) {
  switch (node.op) {
    case Op::kTestAny:
      return true;
    case Op::kTests:
    case Op::kNotTests:
      for (uint32_t i = 0; i < node.count; ++i)
        if (!IsPlain(node.kid(i))) return false;
      return true;
    case Op::kTestCompare:
      return node.kid(0).op == Op::kConstant;
    case Op::kTestValue:
      if (node.kid(0).op == Op::kInterval)
        return node.kid(0).kid(0).op == Op::kConstant && node.kid(0).kid(1).op == Op::kConstant;
      return node.kid(0).op == Op::kConstant;
    default:
      return false;
  }
}

namespace {

Value CompareWith(const Value& tested, Range::Form form, const Value& end) {
  if (form == Range::Form::kEqual || form == Range::Form::kNotEqual) {
    Value same = Equal(tested, end);
    return same.IsNull() ? same : Value::Of(same.boolean() == (form == Range::Form::kEqual));
  }
  auto order = Order(tested, end);
  if (!order) return Value();
  switch (form) {
    case Range::Form::kLess:
      return Value::Of(*order < 0);
    case Range::Form::kLessOrEqual:
      return Value::Of(*order <= 0);
    case Range::Form::kGreater:
      return Value::Of(*order > 0);
    default:
      return Value::Of(*order >= 0);
  }
}

/// A cell of constants alone; the same answers as the machine gives.
Value TestPlain(const Node& node, const Value& tested) {
  switch (node.op) {
    case Op::kTestAny:
      return kTrue;
    case Op::kTests: {
      bool unknown = false;
      for (uint32_t i = 0; i < node.count; ++i) {
        Value hit = TestPlain(node.kid(i), tested);
        if (hit.IsTrue()) return hit;
        unknown = unknown || hit.IsNull();
      }
      return unknown ? Value() : kFalse;
    }
    case Op::kNotTests: {
      Value hit = TestPlain(node.kid(0), tested);
      return hit.IsBoolean() ? Value::Of(!hit.boolean()) : Value();
    }
    case Op::kTestCompare:
      return CompareWith(tested, static_cast<Range::Form>(node.flags), node.kid(0).value);
    default: {
      const Node& inner = node.kid(0);
      if (inner.op == Op::kConstant) return In(tested, inner.value);
      auto above = Order(tested, inner.kid(0).value);
      if (!above) return Value();
      bool low_in = (inner.flags & 1) != 0;
      bool high_in = (inner.flags & 2) != 0;
      auto below = Order(tested, inner.kid(1).value);
      if (!below) return Value();
      return Value::Of((*above > 0 || (*above == 0 && low_in)) &&
                       (*below < 0 || (*below == 0 && high_in)));
    }
  }
}

}  // namespace

// ---- the door -------------------------------------------------------------------------------

void CallFrame::Stop(const char* limit) {
  if (stopped_) return;
  stopped_ = true;
  if (diagnostics_ != nullptr) diagnostics_->limit_exceeded = true;
  Tell(error::kLimit, {{"limit", limit}});
}

bool CallFrame::StepLimit() {
  Stop("steps");
  return false;
}

void CallFrame::Tell(const ErrorRow& row, ErrorParams params, uint32_t offset) {
  if (diagnostics_ == nullptr || diagnostics_->entries.size() >= 50) return;
  diagnostics_->entries.push_back({Error{&row, std::move(params), {}}, offset});
}

Value CallFrame::Evaluate(const Expression& expression, std::span<const Value> inputs) {
  const Program& program = expression.program();
  const Node& root = *program.root;
  if (root.op == Op::kConstant) return root.value;
  if (root.op == Op::kInput && static_cast<size_t>(root.slot) < inputs.size())
    return inputs[static_cast<size_t>(root.slot)];
  Locals locals(static_cast<size_t>(program.frame));
  Machine machine(*this, inputs, nullptr, locals.data(), nullptr, program);
  Value scratch;
  const Value& result = machine.Eval(*program.root, scratch);
  if (stopped_) return Value();
  if (&result == &scratch) return scratch;
  return result;
}

Value CallFrame::Test(const Expression& tests, const Value& tested, std::span<const Value> inputs) {
  const Program& program = tests.program();
  // The common cells, made of constants alone, need no machine.
  if (program.plain) {
    ++steps_;
    return TestPlain(*program.root, tested);
  }
  Locals locals(static_cast<size_t>(program.frame));
  Machine machine(*this, inputs, &tested, locals.data(), nullptr, program);
  Value scratch;
  const Value& result = machine.Eval(*program.root, scratch);
  if (stopped_) return Value();
  return result;
}

Value CallFrame::Call(const Value& function, std::span<const Value> arguments) {
  Value result = CallFunction(*this, function, arguments);
  return stopped_ ? Value() : result;
}

}  // namespace city::feel
