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

// Expected values by hand from DMN 1.5, 10.3.4.5.
TEST(NumberFunctions, CalculateAsTheTableSays) {
  constexpr Row kRows[] = {{"decimal(2.5, 0)", "2"},
                           {"floor(-1.56, 1)", "-1.6"},
                           {"ceiling(-1.5)", "-1"},
                           {"round half down(-5.5, 0)", "-5"},
                           {"abs(-3)", "3"},
                           {"abs(@\"-P1D\")", "@\"P1D\""},
                           {"modulo(-12, 5)", "3"},
                           {"sqrt(16)", "4"},
                           {"odd(-3)", "true"},
                           {"even(2.5)", "null"},
                           {"number(\"1 000,5\", \" \", \",\")", "1000.5"},
                           {"number(\"1.5x\", \",\", \".\")", "null"},
                           {"floor(null)", "null"},
                           {"floor([1.5])", "1"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
