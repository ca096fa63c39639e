// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/loader.h"

#include <gtest/gtest.h>

#include "engines/decisions/errors.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Model, RefusesDecisionsThatDependOnThemselves) {
  auto model = Model::Load(
      {"x",
       Dmn(R"(<decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement></decision>
<decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/></informationRequirement></decision>)")});
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.error().Is(error::kCycle));
}

TEST(Model, ReadsElementsByLocalNameWhateverTheVersion) {
  std::string old =
      R"(<dmn:definitions xmlns:dmn="http://www.omg.org/spec/DMN/20151101/dmn.xsd" name="old" namespace="urn:old">
<dmn:decision id="d" name="d"><dmn:variable name="d" typeRef="feel:number"/><dmn:literalExpression><dmn:text>1 + 1</dmn:text></dmn:literalExpression></dmn:decision></dmn:definitions>)";
  auto model = Model::Load({"old.dmn", old});
  ASSERT_TRUE(model);
  EXPECT_EQ(Decide(**model, "d"), "2");
}

TEST(Model, SeesImportsUnderTheirName) {
  Source base{"base.dmn", Dmn(Literal("rate", "0.5"), "urn:base")};
  Source main{
      "main.dmn",
      Dmn(R"(<import name="b" namespace="urn:base" importType="DMN"/><decision id="d" name="d"><variable name="d"/>
<informationRequirement><requiredDecision href="urn:base#rate"/></informationRequirement><literalExpression><text>b.rate * 10</text></literalExpression></decision>)")};
  auto model = Model::Load(main, std::span<const Source>(&base, 1));
  ASSERT_TRUE(model) << model.error().ToLine();
  EXPECT_EQ(Decide(**model, "d"), "5.0");
  auto alone = Model::Load(main);
  ASSERT_FALSE(alone);
  EXPECT_TRUE(alone.error().Is(error::kNoImport));
}

TEST(Model, NamesReferencesThatLeadNowhereAndForeignLanguages) {
  auto model = Load(
      Literal("d", "1", "nowhere") +
      R"(<decision id="g" name="g"><literalExpression expressionLanguage="groovy"><text>1</text></literalExpression></decision>)");
  bool reference = false, language = false;
  for (const auto& p : model->problems()) {
    reference = reference || p.error.Is(error::kBadReference);
    language = language || p.error.Is(error::kUnknownLogic);
  }
  EXPECT_TRUE(reference);
  EXPECT_TRUE(language);
}

}  // namespace
}  // namespace city::decisions
