// SPDX-License-Identifier: Apache-2.0
// Why: the squares are those of the standard, in each form.
#include "parts/documents/qr.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/png.h"

namespace city::documents {
namespace {

TEST(Qr, HasTheSizeAndCornersOfTheStandard) {
  // ISO/IEC 18004: version 1 has 21 squares and holds 14 bytes at level M, version 2 has 25.
  auto small = MakeQr("12345678901234");
  ASSERT_TRUE(small);
  auto larger = MakeQr("https://a.cn/v1");
  ASSERT_TRUE(larger);
  EXPECT_EQ(small->size, 21);
  EXPECT_EQ(larger->size, 25);
  // The finder pattern: 1 3 1 dark and light squares around the corner.
  const bool row[] = {true, false, true, true, true, false, true, false};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(small->At(i, 3), row[i]) << i;
  EXPECT_TRUE(small->At(20, 0));
  EXPECT_TRUE(small->At(0, 20));
}

TEST(Qr, HoldsChineseAndTakesNoMoreThanTheStandard) {
  EXPECT_TRUE(MakeQr("韶关市政务服务", QrLevel::kHigh));
  EXPECT_TRUE(MakeQr(std::string(2953, 'x'), QrLevel::kLow));
  auto too_long = MakeQr(std::string(2954, 'x'), QrLevel::kLow);
  ASSERT_FALSE(too_long);
  EXPECT_TRUE(too_long.error().Is(error::kQrTooLong));
  EXPECT_FALSE(MakeQr(""));
}

TEST(Qr, BecomesASvgOfAsManySquares) {
  auto code = MakeQr("text");
  const std::string svg = QrSvg(*code, 100);
  EXPECT_NE(svg.find("viewBox=\"0 0 29 29\""), std::string::npos);  // 21 + twice the quiet zone
  EXPECT_NE(svg.find("M4 4h7v1h-7z"), std::string::npos);           // the corner's first line
}

TEST(Qr, BecomesAPngOfItsSize) {
  auto code = MakeQr("text");
  int width = 0, height = 0;
  ASSERT_TRUE(PngSize(QrPng(*code, 3), width, height));
  EXPECT_EQ(width, 29 * 3);
  EXPECT_EQ(height, 29 * 3);
}

}  // namespace
}  // namespace city::documents
