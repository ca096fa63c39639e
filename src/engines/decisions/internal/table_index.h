// SPDX-License-Identifier: Apache-2.0
// A decision table bound for speed: the constants of a column cut its values into pieces, and for
// each piece the rules that match are known beforehand as bits. A column that is not of that form
// stays open and is tested cell by cell. What a piece matches is asked of the evaluator itself, so
// that both can never differ.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engines/decisions/internal/logic.h"

namespace city::decisions {

/// The pieces of one column. Threads: any, once made.
class ColumnIndex {
 public:
  enum class Form : uint8_t {
    kAny,      // every rule takes every value
    kNumber,   // sorted numbers
    kString,   // sorted texts
    kBoolean,  // false and true
    kDate,     // sorted days
    kOpen,     // not known beforehand
  };

  /// `words`: 64-bit words of a set of rules.
  ColumnIndex(const TableLogic& table, size_t column, size_t words);

  Form form() const { return form_; }
  /// The rules that take `value` in this column, as bits; null when the index does not know (a
  /// value of another kind, or null).
  const uint64_t* Find(const feel::Value& value) const;

 private:
  bool Collect(const TableLogic& table, size_t column, std::vector<feel::Value>& constants);
  bool Fill(const TableLogic& table, size_t column, const std::vector<feel::Value>& samples);
  const uint64_t* Piece(size_t piece) const { return bits_.data() + piece * words_; }

  Form form_ = Form::kOpen;
  size_t words_;
  int decimals_ = 0;                   // scale of `whole_`
  bool exact_ = false;                 // all numbers fit `whole_`
  std::vector<int64_t> whole_;         // numbers times 10^decimals_, or days
  std::vector<feel::Number> numbers_;  // for values that do not fit
  std::vector<std::string> texts_;
  std::vector<uint64_t> bits_;  // 2n + 1 pieces: below, at, between, at, …, above
};

/// All columns of a table.
struct TableIndex {
  /// Null when no column gains by it.
  static std::shared_ptr<const TableIndex> Make(const TableLogic& table);

  size_t words = 0;
  std::vector<ColumnIndex> columns;
  std::vector<uint32_t> indexed;  // columns to ask
  std::vector<uint32_t> open;     // columns to test cell by cell
};

}  // namespace city::decisions
