// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/internal/embedded_font.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "parts/documents/internal/ofd_xml.h"

namespace city::documents::internal {
namespace {

constexpr size_t kMostKept = 64;  // about 2 MB

// The signs of running numbers.
struct Signs {
  char32_t first, last;
};
constexpr Signs kSerial[] = {{'0', '9'}, {'A', 'Z'}};

struct Kept {
  std::shared_ptr<const EmbeddedFont> font;
  uint64_t used_at = 0;
};
using Key = std::pair<Face, std::u32string>;
struct Shelf {
  std::mutex mutex;
  std::map<Key, Kept> fonts;
  uint64_t now = 0;
};

}  // namespace

Result<std::shared_ptr<const EmbeddedFont>> EmbeddedFontOf(Face face, std::u32string used) {
  for (const Signs& signs : kSerial) {
    auto is_one = [&](char32_t c) { return c >= signs.first && c <= signs.last; };
    if (std::none_of(used.begin(), used.end(), is_one)) continue;
    for (char32_t c = signs.first; c <= signs.last; ++c) used += c;
  }
  used = Distinct(std::move(used));
  static Shelf shelf;
  Key key{face, std::move(used)};
  {
    std::lock_guard lock(shelf.mutex);
    auto found = shelf.fonts.find(key);
    if (found != shelf.fonts.end()) {
      found->second.used_at = ++shelf.now;
      return found->second.font;
    }
  }
  TRY(const Font* font, Font::Of(face));
  auto made = std::make_shared<EmbeddedFont>();
  TRY(made->bytes, font->Subset(key.second));
  made->sm3 = Sm3Of(made->bytes);
  std::lock_guard lock(shelf.mutex);
  if (shelf.fonts.size() >= kMostKept) {
    shelf.fonts.erase(std::min_element(
        shelf.fonts.begin(), shelf.fonts.end(),
        [](const auto& a, const auto& b) { return a.second.used_at < b.second.used_at; }));
  }
  shelf.fonts[std::move(key)] = {made, ++shelf.now};
  return std::shared_ptr<const EmbeddedFont>(std::move(made));
}

}  // namespace city::documents::internal
