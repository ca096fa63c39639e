// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Chinese text needs no shaping beyond its advances, so the pen moves by the
// font's own table; that is the same in every viewer.
#include "parts/documents/font.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <hb.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <vector>

#include "parts/documents/csv.h"
#include "parts/documents/errors.h"
#include "parts/documents/internal/glyph_shelf.h"

namespace city::documents {
namespace {

constexpr char32_t kBasic = 0x10000;

struct Wanted {
  const char* file;
  const char* family;
  bool bold;
};
constexpr Wanted kWanted[] = {
    {"NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", false},
    {"NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", true},
    {"NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", false},
    {"NotoSansCJK-Bold.ttc", "Noto Sans CJK SC", true},
};

std::string FindFile(const char* name) {
  std::vector<std::string> folders{"/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk",
                                   "/usr/local/share/fonts"};
  if (const char* own = std::getenv("YIWANG_FONTS")) folders = {own};
  for (const std::string& folder : folders) {
    std::error_code ignored;
    std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return "";
}

std::string FamilyOf(hb_face_t* face) {
  char name[128];
  unsigned size = sizeof name;
  hb_ot_name_get_utf8(face, HB_OT_NAME_ID_FONT_FAMILY, HB_LANGUAGE_INVALID, &size, name);
  return {name, size};
}

}  // namespace

struct Font::Handles {
  hb_face_t* face = nullptr;
  hb_font_t* font = nullptr;
  std::unique_ptr<const internal::GlyphShelf> shelf;  ///< of the common characters
  mutable std::once_flag prepare;
  ~Handles() {
    hb_font_destroy(font);
    hb_face_destroy(face);
  }
};

Font::Font() : handles_(std::make_unique<Handles>()) {}
Font::~Font() = default;

Result<std::unique_ptr<Font>> Font::Load(Face face) {
  const Wanted& wanted = kWanted[static_cast<size_t>(face)];
  const std::string path = FindFile(wanted.file);
  if (path.empty()) return error::kFontMissing({{"font", wanted.file}});
  hb_blob_t* blob = hb_blob_create_from_file_or_fail(path.c_str());
  if (!blob) return error::kFontMissing({{"font", path}});
  std::unique_ptr<Font> out(new Font);
  // A collection holds the same outlines for several languages.
  const unsigned count = hb_face_count(blob);
  for (unsigned i = 0; i < count; ++i) {
    hb_face_t* candidate = hb_face_create(blob, i);
    if (FamilyOf(candidate) == wanted.family) {
      out->handles_->face = candidate;
      out->index_ = static_cast<int>(i);
      break;
    }
    hb_face_destroy(candidate);
  }
  hb_blob_destroy(blob);
  if (!out->handles_->face) return error::kFontMissing({{"font", wanted.family}});
  out->handles_->font = hb_font_create(out->handles_->face);
  hb_font_set_scale(out->handles_->font, 1000, 1000);
  hb_font_extents_t extents{};
  hb_font_get_h_extents(out->handles_->font, &extents);
  out->ascent_ = extents.ascender / 1000.0;
  out->descent_ = -extents.descender / 1000.0;
  out->family_ = wanted.family;
  out->bold_ = wanted.bold;
  out->path_ = path;
  hb_face_make_immutable(out->handles_->face);
  hb_font_make_immutable(out->handles_->font);
  for (char32_t c = 0; c < kBasic; ++c)
    out->advances_.push_back(
        static_cast<float>(hb_font_get_glyph_h_advance(out->handles_->font, out->Glyph(c))));
  return out;
}

Result<const Font*> Font::Of(Face face) {
  static std::mutex mutex;
  static std::array<std::unique_ptr<Font>, 4> fonts;
  std::lock_guard lock(mutex);
  std::unique_ptr<Font>& font = fonts[static_cast<size_t>(face)];
  if (!font) {
    TRY(font, Load(face));
  }
  return font.get();
}

unsigned Font::Glyph(char32_t c) const {
  hb_codepoint_t glyph = 0;
  if (!hb_font_get_nominal_glyph(handles_->font, c, &glyph)) return 0;
  return glyph;
}

double Font::Advance(char32_t c) const {
  if (c < advances_.size()) return static_cast<double>(advances_[c]) / 1000.0;
  return hb_font_get_glyph_h_advance(handles_->font, Glyph(c)) / 1000.0;
}

namespace {
using FacePtr = std::unique_ptr<hb_face_t, void (*)(hb_face_t*)>;

/// The face with the characters of `wanted` alone, without layout tables: they only serve shaping,
/// which has been done.
FacePtr SubsetOf(hb_face_t* face, const std::u32string& wanted, unsigned flags) {
  std::unique_ptr<hb_subset_input_t, void (*)(hb_subset_input_t*)> input(
      hb_subset_input_create_or_fail(), hb_subset_input_destroy);
  if (!input) return {nullptr, hb_face_destroy};
  hb_subset_input_set_flags(input.get(), flags);
  hb_set_t* set = hb_subset_input_unicode_set(input.get());
  hb_set_add(set, ' ');
  for (char32_t c : wanted) hb_set_add(set, c);
  hb_set_t* dropped = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
  for (hb_tag_t tag :
       {HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('B', 'A', 'S', 'E'),
        HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'), HB_TAG('V', 'O', 'R', 'G')}) {
    hb_set_add(dropped, tag);
  }
  return {hb_subset_or_fail(face, input.get()), hb_face_destroy};
}

std::string BytesOf(hb_face_t* face) {
  std::unique_ptr<hb_blob_t, void (*)(hb_blob_t*)> blob(hb_face_reference_blob(face),
                                                        hb_blob_destroy);
  unsigned size = 0;
  const char* data = hb_blob_get_data(blob.get(), &size);
  return {data, size};
}

/// Characters of GB 2312 with Latin letters and marks: nearly all of nearly all documents.
const std::u32string& CommonCharacters() {
  static const std::u32string all = [] {
    std::u32string out;
    for (char32_t c = 0x20; c < 0x180; ++c) out += c;
    for (char32_t c = 0x2010; c < 0x2040; ++c) out += c;
    std::string rows;
    for (int high = 0xa1; high <= 0xf7; ++high)
      for (int low = 0xa1; low <= 0xfe; ++low) {
        if (high > 0xa9 && high < 0xb0) continue;
        rows += static_cast<char>(high);
        rows += static_cast<char>(low);
      }
    return Distinct(out + Characters(ToUtf8(rows).first));
  }();
  return all;
}

/// Whether `c` is one of them.
bool IsCommon(char32_t c) {
  static const std::vector<bool> kMarks = [] {
    std::vector<bool> out(kBasic);
    for (char32_t each : CommonCharacters()) out[each] = true;
    return out;
  }();
  return c < kBasic && kMarks[c];
}
}  // namespace

Result<std::string> Font::Subset(std::u32string used) const {
  used = Distinct(std::move(used));
  // Hints serve screens of few pixels; without them and without subroutines glyphs can be copied.
  constexpr unsigned kFlags = HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE;
  if (std::all_of(used.begin(), used.end(), IsCommon)) {
    std::call_once(handles_->prepare, [&] {
      const std::u32string& common = CommonCharacters();
      FacePtr part = SubsetOf(handles_->face, common, kFlags);
      if (!part) return;
      std::unique_ptr<hb_font_t, void (*)(hb_font_t*)> font(hb_font_create(part.get()),
                                                            hb_font_destroy);
      std::vector<std::pair<char32_t, unsigned>> glyphs;
      for (char32_t c : common) {
        hb_codepoint_t glyph = 0;
        if (hb_font_get_nominal_glyph(font.get(), c, &glyph)) glyphs.emplace_back(c, glyph);
      }
      handles_->shelf = internal::GlyphShelf::Open(BytesOf(part.get()), glyphs);
    });
    if (handles_->shelf != nullptr) return handles_->shelf->FontOf(used);
  }
  FacePtr subset = SubsetOf(handles_->face, used, kFlags);
  if (!subset) return error::kFailed({{"reason", "font subset"}});
  return BytesOf(subset.get());
}

std::vector<Font::Step> Font::Outline(char32_t c) const {
  std::vector<Step> out;
  std::unique_ptr<hb_draw_funcs_t, void (*)(hb_draw_funcs_t*)> funcs(hb_draw_funcs_create(),
                                                                     hb_draw_funcs_destroy);
  auto steps = [](void* data) { return static_cast<std::vector<Step>*>(data); };
  static auto add = steps;
  hb_draw_funcs_set_move_to_func(
      funcs.get(),
      [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) {
        add(data)->push_back({'M', {x}, {y}});
      },
      nullptr, nullptr);
  hb_draw_funcs_set_line_to_func(
      funcs.get(),
      [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) {
        add(data)->push_back({'L', {x}, {y}});
      },
      nullptr, nullptr);
  hb_draw_funcs_set_cubic_to_func(
      funcs.get(),
      [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x1, float y1, float x2, float y2,
         float x3, float y3, void*) {
        add(data)->push_back({'C', {x1, x2, x3}, {y1, y2, y3}});
      },
      nullptr, nullptr);
  hb_draw_funcs_set_close_path_func(
      funcs.get(),
      [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, void*) {
        add(data)->push_back({'Z', {}, {}});
      },
      nullptr, nullptr);
  hb_font_get_glyph_shape(handles_->font, Glyph(c), funcs.get(), &out);
  return out;
}

std::u32string Characters(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    char32_t point = more == 0 ? c : c & (0x3fu >> more);
    bool good = c < 0x80 || (c >= 0xc2 && c <= 0xf4);
    for (size_t k = 1; good && k <= more; ++k) {
      good = i + k < text.size() && (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
      if (good) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    }
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    out += good && point <= 0x10ffff && !surrogate ? point : U'\ufffd';
    i += good ? more + 1 : 1;
  }
  return out;
}

std::u32string Distinct(std::u32string text) {
  std::sort(text.begin(), text.end());
  text.erase(std::unique(text.begin(), text.end()), text.end());
  return text;
}

std::string Utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xc0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xe0 | c >> 12);
      out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
      out += static_cast<char>(0xf0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
      out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return out;
}

}  // namespace city::documents
