// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/test_cases.h"

#include <cmath>

#include "engines/decisions/errors.h"
#include "engines/decisions/inputs.h"

namespace city::decisions {

Result<std::vector<TestCase>> ReadTestCases(const json::array& cases) {
  std::vector<TestCase> out;
  auto wrong = [](const std::string& name, const char* zh, const char* en) {
    return error::kBadTestCase({{"name", name}, {"reason_zh", zh}, {"reason_en", en}});
  };
  if (cases.size() > kMostTestCases) return wrong("500+", "过多", "there are too many");
  for (const json::value& each : cases) {
    std::string number = std::to_string(out.size() + 1);
    const json::object* one = each.if_object();
    if (one == nullptr) return wrong(number, "不是对象", "it is no object");
    TestCase test;
    test.name = TextAt(*one, "name");
    if (test.name.empty()) test.name = number;
    test.decision = TextAt(*one, "decision");
    const json::object* inputs = ObjectAt(*one, "inputs");
    if (inputs == nullptr) return wrong(test.name, "没有输入", "it has no inputs");
    if (!one->contains("expected")) return wrong(test.name, "没有预期结果", "it expects nothing");
    test.inputs = *inputs;
    test.expected = one->at("expected");
    out.push_back(std::move(test));
  }
  return out;
}

bool AsExpected(const json::value& actual, const json::value& expected) {
  if (actual.is_number() && expected.is_number()) {
    if (actual.is_int64() && expected.is_int64()) return actual == expected;
    double a = actual.to_number<double>(), b = expected.to_number<double>();
    return std::fabs(a - b) <= 1e-12 * std::max(std::fabs(a), std::fabs(b));
  }
  if (expected.is_object()) {
    if (!actual.is_object()) return false;
    for (const auto& [key, value] : expected.get_object()) {
      const json::value* found = actual.get_object().if_contains(key);
      if (!AsExpected(found != nullptr ? *found : json::value(), value)) return false;
    }
    return true;
  }
  if (expected.is_array()) {
    if (!actual.is_array() || actual.get_array().size() != expected.get_array().size())
      return false;
    for (size_t i = 0; i < expected.get_array().size(); ++i)
      if (!AsExpected(actual.get_array()[i], expected.get_array()[i])) return false;
    return true;
  }
  return actual == expected;
}

std::vector<TestResult> RunTestCases(const Model& model, const std::vector<TestCase>& cases,
                                     const std::string& main_decision, Time now) {
  std::vector<TestResult> out;
  for (const TestCase& test : cases) {
    TestResult result;
    result.name = test.name;
    result.decision = test.decision.empty() ? main_decision : test.decision;
    result.expected = test.expected;
    DecideOptions options;
    options.settings.now = now;
    auto inputs = InputsFrom(model, result.decision, test.inputs);
    auto outcome = inputs ? model.Decide(result.decision, *inputs, options)
                          : Result<Outcome>(tl::unexpected(inputs.error()));
    if (outcome) {
      result.actual = feel::ToJson(outcome->value);
      result.remarks = std::move(outcome->remarks);
      result.passed = !outcome->limit_exceeded && AsExpected(result.actual, test.expected);
    } else {
      result.remarks.push_back(outcome.error());
    }
    out.push_back(std::move(result));
  }
  return out;
}

json::object ToJson(const std::vector<TestResult>& results) {
  json::array rows;
  int passed = 0;
  for (const TestResult& result : results) {
    passed += result.passed ? 1 : 0;
    json::array remarks;
    for (const Error& remark : result.remarks)
      remarks.push_back(json::object{{"zh", remark.SaysZh()}, {"en", remark.SaysEn()}});
    rows.push_back(json::object{{"name", result.name},
                                {"decision", result.decision},
                                {"passed", result.passed},
                                {"expected", result.expected},
                                {"actual", result.actual},
                                {"remarks", std::move(remarks)}});
  }
  return {{"passed", passed},
          {"failed", static_cast<int>(results.size()) - passed},
          {"results", std::move(rows)}};
}

}  // namespace city::decisions
