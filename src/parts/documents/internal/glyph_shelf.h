// SPDX-License-Identifier: Apache-2.0
// Why: a certificate needs a font of its few dozen characters, and cutting one out of a large font
// takes milliseconds. Here the glyphs lie ready, and a font is put together from them by copying.
//
//   OpenType with CFF outlines (ISO/IEC 14496-22, Adobe Technical Note 5176), CID-keyed:
//   CFF  header, name, top dictionary, strings, no subroutines, charset (glyph = CID), FDSelect,
//        outlines, font dictionaries with their private ones
//   OS/2 cmap head hhea hmtx maxp name post
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace city::documents::internal {

/// The glyphs of an OpenType font without subroutines, each with its measures. Threads: any.
class GlyphShelf {
 public:
  /// Takes an OpenType font ("OTTO", CID-keyed, no subroutines) apart. `characters`: character and
  /// its glyph. Null for a font of another build.
  static std::unique_ptr<const GlyphShelf> Open(
      std::string font, const std::vector<std::pair<char32_t, unsigned>>& characters);

  bool Has(char32_t c) const { return c < glyphs_.size() && glyphs_[c] != 0; }
  /// A font of `used` (ascending, each once), as far as it has them, and the sign for missing ones.
  std::string FontOf(std::u32string_view used) const;

 private:
  struct Stretch {
    uint32_t at = 0, size = 0;
  };
  GlyphShelf() = default;
  bool Take();
  bool TakeOutlines(std::string_view cff);
  std::string_view Table(std::string_view tag) const;
  std::string Cff(const std::vector<unsigned>& chosen) const;

  std::string font_;
  std::vector<uint16_t> glyphs_;   ///< by character; 0: none
  std::vector<Stretch> outlines_;  ///< within the font, by glyph
  std::vector<uint8_t> dictionary_of_;
  std::string name_;                    ///< PostScript name
  std::string top_;                     ///< what the top dictionary keeps
  std::vector<std::string> fonts_;      ///< what each font dictionary keeps
  std::vector<std::string> privates_;   ///< private dictionary of each
  std::vector<uint32_t> measures_;      ///< advance and left side, by glyph
  std::string_view os2_, head_, hhea_;  ///< of font_
  std::string_view names_, post_;
};

}  // namespace city::documents::internal
