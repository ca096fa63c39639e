// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/inputs.h"

#include <gtest/gtest.h>

namespace city::decisions {
namespace {

constexpr const char* kModel =
    R"(<definitions name="m" namespace="urn:m">
<inputData id="k" name="kind"><variable name="kind" typeRef="string"/></inputData>
<inputData id="w" name="when"><variable name="when" typeRef="date"/></inputData>
<decision id="base" name="base"><variable name="base"/>
<informationRequirement><requiredInput href="#w"/></informationRequirement>
<literalExpression><text>when.year</text></literalExpression></decision>
<decision id="top" name="top"><variable name="top"/>
<informationRequirement><requiredDecision href="#base"/></informationRequirement>
<informationRequirement><requiredInput href="#k"/></informationRequirement>
<decisionTable hitPolicy="FIRST"><input label="Kind of business"><inputExpression typeRef="string"><text>kind</text></inputExpression></input>
<output name="o"/>
<rule id="r1"><inputEntry><text>"shop","stall"</text></inputEntry><outputEntry><text>base</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>"shop"</text></inputEntry><outputEntry><text>0</text></outputEntry></rule>
</decisionTable></decision></definitions>)";

std::shared_ptr<const Model> Loaded() { return *Model::Load({"m", kModel}); }

TEST(Inputs, BecomeWhatTheModelDeclares) {
  auto model = Loaded();
  json::object given{{"when", "2026-03-02"}, {"kind", "shop"}, {"more", 1}};
  auto inputs = InputsFrom(*model, "top", given);
  ASSERT_TRUE(inputs);
  EXPECT_EQ(model->Decide("top", *inputs)->value.number(), feel::Number(2026));
}

TEST(Inputs, OfTheWrongTypeAreRefusedByName) {
  auto wrong = InputsFrom(*Loaded(), "top", {{"when", "tomorrow"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), "feel.bad_json");
}

TEST(Inputs, AreAskedWithTheLabelsAndConstantsOfTheTable) {
  json::array questions = QuestionsOf(*Loaded(), "top");
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[0].at("name"), "kind");
  EXPECT_EQ(questions[0].at("label"), "Kind of business");
  EXPECT_EQ(questions[0].at("options"), (json::array{"shop", "stall"}));
  EXPECT_EQ(questions[1].at("type"), "date");
}

TEST(Inputs, TheDecisionOnTopAnswersUnlessAnotherIsNamed) {
  auto model = Loaded();
  EXPECT_EQ(MainDecision(*model), "top");
  EXPECT_EQ(MainDecision(*model, "base"), "base");
  EXPECT_EQ(MainDecision(*model, "none"), "");
}

}  // namespace
}  // namespace city::decisions
