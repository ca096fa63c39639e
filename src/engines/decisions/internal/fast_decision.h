// SPDX-License-Identifier: Apache-2.0
// The commonest decision, a table over input data with constant results and at most one hit, bound
// so that an evaluation looks up its inputs by slot, combines bits and hands out a ready value.
// Whatever is not of that form, or not that simple in one evaluation, goes the general way.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engines/decisions/internal/run.h"
#include "engines/decisions/internal/table_index.h"

namespace city::decisions {

/// Threads: any, once made.
class FastDecision {
 public:
  /// Null when the decision is not of that form.
  static std::unique_ptr<const FastDecision> Make(const Element& decision,
                                                  const std::vector<Element>& elements);

  /// Decides when it can: true with the value in `value`; false asks for the general way, with
  /// nothing done and nothing told.
  bool Decide(const feel::Value& inputs, feel::Value& value) const;

 private:
  struct Slot {
    feel::Value name;  // of the input data, a string
    const feel::Type* type = nullptr;
    feel::ValueKind kind = feel::ValueKind::kNull;  // accepted at a glance; kNull: ask the type
    mutable std::atomic<uint32_t> hint{0};          // where it lay the last time
  };
  std::shared_ptr<const TableLogic> table_;  // keeps the index alive
  bool first_only_ = false;
  std::vector<std::unique_ptr<Slot>> slots_;   // one for each indexed column
  std::vector<std::unique_ptr<Slot>> others_;  // what is seen but not asked by a column
  std::vector<feel::Value> results_;           // one for each rule
  feel::Value otherwise_;
};

}  // namespace city::decisions
