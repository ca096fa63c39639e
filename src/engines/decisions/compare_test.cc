// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/compare.h"

#include <gtest/gtest.h>

namespace city::decisions {
namespace {

std::shared_ptr<const Model> With(const std::string& rules, const std::string& policy = "UNIQUE",
                                  const std::string& more = "") {
  return *Model::Load(
      {"m",
       "<definitions name=\"m\" namespace=\"urn:m\">" + more +
           R"(<decision id="d" name="d"><variable name="d"/><decisionTable hitPolicy=")" + policy +
           R"("><input label="age"><inputExpression><text>1</text></inputExpression></input><output name="o"/>)" +
           rules + "</decisionTable></decision></definitions>"});
}
std::string Rule(const std::string& id, const std::string& test, const std::string& output) {
  return "<rule id=\"" + id + "\"><inputEntry><text>" + test +
         "</text></inputEntry><outputEntry><text>" + output + "</text></outputEntry></rule>";
}

TEST(Compare, NamesTheCellThatChanged) {
  json::object got = Compare(*With(Rule("a", "[1..5]", "1") + Rule("b", "6", "2")),
                             *With(Rule("a", "[1..4]", "1") + Rule("b", "6", "2")));
  EXPECT_EQ(got.at("same"), false);
  const json::value& rules = got.at("tables").at(0).at("rules");
  EXPECT_EQ(rules.at(0).at("change"), "changed");
  EXPECT_EQ(rules.at(0).at("cells").at(0).at("column"), "age");
  EXPECT_EQ(rules.at(0).at("cells").at(0).at("before"), "[1..5]");
  EXPECT_EQ(rules.at(0).at("cells").at(0).at("after"), "[1..4]");
  EXPECT_EQ(rules.at(1).at("change"), "same");
}

TEST(Compare, TellsAddedAndRemovedAndMovedRules) {
  json::object got =
      Compare(*With(Rule("a", "1", "1") + Rule("b", "2", "2") + Rule("c", "3", "3")),
              *With(Rule("c", "3", "3") + Rule("a", "1", "1") + Rule("e", "5", "5"), "FIRST"));
  const json::value& table = got.at("tables").at(0);
  EXPECT_EQ(table.at("hit_policy").at("after"), "FIRST");
  EXPECT_EQ(table.at("rules").at(0).at("change"), "same");
  EXPECT_EQ(table.at("rules").at(1).at("moved"), true);
  EXPECT_EQ(table.at("rules").at(2).at("change"), "added");
  EXPECT_EQ(table.at("rules").at(3).at("change"), "removed");
  EXPECT_EQ(table.at("rules").at(3).at("before"), 2);
}

TEST(Compare, FindsRulesByTheirTextWhenAModellerGaveNewIds) {
  json::object got = Compare(*With(Rule("a", "1", "1")), *With(Rule("z", "1", "1")));
  EXPECT_EQ(got.at("same"), true);
}

TEST(Compare, SeesExpressionsOutsideTables) {
  auto literal = [](const std::string& text) {
    return "<decision id=\"e\" name=\"e\"><variable name=\"e\"/><literalExpression><text>" + text +
           "</text></literalExpression></decision>";
  };
  json::object got = Compare(*With(Rule("a", "1", "1"), "UNIQUE", literal("1 + 1")),
                             *With(Rule("a", "1", "1"), "UNIQUE", literal("1 + 2")));
  EXPECT_EQ(got.at("same"), false);
  EXPECT_EQ(got.at("elements").at(0).at("before"), "1 + 1");
  EXPECT_EQ(got.at("elements").at(0).at("after"), "1 + 2");
}

}  // namespace
}  // namespace city::decisions
