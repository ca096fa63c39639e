// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/loaded_model.h"

#include <gtest/gtest.h>

#include "engines/decisions/errors.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Model, CallsKnowledgeThatCallsItself) {
  auto model = Load(
      R"(<businessKnowledgeModel id="f" name="factorial"><variable name="factorial"/><encapsulatedLogic>
<formalParameter name="n" typeRef="number"/><literalExpression><text>if n &lt; 2 then 1 else n * factorial(n - 1)</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel><decision id="d" name="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
<literalExpression><text>factorial(10)</text></literalExpression></decision>)");
  EXPECT_EQ(Decide(*model, "d"), "3628800");
}

TEST(Model, EndsEndlessRecursionWithALimit) {
  auto model =
      Load(R"(<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>
<formalParameter name="n"/><literalExpression><text>f(n) + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
<literalExpression><text>f(1)</text></literalExpression></decision>)");
  auto outcome = model->Decide("d", Value());
  EXPECT_TRUE(outcome->limit_exceeded);
  EXPECT_TRUE(outcome->value.IsNull());
}

TEST(Model, ServesWithItsInputDecisionsReplaced) {
  auto model = Load(
      Literal("inner", "1") +
      R"(<decision id="outer" name="outer"><variable name="outer"/><informationRequirement><requiredDecision href="#inner"/></informationRequirement>
<literalExpression><text>inner + 100</text></literalExpression></decision><decisionService id="s" name="service"><variable name="service"/><outputDecision href="#outer"/><inputDecision href="#inner"/></decisionService>)");
  EXPECT_EQ(Decide(*model, "outer"), "101");
  EXPECT_EQ(feel::ToLiteral(model->Serve("service", Inputs({{"inner", Value::Of(7)}}))->value),
            "107");
}

TEST(Model, SaysWhichDecisionsThereAre) {
  auto outcome = Load(Literal("fee", "1"))->Decide("fees", Value());
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().Is(error::kNoDecision));
  EXPECT_NE(outcome.error().ThenEn().find("fee"), std::string::npos);
}

TEST(Model, TellsWhenAnInputOrResultHasTheWrongType) {
  auto wrong = Load(FeeTable(""))->Decide("fee", Inputs({{"days late", Value::Of("three")}}));
  ASSERT_FALSE(wrong->remarks.empty());
  EXPECT_TRUE(wrong->remarks[0].Is(error::kWrongInput));
  auto result = Load(Literal("d", "\"x\"", "", "number"))->Decide("d", Value());
  ASSERT_FALSE(result->remarks.empty());
  EXPECT_TRUE(result->remarks[0].Is(error::kWrongResult));
}

TEST(Model, KnowsTheInputsOfADecision) {
  auto inputs = Load(FeeTable(""))->InputsOf("fee");
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name, "days late");
}

}  // namespace
}  // namespace city::decisions
