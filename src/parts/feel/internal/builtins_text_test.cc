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

// Expected values by hand from DMN 1.5, 10.3.4.3; strings count code points.
TEST(TextFunctions, CountCodePoints) {
  constexpr Row kRows[] = {{"string length(\"🐎马\")", "2"},
                           {"substring(\"🐎马车\", 2, 1)", "\"马\""},
                           {"substring(\"foobar\", -2)", "\"ar\""},
                           {"substring(\"foobar\", 0)", "null"},
                           {"upper case(\"straße\")", "\"STRASSE\""},
                           {"lower case(\"ÀB\")", "\"àb\""},
                           {"substring before(\"foobar\", \"b\")", "\"foo\""},
                           {"substring after(\"foobar\", \"x\")", "\"\""},
                           {"contains(\"茶业\", \"业\")", "true"},
                           {"starts with(\"ab\", \"b\")", "false"},
                           {"ends with(\"ab\", \"b\")", "true"},
                           {"split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]"},
                           {"string join([\"a\", null, \"c\"], \"-\")", "\"a-c\""},
                           {"replace(\"abab\", \"a(b)\", \"$1\")", "\"bb\""},
                           {"matches(\"abc\", \"B\", \"i\")", "true"},
                           {"string(1.50)", "\"1.50\""},
                           {"string(null)", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
