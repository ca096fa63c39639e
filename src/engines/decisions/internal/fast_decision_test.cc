// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/fast_decision.h"

#include <gtest/gtest.h>

#include "engines/decisions/model.h"

namespace city::decisions {
namespace {

using feel::Value;

std::shared_ptr<const Model> With(const std::string& policy, const std::string& rules) {
  return *Model::Load(
      {"m",
       R"(<definitions name="m" namespace="urn:m"><inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="d" name="d"><variable name="d"/><informationRequirement><requiredInput href="#n"/></informationRequirement>
<decisionTable hitPolicy=")" +
           policy +
           R"("><input><inputExpression><text>n</text></inputExpression></input><output name="o" typeRef="string"/>)" +
           rules + "</decisionTable></decision></definitions>"});
}
std::string Rule(const std::string& test, const std::string& output) {
  return "<rule><inputEntry><text>" + test + "</text></inputEntry><outputEntry><text>" + output +
         "</text></outputEntry></rule>";
}
Value In(Value n) {
  feel::ContextBuilder builder;
  builder.Add("n", std::move(n));
  return builder.Build();
}

TEST(FastDecision, SaysWhichRulesClashAsTheGeneralWayDoes) {
  auto model = With("UNIQUE", Rule("&lt;= 5", "\"a\"") + Rule("&gt;= 5", "\"b\""));
  EXPECT_EQ(model->Decide("d", In(Value::Of(4)))->value.text(), "a");
  auto clash = model->Decide("d", In(Value::Of(5)));
  EXPECT_TRUE(clash->value.IsNull());
  ASSERT_EQ(clash->remarks.size(), 1u);
  EXPECT_EQ(clash->remarks[0].code(), "decisions.several_rules");
}

TEST(FastDecision, LeavesValuesOfTheWrongTypeToTheGeneralWay) {
  auto model = With("FIRST", Rule("&lt;= 5", "\"a\"") + Rule("-", "\"b\""));
  auto wrong = model->Decide("d", In(Value::Of("x")));
  EXPECT_EQ(wrong->value.text(), "b");
  ASSERT_EQ(wrong->remarks.size(), 1u);
  EXPECT_EQ(wrong->remarks[0].code(), "decisions.wrong_input");
  EXPECT_EQ(model->Decide("d", In(Value()))->value.text(), "b");
  EXPECT_EQ(model->Decide("d", Value())->value.text(), "b");
}

TEST(FastDecision, CalculatesResultsThatAreNotConstant) {
  auto model = With("FIRST", Rule("&lt;= 5", "string(n + 1)") + Rule("-", "\"b\""));
  EXPECT_EQ(model->Decide("d", In(Value::Of(4)))->value.text(), "5");
  EXPECT_EQ(model->Decide("d", In(Value::Of(9)))->value.text(), "b");
}

}  // namespace
}  // namespace city::decisions
