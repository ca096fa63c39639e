// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/case_clock.h"

#include <gtest/gtest.h>

namespace city::cases {
namespace {
Date D(const char* text) { return *ParseDate(text); }
WorkDays Calendar() {
  return *WorkDays::Read(
      *yaml::Load(std::string(CITY_SOURCE_DIR) + "/city/places/china/working-days.yaml"));
}

TEST(CaseClock, CountsFromTheDayAfterAcceptance) {
  // Monday 2026-03-02 + 5 working days = Monday 2026-03-09; + 20 = Monday 2026-03-30 (no holiday
  // between).
  ClockState clock = CountClock(Calendar(), {D("2026-03-02"), 20, 5, 0, {}}, D("2026-03-02"));
  EXPECT_EQ(IsoDate(clock.promised_due), "2026-03-09");
  EXPECT_EQ(IsoDate(clock.legal_due), "2026-03-30");
  EXPECT_EQ(clock.days_left, 5);
  EXPECT_EQ(clock.light, Light::kGreen);
}
TEST(CaseClock, StandsStillDuringAPause) {
  // Paused Tuesday, resumed Friday: Wednesday, Thursday and Friday do not count.
  ClockFacts facts{
      D("2026-03-02"), 20, 5, 0, {{D("2026-03-03"), D("2026-03-06"), false, "inspection"}}};
  ClockState clock = CountClock(Calendar(), facts, D("2026-03-06"));
  EXPECT_EQ(IsoDate(clock.promised_due), "2026-03-12");
  EXPECT_FALSE(clock.paused);
}
TEST(CaseClock, MovesItsDueDaysWithAnOpenPause) {
  ClockFacts facts{
      D("2026-03-02"), 20, 5, 0, {{D("2026-03-03"), D("2026-03-03"), true, "hearing"}}};
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-05")).days_left,
            CountClock(Calendar(), facts, D("2026-03-12")).days_left);
  EXPECT_TRUE(CountClock(Calendar(), facts, D("2026-03-05")).paused);
}
TEST(CaseClock, TurnsYellowThenRed) {
  ClockFacts facts{D("2026-03-02"), 20, 5, 0, {}};
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-05")).light, Light::kGreen);
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-06")).light, Light::kYellow);
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-10")).light, Light::kYellow);
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-13")).light,
            Light::kRed);  // four days over the promise
  facts.legal_days = 5;
  EXPECT_EQ(CountClock(Calendar(), facts, D("2026-03-10")).light,
            Light::kRed);  // over the legal limit
}
TEST(CaseClock, IsLongerByAnExtension) {
  ClockState clock = CountClock(Calendar(), {D("2026-03-02"), 20, 5, 10, {}}, D("2026-03-02"));
  EXPECT_EQ(IsoDate(clock.promised_due), "2026-03-23");
}
TEST(CaseClock, SaysThatAFarDayIsEstimated) {
  EXPECT_TRUE(CountClock(Calendar(), {D("2026-12-21"), 20, 20, 0, {}}, D("2026-12-21")).estimated);
}
}  // namespace
}  // namespace city::cases
