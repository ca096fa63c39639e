// SPDX-License-Identifier: Apache-2.0
// The clock of cases against an independent calendar: npm chinese-days, asked through node.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "base/json.h"
#include "base/yaml.h"
#include "engines/cases/case_clock.h"

namespace city::cases {
namespace {
WorkDays PublishedCalendar() {
  auto node = yaml::Load(std::string(CITY_SOURCE_DIR) + "/city/places/china/working-days.yaml");
  auto days = node ? WorkDays::Read(*node) : Fail(node.error());
  EXPECT_TRUE(days);
  return days ? *days : WorkDays();
}

Date Day(std::string_view text) { return *ParseDate(text); }

/// Published vectors: `count` working days after a day.
TEST(WorkingDays, FollowThePublishedVectors) {
  const WorkDays calendar = PublishedCalendar();
  struct Vector {
    const char* from;
    int count;
    const char* due;
  };
  constexpr Vector kVectors[] = {
      {"2023-04-26", 5, "2023-05-06"}, {"2023-09-27", 5, "2023-10-10"},
      {"2024-02-08", 1, "2024-02-09"}, {"2024-02-02", 20, "2024-03-06"},
      {"2025-01-24", 5, "2025-02-07"}, {"2025-09-26", 10, "2025-10-16"},
      {"2026-02-12", 5, "2026-02-26"}, {"2026-02-12", 20, "2026-03-18"},
  };
  for (const Vector& each : kVectors)
    EXPECT_EQ(IsoDate(calendar.After(Day(each.from), each.count).date), each.due) << each.from;
  // Working days of whole years.
  EXPECT_EQ(calendar.Between(Day("2022-12-31"), Day("2023-12-31")), 249);
  EXPECT_EQ(calendar.Between(Day("2023-12-31"), Day("2024-12-31")), 251);
  EXPECT_EQ(calendar.Between(Day("2024-12-31"), Day("2025-12-31")), 248);
  EXPECT_EQ(calendar.Between(Day("2025-12-31"), Day("2026-12-31")), 248);
}

TEST(CaseClock, AgreesWithAnIndependentCalendarTenThousandTimes) {
  const WorkDays calendar = PublishedCalendar();
  std::string command =
      "node '" + std::string(CITY_SOURCE_DIR) + "/tests/standards/clock_oracle.mjs' 10000 20231";
  FILE* oracle = popen(command.c_str(), "r");
  ASSERT_NE(oracle, nullptr);
  char line[4096];
  int compared = 0, paused = 0, extended = 0, late = 0, different = 0;
  while (std::fgets(line, sizeof line, oracle) != nullptr) {
    auto parsed = ParseJson(line);
    ASSERT_TRUE(parsed) << line;
    const json::object& row = parsed->get_object();
    ClockFacts facts;
    facts.accepted = Day(TextAt(row, "accepted"));
    facts.legal_days = static_cast<int>(IntAt(row, "legal"));
    facts.promised_days = static_cast<int>(IntAt(row, "promised"));
    facts.extension_days = static_cast<int>(IntAt(row, "extension"));
    for (const json::value& each : *ArrayAt(row, "pauses"))
      facts.pauses.push_back({Day(TextAt(each.get_object(), "from")),
                              Day(TextAt(each.get_object(), "to")), false, "hearing"});
    ClockState clock = CountClock(calendar, facts, Day(TextAt(row, "today")));
    bool same = IsoDate(clock.legal_due) == TextAt(row, "legal_due") &&
                IsoDate(clock.promised_due) == TextAt(row, "promised_due") &&
                clock.days_left == IntAt(row, "days_left");
    if (!same && ++different <= 5)
      ADD_FAILURE() << line << IsoDate(clock.legal_due) << " " << IsoDate(clock.promised_due) << " "
                    << clock.days_left;
    ++compared;
    paused += facts.pauses.empty() ? 0 : 1;
    extended += facts.extension_days > 0 ? 1 : 0;
    late += clock.days_left < 0 ? 1 : 0;
  }
  EXPECT_EQ(pclose(oracle), 0) << "node with chinese-days (npm ci in web/) is needed";
  EXPECT_EQ(compared, 10'000);
  EXPECT_EQ(different, 0);
  EXPECT_GT(paused, 5'000);
  EXPECT_GT(extended, 1'500);
  EXPECT_GT(late, 2'000);
}
}  // namespace
}  // namespace city::cases
