// SPDX-License-Identifier: Apache-2.0
#include "base/work_days.h"

#include <gtest/gtest.h>

namespace city {
namespace {
Date D(const char* text) { return *ParseDate(text); }

/// Days off and make-up days of 2023 to 2026 as the State Council published them.
WorkDays Published() {
  return *WorkDays::Read(
      *yaml::Load(std::string(CITY_SOURCE_DIR) + "/city/places/china/working-days.yaml"));
}

TEST(WorkDays, CountsTheNthWorkingDayAfter) {
  struct {
    const char* from;
    int count;
    const char* to;
  } rows[] = {{"2023-04-26", 5, "2023-05-06"}, {"2023-09-27", 5, "2023-10-10"},
              {"2024-02-08", 1, "2024-02-09"}, {"2024-02-02", 20, "2024-03-06"},
              {"2025-01-24", 5, "2025-02-07"}, {"2025-09-26", 10, "2025-10-16"},
              {"2026-02-12", 5, "2026-02-26"}, {"2026-02-12", 20, "2026-03-18"},
              {"2026-03-02", 0, "2026-03-02"}};
  WorkDays calendar = Published();
  for (const auto& row : rows) {
    WorkDays::Day day = calendar.After(D(row.from), row.count);
    EXPECT_EQ(IsoDate(day.date), row.to);
    EXPECT_FALSE(day.estimated);
    EXPECT_EQ(calendar.Between(D(row.from), D(row.to)), row.count);
  }
}
TEST(WorkDays, AddUpToThePublishedTotals) {
  WorkDays calendar = Published();
  struct {
    const char *from, *to;
    int total;
  } rows[] = {{"2022-12-31", "2023-12-31", 249},
              {"2023-12-31", "2024-12-31", 251},
              {"2024-12-31", "2025-12-31", 248},
              {"2025-12-31", "2026-12-31", 248}};
  for (const auto& row : rows) EXPECT_EQ(calendar.Between(D(row.from), D(row.to)), row.total);
}
TEST(WorkDays, FlagsAYearThatIsNotPublished) {
  WorkDays calendar = Published();
  EXPECT_TRUE(calendar.After(D("2026-12-30"), 5).estimated);
  EXPECT_FALSE(calendar.IsPublished(D("2027-01-04")));
}
TEST(WorkDays, CountBackwardsBelowZero) {
  EXPECT_EQ(Published().Between(D("2026-03-06"), D("2026-03-02")), -4);
}
}  // namespace
}  // namespace city
