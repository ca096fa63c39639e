// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace city {
namespace {
TEST(Time, ReadsAndWritesChinaTime) {
  EXPECT_EQ(IsoChina(*ParseTime("2026-01-31T08:00:00+08:00")), "2026-01-31T08:00:00+08:00");
  EXPECT_EQ(IsoChina(*ParseTime("2026-01-31T00:00:00Z")), "2026-01-31T08:00:00+08:00");
  EXPECT_EQ(IsoChina(*ParseTime("2026-01-31T08:00:00.25"), true),
            "2026-01-31T08:00:00.250000+08:00");
}
TEST(Time, TakesADateAsItsFirstMomentInChina) {
  EXPECT_EQ(*ParseTime("2026-01-31"), *ParseTime("2026-01-30T16:00:00Z"));
}
TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-29", "2026-01-31T25:00:00",
                           "2026-01-31T08:00:00+8", "2026-01-31T08:00:00.", "二〇二六年一月"})
    EXPECT_FALSE(ParseTime(text)) << text;
}
TEST(ChinaDate, ChangesAtMidnightInChina) {
  EXPECT_EQ(IsoDate(ChinaDate(*ParseTime("2026-01-30T15:59:59Z"))), "2026-01-30");
  EXPECT_EQ(IsoDate(ChinaDate(*ParseTime("2026-01-30T16:00:00Z"))), "2026-01-31");
}
TEST(ManualClock, MovesOnlyWhenMoved) {
  ManualClock clock(FromMicros(5));
  EXPECT_EQ(ToMicros(clock.Now()), 5);
  clock.Advance(std::chrono::microseconds(2));
  EXPECT_EQ(ToMicros(clock.Now()), 7);
}
TEST(ShiftedClock, RunsAheadByItsShift) {
  ShiftedClock clock;
  clock.ShiftBy(std::chrono::hours(48));
  EXPECT_GT(clock.Now(), SystemClock().Now() + std::chrono::hours(47));
}
}  // namespace
}  // namespace city
