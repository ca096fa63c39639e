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

// Expected values by hand from DMN 1.5, 10.3.4.4.
TEST(ListFunctions, DoWhatTheTableSays) {
  constexpr Row kRows[] = {
      {"count([1, null])", "2"},
      {"count(null)", "null"},
      {"min(\"b\", \"a\")", "\"a\""},
      {"max([])", "null"},
      {"sum([1, null])", "null"},
      {"sum(@\"PT1H\", @\"PT2H\")", "@\"PT3H\""},
      {"mean(1, 2)", "1.5"},
      {"all([true, null])", "null"},
      {"any([false, true, null])", "true"},
      {"all([])", "true"},
      {"any([])", "false"},
      {"sublist([1, 2, 3], -2, 1)", "[2]"},
      {"append([1], 2, 3)", "[1, 2, 3]"},
      {"concatenate([1], [2, 3])", "[1, 2, 3]"},
      {"insert before([1, 3], 2, 2)", "[1, 2, 3]"},
      {"remove([1, 2], 3)", "null"},
      {"list replace([1, 2], 2, 9)", "[1, 9]"},
      {"list replace([1, 5], function(item, newItem) item < newItem, 3)", "[3, 5]"},
      {"reverse([1, 2])", "[2, 1]"},
      {"index of([1, 2, 1], 1)", "[1, 3]"},
      {"union([1], [1, 2])", "[1, 2]"},
      {"flatten([1, [2, [3]]])", "[1, 2, 3]"},
      {"product([2, 3])", "6"},
      {"median([1, 2, 3, 10])", "2.5"},
      {"mode([1, 2, 2, 1])", "[1, 2]"},
      {"stddev([47])", "null"},
      {"sort([3, 1], function(x, y) x < y)", "[1, 3]"},
      {"list contains([null], null)", "true"},
      {"not(1)", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(ListFunctions, SortKeepsEqualItemsInOrder) {
  EXPECT_EQ(Shown("sort([{k: 1, n: 1}, {k: 0, n: 2}, {k: 1, n: 3}], function(x, y) x.k < y.k).n"),
            "[2, 1, 3]");
}

TEST(ListFunctions, SortSurvivesAContradictoryOrder) {
  EXPECT_EQ(Shown("count(sort([3, 1, 2, 5, 4], function(x, y) true))"), "5");
}

}  // namespace
}  // namespace city::feel
