// SPDX-License-Identifier: Apache-2.0
// Runs a folder laid out like the DMN Technology Compatibility Kit and counts what passes.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace city::decisions {

struct TckFailure {
  std::string level;
  std::string test;  // "0068-feel-equality/0068-feel-equality-test-01.xml"
  std::string id;    // of the test case
  std::string node;  // result node
  std::string expected;
  std::string actual;
  std::string remark;
};

/// Tests are counted by test case: one passes when each of its result nodes matches.
struct TckLevel {
  std::string name;
  int total = 0;
  int passed = 0;
  int non_null_total = 0;  // cases that expect something else than null somewhere
  int non_null_passed = 0;
};

struct TckReport {
  std::vector<TckLevel> levels;
  std::vector<TckFailure> failures;
};

/// The report on a folder with `compliance-level-*/NAME/{*.dmn,*.xml}`, or on a folder of such
/// NAMEs. Errors: base.file_unreadable when there is no such folder.
Result<TckReport> RunTck(const std::string& folder);

json::value ToJson(const TckReport& report);

}  // namespace city::decisions
