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

TEST(Builtins, TakeArgumentsByNameInAnyOrder) {
  EXPECT_EQ(Shown("substring(start position: 2, string: \"abc\")"), "\"bc\"");
  EXPECT_EQ(Shown("substring(strin: \"abc\", start position: 2)"), "null");
}

TEST(Builtins, UnwrapAListOfOneAndWrapAValue) {
  EXPECT_EQ(Shown("upper case([\"a\"])"), "\"A\"");
  EXPECT_EQ(Shown("count(5)"), "1");
  EXPECT_EQ(Shown("upper case([\"a\", \"b\"])"), "null");
}

TEST(Builtins, AreValuesToo) {
  EXPECT_EQ(Shown("for f in [floor, ceiling] return f(1.5)"), "[1, 2]");
}

}  // namespace
}  // namespace city::feel
