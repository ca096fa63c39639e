// SPDX-License-Identifier: Apache-2.0
// The evaluator: operators, paths, logic and tests.
#include "parts/feel/internal/machine.h"

#include "parts/feel/errors.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

const Value kNull;
const Value kTrue = Value::Of(true);
const Value kFalse = Value::Of(false);

const Value& Truth(bool b) { return b ? kTrue : kFalse; }

const char* SignOf(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSubtract:
      return "-";
    case Op::kMultiply:
      return "*";
    case Op::kDivide:
      return "/";
    case Op::kPower:
      return "**";
    case Op::kEqual:
      return "=";
    case Op::kNotEqual:
      return "!=";
    case Op::kLess:
      return "<";
    case Op::kLessOrEqual:
      return "<=";
    case Op::kGreater:
      return ">";
    case Op::kGreaterOrEqual:
      return ">=";
    case Op::kNegate:
      return "-";
    case Op::kBetween:
      return "between";
    default:
      return "?";
  }
}

}  // namespace

void Machine::Tell(const ErrorRow& row, ErrorParams params, const Node& node) {
  frame_.Tell(row, std::move(params), node.at);
}

void Machine::TellTypes(const Node& node, const Value& a, const Value& b) {
  if (!frame_.listening()) return;
  std::string types = std::string(KindName(a.kind())) + ", " + std::string(KindName(b.kind()));
  Tell(error::kWrongType, {{"operation", SignOf(node.op)}, {"types", types}}, node);
}

const Value& Machine::Eval(const Node& node, Value& out) {
  switch (node.op) {
    case Op::kConstant:
      return node.value;
    case Op::kInput:
      return static_cast<size_t>(node.slot) < inputs_.size()
                 ? inputs_[static_cast<size_t>(node.slot)]
                 : kNull;
    case Op::kLocal:
      return locals_[node.slot];
    case Op::kCapture:
      return captures_[node.slot];
    case Op::kTested:
      return tested_ != nullptr ? *tested_ : kNull;
    default:
      break;
  }
  if (!frame_.Step() || !frame_.Enter()) {
    if (!frame_.stopped()) frame_.Stop("steps");
    frame_.Leave();
    return kNull;
  }
  const Value& result = Compound(node, out);
  frame_.Leave();
  return result;
}

const Value& Machine::Compound(const Node& node, Value& out) {
  switch (node.op) {
    case Op::kPath:
      return Path(node, out);
    case Op::kItemName: {
      const Value& item = Eval(node.kid(0), out);
      if (item.IsContext()) {
        // The item is a local of a filter: it outlives this node.
        if (const Value* found = item.context().Find(node.value.text(), node.hint)) return *found;
      } else if (auto found = PropertyOf(item, node.value.text())) {
        return out = std::move(*found);
      }
      if (node.count < 2) return kNull;
      return Eval(node.kid(1), out);
    }
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kPower:
    case Op::kNegate:
      return Arithmetic(node, out);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessOrEqual:
    case Op::kGreater:
    case Op::kGreaterOrEqual:
    case Op::kBetween:
      return Compare(node, out);
    case Op::kAnd:
    case Op::kOr:
      return Logic(node, out);
    case Op::kIf:
      // Anything but true takes the other branch.
      if (Eval(node.kid(0), out).IsTrue()) return Eval(node.kid(1), out);
      return Eval(node.kid(2), out);
    case Op::kIn: {
      Value scratch;
      const Value& value = Eval(node.kid(0), scratch);
      bool unknown = false;
      for (uint32_t i = 1; i < node.count; ++i) {
        Value hit = TestOne(node.kid(i), value, false);
        if (hit.IsTrue()) return kTrue;
        unknown = unknown || hit.IsNull();
      }
      return unknown ? kNull : kFalse;
    }
    case Op::kTests:
    case Op::kNotTests:
    case Op::kTestAny:
    case Op::kTestCompare:
    case Op::kTestValue:
    case Op::kTestBoolean:
      return out = TestOne(node, tested_ != nullptr ? *tested_ : kNull, true);
    case Op::kFor:
      return For(node, out);
    case Op::kSome:
    case Op::kEvery:
      return Quantified(node, out);
    case Op::kList: {
      std::vector<Value> items;
      items.reserve(node.count);
      for (uint32_t i = 0; i < node.count; ++i) {
        Value scratch;
        items.push_back(Eval(node.kid(i), scratch));
      }
      return out = Value::List(std::move(items));
    }
    case Op::kContext:
      return MakeContext(node, out);
    case Op::kInterval:
      return MakeInterval(node, out);
    case Op::kUnaryRange:
      return MakeUnaryRange(node, out);
    case Op::kFilter:
      return Filter(node, out);
    case Op::kBuiltin:
      return CallBuiltinNode(node, out);
    case Op::kCall:
      return CallValue(node, out);
    case Op::kFunction:
      return MakeFunction(node, out);
    case Op::kExternal:
      return MakeExternal(node, out);
    case Op::kInstanceOf: {
      const Value& value = Eval(node.kid(0), out);
      return Truth(IsInstance(value, *node.type));
    }
    case Op::kUnknown:
      if (frame_.listening())
        Tell(error::kUnknownName,
             {{"line", "-"},
              {"column", "-"},
              {"name", std::string(node.value.text())},
              {"known", "-"}},
             node);
      return kNull;
    default:
      return kNull;
  }
}

const Value& Machine::Arithmetic(const Node& node, Value& out) {
  if (node.op == Op::kNegate) {
    const Value& a = Eval(node.kid(0), out);
    Value result = NegateValue(a);
    if (result.IsNull()) TellTypes(node, a, kNull);
    return out = std::move(result);
  }
  Value scratch_a;
  Value scratch_b;
  const Value& a = Eval(node.kid(0), scratch_a);
  const Value& b = Eval(node.kid(1), scratch_b);
  switch (node.op) {
    case Op::kAdd:
      if (a.IsString() && b.IsString() &&
          a.text().size() + b.text().size() > frame_.settings().limits.max_text) {
        frame_.Stop("text");
        return kNull;
      }
      out = AddValues(a, b);
      break;
    case Op::kSubtract:
      out = SubtractValues(a, b);
      break;
    case Op::kMultiply:
      out = MultiplyValues(a, b);
      break;
    case Op::kDivide:
      out = DivideValues(a, b);
      break;
    default:
      out = PowerValues(a, b);
  }
  if (out.IsNull() && frame_.listening()) {
    if (a.IsNumber() && b.IsNumber()) {
      Tell(error::kNoResult, {{"operation", SignOf(node.op)}}, node);
    } else {
      TellTypes(node, a, b);
    }
  }
  return out;
}

const Value& Machine::Compare(const Node& node, Value&) {
  Value scratch_a;
  Value scratch_b;
  const Value& a = Eval(node.kid(0), scratch_a);
  const Value& b = Eval(node.kid(1), scratch_b);
  if (node.op == Op::kEqual || node.op == Op::kNotEqual) {
    bool positive = node.op == Op::kEqual;
    if (a.IsString() && b.IsString()) return Truth((a.text() == b.text()) == positive);
    Value same = Equal(a, b);
    if (same.IsNull()) {
      TellTypes(node, a, b);
      return kNull;
    }
    return Truth(same.boolean() == positive);
  }
  int order = 0;
  if (a.IsNumber() && b.IsNumber()) {
    auto o = a.number() <=> b.number();
    order = o < 0 ? -1 : o > 0 ? 1 : 0;
  } else {
    auto found = Order(a, b);
    if (!found) {
      TellTypes(node, a, b);
      return kNull;
    }
    order = *found;
  }
  switch (node.op) {
    case Op::kLess:
      return Truth(order < 0);
    case Op::kLessOrEqual:
      return Truth(order <= 0);
    case Op::kGreater:
      return Truth(order > 0);
    case Op::kGreaterOrEqual:
      return Truth(order >= 0);
    default: {  // between: low has been compared
      if (order < 0) return kFalse;
      Value scratch_c;
      const Value& c = Eval(node.kid(2), scratch_c);
      auto upper = Order(a, c);
      if (!upper) {
        TellTypes(node, a, c);
        return kNull;
      }
      return Truth(*upper <= 0);
    }
  }
}

const Value& Machine::Logic(const Node& node, Value& out) {
  bool unknown = false;
  bool stop = node.op == Op::kOr;  // the value that decides
  for (uint32_t i = 0; i < node.count; ++i) {
    const Value& v = Eval(node.kid(i), out);
    if (v.IsBoolean()) {
      if (v.boolean() == stop) return Truth(stop);
    } else {
      unknown = true;
    }
  }
  return unknown ? kNull : Truth(!stop);
}

const Value& Machine::Path(const Node& node, Value& out) {
  Value scratch;
  const Value& base = Eval(node.kid(0), scratch);
  std::string_view name = node.value.text();
  if (base.IsContext()) {
    const Value* found = base.context().Find(name, node.hint);
    if (found == nullptr) {
      if (frame_.listening())
        Tell(error::kNoMember, {{"type", "context"}, {"name", std::string(name)}}, node);
      return kNull;
    }
    if (&base == &scratch) return out = *found;
    return *found;
  }
  if (base.IsList()) {
    std::vector<Value> items;
    items.reserve(base.items().size());
    for (const Value& item : base.items()) {
      if (!frame_.Step()) return kNull;
      if (item.IsContext()) {
        const Value* found = item.context().Find(name, node.hint);
        items.push_back(found != nullptr ? *found : Value());
      } else {
        auto found = PropertyOf(item, name);
        items.push_back(found ? *found : Value());
      }
    }
    return out = Value::List(std::move(items));
  }
  if (auto found = PropertyOf(base, name)) return out = std::move(*found);
  if (!base.IsNull() && frame_.listening())
    Tell(error::kNoMember,
         {{"type", std::string(KindName(base.kind()))}, {"name", std::string(name)}}, node);
  return kNull;
}

Value Machine::TestOne(const Node& node, const Value& tested, bool cell) {
  switch (node.op) {
    case Op::kTestAny:
      return kTrue;
    case Op::kTests: {
      bool unknown = false;
      for (uint32_t i = 0; i < node.count; ++i) {
        Value hit = TestOne(node.kid(i), tested, cell);
        if (hit.IsTrue()) return hit;
        unknown = unknown || hit.IsNull();
      }
      return unknown ? Value() : kFalse;
    }
    case Op::kNotTests: {
      Value hit = TestOne(node.kid(0), tested, cell);
      return hit.IsBoolean() ? Truth(!hit.boolean()) : kNull;
    }
    case Op::kTestCompare: {
      Value scratch;
      const Value& end = Eval(node.kid(0), scratch);
      auto form = static_cast<Range::Form>(node.flags);
      if (form == Range::Form::kEqual) return Equal(tested, end);
      if (form == Range::Form::kNotEqual) {
        Value same = Equal(tested, end);
        return same.IsNull() ? same : Truth(!same.boolean());
      }
      auto order = Order(tested, end);
      if (!order) return Value();
      switch (form) {
        case Range::Form::kLess:
          return Truth(*order < 0);
        case Range::Form::kLessOrEqual:
          return Truth(*order <= 0);
        case Range::Form::kGreater:
          return Truth(*order > 0);
        default:
          return Truth(*order >= 0);
      }
    }
    case Op::kTestValue: {
      const Node& inner = node.kid(0);
      Value scratch;
      if (inner.op == Op::kInterval) {
        // The common cell [18..65]: no range is made for it.
        Value scratch_high;
        const Value& low = Eval(inner.kid(0), scratch);
        const Value& high = Eval(inner.kid(1), scratch_high);
        auto above = Order(tested, low);
        auto below = Order(tested, high);
        if (!above || !below) return Value();
        return Truth((*above > 0 || (*above == 0 && (inner.flags & 1) != 0)) &&
                     (*below < 0 || (*below == 0 && (inner.flags & 2) != 0)));
      }
      const Value& v = Eval(inner, scratch);
      // A condition of its own, such as `count(debts) > 2`, decides by itself.
      if (cell && v.IsBoolean() && !tested.IsBoolean() && inner.op != Op::kConstant) return v;
      return In(tested, v);
    }
    case Op::kTestBoolean: {
      Value scratch;
      const Value& v = Eval(node.kid(0), scratch);
      if (v.IsBoolean() || v.IsNull()) return v;
      return In(tested, v);
    }
    default: {
      Value scratch;
      return Eval(node, scratch);
    }
  }
}

const Value& Machine::MakeInterval(const Node& node, Value& out) {
  Range range;
  Value scratch;
  range.low = Eval(node.kid(0), scratch);
  range.high = Eval(node.kid(1), scratch);
  range.low_included = (node.flags & 1) != 0;
  range.high_included = (node.flags & 2) != 0;
  bool both = !range.low.IsNull() && !range.high.IsNull();
  bool closed_at_null =
      (range.low.IsNull() && range.low_included) || (range.high.IsNull() && range.high_included);
  if ((both && !Order(range.low, range.high)) || closed_at_null ||
      (range.low.IsNull() && range.high.IsNull())) {
    TellTypes(node, range.low, range.high);
    return kNull;
  }
  return out = Value::Of(std::move(range));
}

const Value& Machine::MakeUnaryRange(const Node& node, Value& out) {
  Range range;
  range.form = static_cast<Range::Form>(node.flags);
  Value scratch;
  Value end = Eval(node.kid(0), scratch);
  range.low_included =
      range.form == Range::Form::kGreaterOrEqual || range.form == Range::Form::kEqual;
  range.high_included =
      range.form == Range::Form::kLessOrEqual || range.form == Range::Form::kEqual;
  bool upper = range.form == Range::Form::kLess || range.form == Range::Form::kLessOrEqual;
  bool lower = range.form == Range::Form::kGreater || range.form == Range::Form::kGreaterOrEqual;
  if (!lower) range.high = end;
  if (!upper) range.low = end;
  return out = Value::Of(std::move(range));
}

}  // namespace city::feel
