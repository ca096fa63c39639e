// SPDX-License-Identifier: Apache-2.0
// Built-in functions that make and read dates, times and durations. Source: DMN 1.5, 10.3.4.1,
// 10.3.4.7 and 10.3.4.9.
#include <array>

#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

template <class T>
Value OrBad(const Arguments& a, const std::optional<T>& v) {
  return v ? Value::Of(*v) : a.Bad(0);
}

std::optional<int64_t> WholeAt(const Arguments& a, size_t i) { return a[i].number().ToInteger(); }

Value MakeDate(const Arguments& a) {
  if (a.size() == 1) {
    if (a[0].IsString()) return OrBad(a, ParseDate(a[0].text()));
    if (a[0].kind() == ValueKind::kDate) return a[0];
    if (a[0].kind() == ValueKind::kDateTime) return Value::Of(Date{a[0].date_time().days});
    return a.Bad(0);
  }
  auto year = WholeAt(a, 0);
  auto month = WholeAt(a, 1);
  auto day = WholeAt(a, 2);
  if (!year || !month || !day || !IsCivil(*year, *month, *day)) return a.Bad(0);
  return Value::Of(Date{DaysFromCivil(*year, static_cast<int>(*month), static_cast<int>(*day))});
}

Value MakeTime(const Arguments& a) {
  if (a.size() == 1) {
    switch (a[0].kind()) {
      case ValueKind::kString:
        return OrBad(a, ParseTime(a[0].text()));
      case ValueKind::kTime:
        return a[0];
      case ValueKind::kDateTime:
        return Value::Of(TimeOfDay{a[0].date_time().nanos, a[0].date_time().zoning});
      case ValueKind::kDate: {
        TimeOfDay midnight;
        midnight.zoning.form = Zoning::Form::kOffset;
        return Value::Of(midnight);
      }
      default:
        return a.Bad(0);
    }
  }
  auto hour = WholeAt(a, 0);
  auto minute = WholeAt(a, 1);
  auto nanos = Multiply(a[2].number(), Number(kNanosPerSecond));
  auto second = nanos ? nanos->Truncated() : std::nullopt;
  if (!hour || *hour < 0 || *hour > 23) return a.Bad(0);
  if (!minute || *minute < 0 || *minute > 59) return a.Bad(1);
  if (!second || *second < 0 || *second >= 60 * kNanosPerSecond) return a.Bad(2);
  TimeOfDay time;
  time.nanos = (*hour * 60 + *minute) * 60 * kNanosPerSecond + *second;
  if (a.Has(3)) {
    if (a[3].kind() != ValueKind::kDaysTime) return a.Bad(3);
    Int128 offset = a[3].days_time().nanos / kNanosPerSecond;
    if (offset > 18 * 3600 || offset < -18 * 3600) return a.Bad(3);
    time.zoning.form = Zoning::Form::kOffset;
    time.zoning.offset = static_cast<int32_t>(offset);
  }
  return Value::Of(time);
}

Value MakeDateTime(const Arguments& a) {
  if (a.size() == 1) {
    if (a[0].IsString()) return OrBad(a, ParseDateTime(a[0].text()));
    if (a[0].kind() == ValueKind::kDateTime) return a[0];
    if (a[0].kind() == ValueKind::kDate) return Value::Of(MidnightOf(a[0].date()));
    return a.Bad(0);
  }
  if (a[1].kind() != ValueKind::kTime) return a.Bad(1);
  DateTime value;
  value.days = a[0].kind() == ValueKind::kDate ? a[0].date().days : a[0].date_time().days;
  value.nanos = a[1].time().nanos;
  value.zoning = a[1].time().zoning;
  return Value::Of(value);
}

Value MakeDuration(const Arguments& a) {
  if (a[0].kind() == ValueKind::kDaysTime || a[0].kind() == ValueKind::kYearsMonths) return a[0];
  if (!a[0].IsString()) return a.Bad(0);
  if (auto v = ParseYearsMonths(a[0].text())) return Value::Of(*v);
  return OrBad(a, ParseDaysTime(a[0].text()));
}

Value YearsAndMonths(const Arguments& a) {
  auto point = [](const Value& v) {
    return v.kind() == ValueKind::kDate ? DateTime{v.date().days, 0, {}} : v.date_time();
  };
  DateTime from = point(a[0]);
  DateTime to = point(a[1]);
  // The parts of a duration shorter than a day count only between two dates with times.
  bool both = a[0].kind() == a[1].kind();
  return Value::Of(
      YearsMonths{MonthsBetween(from.days, both ? from.nanos : 0, to.days, both ? to.nanos : 0)});
}

int64_t DaysOf(const Value& v) {
  return v.kind() == ValueKind::kDate ? v.date().days : v.date_time().days;
}

Value DayOfYear(const Arguments& a) {
  int64_t days = DaysOf(a[0]);
  return Value::Of(days - DaysFromCivil(CivilFromDays(days).year, 1, 1) + 1);
}

Value DayOfWeek(const Arguments& a) {
  static constexpr std::array kNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
  return Value::Of(kNames[static_cast<size_t>(Weekday(DaysOf(a[0])) - 1)]);
}

Value MonthOfYear(const Arguments& a) {
  static constexpr std::array kNames = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
  return Value::Of(kNames[static_cast<size_t>(CivilFromDays(DaysOf(a[0])).month - 1)]);
}

Value WeekOfYear(const Arguments& a) { return Value::Of(IsoWeek(DaysOf(a[0]))); }

DateTime LocalNow(const Settings& settings) {
  auto zone = std::chrono::duration_cast<std::chrono::seconds>(settings.zone);
  int64_t micros = settings.now.time_since_epoch().count();
  DateTime start;
  start.zoning.form = Zoning::Form::kOffset;
  start.zoning.offset = static_cast<int32_t>(zone.count());
  Int128 nanos =
      static_cast<Int128>(micros) * 1000 + static_cast<Int128>(zone.count()) * kNanosPerSecond;
  return AddNanos(start, nanos).value_or(start);
}

Value Now(const Arguments& a) { return Value::Of(LocalNow(a.frame.settings())); }
Value Today(const Arguments& a) { return Value::Of(Date{LocalNow(a.frame.settings()).days}); }

/// Whether two values are the same in every component, zone included.
Value Is(const Arguments& a) {
  const Value& x = a[0];
  const Value& y = a[1];
  if (x.kind() != y.kind()) return Value::Of(false);
  if (x.kind() == ValueKind::kTime) return Value::Of(x.time() == y.time());
  if (x.kind() == ValueKind::kDateTime) return Value::Of(x.date_time() == y.date_time());
  return Value::Of(Equal(x, y).IsTrue());
}

constexpr BuiltinRow kRows[] = {
    {"date", "from:a|year:n, month:n, day:n", MakeDate, true},
    {"time", "from:a|hour:n, minute:n, second:n, offset:a?", MakeTime, true},
    {"date and time", "from:a|date:d, time:a", MakeDateTime, true},
    {"duration", "from:a", MakeDuration, true},
    {"years and months duration", "from:d, to:d", YearsAndMonths, true},
    {"day of year", "date:d", DayOfYear},
    {"day of week", "date:d", DayOfWeek},
    {"month of year", "date:d", MonthOfYear},
    {"week of year", "date:d", WeekOfYear},
    {"now", "", Now},
    {"today", "", Today},
    {"is", "value1:a, value2:a", Is},
};

}  // namespace

std::span<const BuiltinRow> TemporalBuiltins() { return kRows; }

}  // namespace city::feel
