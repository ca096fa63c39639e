// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/checks.h"

#include <gtest/gtest.h>

namespace city::decisions {
namespace {

struct Row {
  std::vector<std::string> tests;
  std::string output;
};

TableView Table(const std::string& policy, const std::vector<std::string>& inputs,
                const std::vector<Row>& rows) {
  TableView table;
  table.hit_policy = policy;
  for (const auto& input : inputs) table.inputs.push_back({input, input, "", nullptr});
  feel::Scope scope;
  scope.lenient = true;
  for (const Row& row : rows) {
    TableView::Rule rule;
    rule.tests = row.tests;
    rule.outputs = {row.output};
    for (const auto& test : row.tests)
      rule.compiled.push_back(*feel::Compile(test, scope, feel::Mode::kUnaryTests));
    table.rules.push_back(std::move(rule));
  }
  return table;
}

int Count(const std::vector<Finding>& findings, Finding::Kind kind) {
  int n = 0;
  for (const auto& f : findings) n += f.kind == kind ? 1 : 0;
  return n;
}

TEST(TableChecks, FindNothingWrongWithACompleteTable) {
  auto table = Table("UNIQUE", {"age"}, {{{"< 18"}, "1"}, {{"[18..65)"}, "2"}, {{">= 65"}, "3"}});
  EXPECT_TRUE(CheckTable(table).empty());
}

TEST(TableChecks, NameAnInputThatNoRuleCovers) {
  auto table = Table("UNIQUE", {"age"}, {{{"< 18"}, "1"}, {{"> 18"}, "2"}});
  auto findings = CheckTable(table);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, Finding::Kind::kGap);
  EXPECT_EQ(Describe(findings[0], Language::kEnglish), "No rule covers: age = 18");
  EXPECT_EQ(Describe(findings[0], Language::kChinese), "没有规则覆盖：age = 18");
}

TEST(TableChecks, ShowWhereTwoRulesContradict) {
  auto table = Table("UNIQUE", {"age", "local"},
                     {{{"<= 18", "-"}, "1"}, {{">= 18", "true"}, "2"}, {{"> 18", "false"}, "3"}});
  auto findings = CheckTable(table);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, Finding::Kind::kContradiction);
  EXPECT_EQ(findings[0].rules, (std::vector<int>{1, 2}));
  EXPECT_EQ(Describe(findings[0], Language::kEnglish),
            "Rules 1, 2 contradict each other, for example at age = 18, local = true");
}

TEST(TableChecks, CallEqualOutputsAnOverlapOnly) {
  auto table = Table("UNIQUE", {"age"}, {{{"<= 18"}, "1"}, {{">= 18"}, "1"}});
  EXPECT_EQ(Count(CheckTable(table), Finding::Kind::kOverlap), 1);
  EXPECT_TRUE(CheckTable(Table("ANY", {"age"}, {{{"<= 18"}, "1"}, {{">= 18"}, "1"}})).empty());
}

TEST(TableChecks, FindARuleThatEarlierOnesTakeAway) {
  auto table = Table("FIRST", {"age"}, {{{"< 10"}, "1"}, {{">= 10"}, "2"}, {{"[5..15]"}, "3"}});
  auto findings = CheckTable(table);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, Finding::Kind::kUnreachable);
  EXPECT_EQ(findings[0].rules, (std::vector<int>{3}));
}

TEST(TableChecks, FindARuleThatNothingSatisfies) {
  auto table = Table("FIRST", {"age"}, {{{"-"}, "1"}, {{"[9..3]"}, "2"}});
  EXPECT_EQ(Count(CheckTable(table), Finding::Kind::kUnreachable), 1);
}

TEST(TableChecks, LookAtTheGapsOfSeveralColumnsTogether) {
  auto table =
      Table("UNIQUE", {"kind", "days"},
            {{{"\"a\"", "<= 5"}, "1"}, {{"\"a\"", "> 5"}, "2"}, {{"not(\"a\")", "< 3"}, "3"}});
  auto findings = CheckTable(table);
  ASSERT_GE(Count(findings, Finding::Kind::kGap), 1);
  for (const auto& f : findings) {
    ASSERT_EQ(f.example.size(), 2u);
    EXPECT_FALSE(feel::Equal(f.example[0].second, feel::Value::Of("a")).IsTrue());
    EXPECT_GE(*feel::Order(f.example[1].second, feel::Value::Of(3)), 0);
  }
}

TEST(TableChecks, LeaveAllowedValuesAsTheWholeWorld) {
  auto table = Table("UNIQUE", {"state"}, {{{"\"on\""}, "1"}, {{"\"off\""}, "2"}});
  EXPECT_GE(Count(CheckTable(table), Finding::Kind::kGap), 1);
  table.inputs[0].allowed = "\"on\", \"off\"";
  EXPECT_TRUE(CheckTable(table).empty());
}

TEST(TableChecks, CountNullAsAValueWhereARuleSpeaksOfIt) {
  EXPECT_TRUE(CheckTable(Table("UNIQUE", {"age"}, {{{"<= 9"}, "1"}, {{"> 9"}, "2"}})).empty());
  EXPECT_TRUE(
      CheckTable(Table("UNIQUE", {"age"}, {{{"<= 9"}, "1"}, {{"> 9"}, "2"}, {{"null"}, "3"}}))
          .empty());
}

TEST(TableChecks, GiveOneExampleForValuesThatNoRuleTellsApart) {
  auto table = Table("UNIQUE", {"kind"}, {{{"\"a\",\"b\",\"c\""}, "1"}});
  EXPECT_EQ(Count(CheckTable(table), Finding::Kind::kGap), 1);
}

TEST(TableChecks, SayWhichCellsTheyCannotJudge) {
  auto table = Table("UNIQUE", {"name"}, {{{"string length(?) > 3"}, "1"}});
  EXPECT_EQ(Count(CheckTable(table), Finding::Kind::kUnchecked), 1);
}

}  // namespace
}  // namespace city::decisions
