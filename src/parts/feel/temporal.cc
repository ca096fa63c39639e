// SPDX-License-Identifier: Apache-2.0
// Parsing, printing and arithmetic of FEEL temporal values.
#include "parts/feel/temporal.h"

#include <algorithm>

#include "parts/feel/zone.h"

namespace city::feel {
namespace {

constexpr int32_t kMaxOffset = 18 * 3600;

int64_t FloorDiv(int64_t a, int64_t b) {
  return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Takes exactly `count` digits off the front.
bool TakeDigits(std::string_view& s, size_t count, int64_t& out) {
  if (s.size() < count) return false;
  int64_t v = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit(s[i])) return false;
    v = v * 10 + (s[i] - '0');
  }
  s.remove_prefix(count);
  out = v;
  return true;
}

bool Take(std::string_view& s, char c) {
  if (s.empty() || s[0] != c) return false;
  s.remove_prefix(1);
  return true;
}

bool TakeDate(std::string_view& s, Date& out) {
  std::string_view in = s;
  bool negative = Take(in, '-');
  size_t digits = 0;
  while (digits < in.size() && IsDigit(in[digits])) ++digits;
  if (digits < 4 || digits > 9 || (digits > 4 && in[0] == '0')) return false;
  int64_t year = 0, month = 0, day = 0;
  TakeDigits(in, digits, year);
  if (!Take(in, '-') || !TakeDigits(in, 2, month)) return false;
  if (!Take(in, '-') || !TakeDigits(in, 2, day)) return false;
  if (negative) year = -year;
  if (!IsCivil(year, month, day)) return false;
  out.days = DaysFromCivil(year, static_cast<int>(month), static_cast<int>(day));
  s = in;
  return true;
}

bool TakeTime(std::string_view& s, int64_t& nanos, Zoning& zoning) {
  int64_t hour = 0, minute = 0, second = 0;
  if (!TakeDigits(s, 2, hour) || !Take(s, ':')) return false;
  if (!TakeDigits(s, 2, minute) || !Take(s, ':')) return false;
  if (!TakeDigits(s, 2, second)) return false;
  // 24:00:00 is the midnight at the end of the day (XML Schema Part 2, 3.2.7).
  if (hour > 24 || minute > 59 || second > 59) return false;
  if (hour == 24 && (minute != 0 || second != 0)) return false;
  nanos = ((hour * 60 + minute) * 60 + second) * kNanosPerSecond;
  if (Take(s, '.')) {
    int64_t unit = kNanosPerSecond / 10;
    size_t n = 0;
    for (; n < s.size() && IsDigit(s[n]); ++n) {
      nanos += (s[n] - '0') * unit;
      unit /= 10;
    }
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  if (nanos > kNanosPerDay) return false;
  zoning = {};
  if (s.empty()) return true;
  if (s == "Z" || s == "z") {
    zoning.form = Zoning::Form::kOffset;
    s = {};
    return true;
  }
  if (Take(s, '@')) {
    auto zone = FindZone(s);
    if (!zone) return false;
    zoning.form = Zoning::Form::kNamed;
    zoning.zone = *zone;
    s = {};
    return true;
  }
  if (s[0] != '+' && s[0] != '-') return false;
  bool west = s[0] == '-';
  s.remove_prefix(1);
  int64_t seconds = 0;
  if (!TakeDigits(s, 2, hour) || !Take(s, ':') || !TakeDigits(s, 2, minute)) return false;
  if (Take(s, ':') && !TakeDigits(s, 2, seconds)) return false;
  if (minute > 59 || seconds > 59) return false;
  seconds += hour * 3600 + minute * 60;
  if (seconds > kMaxOffset || !s.empty()) return false;
  zoning.form = Zoning::Form::kOffset;
  zoning.offset = static_cast<int32_t>(west ? -seconds : seconds);
  return true;
}

void AppendTwo(std::string& out, int64_t v) {
  out += static_cast<char>('0' + v / 10);
  out += static_cast<char>('0' + v % 10);
}

void AppendFraction(std::string& out, int64_t nanos) {
  if (nanos == 0) return;
  std::string digits = std::to_string(nanos);
  digits.insert(0, 9 - digits.size(), '0');
  while (digits.back() == '0') digits.pop_back();
  out += '.';
  out += digits;
}

void AppendTime(std::string& out, int64_t nanos, const Zoning& zoning) {
  int64_t seconds = nanos / kNanosPerSecond;
  AppendTwo(out, seconds / 3600);
  out += ':';
  AppendTwo(out, seconds / 60 % 60);
  out += ':';
  AppendTwo(out, seconds % 60);
  AppendFraction(out, nanos % kNanosPerSecond);
  if (zoning.form == Zoning::Form::kNamed) {
    out += '@';
    out += ZoneName(zoning.zone);
  } else if (zoning.form == Zoning::Form::kOffset) {
    if (zoning.offset == 0) {
      out += 'Z';
      return;
    }
    out += zoning.offset < 0 ? '-' : '+';
    int32_t offset = zoning.offset < 0 ? -zoning.offset : zoning.offset;
    AppendTwo(out, offset / 3600);
    out += ':';
    AppendTwo(out, offset / 60 % 60);
    if (offset % 60 != 0) {
      out += ':';
      AppendTwo(out, offset % 60);
    }
  }
}

void AppendDate(std::string& out, int64_t days) {
  Civil c = CivilFromDays(days);
  if (c.year < 0) out += '-';
  std::string year = std::to_string(c.year < 0 ? -c.year : c.year);
  if (year.size() < 4) out.append(4 - year.size(), '0');
  out += year;
  out += '-';
  AppendTwo(out, c.month);
  out += '-';
  AppendTwo(out, c.day);
}

/// Reads "12" before a designator letter; at most 18 digits.
bool TakeCount(std::string_view& s, int64_t& out) {
  size_t n = 0;
  while (n < s.size() && IsDigit(s[n])) ++n;
  if (n == 0 || n > 18) return false;
  return TakeDigits(s, n, out);
}

}  // namespace

// Days and civil dates: the algorithm of Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms", on 400-year eras of 146,097 days.
int64_t DaysFromCivil(int64_t year, int month, int day) {
  year -= month <= 2;
  int64_t era = FloorDiv(year, 400);
  int64_t of_era = year - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Civil CivilFromDays(int64_t days) {
  days += 719468;
  int64_t era = FloorDiv(days, 146097);
  int64_t day_of_era = days - era * 146097;
  int64_t of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
  int64_t shifted = (5 * of_year + 2) / 153;
  Civil c;
  c.day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
  c.month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  c.year = of_era + era * 400 + (c.month <= 2 ? 1 : 0);
  return c;
}

bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int64_t year, int month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool IsCivil(int64_t year, int64_t month, int64_t day) {
  if (year < -kMaxYear || year > kMaxYear || month < 1 || month > 12 || day < 1) return false;
  return day <= DaysInMonth(year, static_cast<int>(month));
}

int Weekday(int64_t days) {
  int64_t r = (days + 3) % 7;
  return static_cast<int>(r < 0 ? r + 8 : r + 1);
}

int IsoWeek(int64_t days) {
  int64_t thursday = days - Weekday(days) + 4;
  int64_t first = DaysFromCivil(CivilFromDays(thursday).year, 1, 1);
  return static_cast<int>((thursday - first) / 7 + 1);
}

std::optional<Date> ParseDate(std::string_view text) {
  Date date;
  if (!TakeDate(text, date) || !text.empty()) return std::nullopt;
  return date;
}

std::optional<TimeOfDay> ParseTime(std::string_view text) {
  TimeOfDay time;
  if (!TakeTime(text, time.nanos, time.zoning)) return std::nullopt;
  time.nanos %= kNanosPerDay;
  return time;
}

std::optional<DateTime> ParseDateTime(std::string_view text) {
  DateTime value;
  Date date;
  if (!TakeDate(text, date)) return std::nullopt;
  value.days = date.days;
  if (text.empty()) return value;
  if (!Take(text, 'T') || !TakeTime(text, value.nanos, value.zoning)) return std::nullopt;
  if (value.nanos == kNanosPerDay) {
    auto next = AddDays(Date{value.days}, 1);
    if (!next) return std::nullopt;
    value.days = next->days;
    value.nanos = 0;
  }
  return value;
}

std::optional<YearsMonths> ParseYearsMonths(std::string_view s) {
  bool negative = Take(s, '-');
  if (!Take(s, 'P') || s.empty()) return std::nullopt;
  int64_t years = 0, months = 0, count = 0;
  if (!TakeCount(s, count)) return std::nullopt;
  if (Take(s, 'Y')) {
    years = count;
    if (!s.empty()) {
      if (!TakeCount(s, months) || !Take(s, 'M')) return std::nullopt;
    }
  } else if (Take(s, 'M')) {
    months = count;
  } else {
    return std::nullopt;
  }
  if (!s.empty() || years > 12 * kMaxYear || months > 100 * kMaxYear) return std::nullopt;
  months += years * 12;
  return YearsMonths{negative ? -months : months};
}

std::optional<DaysTime> ParseDaysTime(std::string_view s) {
  bool negative = Take(s, '-');
  if (!Take(s, 'P') || s.empty()) return std::nullopt;
  Int128 nanos = 0;
  int64_t count = 0;
  bool any = false;
  if (s[0] != 'T') {
    if (!TakeCount(s, count) || !Take(s, 'D')) return std::nullopt;
    nanos += static_cast<Int128>(count) * kNanosPerDay;
    any = true;
  }
  if (Take(s, 'T')) {
    int last = 0;
    if (s.empty()) return std::nullopt;
    while (!s.empty()) {
      if (!TakeCount(s, count)) return std::nullopt;
      if (last < 1 && Take(s, 'H')) {
        nanos += static_cast<Int128>(count) * 3600 * kNanosPerSecond;
        last = 1;
      } else if (last < 2 && Take(s, 'M')) {
        nanos += static_cast<Int128>(count) * 60 * kNanosPerSecond;
        last = 2;
      } else {
        nanos += static_cast<Int128>(count) * kNanosPerSecond;
        if (Take(s, '.')) {
          int64_t unit = kNanosPerSecond / 10;
          while (!s.empty() && IsDigit(s[0])) {
            nanos += (s[0] - '0') * unit;
            unit /= 10;
            s.remove_prefix(1);
          }
        }
        if (!Take(s, 'S') || !s.empty()) return std::nullopt;
      }
      any = true;
    }
  }
  if (!any || !s.empty()) return std::nullopt;
  return DaysTime{negative ? -nanos : nanos};
}

std::string ToText(const Date& date) {
  std::string out;
  AppendDate(out, date.days);
  return out;
}

std::string ToText(const TimeOfDay& time) {
  std::string out;
  AppendTime(out, time.nanos, time.zoning);
  return out;
}

std::string ToText(const DateTime& value) {
  std::string out;
  AppendDate(out, value.days);
  out += 'T';
  AppendTime(out, value.nanos, value.zoning);
  return out;
}

std::string ToText(const YearsMonths& duration) {
  if (duration.months == 0) return "P0M";
  uint64_t months = duration.months < 0 ? uint64_t{0} - static_cast<uint64_t>(duration.months)
                                        : static_cast<uint64_t>(duration.months);
  std::string out = duration.months < 0 ? "-P" : "P";
  if (months >= 12) out += std::to_string(months / 12) + "Y";
  if (months % 12 != 0) out += std::to_string(months % 12) + "M";
  return out;
}

std::string ToText(const DaysTime& duration) {
  if (duration.nanos == 0) return "PT0S";
  std::string out = duration.nanos < 0 ? "-P" : "P";
  Int128 nanos = duration.nanos < 0 ? -duration.nanos : duration.nanos;
  int64_t days = static_cast<int64_t>(nanos / kNanosPerDay);
  int64_t rest = static_cast<int64_t>(nanos % kNanosPerDay);
  if (days != 0) out += std::to_string(days) + "D";
  if (rest == 0) return out;
  out += 'T';
  int64_t seconds = rest / kNanosPerSecond;
  if (seconds >= 3600) out += std::to_string(seconds / 3600) + "H";
  if (seconds / 60 % 60 != 0) out += std::to_string(seconds / 60 % 60) + "M";
  if (seconds % 60 != 0 || rest % kNanosPerSecond != 0) {
    out += std::to_string(seconds % 60);
    AppendFraction(out, rest % kNanosPerSecond);
    out += 'S';
  }
  return out;
}

std::optional<int32_t> OffsetOf(const TimeOfDay& time) {
  if (time.zoning.form == Zoning::Form::kNone) return std::nullopt;
  if (time.zoning.form == Zoning::Form::kOffset) return time.zoning.offset;
  return ZoneStandardOffset(time.zoning.zone);
}

std::optional<int32_t> OffsetOf(const DateTime& value) {
  if (value.zoning.form == Zoning::Form::kNone) return std::nullopt;
  if (value.zoning.form == Zoning::Form::kOffset) return value.zoning.offset;
  return ZoneOffsetForLocal(value.zoning.zone,
                            value.days * kSecondsPerDay + value.nanos / kNanosPerSecond);
}

Int128 InstantOf(const DateTime& value) {
  Int128 local = static_cast<Int128>(value.days) * kNanosPerDay + value.nanos;
  return local - static_cast<Int128>(OffsetOf(value).value_or(0)) * kNanosPerSecond;
}

std::optional<Date> AddDays(const Date& date, int64_t days) {
  int64_t sum = 0;
  if (__builtin_add_overflow(date.days, days, &sum)) return std::nullopt;
  static const int64_t kFirst = DaysFromCivil(-kMaxYear, 1, 1);
  static const int64_t kLast = DaysFromCivil(kMaxYear, 12, 31);
  if (sum < kFirst || sum > kLast) return std::nullopt;
  return Date{sum};
}

std::optional<Date> AddMonths(const Date& date, int64_t months) {
  Civil c = CivilFromDays(date.days);
  int64_t index = 0;
  if (__builtin_add_overflow(c.year * 12 + c.month - 1, months, &index)) return std::nullopt;
  int64_t year = FloorDiv(index, 12);
  if (year < -kMaxYear || year > kMaxYear) return std::nullopt;
  int month = static_cast<int>(index - year * 12) + 1;
  int day = std::min(c.day, DaysInMonth(year, month));
  return Date{DaysFromCivil(year, month, day)};
}

std::optional<DateTime> AddNanos(const DateTime& value, Int128 nanos) {
  Int128 total = nanos + value.nanos;
  Int128 days = total / kNanosPerDay;
  Int128 rest = total % kNanosPerDay;
  if (rest < 0) {
    rest += kNanosPerDay;
    --days;
  }
  if (days > INT64_MAX || days < INT64_MIN) return std::nullopt;
  auto date = AddDays(Date{value.days}, static_cast<int64_t>(days));
  if (!date) return std::nullopt;
  DateTime out = value;
  out.days = date->days;
  out.nanos = static_cast<int64_t>(rest);
  return out;
}

int64_t MonthsBetween(int64_t from_days, int64_t from_nanos, int64_t to_days, int64_t to_nanos) {
  Civil a = CivilFromDays(from_days);
  Civil b = CivilFromDays(to_days);
  int64_t months = (b.year - a.year) * 12 + (b.month - a.month);
  if (months > 0 && (b.day < a.day || (b.day == a.day && to_nanos < from_nanos))) --months;
  if (months < 0 && (b.day > a.day || (b.day == a.day && to_nanos > from_nanos))) ++months;
  return months;
}

}  // namespace city::feel
