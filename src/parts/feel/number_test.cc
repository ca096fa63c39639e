// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/number.h"

#include <gtest/gtest.h>

namespace city::feel {
namespace {

Number N(std::string_view text) { return *Number::Parse(text); }

TEST(Number, KeepsThirtyFourDigits) {
  EXPECT_EQ(N("1234567890123456789012345678901234").ToText(), "1234567890123456789012345678901234");
  EXPECT_EQ(Divide(Number(1), Number(3))->ToText(), "0.3333333333333333333333333333333333");
}

TEST(Number, RoundsTheThirtyFifthDigitHalfEven) {
  EXPECT_EQ(N("12345678901234567890123456789012345").ToText(),
            "12345678901234567890123456789012340");
}

TEST(Number, ReadsOnlyNumbers) {
  for (const char* text :
       {"", ".", "1.", "-", "1e", "0x1", "1 2", "١", "1..2", "e5", "1.2.3", "--1"})
    EXPECT_FALSE(Number::Parse(text)) << text;
  EXPECT_EQ(N("-12.5e3").ToText(), "-12500");
  EXPECT_EQ(N(".5").ToText(), "0.5");
}

TEST(Number, ComparesByValueNotByDigits) {
  EXPECT_EQ(N("1.10"), N("1.1"));
  EXPECT_LT(N("-1"), N("0"));
  EXPECT_EQ(N("-0"), N("0"));
  EXPECT_LT(N("1e-10"), N("2e10"));
  EXPECT_GT(N("100000000000000000000"), N("99999999999999999999.5"));
}

TEST(Number, AddsAndMultipliesExactlyWhereFloatsWould) {
  EXPECT_EQ(Add(N("0.1"), N("0.2"))->ToText(), "0.3");
  EXPECT_EQ(Multiply(Number(3037000499), Number(3037000499))->ToText(), "9223372030926249001");
  EXPECT_EQ(Multiply(Number(INT64_MAX), Number(INT64_MAX))->ToText(),
            "85070591730234615847396907784232500000");
  EXPECT_EQ(Subtract(Number(3), Number(5)), Number(-2));
}

TEST(Number, HasNoResultOutsideItsRange) {
  EXPECT_FALSE(Divide(Number(1), Number(0)));
  EXPECT_FALSE(Multiply(N("1e6000"), N("1e6000")));
  EXPECT_FALSE(SquareRoot(Number(-1)));
  EXPECT_FALSE(Logarithm(Number(0)));
  EXPECT_FALSE(Round(Number(1), 6177, Rounding::kUp));
  EXPECT_FALSE(Round(Number(1), -6112, Rounding::kUp));
}

// The table of DMN 1.5, 10.3.4.5 and its negative counterparts, by hand.
TEST(Number, RoundsInSevenWays) {
  struct {
    Rounding mode;
    const char *low, *half, *negative_half, *high;
  } rows[] = {{Rounding::kHalfEven, "2", "2", "-2", "3"}, {Rounding::kFloor, "2", "2", "-3", "2"},
              {Rounding::kCeiling, "3", "3", "-2", "3"},  {Rounding::kUp, "3", "3", "-3", "3"},
              {Rounding::kDown, "2", "2", "-2", "2"},     {Rounding::kHalfUp, "2", "3", "-3", "3"},
              {Rounding::kHalfDown, "2", "2", "-2", "3"}};
  for (const auto& row : rows) {
    EXPECT_EQ(Round(N("2.4"), 0, row.mode)->ToText(), row.low);
    EXPECT_EQ(Round(N("2.5"), 0, row.mode)->ToText(), row.half);
    EXPECT_EQ(Round(N("-2.5"), 0, row.mode)->ToText(), row.negative_half);
    EXPECT_EQ(Round(N("2.6"), 0, row.mode)->ToText(), row.high);
  }
  EXPECT_EQ(Round(N("1234"), -2, Rounding::kHalfUp)->ToText(), "1200");
  EXPECT_EQ(Round(N("1e-40"), 2, Rounding::kUp)->ToText(), "0.01");
}

TEST(Number, RaisesToWholePowersExactly) {
  EXPECT_EQ(Power(Number(2), Number(100))->ToText(), "1267650600228229401496703205376");
  EXPECT_EQ(Power(Number(10), Number(-2))->ToText(), "0.01");
  EXPECT_NEAR(Power(Number(2), N("0.5"))->ToDouble(), 1.4142135623730951, 1e-15);
}

TEST(Number, TakesTheSignOfTheDivisorForTheRemainder) {
  EXPECT_EQ(Modulo(Number(-12), Number(5)), Number(3));
  EXPECT_EQ(Modulo(Number(12), Number(-5)), Number(-3));
  EXPECT_EQ(Modulo(N("10.1"), N("4.5")), N("1.1"));
}

TEST(Number, KnowsWholeNumbers) {
  EXPECT_EQ(N("12.00").ToInteger(), 12);
  EXPECT_EQ(N("1e3").ToInteger(), 1000);
  EXPECT_FALSE(N("1.5").ToInteger());
  EXPECT_FALSE(N("1e30").ToInteger());
  EXPECT_EQ(N("-1.9").Truncated(), -1);
  EXPECT_EQ(Number(INT64_MIN).ToText(), "-9223372036854775808");
}

TEST(Number, ReadsADoubleAsItsShortestDecimal) {
  EXPECT_EQ(Number::FromDouble(0.1)->ToText(), "0.1");
  EXPECT_FALSE(Number::FromDouble(1.0 / 0.0));
}

TEST(Number, ScalesToWholeNumbersOnlyWhenNothingIsLost) {
  auto scaled = [](const char* text, int decimals) {
    return Number::Parse(text)->Scaled(decimals);
  };
  EXPECT_EQ(scaled("12", 0), 12);
  EXPECT_EQ(scaled("-12", 0), -12);
  EXPECT_EQ(scaled("12.50", 1), 125);
  EXPECT_EQ(scaled("-0.05", 2), -5);
  EXPECT_EQ(scaled("1e3", 2), 100000);
  EXPECT_EQ(scaled("0.000", 0), 0);
  EXPECT_EQ(scaled("12.5", 0), std::nullopt);
  EXPECT_EQ(scaled("9223372036854775807", 0), INT64_MAX);
  EXPECT_EQ(scaled("9223372036854775808", 0), std::nullopt);
  EXPECT_EQ(scaled("1e30", 0), std::nullopt);
  EXPECT_EQ(scaled("9223372036854775807", 1), std::nullopt);
}

}  // namespace
}  // namespace city::feel
