// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/table_index.h"

#include <algorithm>

namespace city::decisions {

using feel::Number;
using feel::Value;
using feel::ValueKind;

namespace {

constexpr size_t kMostTests = 400'000;  // cells asked while a column is bound
constexpr int kMostDecimals = 9;

std::optional<int> OrderOf(const Value& a, const Value& b) { return feel::Order(a, b); }

bool Strictly(const Value& low, const Value& middle, const Value& high) {
  auto left = low.IsNull() ? std::optional<int>(-1) : OrderOf(low, middle);
  auto right = high.IsNull() ? std::optional<int>(-1) : OrderOf(middle, high);
  return left && right && *left < 0 && *right < 0;
}

/// A value strictly between two neighbours (null: no neighbour on that side). `empty` when nothing
/// can lie there; null without `empty` when none was found.
Value Between(const Value& low, const Value& high, bool& empty) {
  const Value& any = low.IsNull() ? high : low;
  Value found;
  switch (any.kind()) {
    case ValueKind::kNumber:
      if (low.IsNull()) {
        found = Value::Of(feel::Subtract(high.number(), Number(1)));
      } else if (high.IsNull()) {
        found = Value::Of(feel::Add(low.number(), Number(1)));
      } else if (auto sum = feel::Add(low.number(), high.number())) {
        found = Value::Of(feel::Divide(*sum, Number(2)));
      }
      break;
    case ValueKind::kString:
      if (low.IsNull()) {
        empty = high.text().empty();
        found = Value::Of("");
      } else {
        // The next text is the same with one sign more.
        std::string next = std::string(low.text()) + '\x01';
        found = Value::Of(std::string_view(next));
      }
      break;
    case ValueKind::kDate: {
      if (!low.IsNull() && !high.IsNull() && feel::AddDays(low.date(), 1) == high.date())
        empty = true;
      auto day = low.IsNull() ? feel::AddDays(high.date(), -1) : feel::AddDays(low.date(), 1);
      if (day) found = Value::Of(*day);
      break;
    }
    default:
      break;
  }
  if (empty || found.IsNull() || Strictly(low, found, high)) return found;
  return Value();
}

}  // namespace

ColumnIndex::ColumnIndex(const TableLogic& table, size_t column, size_t words) : words_(words) {
  const TableLogic::Input& input = table.inputs[column];
  bool complete = std::all_of(table.rules.begin(), table.rules.end(),
                              [&](const auto& rule) { return column < rule.cells.size(); });
  if (!complete) return;
  if (std::all_of(input.tests.begin(), input.tests.end(),
                  [](const feel::Expression& test) { return test && test.IsAny(); })) {
    form_ = Form::kAny;
    return;
  }
  std::vector<Value> constants;
  if (!Collect(table, column, constants)) return;
  Form form = Form::kOpen;
  std::vector<Value> samples;
  switch (constants.front().kind()) {
    case ValueKind::kBoolean:
      form = Form::kBoolean;
      samples = {Value::Of(false), Value::Of(true)};
      break;
    case ValueKind::kNumber:
      form = Form::kNumber;
      break;
    case ValueKind::kString:
      form = Form::kString;
      break;
    case ValueKind::kDate:
      form = Form::kDate;
      break;
    default:
      return;
  }
  if (form != Form::kBoolean) {
    for (size_t i = 0; i <= constants.size(); ++i) {
      bool empty = false;
      Value between = Between(i == 0 ? Value() : constants[i - 1],
                              i == constants.size() ? Value() : constants[i], empty);
      if (between.IsNull() && !empty) return;
      samples.push_back(empty ? Value() : std::move(between));
      if (i < constants.size()) samples.push_back(constants[i]);
    }
  }
  if (!Fill(table, column, samples)) return;
  for (const Value& constant : constants) {
    if (form == Form::kString) texts_.emplace_back(constant.text());
    if (form == Form::kDate) whole_.push_back(constant.date().days);
    if (form == Form::kNumber) numbers_.push_back(constant.number());
  }
  if (form == Form::kNumber) {
    for (int decimals = 0; decimals <= kMostDecimals && !exact_; ++decimals) {
      whole_.clear();
      for (const Number& number : numbers_)
        if (auto scaled = number.Scaled(decimals)) whole_.push_back(*scaled);
      exact_ = whole_.size() == numbers_.size();
      decimals_ = decimals;
    }
  }
  form_ = form;
}

/// The constants of a column in their order; false when its cells are not made of constants of one
/// kind alone.
bool ColumnIndex::Collect(const TableLogic& table, size_t column, std::vector<Value>& constants) {
  for (const feel::Expression& test : table.inputs[column].tests) {
    if (!test) return false;
    if (test.IsAny()) continue;
    feel::CellShape shape = feel::ShapeOf(test);
    if (!shape.closed) return false;
    for (Value& value : shape.constants) constants.push_back(std::move(value));
  }
  if (constants.empty()) return false;
  ValueKind kind = constants.front().kind();
  if (kind != ValueKind::kNumber && kind != ValueKind::kString && kind != ValueKind::kBoolean &&
      kind != ValueKind::kDate)
    return false;
  for (const Value& value : constants)
    if (value.kind() != kind) return false;
  if (kind == ValueKind::kBoolean) return true;
  std::sort(constants.begin(), constants.end(), [](const Value& a, const Value& b) {
    auto order = OrderOf(a, b);
    return order && *order < 0;
  });
  constants.erase(std::unique(constants.begin(), constants.end(),
                              [](const Value& a, const Value& b) {
                                auto order = OrderOf(a, b);
                                return order && *order == 0;
                              }),
                  constants.end());
  return true;
}

/// Asks the evaluator about each sample; a null sample stands for a piece without values.
bool ColumnIndex::Fill(const TableLogic& table, size_t column, const std::vector<Value>& samples) {
  const TableLogic::Input& input = table.inputs[column];
  if (samples.size() * input.tests.size() > kMostTests) return false;
  bits_.assign(samples.size() * words_, 0);
  std::vector<bool> yes(input.tests.size());
  for (size_t s = 0; s < samples.size(); ++s) {
    if (samples[s].IsNull()) continue;
    for (size_t t = 0; t < input.tests.size(); ++t)
      yes[t] = input.tests[t].IsAny() || feel::Test(input.tests[t], samples[s], {}).IsTrue();
    for (size_t r = 0; r < table.rules.size(); ++r)
      if (yes[table.rules[r].cells[column]]) bits_[s * words_ + r / 64] |= uint64_t{1} << (r % 64);
  }
  return true;
}

const uint64_t* ColumnIndex::Find(const Value& value) const {
  auto piece = [&](const auto& sorted, const auto& wanted) {
    // Few constants: going through them is quicker than guessing halves.
    size_t i = 0, n = sorted.size();
    if (n > 16) {
      i = static_cast<size_t>(std::lower_bound(sorted.begin(), sorted.end(), wanted) -
                              sorted.begin());
    } else {
      while (i < n && sorted[i] < wanted) ++i;
    }
    return Piece(2 * i + (i < n && sorted[i] == wanted ? 1 : 0));
  };
  switch (form_) {
    case Form::kNumber:
      if (!value.IsNumber()) return nullptr;
      if (exact_)
        if (auto scaled = value.number().Scaled(decimals_)) return piece(whole_, *scaled);
      return piece(numbers_, value.number());
    case Form::kString:
      if (!value.IsString()) return nullptr;
      return piece(texts_, value.text());
    case Form::kBoolean:
      if (!value.IsBoolean()) return nullptr;
      return Piece(value.boolean() ? 1 : 0);
    case Form::kDate:
      if (value.kind() != ValueKind::kDate) return nullptr;
      return piece(whole_, value.date().days);
    default:
      return nullptr;
  }
}

std::shared_ptr<const TableIndex> TableIndex::Make(const TableLogic& table) {
  if (table.rules.empty() || table.inputs.empty()) return nullptr;
  auto out = std::make_shared<TableIndex>();
  out->words = (table.rules.size() + 63) / 64;
  for (size_t c = 0; c < table.inputs.size(); ++c) {
    out->columns.emplace_back(table, c, out->words);
    ColumnIndex::Form form = out->columns.back().form();
    if (form == ColumnIndex::Form::kOpen) {
      out->open.push_back(static_cast<uint32_t>(c));
    } else if (form != ColumnIndex::Form::kAny) {
      out->indexed.push_back(static_cast<uint32_t>(c));
    }
  }
  if (out->open.size() == table.inputs.size()) return nullptr;
  return out;
}

}  // namespace city::decisions
