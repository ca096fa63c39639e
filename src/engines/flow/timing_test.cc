// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/timing.h"

#include <gtest/gtest.h>

namespace city::flow {
namespace {

Time At(const char* text) { return *ParseMoment(text); }

TEST(Period, ReadsIso8601) {
  EXPECT_EQ(ParsePeriod("PT1H30M")->micros, 5'400'000'000);
  EXPECT_EQ(ParsePeriod("P1Y2M")->months, 14);
  EXPECT_EQ(ParsePeriod("P2W")->micros, 14LL * 86'400'000'000);
  EXPECT_EQ(ParsePeriod("PT0.5S")->micros, 500'000);
  for (const char* wrong : {"", "P", "PT", "1H", "P1H", "PT1D", "P1M1Y", "PT1M1M", "-P1D", "PT1",
                            "P99999999999999Y", "INVALID"}) {
    EXPECT_FALSE(ParsePeriod(wrong)) << wrong;
  }
}

TEST(Moment, IsRefusedWithWordsWhenItIsNone) {
  EXPECT_EQ(ParseMoment("soon").error().code(), "flow.bad_time");
}

TEST(Period, EndsOnTheLastDayOfAShortMonth) {
  EXPECT_EQ(Add(At("2026-01-31T09:00:00+08:00"), *ParsePeriod("P1M")),
            At("2026-02-28T09:00:00+08:00"));
}

TEST(Cycle, ReadsRepetitionsAndStart) {
  EXPECT_EQ(ParseCycle("R4/PT10S")->times, 4);
  EXPECT_EQ(ParseCycle("R/PT10S")->times, -1);
  EXPECT_EQ(*ParseCycle("R2/2026-01-01T00:00:00Z/P1D")->start, At("2026-01-01T00:00:00Z"));
  for (const char* wrong : {"", "R", "R/", "R2", "X/PT1S", "R1/PT1S/PT1S/PT1S", "R/PT0S"}) {
    EXPECT_FALSE(ParseCycle(wrong)) << wrong;
  }
}

TEST(Cron, NamesTheNextMomentInChinaTime) {
  // 2026-01-01 is a Thursday.
  auto from = At("2026-01-01T08:30:00+08:00");
  EXPECT_EQ(*NextCron("0 9 * * 1-5", from), At("2026-01-01T09:00:00+08:00"));
  EXPECT_EQ(*NextCron("0 8 * * 1-5", from), At("2026-01-02T08:00:00+08:00"));
  EXPECT_EQ(*NextCron("30 0 0 1 3 *", from), At("2026-03-01T00:00:30+08:00"));
  EXPECT_EQ(*NextCron("*/15 * * * *", from), At("2026-01-01T08:45:00+08:00"));
  EXPECT_EQ(*NextCron("0 0 29 2 *", from), At("2028-02-29T00:00:00+08:00"));
  for (const char* wrong : {"", "* * *", "61 * * * *", "* * * * 9", "a b c d e", "5-1 * * * *"}) {
    EXPECT_FALSE(NextCron(wrong, from)) << wrong;
  }
}

}  // namespace
}  // namespace city::flow
