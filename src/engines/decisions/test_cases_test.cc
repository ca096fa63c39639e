// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/test_cases.h"

#include <gtest/gtest.h>

namespace city::decisions {
namespace {

std::shared_ptr<const Model> Loaded() {
  return *Model::Load(
      {"m",
       R"(<definitions name="m" namespace="urn:m"><inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="d" name="d"><variable name="d"/><informationRequirement><requiredInput href="#n"/></informationRequirement>
<literalExpression><text>{twice: 2 * n, words: "x"}</text></literalExpression></decision></definitions>)"});
}

TEST(TestCases, AskOnlyForWhatTheyName) {
  auto cases = ReadTestCases(
      {json::object{{"name", "a"}, {"inputs", {{"n", 2}}}, {"expected", {{"twice", 4}}}},
       json::object{{"name", "b"}, {"inputs", {{"n", 2}}}, {"expected", {{"twice", 5}}}},
       json::object{{"inputs", {{"n", "x"}}}, {"expected", nullptr}}});
  ASSERT_TRUE(cases);
  auto results = RunTestCases(*Loaded(), *cases, "d", Time{});
  EXPECT_TRUE(results[0].passed);
  EXPECT_FALSE(results[1].passed);
  EXPECT_FALSE(results[2].passed) << "an input of the wrong type is no answer";
  json::object report = ToJson(results);
  EXPECT_EQ(report.at("passed"), 1);
  EXPECT_EQ(report.at("failed"), 2);
  EXPECT_EQ(report.at("results").at(2).at("name"), "3");
}

TEST(TestCases, WithoutInputsOrExpectationAreRefused) {
  EXPECT_FALSE(ReadTestCases({json::object{{"name", "a"}, {"expected", 1}}}));
  EXPECT_FALSE(ReadTestCases({json::object{{"name", "a"}, {"inputs", json::object{}}}}));
  EXPECT_FALSE(ReadTestCases({1}));
  json::array many(kMostTestCases + 1);
  EXPECT_FALSE(ReadTestCases(many));
}

TEST(TestCases, CompareNumbersByValueAndListsInOrder) {
  EXPECT_TRUE(AsExpected(1, 1.0));
  EXPECT_FALSE(AsExpected(1, "1"));
  EXPECT_TRUE(AsExpected(json::array{1, 2}, json::array{1, 2}));
  EXPECT_FALSE(AsExpected(json::array{2, 1}, json::array{1, 2}));
  EXPECT_TRUE(AsExpected(json::object{{"a", 1}, {"b", 2}}, json::object{{"a", 1}}));
  EXPECT_FALSE(AsExpected(json::object{{"b", 2}}, json::object{{"a", 1}}));
  EXPECT_FALSE(AsExpected(nullptr, false));
}

}  // namespace
}  // namespace city::decisions
