// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/temporal.h"

#include <gtest/gtest.h>

namespace city::feel {
namespace {

TEST(Temporal, CountsDaysBothWaysOverTheWholeRange) {
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
  EXPECT_EQ(DaysFromCivil(2000, 3, 1), 11017);
  for (int64_t year :
       {-kMaxYear, int64_t{-1}, int64_t{0}, int64_t{4}, int64_t{1900}, int64_t{2000}, kMaxYear}) {
    for (int month = 1; month <= 12; ++month) {
      int day = DaysInMonth(year, month);
      Civil c = CivilFromDays(DaysFromCivil(year, month, day));
      EXPECT_EQ(c.year, year);
      EXPECT_EQ(c.month, month);
      EXPECT_EQ(c.day, day);
    }
  }
}

TEST(Temporal, PrintsWhatItReads) {
  for (const char* text :
       {"2026-01-31", "-0044-03-15", "999999999-12-31", "-999999999-01-01", "0000-02-29"})
    EXPECT_EQ(ToText(*ParseDate(text)), text);
  for (const char* text : {"00:00:00", "23:59:59.999999999", "10:00:00Z", "10:00:00+05:30",
                           "10:00:00-18:00", "10:00:00+02:45:55", "10:00:00@Asia/Shanghai"})
    EXPECT_EQ(ToText(*ParseTime(text)), text);
  for (const char* text : {"P1Y2M", "-P11M", "P999999999Y"})
    EXPECT_EQ(ToText(*ParseYearsMonths(text)), text);
  for (const char* text : {"P1DT2H3M4.5S", "-PT1S", "P10000D"})
    EXPECT_EQ(ToText(*ParseDaysTime(text)), text);
}

TEST(Temporal, RefusesWhatIsNotOne) {
  for (const char* text : {"", "2026-1-31", "2026-02-29", "2026-13-01", "02026-01-01",
                           "+2026-01-01", "1000000000-01-01", "2026-01-31T", "26-01-31"})
    EXPECT_FALSE(ParseDate(text)) << text;
  for (const char* text :
       {"7:00:00", "24:00:01", "12:60:00", "12:00:60", "12:00:00+19:00", "12:00",
        "12:00:00@Nowhere/Town", "12:00:00+02:00@Europe/Paris", "12:00:00@../passwd"})
    EXPECT_FALSE(ParseTime(text)) << text;
  for (const char* text : {"P", "PT", "P1H", "1Y", "P1Y1D", "P1.5Y", "--P1Y"}) {
    EXPECT_FALSE(ParseYearsMonths(text)) << text;
    EXPECT_FALSE(ParseDaysTime(text)) << text;
  }
}

TEST(Temporal, ReadsMidnightAtTheEndOfADay) {
  EXPECT_EQ(ToText(*ParseDateTime("2026-12-31T24:00:00")), "2027-01-01T00:00:00");
}

TEST(Temporal, KeepsTheLastDayWhenMonthsAreAdded) {
  EXPECT_EQ(ToText(*AddMonths(*ParseDate("2026-01-31"), 1)), "2026-02-28");
  EXPECT_EQ(ToText(*AddMonths(*ParseDate("2024-02-29"), -12)), "2023-02-28");
  EXPECT_FALSE(AddMonths(*ParseDate("999999999-12-01"), 1));
  EXPECT_FALSE(AddDays(*ParseDate("-999999999-01-01"), -1));
}

// Monday 2019-12-30 belongs to week 1 of 2020 (ISO 8601).
TEST(Temporal, CountsWeeksFromMonday) {
  EXPECT_EQ(IsoWeek(ParseDate("2019-12-30")->days), 1);
  EXPECT_EQ(Weekday(ParseDate("2019-12-30")->days), 1);
  EXPECT_EQ(IsoWeek(ParseDate("2010-01-01")->days), 53);
}

TEST(Temporal, CountsWholeMonthsTowardsZero) {
  EXPECT_EQ(MonthsBetween(DaysFromCivil(2016, 1, 1), 0, DaysFromCivil(2017, 2, 28), 0), 13);
  EXPECT_EQ(MonthsBetween(DaysFromCivil(2017, 2, 28), 0, DaysFromCivil(2016, 1, 1), 0), -13);
}

}  // namespace
}  // namespace city::feel
