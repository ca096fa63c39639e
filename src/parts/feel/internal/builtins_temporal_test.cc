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

// Expected values by hand from DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.9.
TEST(TemporalFunctions, MakeAndReadTemporalValues) {
  constexpr Row kRows[] = {
      {"date(2026, 1, 31)", "@\"2026-01-31\""},
      {"date(2026, 2, 30)", "null"},
      {"time(10, 30, 1.5, @\"PT8H\")", "@\"10:30:01.5+08:00\""},
      {"time(25, 0, 0)", "null"},
      {"date and time(@\"2026-01-31\", @\"10:00:00Z\")", "@\"2026-01-31T10:00:00Z\""},
      {"duration(\"P1Y1D\")", "null"},
      {"years and months duration(@\"2016-01-01\", @\"2017-02-28\")", "@\"P1Y1M\""},
      {"day of year(@\"2020-12-31\")", "366"},
      {"day of week(@\"2026-01-31\")", "\"Saturday\""},
      {"month of year(@\"2026-01-31\")", "\"January\""},
      {"week of year(@\"2010-01-01\")", "53"},
      {"is(@\"10:00:00Z\", @\"10:00:00@Etc/UTC\")", "false"},
      {"is(null, null)", "true"}};
  for (const Row& row : kRows) EXPECT_EQ(Shown(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace city::feel
