// SPDX-License-Identifier: Apache-2.0
// Why: measures and subsets are the font's own.
#include "parts/documents/font.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "parts/documents/errors.h"

namespace city::documents {
namespace {

TEST(Font, MeasuresByItsOwnTable) {
  auto font = Font::Of(Face::kSong);
  ASSERT_TRUE(font) << font.error().ToLine();
  EXPECT_EQ((*font)->family(), "Noto Serif CJK SC");
  EXPECT_DOUBLE_EQ((*font)->Advance(U'韶'), 1.0);  // Chinese characters fill the square
  EXPECT_LT((*font)->Advance(U'i'), 0.5);
  EXPECT_NE((*font)->Glyph(U'𠮷'), 0u);
  EXPECT_EQ((*font)->Glyph(U'\U000F0000'), 0u);
  EXPECT_EQ(Font::Of(Face::kSong).value(), *font);
}

TEST(FontDeathTest, SaysWhichFileIsMissing) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";  // a process that has loaded no font
  EXPECT_EXIT(
      {
        setenv("YIWANG_FONTS", "/no/such/folder", 1);
        auto font = Font::Of(Face::kHei);
        const bool told = !font && font.error().Is(error::kFontMissing) &&
                          font.error().SaysEn().find("NotoSansCJK") != std::string::npos;
        _exit(told ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Font, MakesASmallSubsetAndAlwaysTheSame) {
  const Font* font = Font::Of(Face::kHeiBold).value();
  auto subset = font->Subset(U"一网A");
  ASSERT_TRUE(subset);
  EXPECT_TRUE(subset->starts_with("OTTO"));
  EXPECT_LT(subset->size(), 20'000u);
  EXPECT_EQ(font->Subset(U"A网一网").value(), *subset);
}

TEST(Font, DrawsAnOutline) {
  const Font* font = Font::Of(Face::kHei).value();
  auto steps = font->Outline(U'一');
  ASSERT_GE(steps.size(), 5u);  // one bar
  EXPECT_EQ(steps.front().kind, 'M');
  EXPECT_EQ(steps.back().kind, 'Z');
}

TEST(Characters, AreEachThereOnceInOrder) {
  EXPECT_EQ(Distinct(U"网一A网A"), U"A一网");
  EXPECT_EQ(Distinct(U""), U"");
}

TEST(Characters, ComeBackAsTheSameText) {
  const std::string text = "aé韶𠮷";
  EXPECT_EQ(Characters(text).size(), 4u);
  EXPECT_EQ(Utf8(Characters(text)), text);
  EXPECT_EQ(Characters("\xff\xe9"), U"\ufffd\ufffd");
  EXPECT_EQ(Characters("\xed\xa0\x80").find(U'\xd800'), std::u32string::npos);
}

}  // namespace
}  // namespace city::documents
