// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/expressions.h"

#include <gtest/gtest.h>

namespace city::flow {
namespace {

TEST(Expression, OfOtherToolsIsRewrittenAsFeel) {
  EXPECT_EQ(ToFeel("= a > 1"), "a > 1");
  EXPECT_EQ(ToFeel("${amount > 100}"), "amount > 100");
  EXPECT_EQ(ToFeel("test.contains(\"a\")"), "contains(test, \"a\")");
  EXPECT_EQ(ToFeel("${a == 'x' && !done}"), "a  =  \"x\"  and  not(done)");
  EXPECT_EQ(ToFeel("${order.state.equals(\"paid\")}"), "(order.state = \"paid\")");
  EXPECT_EQ(ToFeel("<d:literalExpression xmlns:d='urn:d'><d:text>a &lt; 1</d:text>"
                   "</d:literalExpression>"),
            "a < 1");
  bool changed = true;
  EXPECT_EQ(ToFeel("a.b = \"c.contains(d)\"", &changed), "a.b = \"c.contains(d)\"");
  EXPECT_FALSE(changed);
}

TEST(Expression, SeesTheInnermostVariable) {
  json::object outer{{"a", 1}, {"b", 2}};
  json::object inner{{"a", 10}};
  Variables v{{&inner, &outer}};
  auto e = Feel().Compile("a + b");
  ASSERT_TRUE(e);
  EXPECT_EQ((*e)->Evaluate(v, {})->as_int64(), 12);
  EXPECT_EQ(v.Flatten().at("a"), json::value(10));
}

TEST(Expression, TellsWhereItIsWrong) {
  auto e = Feel().Compile("1 + + ");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().kind(), Kind::kInvalidInput);
}

}  // namespace
}  // namespace city::flow
