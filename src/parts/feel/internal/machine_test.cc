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

TEST(Machine, EvaluatesLogicWithNull) {
  constexpr Row kRows[] = {{"null and false", "false"},    {"null and true", "null"},
                           {"null or true", "true"},       {"1 or false", "null"},
                           {"if null then 1 else 2", "2"}, {"1 between 0 and null", "null"},
                           {"5 between 10 and 1", "false"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Machine, KeepsBorrowedValuesAlive) {
  EXPECT_EQ(Shown("{a: {b: {c: \"x\" + \"y\"}}}.a.b.c + \"z\""), "\"xyz\"");
  EXPECT_EQ(Shown("(if true then {a: \"q\" + \"r\"} else null).a"), "\"qr\"");
}

}  // namespace
}  // namespace city::feel
