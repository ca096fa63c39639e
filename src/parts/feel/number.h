// SPDX-License-Identifier: Apache-2.0
// FEEL numbers: decimal128 values of 34 digits, exact where money and law need them exact.
// Layout: IEEE 754-2008 decimal128 in binary integer encoding, two little-endian 64-bit words.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace city::feel {

/// How a number is cut to fewer digits. Source: DMN 1.5, 10.3.4.5.
enum class Rounding : uint8_t { kHalfEven, kFloor, kCeiling, kUp, kDown, kHalfUp, kHalfDown };

/// A finite decimal number of at most 34 digits. Cheap to copy; never NaN and never infinite:
/// an operation whose result does not exist or does not fit gives an empty optional.
class Number {
 public:
  constexpr Number() : low_(0), high_(kZeroExponent) {}
  explicit Number(int64_t value)
      : low_(value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value)),
        high_(kZeroExponent | (value < 0 ? kSign : 0)) {}
  /// The words of a decimal128 in binary integer encoding that is known to be finite.
  static Number FromWords(uint64_t low, uint64_t high) {
    Number n;
    n.low_ = low;
    n.high_ = high;
    return n;
  }
  uint64_t low() const { return low_; }
  uint64_t high() const { return high_; }

  /// Reads digits, an optional point and an optional exponent ("-12.5e3"); nothing else.
  static std::optional<Number> Parse(std::string_view text);
  /// The shortest decimal that reads back as `value`; empty for NaN and infinities.
  static std::optional<Number> FromDouble(double value);

  /// Plain digits without exponent; trailing zeros after the point are kept as calculated.
  std::string ToText() const;
  /// The nearest double.
  double ToDouble() const;
  /// The value as an integer when it is one and fits.
  std::optional<int64_t> ToInteger() const;
  /// The value times 10^decimals when that is a whole number that fits; `decimals` from 0 to 18.
  std::optional<int64_t> Scaled(int decimals) const {
    if (decimals == 0 && Small() && low_ <= static_cast<uint64_t>(INT64_MAX))
      return (high_ & kSign) != 0 ? -static_cast<int64_t>(low_) : static_cast<int64_t>(low_);
    return ScaledSlow(decimals);
  }
  /// The integer part (towards zero), when it fits.
  std::optional<int64_t> Truncated() const;
  bool IsZero() const;
  bool IsNegative() const { return (high_ & kSign) != 0 && !IsZero(); }
  bool IsInteger() const;
  Number Negated() const;
  Number Absolute() const { return IsNegative() ? Negated() : *this; }
  /// Without trailing zeros after the point; a whole number gets exponent zero where it fits.
  Number Normalized() const;

  friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
    if (a.Small() && b.Small() && ((a.high_ | b.high_) & kSign) == 0) return a.low_ <=> b.low_;
    return CompareSlow(a, b);
  }
  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == 0; }

 private:
  static constexpr uint64_t kSign = 0x8000000000000000ULL;
  static constexpr uint64_t kZeroExponent = 0x3040000000000000ULL;
  /// An integer below 2^64 with exponent zero: the common case with a fast path.
  bool Small() const { return (high_ & ~kSign) == kZeroExponent; }
  std::optional<int64_t> ScaledSlow(int decimals) const;
  static std::strong_ordering CompareSlow(const Number& a, const Number& b);
  friend std::optional<Number> Add(const Number& a, const Number& b);
  friend std::optional<Number> Multiply(const Number& a, const Number& b);

  uint64_t low_;
  uint64_t high_;
};

/// Sums, products and powers; empty when the result is not finite or not defined.
std::optional<Number> Add(const Number& a, const Number& b);
std::optional<Number> Subtract(const Number& a, const Number& b);
std::optional<Number> Multiply(const Number& a, const Number& b);
std::optional<Number> Divide(const Number& a, const Number& b);
std::optional<Number> Power(const Number& base, const Number& exponent);
/// The remainder with the sign of the divisor. Source: DMN 1.5, 10.3.4.5 (modulo).
std::optional<Number> Modulo(const Number& dividend, const Number& divisor);
std::optional<Number> SquareRoot(const Number& n);
/// The natural logarithm.
std::optional<Number> Logarithm(const Number& n);
std::optional<Number> Exponential(const Number& n);
/// `n` with at most `scale` digits after the point; a negative scale rounds to tens, hundreds ….
/// Empty when `scale` is outside -6111..6176.
std::optional<Number> Round(const Number& n, int64_t scale, Rounding mode);

}  // namespace city::feel
