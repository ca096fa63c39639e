// SPDX-License-Identifier: Apache-2.0
// Built-in functions on numbers, and number() itself. Source: DMN 1.5, 10.3.4.1 and 10.3.4.5.
#include "base/text.h"
#include "parts/feel/internal/builtins.h"
#include "parts/feel/internal/ops.h"

namespace city::feel {
namespace {

Value OrNone(const Arguments& a, const std::optional<Number>& n) {
  return n ? Value::Of(*n) : a.None();
}

Value ToNumber(const Arguments& a) {
  std::string_view from = a[0].text();
  auto separator = [&](size_t i) -> std::string_view {
    return a.Has(i) ? a[i].text() : std::string_view();
  };
  std::string_view grouping = separator(1);
  std::string_view point = separator(2);
  if (a.Has(1) && grouping != "." && grouping != "," && grouping != " ") return a.Bad(1);
  if (a.Has(2) && point != "." && point != ",") return a.Bad(2);
  if (a.Has(1) && grouping == point) return a.Bad(2);
  std::string text(from);
  if (!grouping.empty()) text = ReplaceAll(text, grouping, "");
  if (!point.empty() && point != ".") {
    if (text.find('.') != std::string::npos) return a.Bad(0);
    text = ReplaceAll(text, point, ".");
  }
  auto n = Number::Parse(text);
  return n ? Value::Of(*n) : a.Bad(0);
}

Value RoundWith(const Arguments& a, Rounding mode) {
  int64_t scale = 0;
  if (a.size() > 1 && a.values[1] != nullptr) {
    if (a[1].IsNull()) return a.Bad(1);
    auto whole = a[1].number().Truncated();
    if (!whole) return a.Bad(1);
    scale = *whole;
  }
  return OrNone(a, Round(a[0].number(), scale, mode));
}

std::optional<bool> IsOdd(const Number& n) {
  if (!n.IsInteger()) return std::nullopt;
  auto rest = Modulo(n, Number(2));
  if (!rest) return std::nullopt;
  return !rest->IsZero();
}

Value Decimal(const Arguments& a) { return RoundWith(a, Rounding::kHalfEven); }
Value Floor(const Arguments& a) { return RoundWith(a, Rounding::kFloor); }
Value Ceiling(const Arguments& a) { return RoundWith(a, Rounding::kCeiling); }
Value RoundUp(const Arguments& a) { return RoundWith(a, Rounding::kUp); }
Value RoundDown(const Arguments& a) { return RoundWith(a, Rounding::kDown); }
Value RoundHalfUp(const Arguments& a) { return RoundWith(a, Rounding::kHalfUp); }
Value RoundHalfDown(const Arguments& a) { return RoundWith(a, Rounding::kHalfDown); }
Value Abs(const Arguments& a) {
  switch (a[0].kind()) {
    case ValueKind::kNumber:
      return Value::Of(a[0].number().Absolute());
    case ValueKind::kYearsMonths:
      return a[0].years_months().months < 0 ? NegateValue(a[0]) : a[0];
    case ValueKind::kDaysTime:
      return a[0].days_time().nanos < 0 ? NegateValue(a[0]) : a[0];
    case ValueKind::kList:
      if (a[0].items().size() == 1 && a[0].items()[0].IsNumber())
        return Value::Of(a[0].items()[0].number().Absolute());
      return a.Bad(0);
    default:
      return a.Bad(0);
  }
}
Value ModuloOf(const Arguments& a) { return OrNone(a, Modulo(a[0].number(), a[1].number())); }
Value Sqrt(const Arguments& a) { return OrNone(a, SquareRoot(a[0].number())); }
Value Log(const Arguments& a) { return OrNone(a, Logarithm(a[0].number())); }
Value Exp(const Arguments& a) { return OrNone(a, Exponential(a[0].number())); }
Value Odd(const Arguments& a) {
  auto odd = IsOdd(a[0].number());
  return odd ? Value::Of(*odd) : a.Bad(0);
}
Value Even(const Arguments& a) {
  auto odd = IsOdd(a[0].number());
  return odd ? Value::Of(!*odd) : a.Bad(0);
}

constexpr BuiltinRow kRows[] = {
    {"number", "from:s|from:s, grouping separator:s?, decimal separator:s?", ToNumber, true},
    {"decimal", "n:n, scale:n", Decimal, true},
    {"floor", "n:n|n:n, scale:n", Floor, true},
    {"ceiling", "n:n|n:n, scale:n", Ceiling, true},
    {"round up", "n:n, scale:n", RoundUp, true},
    {"round down", "n:n, scale:n", RoundDown, true},
    {"round half up", "n:n, scale:n", RoundHalfUp, true},
    {"round half down", "n:n, scale:n", RoundHalfDown, true},
    {"abs", "n:a", Abs, true},
    {"modulo", "dividend:n, divisor:n", ModuloOf, true},
    {"sqrt", "number:n", Sqrt, true},
    {"log", "number:n", Log, true},
    {"exp", "number:n", Exp, true},
    {"odd", "number:n", Odd, true},
    {"even", "number:n", Even, true},
};

}  // namespace

std::span<const BuiltinRow> NumberBuiltins() { return kRows; }

}  // namespace city::feel
