// SPDX-License-Identifier: Apache-2.0
// Why: a document must look the same everywhere, so it is laid out with fonts of known measure and
// carries the characters that it uses.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city::documents {

/// The typefaces of official documents: 宋 (serif) and 黑 (sans), each also bold.
enum class Face { kSong, kSongBold, kHei, kHeiBold };

/// A font file. Lives for the whole program. Threads: any.
class Font {
 public:
  /// The font of a face, found in the folder YIWANG_FONTS, or in the usual ones (Noto CJK SC).
  /// Errors: documents.font_missing.
  static Result<const Font*> Of(Face face);

  /// How far `c` moves the pen, in parts of the size. A character that the font lacks has the
  /// width of its replacement sign.
  double Advance(char32_t c) const;
  /// Index of the glyph of `c`; 0 when the font lacks it.
  unsigned Glyph(char32_t c) const;
  /// Height above and depth below the baseline, in parts of the size.
  double ascent() const { return ascent_; }
  double descent() const { return descent_; }

  /// Name for readers, "Noto Serif CJK SC".
  const std::string& family() const { return family_; }
  bool bold() const { return bold_; }
  const std::string& path() const { return path_; }
  int index() const { return index_; }

  /// An OpenType font with the characters `used` (in any order, repeated or not) alone. The same
  /// characters always give the same bytes.
  Result<std::string> Subset(std::u32string used) const;

  /// Outline of `c` as path steps of an SVG in units of 1/1000 of the size, y upwards; for seals.
  struct Step {
    char kind;  // M, L, C (three points), Z
    double x[3], y[3];
  };
  std::vector<Step> Outline(char32_t c) const;

  ~Font();

 private:
  struct Handles;
  Font();
  static Result<std::unique_ptr<Font>> Load(Face face);

  std::unique_ptr<Handles> handles_;
  std::string family_, path_;
  int index_ = 0;
  bool bold_ = false;
  double ascent_ = 0, descent_ = 0;
  std::vector<float> advances_;  ///< of the basic plane
};

/// The characters of UTF-8 `text`; a damaged sequence becomes U+FFFD.
std::u32string Characters(std::string_view text);
/// The characters of `text` in ascending order, each once.
std::u32string Distinct(std::u32string text);
/// UTF-8 of `text`.
std::string Utf8(std::u32string_view text);

}  // namespace city::documents
