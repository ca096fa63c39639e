// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/model.h"

#include <gtest/gtest.h>

#include "engines/decisions/errors.h"
#include "engines/decisions/table_view.h"

namespace city::decisions {
namespace {

using feel::Value;

std::string Dmn(const std::string& body, const std::string& name_space = "urn:test") {
  return R"(<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="test" namespace=")" +
         name_space + "\">" + body + "</definitions>";
}

std::string Literal(const std::string& name, const std::string& text, const std::string& needs = "",
                    const std::string& type = "") {
  std::string requirements;
  if (!needs.empty())
    requirements =
        "<informationRequirement><requiredInput href=\"#" + needs + "\"/></informationRequirement>";
  return "<decision id=\"" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" +
         (type.empty() ? "" : " typeRef=\"" + type + "\"") + "/>" + requirements +
         "<literalExpression><text><![CDATA[" + text + "]]></text></literalExpression></decision>";
}

std::shared_ptr<const Model> Load(const std::string& body) {
  auto model = Model::Load({"test.dmn", Dmn(body)});
  EXPECT_TRUE(model) << (model ? "" : model.error().ToLine());
  return model ? *model : nullptr;
}

std::string Decide(const Model& model, const std::string& decision, const Value& inputs = Value()) {
  auto outcome = model.Decide(decision, inputs);
  return outcome ? feel::ToLiteral(outcome->value) : outcome.error().ToLine();
}

Value Inputs(std::initializer_list<std::pair<const char*, Value>> pairs) {
  feel::ContextBuilder builder;
  for (const auto& [name, value] : pairs) builder.Add(name, value);
  return builder.Build();
}

std::string FeeTable(const std::string& policy, const std::string& more = "") {
  return R"(<inputData id="days" name="days late"><variable name="days late" typeRef="number"/></inputData>
<decision id="fee" name="fee"><variable name="fee"/>
<informationRequirement><requiredInput href="#days"/></informationRequirement>
<decisionTable )" +
         policy +
         R"(><input label="Days"><inputExpression><text>days late</text></inputExpression></input>
<output name="fee"><outputValues><text>30, 20, 10, 0</text></outputValues>)" +
         more + R"(</output><annotation name="basis"/>
<rule><inputEntry><text>&lt;= 0</text></inputEntry><outputEntry><text>0</text></outputEntry><annotationEntry><text>Art. 1</text></annotationEntry></rule>
<rule><inputEntry><text>[1..10]</text></inputEntry><outputEntry><text>10</text></outputEntry><annotationEntry><text>Art. 2</text></annotationEntry></rule>
<rule><inputEntry><text>&gt;= 5</text></inputEntry><outputEntry><text>20</text></outputEntry><annotationEntry><text>Art. 3</text></annotationEntry></rule>
<rule><inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>30</text></outputEntry></rule>
</decisionTable></decision>)";
}

std::string Fee(const std::string& policy, int days, const std::string& more = "") {
  return Decide(*Load(FeeTable(policy, more)), "fee", Inputs({{"days late", Value::Of(days)}}));
}

// Hit policies: DMN 1.5, 8.2.8; expected values by hand.
TEST(DecisionTable, UniqueTakesTheOneRuleAndRefusesTwo) {
  EXPECT_EQ(Fee("hitPolicy=\"UNIQUE\"", 3), "10");
  EXPECT_EQ(Fee("hitPolicy=\"UNIQUE\"", 7), "null");
}
TEST(DecisionTable, SaysWhichRulesBrokeUniqueness) {
  auto outcome = Load(FeeTable(""))->Decide("fee", Inputs({{"days late", Value::Of(7)}}));
  ASSERT_EQ(outcome->remarks.size(), 1u);
  EXPECT_TRUE(outcome->remarks[0].Is(error::kSeveralRules));
  EXPECT_NE(outcome->remarks[0].SaysEn().find("2, 3"), std::string::npos);
}
TEST(DecisionTable, FirstTakesTheFirst) { EXPECT_EQ(Fee("hitPolicy=\"FIRST\"", 7), "10"); }
TEST(DecisionTable, PriorityFollowsTheOutputValues) {
  EXPECT_EQ(Fee("hitPolicy=\"PRIORITY\"", 7), "20");
}
TEST(DecisionTable, AnyWantsEqualOutputs) { EXPECT_EQ(Fee("hitPolicy=\"ANY\"", 7), "null"); }
TEST(DecisionTable, RuleOrderListsHitsAsWritten) {
  EXPECT_EQ(Fee("hitPolicy=\"RULE ORDER\"", 101), "[20, 30]");
}
TEST(DecisionTable, OutputOrderListsHitsByPriority) {
  EXPECT_EQ(Fee("hitPolicy=\"OUTPUT ORDER\"", 101), "[30, 20]");
}
TEST(DecisionTable, CollectAggregates) {
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\"", 101), "[20, 30]");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", 101), "50");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", 101), "20");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", 101), "30");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", 101), "2");
}
TEST(DecisionTable, TakesTheDefaultWhenNothingMatches) {
  auto model = Load(
      FeeTable("hitPolicy=\"FIRST\"", "<defaultOutputEntry><text>-1</text></defaultOutputEntry>"));
  EXPECT_EQ(Decide(*model, "fee"), "-1");
}

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

TEST(Model, RefusesDecisionsThatDependOnThemselves) {
  auto model = Model::Load(
      {"x",
       Dmn(R"(<decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement></decision>
<decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/></informationRequirement></decision>)")});
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.error().Is(error::kCycle));
}

TEST(Model, BringsResultsToTheirTypes) {
  std::string types =
      R"(<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>)";
  EXPECT_EQ(Decide(*Load(types + Literal("d", "[\"a\"]", "", "tGrade")), "d"), "\"a\"");
  EXPECT_EQ(Decide(*Load(types + Literal("d", "\"c\"", "", "tGrade")), "d"), "null");
  EXPECT_EQ(Decide(*Load(Literal("d", "@\"2026-01-31\"", "", "dateTime")), "d"),
            "@\"2026-01-31T00:00:00Z\"");
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

TEST(Model, ServesWithItsInputDecisionsReplaced) {
  auto model = Load(
      Literal("inner", "1") +
      R"(<decision id="outer" name="outer"><variable name="outer"/><informationRequirement><requiredDecision href="#inner"/></informationRequirement>
<literalExpression><text>inner + 100</text></literalExpression></decision><decisionService id="s" name="service"><variable name="service"/><outputDecision href="#outer"/><inputDecision href="#inner"/></decisionService>)");
  EXPECT_EQ(Decide(*model, "outer"), "101");
  EXPECT_EQ(feel::ToLiteral(model->Serve("service", Inputs({{"inner", Value::Of(7)}}))->value),
            "107");
}

TEST(Model, ListsWhatIsWrongAndDecidesTheRest) {
  auto model =
      Load(Literal("bad", "1 +") + Literal("good", "2") + Literal("odd", "3", "", "tNowhere"));
  ASSERT_EQ(model->problems().size(), 2u);
  EXPECT_TRUE(model->problems()[1].error.Is(error::kBadExpression) ||
              model->problems()[0].error.Is(error::kBadExpression));
  EXPECT_TRUE(model->problems()[1].error.Is(error::kUnknownType) ||
              model->problems()[0].error.Is(error::kUnknownType));
  EXPECT_EQ(Decide(*model, "good"), "2");
  EXPECT_EQ(Decide(*model, "bad"), "null");
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

TEST(Model, RefusesWhatIsNoDmn) {
  auto model = Model::Load({"x", "<html/>"});
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.error().Is(error::kNotDmn));
}

TEST(Model, KnowsTheInputsOfADecision) {
  auto inputs = Load(FeeTable(""))->InputsOf("fee");
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0].name, "days late");
}

TEST(Trace, ExplainsRulesAndLegalBasis) {
  auto model = Load(FeeTable("hitPolicy=\"FIRST\""));
  DecideOptions options;
  options.trace = true;
  auto outcome = model->Decide("fee", Inputs({{"days late", Value::Of(3)}}), options);
  ASSERT_TRUE(outcome->trace);
  std::string zh = Explain(*outcome->trace, Language::kChinese);
  EXPECT_NE(zh.find("规则 2 命中，fee = 10"), std::string::npos) << zh;
  EXPECT_NE(zh.find("规则 1 未命中：Days 为 3，要求 <= 0"), std::string::npos) << zh;
  EXPECT_NE(zh.find("basis: Art. 2"), std::string::npos) << zh;
  std::string en = Explain(*outcome->trace, Language::kEnglish);
  EXPECT_NE(en.find("rule 1 does not match: Days is 3, wanted <= 0"), std::string::npos) << en;
  json::value stored = ToJson(*outcome->trace);
  EXPECT_EQ(stored.at("version"), json::value(model->version()));
  EXPECT_EQ(stored.at("decisions").at(0).at("tables").at(0).at("rules").at(1).at("matched"),
            json::value(true));
}

}  // namespace
}  // namespace city::decisions
