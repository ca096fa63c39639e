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

// Tables 50 to 53 of DMN 1.5, 10.3.2.13.
TEST(Ops, CalculateWithTemporalValues) {
  constexpr Row kRows[] = {{"@\"2026-01-31\" + @\"P1M\"", "@\"2026-02-28\""},
                           {"@\"2026-01-31\" + @\"PT25H\"", "@\"2026-02-01\""},
                           {"@\"2026-01-02\" - @\"PT1H\"", "@\"2026-01-01\""},
                           {"@\"10:00:00\" - @\"PT11H\"", "@\"23:00:00\""},
                           {"@\"2026-03-28T12:00:00@Europe/Paris\" + @\"PT24H\"",
                            "@\"2026-03-29T13:00:00@Europe/Paris\""},
                           {"@\"2026-01-02T00:00:00Z\" - @\"2026-01-01\"", "@\"P1D\""},
                           {"@\"2026-01-02T00:00:00\" - @\"2026-01-01\"", "null"},
                           {"@\"P1Y\" / @\"P6M\"", "2"},
                           {"@\"P1D\" * 1.5", "@\"P1DT12H\""},
                           {"-@\"P1M\"", "@\"-P1M\""},
                           {"\"a\" + \"b\"", "\"ab\""},
                           {"\"a\" - \"b\"", "null"},
                           {"[1] + 1", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Ops, KnowThreeTruths) {
  constexpr Row kRows[] = {{"null = null", "true"},
                           {"1 = null", "false"},
                           {"1 = \"1\"", "null"},
                           {"1 < \"1\"", "null"},
                           {"[1, null] = [1, null]", "true"},
                           {"{a: 1} = {a: 2}", "false"},
                           {"true > false", "null"},
                           {"@\"10:00:00Z\" = @\"12:00:00+02:00\"", "true"},
                           {"@\"10:00:00\" = @\"10:00:00Z\"", "false"},
                           {"3 in (1, [2..4])", "true"},
                           {"null in [1, null]", "true"},
                           {"null in [1..2]", "null"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

TEST(Ops, ReadProperties) {
  constexpr Row kRows[] = {{"@\"2026-01-31\".weekday", "6"},
                           {"@\"10:30:00+08:00\".time offset", "@\"PT8H\""},
                           {"@\"-P1DT2H\".hours", "-2"},
                           {"[1..3).end included", "false"},
                           {"(> 3).start", "3"},
                           {"@\"P1Y2M\".months", "2"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
