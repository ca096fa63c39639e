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

// Expected values by hand from DMN 1.5, 10.3.4.10.
TEST(ContextFunctions, ReadAndChangeCopies) {
  constexpr Row kRows[] = {{"get value({a: {b: 1}}, [\"a\", \"b\"])", "1"},
                           {"get value({a: 1}, \"x\")", "null"},
                           {"get entries({a: 1})", "[{key: \"a\", value: 1}]"},
                           {"context([{key: \"a\", value: 1}])", "{a: 1}"},
                           {"context([{key: \"a\", value: 1}, {key: \"a\", value: 2}])", "null"},
                           {"context put({a: {b: 1}}, [\"a\", \"c\"], 2)", "{a: {b: 1, c: 2}}"},
                           {"context put({a: 1}, [\"a\", \"c\"], 2)", "null"},
                           {"context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
