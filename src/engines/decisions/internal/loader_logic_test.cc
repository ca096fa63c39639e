// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/loader.h"

#include <gtest/gtest.h>

#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

std::string Boxed(const std::string& xml) {
  return "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>" + xml + "</decision>";
}
std::string Text(const std::string& text) {
  return "<literalExpression><text>" + text + "</text></literalExpression>";
}

TEST(BoxedExpressions, AreReadInEveryForm) {
  auto value = [](const std::string& xml) { return Decide(*Load(Boxed(xml)), "d"); };
  EXPECT_EQ(value("<list>" + Text("1") + Text("\"a\"") + "</list>"), "[1, \"a\"]");
  EXPECT_EQ(value("<relation><column name=\"x\"/><column name=\"y\"/><row>" + Text("1") +
                  Text("2") + "</row></relation>"),
            "[{x: 1, y: 2}]");
  EXPECT_EQ(value("<context><contextEntry><variable name=\"a b\"/>" + Text("2") +
                  "</contextEntry><contextEntry>" + Text("a b * 3") + "</contextEntry></context>"),
            "6");
  EXPECT_EQ(value("<conditional><if>" + Text("false") + "</if><then>" + Text("1") +
                  "</then><else>" + Text("2") + "</else></conditional>"),
            "2");
  EXPECT_EQ(value("<for iteratorVariable=\"i\"><in>" + Text("1..3") + "</in><return>" +
                  Text("i * i") + "</return></for>"),
            "[1, 4, 9]");
  EXPECT_EQ(value("<filter><in>" + Text("[{a: 1}, {a: 2}]") + "</in><match>" + Text("a = 2") +
                  "</match></filter>"),
            "[{a: 2}]");
  EXPECT_EQ(value("<some iteratorVariable=\"i\"><in>" + Text("[1, 2]") + "</in><satisfies>" +
                  Text("i = 2") + "</satisfies></some>"),
            "true");
  EXPECT_EQ(value("<every iteratorVariable=\"i\"><in>" + Text("[1, 2]") + "</in><satisfies>" +
                  Text("i = 2") + "</satisfies></every>"),
            "false");
}

TEST(BoxedExpressions, CallFunctionsWithBindings) {
  auto model =
      Load(Boxed("<context><contextEntry><variable "
                 "name=\"f\"/><functionDefinition><formalParameter name=\"x\"/>" +
                 Text("x + 1") + "</functionDefinition></contextEntry><contextEntry><invocation>" +
                 Text("f") + "<binding><parameter name=\"x\"/>" + Text("4") +
                 "</binding></invocation></contextEntry></context>"));
  EXPECT_EQ(Decide(*model, "d"), "5");
}

TEST(BoxedExpressions, LetEntriesCallThemselves) {
  std::string fact = "if n &lt; 2 then 1 else n * fact(n - 1)";
  auto model =
      Load(Boxed("<context><contextEntry><variable name=\"fact\"/>" + Text("function(n) " + fact) +
                 "</contextEntry><contextEntry>" + Text("fact(5)") + "</contextEntry></context>"));
  EXPECT_EQ(Decide(*model, "d"), "120");
  model =
      Load(Boxed("<context><contextEntry><variable "
                 "name=\"fact\"/><functionDefinition><formalParameter name=\"n\"/>" +
                 Text(fact) + "</functionDefinition></contextEntry><contextEntry>" +
                 Text("fact(5)") + "</contextEntry></context>"));
  EXPECT_EQ(Decide(*model, "d"), "120");
}

}  // namespace
}  // namespace city::decisions
