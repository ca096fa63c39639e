// SPDX-License-Identifier: Apache-2.0
// Test cases kept with a decision model: inputs, what should come out, and whether it does.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engines/decisions/model.h"

namespace city::decisions {

/// One case: {name, decision?, inputs, expected, note?}. An expected object names only what is
/// asked of the result; what it does not name may be anything.
struct TestCase {
  std::string name;
  std::string decision;  ///< empty: the model's main decision
  json::object inputs;
  json::value expected;
};

struct TestResult {
  std::string name;
  std::string decision;
  bool passed = false;
  json::value expected;
  json::value actual;
  std::vector<Error> remarks;
};

inline constexpr size_t kMostTestCases = 500;

/// Cases from a JSON array. Errors: decisions.bad_test_case naming the case.
Result<std::vector<TestCase>> ReadTestCases(const json::array& cases);

/// Runs each case. `main_decision` answers for cases that name none; `now` is the time of now() and
/// today().
std::vector<TestResult> RunTestCases(const Model& model, const std::vector<TestCase>& cases,
                                     const std::string& main_decision, Time now);

/// {passed, failed, results: [{name, decision, passed, expected, actual, remarks}]}
json::object ToJson(const std::vector<TestResult>& results);

/// Whether a result is as expected: numbers by value, objects by the members that are asked for.
bool AsExpected(const json::value& actual, const json::value& expected);

}  // namespace city::decisions
