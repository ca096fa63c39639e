// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/fast_decision.h"

#include <algorithm>
#include <set>

namespace city::decisions {

using feel::Type;
using feel::Value;
using feel::ValueKind;

namespace {

constexpr size_t kMostColumns = 16;

/// The value of an output that is the same in every run; false for others.
bool Constant(const LogicPtr& logic, Value& out) {
  if (logic == nullptr) return true;  // null
  const auto* literal = dynamic_cast<const LiteralLogic*>(logic.get());
  if (literal == nullptr || !literal->expression || !literal->expression.used().empty() ||
      !literal->expression.unknown().empty() || !feel::ShapeOf(literal->expression).closed)
    return false;
  feel::Diagnostics told;
  out = feel::Evaluate(literal->expression, std::span<const Value>(), {}, &told);
  return told.entries.empty();
}

/// Whether a value passes under a type without being changed or told about.
bool Passes(const feel::TypePtr& type, const Value& value) {
  return type == nullptr || value.IsNull() || feel::Accepts(*type, value);
}

/// The kind that a plain type accepts without further rules; kNull for other types.
ValueKind KindOf(const Type& type) {
  if (type.allowed) return ValueKind::kNull;
  switch (type.form) {
    case Type::Form::kNumber:
      return ValueKind::kNumber;
    case Type::Form::kString:
      return ValueKind::kString;
    case Type::Form::kBoolean:
      return ValueKind::kBoolean;
    case Type::Form::kDate:
      return ValueKind::kDate;
    default:
      return ValueKind::kNull;
  }
}

}  // namespace

std::unique_ptr<const FastDecision> FastDecision::Make(const Element& decision,
                                                       const std::vector<Element>& elements) {
  auto table = std::dynamic_pointer_cast<const TableLogic>(decision.logic);
  if (table == nullptr || table->index == nullptr || !table->index->open.empty() ||
      table->index->indexed.size() > kMostColumns || table->outputs.empty())
    return nullptr;
  using Policy = TableLogic::Policy;
  if (table->policy != Policy::kUnique && table->policy != Policy::kFirst &&
      table->policy != Policy::kAny && table->policy != Policy::kPriority)
    return nullptr;
  auto made = std::make_unique<FastDecision>();
  made->table_ = table;
  made->first_only_ = table->policy == Policy::kFirst;
  auto slot_of = [](const Element& input) {
    auto slot = std::make_unique<Slot>();
    slot->name = Value::Of(std::string_view(input.name));
    slot->type = input.type.get();
    if (slot->type != nullptr) slot->kind = KindOf(*slot->type);
    return slot;
  };
  std::set<int> asked;
  for (uint32_t column : table->index->indexed) {
    const auto* literal = dynamic_cast<const LiteralLogic*>(table->inputs[column].expression.get());
    if (literal == nullptr || !literal->expression || literal->expression.used().size() != 1)
      return nullptr;
    auto at = static_cast<size_t>(literal->expression.used()[0]);
    if (at >= decision.visible.size()) return nullptr;
    const Visible& seen = decision.visible[at];
    // The whole expression must be the name of an input.
    if (seen.element < 0 || feel::NormalizedName(literal->expression.text()) != seen.name)
      return nullptr;
    const Element& input = elements[static_cast<size_t>(seen.element)];
    if (input.kind != ElementKind::kInput || input.name != seen.name) return nullptr;
    made->slots_.push_back(slot_of(input));
    asked.insert(seen.element);
  }
  // Columns that take everything may still have inputs that complain; they are left out only when
  // they are names as well.
  for (const auto& input : table->inputs) {
    const auto* literal = dynamic_cast<const LiteralLogic*>(input.expression.get());
    if (literal == nullptr || !literal->expression) return nullptr;
    if (literal->expression.used().size() != 1 || !literal->expression.unknown().empty())
      return nullptr;
    auto at = static_cast<size_t>(literal->expression.used()[0]);
    if (at >= decision.visible.size() ||
        feel::NormalizedName(literal->expression.text()) != decision.visible[at].name)
      return nullptr;
  }
  // Decisions that this one requires would be run, and might tell something.
  for (const Visible& seen : decision.visible) {
    if (seen.element < 0) return nullptr;
    ElementKind kind = elements[static_cast<size_t>(seen.element)].kind;
    if (kind == ElementKind::kDecision) return nullptr;
    const Element& input = elements[static_cast<size_t>(seen.element)];
    // A value of the wrong type would be told about, also where no column asks for it.
    if (kind == ElementKind::kInput && input.type != nullptr && asked.insert(seen.element).second)
      made->others_.push_back(slot_of(input));
  }
  auto assemble = [&](std::vector<Value> values, Value& out) {
    for (size_t i = 0; i < values.size(); ++i)
      if (!Passes(table->outputs[i].type, values[i])) return false;
    if (values.size() == 1) {
      out = std::move(values[0]);
    } else {
      feel::ContextBuilder builder;
      for (size_t i = 0; i < values.size(); ++i)
        builder.Add(table->outputs[i].key, std::move(values[i]));
      out = builder.Build();
    }
    return Passes(table->type, out) && Passes(decision.type, out);
  };
  for (const auto& rule : table->rules) {
    std::vector<Value> values(table->outputs.size());
    for (size_t i = 0; i < values.size(); ++i)
      if (i < rule.outputs.size() && !Constant(rule.outputs[i], values[i])) return nullptr;
    Value result;
    if (!assemble(std::move(values), result)) return nullptr;
    made->results_.push_back(std::move(result));
  }
  bool any_default = std::any_of(table->outputs.begin(), table->outputs.end(),
                                 [](const auto& output) { return output.fallback != nullptr; });
  if (any_default) {
    std::vector<Value> values(table->outputs.size());
    for (size_t i = 0; i < values.size(); ++i)
      if (!Constant(table->outputs[i].fallback, values[i])) return nullptr;
    if (!assemble(std::move(values), made->otherwise_)) return nullptr;
  }
  return made;
}

bool FastDecision::Decide(const Value& inputs, Value& value) const {
  if (!inputs.IsContext()) return false;
  const feel::ContextObject& context = inputs.context();
  const TableIndex& index = *table_->index;
  const uint64_t* sets[kMostColumns];
  size_t count = slots_.size();
  for (size_t i = 0; i < count; ++i) {
    const Slot& slot = *slots_[i];
    const Value* given = context.Find(slot.name.text(), slot.hint);
    if (given == nullptr) return false;
    if (slot.type != nullptr && given->kind() != slot.kind && !feel::Accepts(*slot.type, *given))
      return false;
    sets[i] = index.columns[index.indexed[i]].Find(*given);
    if (sets[i] == nullptr) return false;
  }
  for (const auto& other : others_) {
    const Value* given = context.Find(other->name.text(), other->hint);
    if (given != nullptr && given->kind() != other->kind && !feel::Accepts(*other->type, *given))
      return false;
  }
  size_t rules = results_.size();
  const Value* found = nullptr;
  for (size_t word = 0; word < index.words; ++word) {
    size_t left = rules - word * 64;
    uint64_t bits = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
    for (size_t i = 0; i < count; ++i) bits &= sets[i][word];
    if (bits == 0) continue;
    // Several hits are for the general way: it compares them, or says which they were.
    if (found != nullptr || (!first_only_ && (bits & (bits - 1)) != 0)) return false;
    found = &results_[word * 64 + static_cast<size_t>(__builtin_ctzll(bits))];
    if (first_only_) break;
  }
  value = found != nullptr ? *found : otherwise_;
  return true;
}

}  // namespace city::decisions
