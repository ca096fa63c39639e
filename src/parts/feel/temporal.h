// SPDX-License-Identifier: Apache-2.0
// FEEL dates, times and durations on own civil-date arithmetic, with years to ±999,999,999.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parts/feel/int128.h"

namespace city::feel {

inline constexpr int64_t kMaxYear = 999'999'999;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;

/// Year, month 1..12 and day 1..31 of the proleptic Gregorian calendar; year 0 is 1 BC.
struct Civil {
  int64_t year;
  int month;
  int day;
};

/// Days since 1970-01-01 of a civil date, and back.
int64_t DaysFromCivil(int64_t year, int month, int day);
Civil CivilFromDays(int64_t days);
bool IsLeapYear(int64_t year);
/// Days in a month 1..12.
int DaysInMonth(int64_t year, int month);
/// Whether year, month and day exist and lie within ±999,999,999 years.
bool IsCivil(int64_t year, int64_t month, int64_t day);
/// 1 for Monday to 7 for Sunday. Source: ISO 8601.
int Weekday(int64_t days);
/// Week of the year 1..53. Source: ISO 8601.
int IsoWeek(int64_t days);

/// What a time says about its zone: nothing, an offset, or an IANA zone.
struct Zoning {
  enum class Form : uint8_t { kNone, kOffset, kNamed };
  Form form = Form::kNone;
  uint16_t zone = 0;   // for kNamed, see zone.h
  int32_t offset = 0;  // for kOffset: seconds east of UTC, within ±18 hours
  bool operator==(const Zoning&) const = default;
};

struct Date {
  int64_t days = 0;  // since 1970-01-01
  bool operator==(const Date&) const = default;
};

struct TimeOfDay {
  int64_t nanos = 0;  // since midnight, 0 .. one day
  Zoning zoning;
  bool operator==(const TimeOfDay&) const = default;
};

struct DateTime {
  int64_t days = 0;
  int64_t nanos = 0;
  Zoning zoning;
  bool operator==(const DateTime&) const = default;
};

/// A duration of years and months, in months.
struct YearsMonths {
  int64_t months = 0;
};

/// A duration of days and time, in nanoseconds.
struct DaysTime {
  Int128 nanos = 0;
};

/// Literals as XML Schema writes them, with "@Zone/Name" for a zone. Empty when not one.
/// Source: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8.
std::optional<Date> ParseDate(std::string_view text);
std::optional<TimeOfDay> ParseTime(std::string_view text);
/// Also takes a date alone, which means its midnight.
std::optional<DateTime> ParseDateTime(std::string_view text);
std::optional<YearsMonths> ParseYearsMonths(std::string_view text);
std::optional<DaysTime> ParseDaysTime(std::string_view text);

std::string ToText(const Date& date);
std::string ToText(const TimeOfDay& time);
std::string ToText(const DateTime& value);
std::string ToText(const YearsMonths& duration);
std::string ToText(const DaysTime& duration);

/// Seconds east of UTC, when the value has a zone.
std::optional<int32_t> OffsetOf(const TimeOfDay& time);
std::optional<int32_t> OffsetOf(const DateTime& value);
/// Nanoseconds since 1970-01-01T00:00:00 in UTC; a value without zone counts as UTC.
Int128 InstantOf(const DateTime& value);

/// Calendar arithmetic; empty when the result leaves the range of years.
/// Adding months keeps the day where it exists and takes the month's last day where it does not.
std::optional<Date> AddMonths(const Date& date, int64_t months);
std::optional<Date> AddDays(const Date& date, int64_t days);
std::optional<DateTime> AddNanos(const DateTime& value, Int128 nanos);
/// Whole months from one date to another, cut towards zero.
int64_t MonthsBetween(int64_t from_days, int64_t from_nanos, int64_t to_days, int64_t to_nanos);

}  // namespace city::feel
