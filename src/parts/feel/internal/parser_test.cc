// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "parts/feel/feel.h"

namespace city::feel {
namespace {

std::string Shown(std::string_view text) {
  Scope scope;
  scope.lenient = true;
  auto expression = Compile(text, scope);
  if (!expression) return "refused: " + expression.error().SaysEn();
  return ToLiteral(Evaluate(*expression, Value()));
}

struct Row {
  const char* text;
  const char* expected;
};

TEST(Parser, BindsOperatorsAsTheGrammarDoes) {
  constexpr Row kRows[] = {{"-3 ** 2", "9"},
                           {"2 ** 3 ** 2", "64"},
                           {"1 + 2 * 3", "7"},
                           {"10 - 2 - 3", "5"},
                           {"1 + 1 = 2 and not(false)", "true"},
                           {"--1", "1"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Parser, ReadsRangesInEveryForm) {
  constexpr Row kRows[] = {{"]1..3[ = (1..3)", "true"},    {"[1..3[ = [1..3)", "true"},
                           {"2 in ]1..3]", "true"},        {"(<= 3)", "(<= 3)"},
                           {"5 in (> 3, < 1)", "true"},    {"[[1..3[, [2..4]]", "[[1..3), [2..4]]"},
                           {"1 in [0..[1, 2][1]]", "true"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Parser, SkipsComments) { EXPECT_EQ(Shown("1 /* one */ + // two\n 1"), "2"); }

TEST(Parser, RefusesHalfExpressions) {
  for (const char* text :
       {"", "1 +", "(1", "[1,", "{a 1}", "{a: }", "if 1 then 2", "for x in", "some x satisfies 1",
        "f(", "\"abc", "1 2", "a.", "x instance of", "function(", "[1..2", "@5", "/* open"})
    EXPECT_EQ(Shown(text).substr(0, 8), "refused:") << text;
}

}  // namespace
}  // namespace city::feel
