// SPDX-License-Identifier: Apache-2.0
// What is wrong with a decision table as a whole: gaps, overlaps, contradictions, dead rules.
#pragma once

#include <string>
#include <vector>

#include "engines/decisions/table_view.h"
#include "engines/decisions/trace.h"

namespace city::decisions {

struct Finding {
  enum class Kind {
    kGap,            // no rule matches the example
    kOverlap,        // two rules match the example and say the same
    kContradiction,  // two rules match the example and say different things
    kUnreachable,    // no input reaches the rule before another one takes it
    kUnchecked,      // a cell depends on more than its input: the check left its column or rule out
    kTooLarge,       // the check gave up before it had seen everything
  };
  Kind kind = Kind::kGap;
  std::vector<int> rules;  // from 1
  std::vector<std::pair<std::string, feel::Value>> example;
};

/// Findings of a table, the serious ones first. Exact for cells made of comparisons, ranges, lists
/// and values; other cells are named in a kUnchecked finding and count as matching nothing.
std::vector<Finding> CheckTable(const TableView& table);

/// A finding in one sentence.
std::string Describe(const Finding& finding, Language language);

}  // namespace city::decisions
