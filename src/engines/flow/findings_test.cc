// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/findings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::Flow;
using testing::Model;

std::vector<std::string> Rules(const std::string& xml) {
  auto document = Document::Load(xml);
  EXPECT_TRUE(document);
  std::vector<std::string> out;
  for (const auto& f : Lint(**document)) out.push_back(f.element + " " + f.rule->id);
  return out;
}

bool Has(const std::vector<std::string>& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

const std::string kStart = "<bpmn:startEvent id=\"s\"/>";
const std::string kEnd = "<bpmn:endEvent id=\"e\"/>";

TEST(Lint, HasNothingToSayAboutAGoodModel) {
  EXPECT_TRUE(
      Rules(Model(kStart + "<bpmn:userTask id=\"a\"/>" + kEnd + Flow("s", "a") + Flow("a", "e")))
          .empty());
}

TEST(Lint, NamesElementAndRule) {
  EXPECT_TRUE(Has(Rules(Model(kStart + "<bpmn:task id=\"a\"/>" + kEnd + Flow("s", "a") +
                              Flow("a", "s") + Flow("a", "e"))),
                  "s bpmn.start-event-incoming"));
  EXPECT_TRUE(Has(Rules(Model(kStart + kEnd + Flow("s", "nobody") + Flow("s", "e"))),
                  "s-nobody bpmn.reference-missing"));
  EXPECT_TRUE(Has(Rules(Model(kStart + kStart + kEnd + Flow("s", "e"))), "s bpmn.id-unique"));
}

TEST(Lint, KnowsWhereEachTriggerMayStand) {
  auto end = [](const std::string& kind) {
    return Model(kStart + "<bpmn:endEvent id=\"x\"><bpmn:" + kind +
                 "EventDefinition/></bpmn:endEvent>" + Flow("s", "x"));
  };
  EXPECT_TRUE(Has(Rules(end("timer")), "x bpmn.end-event-kind"));
  EXPECT_TRUE(Has(Rules(end("cancel")), "x bpmn.cancel-end-place"));
  EXPECT_FALSE(Has(Rules(end("terminate")), "x bpmn.end-event-kind"));
}

TEST(Lint, EveryRuleHasAClauseAndWordsInTwoLanguages) {
  std::set<std::string> ids;
  for (const auto* rule : AllRules()) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    for (const char* text :
         {rule->clause, rule->says_en, rule->says_zh, rule->then_en, rule->then_zh}) {
      EXPECT_NE(*text, '\0') << rule->id;
    }
  }
}

TEST(Finding, ReadsAsOneLine) {
  auto document = Document::Load(Model(kStart));
  auto findings = Lint(**document);
  ASSERT_FALSE(findings.empty());
  auto line = findings.front().ToLine("x.bpmn");
  EXPECT_NE(line.find("x.bpmn:"), line.npos);
  EXPECT_NE(line.find("warning: "), line.npos);
  EXPECT_NE(line.find(findings.front().rule->id), line.npos);
}

}  // namespace
}  // namespace city::flow
