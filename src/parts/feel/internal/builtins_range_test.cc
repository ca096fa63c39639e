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

// Rows of DMN 1.5, table 78.
TEST(RangeFunctions, RelateIntervals) {
  constexpr Row kRows[] = {{"before([1..5), [5..10])", "true"},
                           {"before([1..5], [5..10])", "false"},
                           {"after(10, [1..5])", "true"},
                           {"meets([1..5], [5..10])", "true"},
                           {"meets([1..5), [5..10])", "false"},
                           {"met by([5..10], [1..5])", "true"},
                           {"overlaps([1..5], [5..8])", "true"},
                           {"overlaps([1..5), (5..8])", "false"},
                           {"overlaps before([1..5], [3..8])", "true"},
                           {"overlaps after([3..8], [1..5])", "true"},
                           {"finishes(10, [1..10])", "true"},
                           {"finishes(10, [1..10))", "false"},
                           {"finished by([1..10], [5..10])", "true"},
                           {"includes([1..10], 10)", "true"},
                           {"includes([1..10), 10)", "false"},
                           {"during([4..6], [1..10])", "true"},
                           {"starts(1, [1..10])", "true"},
                           {"started by([1..10], [1..5])", "true"},
                           {"coincides([1..5], [1..5])", "true"},
                           {"coincides(3, 4)", "false"},
                           {"before(1, \"a\")", "null"},
                           {"range(\"[1..3)\")", "[1..3)"},
                           {"range(\"[3..1]\")", "null"},
                           {"range(\"[abs(1)..3]\")", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
