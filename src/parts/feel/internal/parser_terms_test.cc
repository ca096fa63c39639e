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

TEST(Terms, ReadTypesWithTheirElements) {
  constexpr Row kRows[] = {
      {"[1] instance of list<number>", "true"},
      {"[1, \"a\"] instance of list<number>", "false"},
      {"{a: 1} instance of context<a: number>", "true"},
      {"[1..2] instance of range<number>", "true"},
      {"@\"P1D\" instance of days and time duration", "true"},
      {"null instance of Any", "false"},
      {"(function(a: number) a) instance of function<number> -> number", "true"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Terms, GiveNullForAKeyTwice) { EXPECT_EQ(Shown("{a: 1, a: 2}"), "null"); }

}  // namespace
}  // namespace city::feel
