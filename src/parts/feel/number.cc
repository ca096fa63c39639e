// SPDX-License-Identifier: Apache-2.0
// Decimal arithmetic on the Intel decimal library, with integer fast paths for the common case.
#include "parts/feel/number.h"

#include <bid_conf.h>
#include <bid_functions.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "parts/feel/int128.h"

namespace city::feel {
namespace {

using Bid = BID_UINT128;

constexpr uint64_t kSignBit = 0x8000000000000000ULL;
constexpr int kMaxDigits = 34;

Bid ToBid(const Number& n) {
  Bid b;
  b.w[0] = n.low();
  b.w[1] = n.high();
  return b;
}

bool Finite(const Bid& b) { return (b.w[1] & 0x7800000000000000ULL) != 0x7800000000000000ULL; }

std::optional<Number> FromBid(const Bid& b) {
  if (!Finite(b)) return std::nullopt;
  return Number::FromWords(b.w[0], b.w[1]);
}

struct Parts {
  bool negative;
  Uint128 digits;
  int exponent;
};

/// Sign, coefficient and exponent. A non-canonical coefficient counts as zero (IEEE 754-2008, 3.5).
Parts Split(const Number& n) {
  Parts p;
  p.negative = (n.high() & kSignBit) != 0;
  if ((n.high() & 0x6000000000000000ULL) == 0x6000000000000000ULL) {
    p.digits = 0;
    p.exponent = static_cast<int>((n.high() >> 47) & 0x3fff) - 6176;
    return p;
  }
  p.exponent = static_cast<int>((n.high() >> 49) & 0x3fff) - 6176;
  p.digits = (static_cast<Uint128>(n.high() & 0x0001ffffffffffffULL) << 64) | n.low();
  return p;
}

Number Join(bool negative, Uint128 digits, int exponent) {
  uint64_t high = static_cast<uint64_t>(digits >> 64) |
                  (static_cast<uint64_t>(exponent + 6176) << 49) | (negative ? kSignBit : 0);
  return Number::FromWords(static_cast<uint64_t>(digits), high);
}

std::string Digits(Uint128 v) {
  if (v == 0) return "0";
  char buffer[48];
  char* p = buffer + sizeof buffer;
  while (v != 0) {
    *--p = static_cast<char>('0' + static_cast<int>(v % 10));
    v /= 10;
  }
  return std::string(p, buffer + sizeof buffer);
}

}  // namespace

std::optional<Number> Number::Parse(std::string_view text) {
  size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  Uint128 digits = 0;
  int count = 0;
  int exponent = 0;
  bool any = false;
  bool exact = true;
  bool point = false;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (c == '.') {
      if (point) return std::nullopt;
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (digits == 0 && c == '0') {
      if (point) --exponent;
      continue;
    }
    if (count >= kMaxDigits) {
      exact = false;
      if (!point) ++exponent;
      continue;
    }
    digits = digits * 10 + static_cast<unsigned>(c - '0');
    ++count;
    if (point) --exponent;
  }
  if (!any || text.back() == '.') return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int e = 0;
    auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), e);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (e > 100000 || e < -100000) return std::nullopt;
    exponent += e;
  }
  if (exact && exponent >= -6176 && exponent <= 6111) return Join(negative, digits, exponent);
  // Rounding and extreme exponents are left to the library.
  std::string copy(text);
  unsigned flags = 0;
  return FromBid(bid128_from_string(copy.data(), 0, &flags));
}

std::optional<Number> Number::FromDouble(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  if (error != std::errc()) return std::nullopt;
  return Parse(std::string_view(buffer, static_cast<size_t>(end - buffer)));
}

std::string Number::ToText() const {
  Parts p = Split(*this);
  std::string text = Digits(p.digits);
  if (p.digits == 0 && p.exponent > 0) p.exponent = 0;
  if (p.exponent > 0) {
    text.append(static_cast<size_t>(p.exponent), '0');
  } else if (p.exponent < 0) {
    size_t scale = static_cast<size_t>(-p.exponent);
    if (text.size() <= scale) text.insert(0, scale - text.size() + 1, '0');
    text.insert(text.size() - scale, ".");
  }
  if (p.negative && p.digits != 0) text.insert(0, "-");
  return text;
}

double Number::ToDouble() const {
  unsigned flags = 0;
  return bid128_to_binary64(ToBid(*this), 0, &flags);
}

bool Number::IsZero() const { return Split(*this).digits == 0; }

Number Number::Normalized() const {
  Parts p = Split(*this);
  if (p.digits == 0) return Number();
  while (p.exponent < 0 && p.digits % 10 == 0) {
    p.digits /= 10;
    ++p.exponent;
  }
  Uint128 limit = 1;
  for (int i = 0; i < kMaxDigits - 1; ++i) limit *= 10;
  while (p.exponent > 0 && p.digits < limit) {
    p.digits *= 10;
    --p.exponent;
  }
  return Join(p.negative, p.digits, p.exponent);
}

bool Number::IsInteger() const {
  if (Small()) return true;
  return Normalized().high_ == kZeroExponent || Split(Normalized()).exponent >= 0;
}

std::optional<int64_t> Number::ToInteger() const {
  Parts p = Split(*this);
  if (p.exponent != 0) {
    p = Split(Normalized());
    if (p.exponent != 0) return std::nullopt;
  }
  constexpr Uint128 kMax = static_cast<Uint128>(INT64_MAX);
  if (p.digits > kMax) return std::nullopt;
  int64_t v = static_cast<int64_t>(p.digits);
  return p.negative ? -v : v;
}

std::optional<int64_t> Number::ScaledSlow(int decimals) const {
  Parts p = Split(*this);
  constexpr Uint128 kMax = static_cast<Uint128>(INT64_MAX);
  int shift = p.exponent + decimals;
  for (; shift < 0 && p.digits != 0; ++shift) {
    if (p.digits % 10 != 0) return std::nullopt;
    p.digits /= 10;
  }
  if (p.digits == 0) return 0;
  for (; shift > 0; --shift) {
    if (p.digits > kMax / 10) return std::nullopt;
    p.digits *= 10;
  }
  if (p.digits > kMax) return std::nullopt;
  int64_t v = static_cast<int64_t>(p.digits);
  return p.negative ? -v : v;
}

std::optional<int64_t> Number::Truncated() const {
  if (auto whole = ToInteger()) return whole;
  auto cut = Round(*this, 0, Rounding::kDown);
  return cut ? cut->ToInteger() : std::nullopt;
}

Number Number::Negated() const {
  if (IsZero()) return *this;
  return FromWords(low_, high_ ^ kSign);
}

std::strong_ordering Number::CompareSlow(const Number& a, const Number& b) {
  Parts x = Split(a);
  Parts y = Split(b);
  if (x.exponent == y.exponent || x.digits == 0 || y.digits == 0) {
    int sx = x.digits == 0 ? 0 : (x.negative ? -1 : 1);
    int sy = y.digits == 0 ? 0 : (y.negative ? -1 : 1);
    if (sx != sy) return sx <=> sy;
    if (sx == 0) return std::strong_ordering::equal;
    auto order = x.digits <=> y.digits;
    return sx > 0 ? order : 0 <=> order;
  }
  unsigned flags = 0;
  if (bid128_quiet_equal(ToBid(a), ToBid(b), &flags)) return std::strong_ordering::equal;
  return bid128_quiet_less(ToBid(a), ToBid(b), &flags) ? std::strong_ordering::less
                                                       : std::strong_ordering::greater;
}

std::optional<Number> Add(const Number& a, const Number& b) {
  if (a.Small() && b.Small()) {
    Int128 x = static_cast<Int128>(a.low_);
    Int128 y = static_cast<Int128>(b.low_);
    if (a.high_ & Number::kSign) x = -x;
    if (b.high_ & Number::kSign) y = -y;
    Int128 sum = x + y;
    bool negative = sum < 0;
    return Join(negative, static_cast<Uint128>(negative ? -sum : sum), 0);
  }
  unsigned flags = 0;
  return FromBid(bid128_add(ToBid(a), ToBid(b), 0, &flags));
}

std::optional<Number> Subtract(const Number& a, const Number& b) { return Add(a, b.Negated()); }

std::optional<Number> Multiply(const Number& a, const Number& b) {
  if (a.Small() && b.Small() && ((a.low_ | b.low_) >> 56) == 0) {
    // Both below 2^56, so the product has at most 112 bits and 34 digits.
    Uint128 product = static_cast<Uint128>(a.low_) * b.low_;
    bool negative = product != 0 && ((a.high_ ^ b.high_) & Number::kSign) != 0;
    return Join(negative, product, 0);
  }
  unsigned flags = 0;
  return FromBid(bid128_mul(ToBid(a), ToBid(b), 0, &flags));
}

std::optional<Number> Divide(const Number& a, const Number& b) {
  if (b.IsZero()) return std::nullopt;
  unsigned flags = 0;
  return FromBid(bid128_div(ToBid(a), ToBid(b), 0, &flags));
}

std::optional<Number> Power(const Number& base, const Number& exponent) {
  unsigned flags = 0;
  if (auto n = exponent.ToInteger(); n && *n >= -1000000 && *n <= 1000000) {
    // Repeated squaring keeps exact powers exact.
    uint64_t left = static_cast<uint64_t>(*n < 0 ? -*n : *n);
    Number result(1);
    Number square = base;
    while (left != 0) {
      if (left & 1) {
        auto next = Multiply(result, square);
        if (!next) return std::nullopt;
        result = *next;
      }
      left >>= 1;
      if (left != 0) {
        auto next = Multiply(square, square);
        if (!next) return std::nullopt;
        square = *next;
      }
    }
    if (*n >= 0) return result;
    return Divide(Number(1), result);
  }
  return FromBid(bid128_pow(ToBid(base), ToBid(exponent), 0, &flags));
}

std::optional<Number> Modulo(const Number& dividend, const Number& divisor) {
  if (divisor.IsZero()) return std::nullopt;
  unsigned flags = 0;
  auto rest = FromBid(bid128_fmod(ToBid(dividend), ToBid(divisor), &flags));
  if (!rest) return std::nullopt;
  if (!rest->IsZero() && rest->IsNegative() != divisor.IsNegative()) return Add(*rest, divisor);
  return rest;
}

std::optional<Number> SquareRoot(const Number& n) {
  if (n.IsNegative()) return std::nullopt;
  unsigned flags = 0;
  return FromBid(bid128_sqrt(ToBid(n), 0, &flags));
}

std::optional<Number> Logarithm(const Number& n) {
  if (n.IsNegative() || n.IsZero()) return std::nullopt;
  unsigned flags = 0;
  return FromBid(bid128_log(ToBid(n), 0, &flags));
}

std::optional<Number> Exponential(const Number& n) {
  unsigned flags = 0;
  return FromBid(bid128_exp(ToBid(n), 0, &flags));
}

std::optional<Number> Round(const Number& n, int64_t scale, Rounding mode) {
  if (scale < -6111 || scale > 6176) return std::nullopt;
  Parts p = Split(n);
  if (-scale <= p.exponent) return n;  // already short enough
  // Cut digits by hand: every mode follows from the sign, the kept digit and the rest.
  int64_t drop = -scale - p.exponent;
  Uint128 kept = 0;
  Uint128 rest = 0;
  Uint128 unit = 1;
  if (drop > kMaxDigits + 3) {
    rest = p.digits == 0 ? 0 : 1;
    unit = 4;  // less than half
  } else {
    for (int64_t i = 0; i < drop; ++i) unit *= 10;
    kept = p.digits / unit;
    rest = p.digits % unit;
  }
  bool up = false;
  if (rest != 0) {
    auto half = rest <=> (unit - rest);  // rest against half a unit, without overflow
    switch (mode) {
      case Rounding::kUp:
        up = true;
        break;
      case Rounding::kDown:
        break;
      case Rounding::kFloor:
        up = p.negative;
        break;
      case Rounding::kCeiling:
        up = !p.negative;
        break;
      case Rounding::kHalfUp:
        up = half >= 0;
        break;
      case Rounding::kHalfDown:
        up = half > 0;
        break;
      case Rounding::kHalfEven:
        up = half > 0 || (half == 0 && (kept & 1) != 0);
        break;
    }
  }
  if (up) ++kept;
  if (kept == 0) return Number();
  int64_t exponent = -scale;
  if (exponent > 6111) return std::nullopt;
  return Join(p.negative, kept, static_cast<int>(exponent));
}

}  // namespace city::feel
