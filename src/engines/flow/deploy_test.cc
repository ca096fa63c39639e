// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/definition.h"
#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::Flow;
using testing::Model;
using testing::Refusals;
using Names = std::vector<std::string>;

std::string With(const std::string& node, const std::string& outside = {}) {
  return Model("<bpmn:startEvent id=\"s\"/>" + node + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "x") +
                   Flow("x", "e"),
               outside);
}

TEST(Deployment, RefusesByARuleWithAName) {
  EXPECT_EQ(Refusals(With("<bpmn:scriptTask id=\"x\"/>")), Names{"x deploy.script"});
  EXPECT_EQ(Refusals(With("<bpmn:intermediateCatchEvent id=\"x\"><bpmn:timerEventDefinition>"
                          "<bpmn:timeDuration>soon</bpmn:timeDuration></bpmn:timerEventDefinition>"
                          "</bpmn:intermediateCatchEvent>")),
            Names{"x deploy.time"});
  EXPECT_EQ(Refusals(With("<bpmn:task id=\"x\" startQuantity=\"0\"/>")),
            Names{"x bpmn.quantity-below-one"});
  EXPECT_EQ(Refusals(With("<bpmn:businessRuleTask id=\"x\"><bpmn:extensionElements>"
                          "<zeebe:script expression=\"=1\"/></bpmn:extensionElements>"
                          "<bpmn:standardLoopCharacteristics/></bpmn:businessRuleTask>")),
            Names{"x deploy.unsupported"});
  EXPECT_EQ(Refusals("<x/>"), Names{"flow.not_bpmn"});
}

TEST(Deployment, RefusesAnExpressionThatDoesNotCompile) {
  EXPECT_EQ(Refusals(Model("<bpmn:startEvent id=\"s\"/><bpmn:exclusiveGateway id=\"x\"/>"
                           "<bpmn:endEvent id=\"e\"/><bpmn:endEvent id=\"e2\"/>" +
                           Flow("s", "x") + Flow("x", "e", "1 +") + Flow("x", "e2"))),
            Names{"x-e deploy.expression"});
}

TEST(Deployment, WarnsAboutAFileWithNothingToRun) {
  auto xml = With("<bpmn:task id=\"x\"/>");
  xml.replace(xml.find("isExecutable=\"true\""), 19, "isExecutable=\"false\"");
  auto definition = testing::DeployModel(xml);
  ASSERT_EQ(definition->warnings.size(), 1U);
  EXPECT_STREQ(definition->warnings[0].rule->id, "deploy.nothing-executable");
  Engine engine;
  Effects effects;
  EXPECT_EQ(engine.Start(*definition, {}, {}, effects).error().code(), "flow.no_such_process");
}

TEST(Deployment, ChecksFormsAndDecisions) {
  auto document = Document::Load(
      With("<bpmn:userTask id=\"x\"><bpmn:extensionElements><zeebe:formDefinition formId=\"f\"/>"
           "</bpmn:extensionElements></bpmn:userTask>"));
  DeployOptions options;
  options.form_exists = [](std::string_view id) { return id != "f"; };
  auto refused = Deploy(**document, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "flow.not_deployable");
  EXPECT_EQ(refused.error().details[0].keyword, "deploy.form");
  options.form_exists = [](std::string_view) { return true; };
  EXPECT_TRUE(Deploy(**document, options));
}

TEST(Deployment, BindsAProcessOfAnotherFile) {
  auto other =
      Document::Load(Model("<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"inner\"/>"
                           "<bpmn:endEvent id=\"e\"/>" +
                               Flow("s", "inner") + Flow("inner", "e"),
                           {}, "q"));
  auto document = Document::Load(With("<bpmn:callActivity id=\"x\" calledElement=\"q\"/>"));
  DeployOptions options;
  options.called = [&](std::string_view id) { return id == "q" ? other->get() : nullptr; };
  auto definition = Deploy(**document, options);
  ASSERT_TRUE(definition) << definition.error().ToLine();
  testing::World w(*definition);
  w.Start();
  EXPECT_EQ(w.Tasks(), Names{"inner"});
}

TEST(Deployment, RefusesACallThatLeadsNowhere) {
  auto document = Document::Load(With("<bpmn:callActivity id=\"x\" calledElement=\"q\"/>"));
  DeployOptions options;
  options.called = [](std::string_view) -> const Document* { return nullptr; };
  auto refused = Deploy(**document, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details[0].keyword, "deploy.called-process");
  // Where nobody can be asked it is a warning, and an incident when a token comes there.
  auto definition = Deploy(**document);
  ASSERT_TRUE(definition);
  testing::World w(*definition);
  w.Start();
  EXPECT_EQ(w.Rows(RowKind::kIncident).size(), 1U);
}

TEST(Deployment, AllowsAProcessThatCallsItself) {
  testing::World w(testing::DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:exclusiveGateway id=\"g\" default=\"g-e\"/>"
            "<bpmn:scriptTask id=\"dec\"><bpmn:extensionElements><zeebe:script "
            "expression=\"=n - 1\" resultVariable=\"n\"/></bpmn:extensionElements>"
            "</bpmn:scriptTask><bpmn:callActivity id=\"c\" calledElement=\"p\"/>"
            "<bpmn:endEvent id=\"e\"/>" +
            Flow("s", "g") + Flow("g", "dec", "n > 0") + Flow("g", "e") + Flow("dec", "c") +
            Flow("c", "e"))));
  w.Start({{"n", 3}});
  EXPECT_TRUE(w.Ended());
  testing::World deep(w.definition);
  deep.Start({{"n", 1000}});
  EXPECT_EQ(deep.Rows(RowKind::kIncident).size(), 1U);
}

}  // namespace
}  // namespace city::flow
