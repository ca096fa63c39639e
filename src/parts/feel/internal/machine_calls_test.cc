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

TEST(Calls, IterateRangesListsAndDates) {
  constexpr Row kRows[] = {
      {"for i in 3..1 return i", "[3, 2, 1]"},
      {"for i in (1..4) return i", "[2, 3]"},
      {"for i in [1, 2], j in i..2 return i * j", "[1, 2, 4]"},
      {"for d in @\"2026-02-28\"..@\"2026-03-01\" return d.day", "[28, 1]"},
      {"for i in 1..4 return if i = 1 then 1 else partial[-1] * i", "[1, 2, 6, 24]"},
      {"every x in [] satisfies false", "true"},
      {"some x in [1, 2], y in [2] satisfies x = y", "true"},
      {"for i in null return i", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Calls, PassArgumentsByNameAndConvertThem) {
  constexpr Row kRows[] = {{"(function(x, y) x - y)(y: 1, x: 3)", "2"},
                           {"(function(x: number) x)([7])", "7"},
                           {"(function(x: number) x)(\"a\")", "null"},
                           {"(function(x) x)()", "null"},
                           {"(function(x: list<number>) x)(1)", "[1]"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
