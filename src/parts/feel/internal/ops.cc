// SPDX-License-Identifier: Apache-2.0
// Operators on values: arithmetic of numbers, texts and temporal values; equality and order.
#include "parts/feel/internal/ops.h"

#include "parts/feel/zone.h"

namespace city::feel {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

[[maybe_unused]] int64_t FloorDiv(int64_t a, int64_t b) {
  return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}

template <class T>
Value Maybe(const std::optional<T>& v) {
  return v ? Value::Of(*v) : Value();
}

std::optional<Int128> TruncatedOf(const Number& n) {
  auto cut = Round(n, 0, Rounding::kDown);
  if (!cut) return std::nullopt;
  if (auto small = cut->ToInteger()) return *small;
  static const Number kBillion(kNanosPerSecond);
  auto high = Divide(*cut, kBillion);
  if (!high) return std::nullopt;
  auto seconds = high->Truncated();
  if (!seconds) return std::nullopt;
  auto back = Multiply(Number(*seconds), kBillion);
  auto rest = back ? Subtract(*cut, *back) : std::nullopt;
  auto low = rest ? rest->ToInteger() : std::nullopt;
  if (!low) return std::nullopt;
  return static_cast<Int128>(*seconds) * kNanosPerSecond + *low;
}

Value DaysTimeOf(Int128 nanos) {
  constexpr Int128 kMost = static_cast<Int128>(INT64_MAX) * kNanosPerSecond;
  if (nanos > kMost || nanos < -kMost) return Value();
  return Value::Of(DaysTime{nanos});
}

Value ShiftDate(const Date& date, Int128 nanos) {
  Int128 days = nanos / kNanosPerDay;
  if (nanos % kNanosPerDay < 0) --days;
  if (days > INT64_MAX || days < INT64_MIN) return Value();
  return Maybe(AddDays(date, static_cast<int64_t>(days)));
}

Value ShiftDateTime(const DateTime& at, Int128 nanos) {
  auto moved = AddNanos(at, nanos);
  if (!moved) return Value();
  if (at.zoning.form == Zoning::Form::kNamed) {
    // A duration of time passes on the clock of UTC; the wall clock may jump meanwhile.
    int32_t before = *OffsetOf(at);
    int64_t utc = moved->days * kSecondsPerDay + moved->nanos / kNanosPerSecond - before;
    int32_t after = ZoneOffsetAt(at.zoning.zone, utc);
    if (after != before)
      moved = AddNanos(*moved, static_cast<Int128>(after - before) * kNanosPerSecond);
  }
  return Maybe(moved);
}

Value ShiftMonths(const DateTime& at, int64_t months) {
  auto date = AddMonths(Date{at.days}, months);
  if (!date) return Value();
  DateTime moved = at;
  moved.days = date->days;
  return Value::Of(moved);
}

Value ShiftTime(const TimeOfDay& time, Int128 nanos) {
  auto total = static_cast<int64_t>((nanos + time.nanos) % kNanosPerDay);
  TimeOfDay moved = time;
  moved.nanos = total < 0 ? total + kNanosPerDay : total;
  return Value::Of(moved);
}

/// temporal + duration, for both signs; null when the kinds do not fit.
Value Shift(const Value& a, const Value& b, bool forward) {
  if (b.kind() == ValueKind::kYearsMonths) {
    int64_t months = forward ? b.years_months().months : -b.years_months().months;
    if (a.kind() == ValueKind::kDate) return Maybe(AddMonths(a.date(), months));
    if (a.kind() == ValueKind::kDateTime) return ShiftMonths(a.date_time(), months);
    return Value();
  }
  if (b.kind() != ValueKind::kDaysTime) return Value();
  Int128 nanos = forward ? b.days_time().nanos : -b.days_time().nanos;
  if (a.kind() == ValueKind::kDate) return ShiftDate(a.date(), nanos);
  if (a.kind() == ValueKind::kDateTime) return ShiftDateTime(a.date_time(), nanos);
  if (a.kind() == ValueKind::kTime) return ShiftTime(a.time(), nanos);
  return Value();
}

bool IsTemporal(ValueKind kind) {
  return kind == ValueKind::kDate || kind == ValueKind::kDateTime || kind == ValueKind::kTime;
}

int Sign(auto order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

template <class T>
int CompareWhole(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

Int128 FloorMillis(Int128 nanos) {
  Int128 q = nanos / kNanosPerMilli;
  return nanos % kNanosPerMilli < 0 ? q - 1 : q;
}

std::optional<int> CompareTimes(const TimeOfDay& a, const TimeOfDay& b) {
  if (a.zoning == b.zoning) return CompareWhole(a.nanos / kNanosPerMilli, b.nanos / kNanosPerMilli);
  auto x = OffsetOf(a);
  auto y = OffsetOf(b);
  if (!x || !y) return std::nullopt;
  return CompareWhole(FloorMillis(a.nanos - static_cast<Int128>(*x) * kNanosPerSecond),
                      FloorMillis(b.nanos - static_cast<Int128>(*y) * kNanosPerSecond));
}

std::optional<int> CompareDateTimes(const DateTime& a, const DateTime& b) {
  bool zoned_a = a.zoning.form != Zoning::Form::kNone;
  bool zoned_b = b.zoning.form != Zoning::Form::kNone;
  if (zoned_a != zoned_b) return std::nullopt;
  if (a.zoning == b.zoning && a.zoning.form != Zoning::Form::kNamed) {
    if (a.days != b.days) return a.days < b.days ? -1 : 1;
    return CompareWhole(a.nanos / kNanosPerMilli, b.nanos / kNanosPerMilli);
  }
  return CompareWhole(FloorMillis(InstantOf(a)), FloorMillis(InstantOf(b)));
}

Value EqualLists(const Value& a, const Value& b) {
  auto x = a.items();
  auto y = b.items();
  if (x.size() != y.size()) return Value::Of(false);
  bool unknown = false;
  for (size_t i = 0; i < x.size(); ++i) {
    Value same = Equal(x[i], y[i]);
    if (same.IsFalse()) return same;
    unknown = unknown || same.IsNull();
  }
  return unknown ? Value() : Value::Of(true);
}

Value EqualContexts(const Value& a, const Value& b) {
  if (a.context().size() != b.context().size()) return Value::Of(false);
  bool unknown = false;
  for (const auto& entry : a.context().entries()) {
    const Value* other = b.context().Find(entry.name());
    if (other == nullptr) return Value::Of(false);
    Value same = Equal(entry.value, *other);
    if (same.IsFalse()) return same;
    unknown = unknown || same.IsNull();
  }
  return unknown ? Value() : Value::Of(true);
}

}  // namespace

Number NumberOf(Int128 v) {
  if (v >= INT64_MIN + 1 && v <= INT64_MAX) return Number(static_cast<int64_t>(v));
  auto high = Multiply(Number(static_cast<int64_t>(v / kNanosPerSecond)), Number(kNanosPerSecond));
  return *Add(*high, Number(static_cast<int64_t>(v % kNanosPerSecond)));
}

DateTime MidnightOf(const Date& date) {
  DateTime midnight;
  midnight.days = date.days;
  midnight.zoning.form = Zoning::Form::kOffset;
  return midnight;
}

Value AddValues(const Value& a, const Value& b) {
  ValueKind x = a.kind();
  ValueKind y = b.kind();
  if (x == ValueKind::kNumber && y == ValueKind::kNumber) return Maybe(Add(a.number(), b.number()));
  if (x == ValueKind::kString && y == ValueKind::kString) {
    std::string joined;
    joined.reserve(a.text().size() + b.text().size());
    joined += a.text();
    joined += b.text();
    return Value::Of(joined);
  }
  if (x == ValueKind::kYearsMonths && y == x) {
    int64_t sum = 0;
    if (__builtin_add_overflow(a.years_months().months, b.years_months().months, &sum))
      return Value();
    return Value::Of(YearsMonths{sum});
  }
  if (x == ValueKind::kDaysTime && y == x)
    return DaysTimeOf(a.days_time().nanos + b.days_time().nanos);
  if (IsTemporal(x)) return Shift(a, b, true);
  if (IsTemporal(y)) return Shift(b, a, true);
  return Value();
}

Value SubtractValues(const Value& a, const Value& b) {
  ValueKind x = a.kind();
  ValueKind y = b.kind();
  if (x == ValueKind::kNumber && y == ValueKind::kNumber)
    return Maybe(Subtract(a.number(), b.number()));
  if (x == ValueKind::kYearsMonths && y == x) {
    int64_t rest = 0;
    if (__builtin_sub_overflow(a.years_months().months, b.years_months().months, &rest))
      return Value();
    return Value::Of(YearsMonths{rest});
  }
  if (x == ValueKind::kDaysTime && y == x)
    return DaysTimeOf(a.days_time().nanos - b.days_time().nanos);
  if (x == ValueKind::kDate && y == x)
    return DaysTimeOf(static_cast<Int128>(a.date().days - b.date().days) * kNanosPerDay);
  bool points = (x == ValueKind::kDate || x == ValueKind::kDateTime) &&
                (y == ValueKind::kDate || y == ValueKind::kDateTime);
  if (points) {
    DateTime from = x == ValueKind::kDate ? MidnightOf(a.date()) : a.date_time();
    DateTime to = y == ValueKind::kDate ? MidnightOf(b.date()) : b.date_time();
    bool zoned = from.zoning.form != Zoning::Form::kNone;
    if (zoned != (to.zoning.form != Zoning::Form::kNone)) return Value();
    return DaysTimeOf(InstantOf(from) - InstantOf(to));
  }
  if (x == ValueKind::kTime && y == x) {
    auto p = OffsetOf(a.time());
    auto q = OffsetOf(b.time());
    if (p.has_value() != q.has_value()) return Value();
    Int128 offset = static_cast<Int128>(p.value_or(0) - q.value_or(0)) * kNanosPerSecond;
    return DaysTimeOf(static_cast<Int128>(a.time().nanos) - b.time().nanos - offset);
  }
  if (IsTemporal(x)) return Shift(a, b, false);
  return Value();
}

Value MultiplyValues(const Value& a, const Value& b) {
  if (a.IsNumber() && b.IsNumber()) return Maybe(Multiply(a.number(), b.number()));
  if (a.IsNumber() && !b.IsNumber()) {
    if (b.kind() != ValueKind::kYearsMonths && b.kind() != ValueKind::kDaysTime) return Value();
    return MultiplyValues(b, a);
  }
  if (!b.IsNumber()) return Value();
  if (a.kind() == ValueKind::kYearsMonths) {
    auto product = Multiply(Number(a.years_months().months), b.number());
    auto months = product ? product->Truncated() : std::nullopt;
    return months ? Value::Of(YearsMonths{*months}) : Value();
  }
  if (a.kind() == ValueKind::kDaysTime) {
    auto product = Multiply(NumberOf(a.days_time().nanos), b.number());
    auto nanos = product ? TruncatedOf(*product) : std::nullopt;
    return nanos ? DaysTimeOf(*nanos) : Value();
  }
  return Value();
}

Value DivideValues(const Value& a, const Value& b) {
  if (a.IsNumber() && b.IsNumber()) return Maybe(Divide(a.number(), b.number()));
  if (a.kind() == ValueKind::kYearsMonths) {
    Number months(a.years_months().months);
    if (b.kind() == a.kind()) return Maybe(Divide(months, Number(b.years_months().months)));
    if (!b.IsNumber()) return Value();
    auto quotient = Divide(months, b.number());
    auto whole = quotient ? quotient->Truncated() : std::nullopt;
    return whole ? Value::Of(YearsMonths{*whole}) : Value();
  }
  if (a.kind() == ValueKind::kDaysTime) {
    Number nanos = NumberOf(a.days_time().nanos);
    if (b.kind() == a.kind()) return Maybe(Divide(nanos, NumberOf(b.days_time().nanos)));
    if (!b.IsNumber()) return Value();
    auto quotient = Divide(nanos, b.number());
    auto whole = quotient ? TruncatedOf(*quotient) : std::nullopt;
    return whole ? DaysTimeOf(*whole) : Value();
  }
  return Value();
}

Value PowerValues(const Value& a, const Value& b) {
  if (!a.IsNumber() || !b.IsNumber()) return Value();
  return Maybe(Power(a.number(), b.number()));
}

Value NegateValue(const Value& a) {
  switch (a.kind()) {
    case ValueKind::kNumber:
      return Value::Of(a.number().Negated());
    case ValueKind::kYearsMonths:
      return Value::Of(YearsMonths{-a.years_months().months});
    case ValueKind::kDaysTime:
      return Value::Of(DaysTime{-a.days_time().nanos});
    default:
      return Value();
  }
}

Value Equal(const Value& a, const Value& b) {
  if (a.IsNull() || b.IsNull()) return Value::Of(a.IsNull() && b.IsNull());
  if (a.kind() != b.kind()) return Value();
  switch (a.kind()) {
    case ValueKind::kBoolean:
      return Value::Of(a.boolean() == b.boolean());
    case ValueKind::kNumber:
      return Value::Of(a.number() == b.number());
    case ValueKind::kString:
      return Value::Of(a.text() == b.text());
    case ValueKind::kList:
      return EqualLists(a, b);
    case ValueKind::kContext:
      return EqualContexts(a, b);
    case ValueKind::kRange: {
      const Range& x = a.range();
      const Range& y = b.range();
      if (x.form != y.form || x.low_included != y.low_included ||
          x.high_included != y.high_included)
        return Value::Of(false);
      Value low = Equal(x.low, y.low);
      return low.IsTrue() ? Equal(x.high, y.high) : low;
    }
    case ValueKind::kFunction:
      return Value::Of(a.IsSame(b));
    default: {
      auto order = Order(a, b);
      return Value::Of(order && *order == 0);
    }
  }
}

std::optional<int> Order(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case ValueKind::kNumber:
      return Sign(a.number() <=> b.number());
    case ValueKind::kString:
      return Sign(a.text().compare(b.text()));
    case ValueKind::kDate:
      return CompareWhole(a.date().days, b.date().days);
    case ValueKind::kTime:
      return CompareTimes(a.time(), b.time());
    case ValueKind::kDateTime:
      return CompareDateTimes(a.date_time(), b.date_time());
    case ValueKind::kYearsMonths:
      return CompareWhole(a.years_months().months, b.years_months().months);
    case ValueKind::kDaysTime:
      return CompareWhole(a.days_time().nanos, b.days_time().nanos);
    default:
      return std::nullopt;
  }
}

Value InRange(const Value& v, const Range& r) {
  switch (r.form) {
    case Range::Form::kEqual:
      return Equal(v, r.low);
    case Range::Form::kNotEqual: {
      Value same = Equal(v, r.low);
      return same.IsNull() ? same : Value::Of(!same.boolean());
    }
    case Range::Form::kLess:
    case Range::Form::kLessOrEqual: {
      auto order = Order(v, r.high);
      if (!order) return Value();
      return Value::Of(*order < 0 || (*order == 0 && r.form == Range::Form::kLessOrEqual));
    }
    case Range::Form::kGreater:
    case Range::Form::kGreaterOrEqual: {
      auto order = Order(v, r.low);
      if (!order) return Value();
      return Value::Of(*order > 0 || (*order == 0 && r.form == Range::Form::kGreaterOrEqual));
    }
    case Range::Form::kInterval:
      break;
  }
  auto low = Order(v, r.low);
  auto high = Order(v, r.high);
  if (!low || !high) return Value();
  return Value::Of((*low > 0 || (*low == 0 && r.low_included)) &&
                   (*high < 0 || (*high == 0 && r.high_included)));
}

Value In(const Value& v, const Value& test) {
  if (test.IsRange()) {
    if (v.IsRange()) return Equal(v, test);
    return InRange(v, test.range());
  }
  if (test.IsList()) {
    if (v.IsList() && Equal(v, test).IsTrue()) return Value::Of(true);
    for (const Value& item : test.items()) {
      if (item.IsRange() && !v.IsRange()) {
        if (InRange(v, item.range()).IsTrue()) return Value::Of(true);
      } else if (Equal(v, item).IsTrue()) {
        return Value::Of(true);
      }
    }
    return Value::Of(false);
  }
  return Equal(v, test);
}

namespace {

Value OffsetValue(std::optional<int32_t> offset) {
  if (!offset) return Value();
  return Value::Of(DaysTime{static_cast<Int128>(*offset) * kNanosPerSecond});
}

Value ZoneValue(const Zoning& z) {
  if (z.form != Zoning::Form::kNamed) return Value();
  return Value::Of(ZoneName(z.zone));
}

std::optional<Value> DateProperty(int64_t days, std::string_view name) {
  Civil c = CivilFromDays(days);
  if (name == "year") return Value::Of(c.year);
  if (name == "month") return Value::Of(c.month);
  if (name == "day") return Value::Of(c.day);
  if (name == "weekday") return Value::Of(Weekday(days));
  return std::nullopt;
}

std::optional<Value> ClockProperty(int64_t nanos, std::string_view name) {
  int64_t seconds = nanos / kNanosPerSecond;
  if (name == "hour") return Value::Of(seconds / 3600);
  if (name == "minute") return Value::Of(seconds / 60 % 60);
  if (name == "second") return Value::Of(seconds % 60);
  return std::nullopt;
}

}  // namespace

std::optional<Value> PropertyOf(const Value& v, std::string_view name) {
  switch (v.kind()) {
    case ValueKind::kDate:
      return DateProperty(v.date().days, name);
    case ValueKind::kTime: {
      if (name == "time offset") return OffsetValue(OffsetOf(v.time()));
      if (name == "timezone") return ZoneValue(v.time().zoning);
      return ClockProperty(v.time().nanos, name);
    }
    case ValueKind::kDateTime: {
      DateTime at = v.date_time();
      if (name == "time offset") return OffsetValue(OffsetOf(at));
      if (name == "timezone") return ZoneValue(at.zoning);
      if (auto found = DateProperty(at.days, name)) return found;
      return ClockProperty(at.nanos, name);
    }
    case ValueKind::kYearsMonths: {
      int64_t months = v.years_months().months;
      if (name == "years") return Value::Of(months / 12);
      if (name == "months") return Value::Of(months % 12);
      return std::nullopt;
    }
    case ValueKind::kDaysTime: {
      Int128 nanos = v.days_time().nanos;
      auto seconds = static_cast<int64_t>(nanos / kNanosPerSecond);
      if (name == "days") return Value::Of(seconds / kSecondsPerDay);
      if (name == "hours") return Value::Of(seconds / 3600 % 24);
      if (name == "minutes") return Value::Of(seconds / 60 % 60);
      if (name == "seconds") return Value::Of(seconds % 60);
      return std::nullopt;
    }
    case ValueKind::kRange: {
      const Range& r = v.range();
      using Form = Range::Form;
      bool upper = r.form == Form::kLess || r.form == Form::kLessOrEqual;
      bool lower = r.form == Form::kGreater || r.form == Form::kGreaterOrEqual;
      if (name == "start") return upper ? Value() : r.low;
      if (name == "end") return lower ? Value() : r.high;
      if (name == "start included") return Value::Of(r.low_included && !upper);
      if (name == "end included") return Value::Of(r.high_included && !lower);
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace city::feel
