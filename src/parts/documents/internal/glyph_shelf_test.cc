// SPDX-License-Identifier: Apache-2.0
// Why: a font that was put together draws what the whole font draws, to two other libraries.
#include "parts/documents/internal/glyph_shelf.h"

#include <ft2build.h>
#include <gtest/gtest.h>
#include <hb-ot.h>

#include <memory>

#include "parts/documents/csv.h"
#include "parts/documents/font.h"
#include FT_FREETYPE_H
#include FT_OUTLINE_H

namespace city::documents::internal {
namespace {

using Pen = std::vector<double>;

/// Points of a glyph as FreeType reads them, with its advance.
Pen Drawn(FT_Face face, char32_t c) {
  Pen out;
  if (FT_Load_Char(face, c, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING) != 0) return out;
  out.push_back(static_cast<double>(face->glyph->metrics.horiAdvance));
  const FT_Outline& outline = face->glyph->outline;
  for (int i = 0; i < outline.n_points; ++i) {
    out.push_back(static_cast<double>(outline.points[i].x));
    out.push_back(static_cast<double>(outline.points[i].y));
    out.push_back(outline.tags[i]);
  }
  return out;
}

class GlyphShelfOfFace : public ::testing::TestWithParam<Face> {
 protected:
  void SetUp() override { ASSERT_EQ(FT_Init_FreeType(&library_), 0); }
  void TearDown() override { FT_Done_FreeType(library_); }
  FT_Library library_ = nullptr;
};

TEST_P(GlyphShelfOfFace, DrawsEveryCharacterAsTheWholeFontDoes) {
  const Font* font = Font::Of(GetParam()).value();
  // Every ninth character of GB 2312, which are put together; then with one that is not in it,
  // which is cut out.
  std::u32string used;
  for (char32_t c : Characters("明月市场监督管理局0123456789ABCXYZ（：；。，·〇一二三")) used += c;
  for (int place = 0; place < 72 * 94; place += 9) {
    const char pair[] = {static_cast<char>(0xb0 + place / 94), static_cast<char>(0xa1 + place % 94),
                         '\0'};
    for (char32_t c : Characters(ToUtf8(pair).first))
      if (c > 0x4dff && font->Glyph(c) != 0) used += c;
  }
  used = Distinct(used);
  ASSERT_GT(used.size(), 600u);
  const std::u32string rare = U"龘一A";
  FT_Face whole = nullptr;
  ASSERT_EQ(FT_New_Face(library_, font->path().c_str(), font->index(), &whole), 0);
  for (const std::u32string& set : {used, rare}) {
    const std::string made = font->Subset(set).value();
    EXPECT_EQ(font->Subset(set).value(), made);
    FT_Face part = nullptr;
    ASSERT_EQ(FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(made.data()),
                                 static_cast<FT_Long>(made.size()), 0, &part),
              0);
    for (char32_t c : set) {
      ASSERT_NE(FT_Get_Char_Index(part, c), 0u) << static_cast<uint32_t>(c);
      EXPECT_EQ(Drawn(part, c), Drawn(whole, c)) << static_cast<uint32_t>(c);
    }
    EXPECT_EQ(FT_Get_Char_Index(part, U'!'), 0u);
    EXPECT_EQ(Drawn(part, U'!').size() > 1, true);  // the sign for a missing one
    FT_Done_Face(part);
  }
  FT_Done_Face(whole);
}

TEST_P(GlyphShelfOfFace, CarriesTheMeasuresAndIsSmall) {
  const Font* font = Font::Of(GetParam()).value();
  const std::string made = font->Subset(U"一网i").value();
  EXPECT_LT(made.size(), 4000u);
  hb_blob_t* blob = hb_blob_create(made.data(), static_cast<unsigned>(made.size()),
                                   HB_MEMORY_MODE_READONLY, nullptr, nullptr);
  hb_face_t* face = hb_face_create(blob, 0);
  hb_font_t* part = hb_font_create(face);
  hb_font_set_scale(part, 1000, 1000);
  EXPECT_EQ(hb_face_get_glyph_count(face), 4u);
  for (char32_t c : {U'一', U'网', U'i'}) {
    hb_codepoint_t glyph = 0;
    ASSERT_TRUE(hb_font_get_nominal_glyph(part, c, &glyph));
    EXPECT_EQ(hb_font_get_glyph_h_advance(part, glyph) / 1000.0, font->Advance(c));
  }
  hb_font_destroy(part);
  hb_face_destroy(face);
  hb_blob_destroy(blob);
}

TEST(GlyphShelf, TakesNoFontOfAnotherBuild) {
  EXPECT_EQ(GlyphShelf::Open("", {}), nullptr);
  EXPECT_EQ(GlyphShelf::Open(std::string("\0\1\0\0", 4) + std::string(300, '\0'), {}), nullptr);
  // Of a font that was cut short nothing is taken either, wherever the cut is.
  const std::string good = Font::Of(Face::kHei).value()->Subset(U"一网").value();
  EXPECT_NE(GlyphShelf::Open(good, {{U'一', 1}}), nullptr);
  for (size_t size = 0; size < good.size() - 3; size += 5)
    EXPECT_EQ(GlyphShelf::Open(good.substr(0, size), {{U'一', 1}}), nullptr) << size;
}

INSTANTIATE_TEST_SUITE_P(All, GlyphShelfOfFace,
                         ::testing::Values(Face::kSong, Face::kSongBold, Face::kHei,
                                           Face::kHeiBold));
}  // namespace
}  // namespace city::documents::internal
