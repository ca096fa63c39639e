// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The font is one of ours, read from the system; nothing here reads what
// strangers send.
#include "parts/documents/internal/glyph_shelf.h"

#include <endian.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

namespace city::documents::internal {
namespace {

uint32_t Get(std::string_view bytes, size_t at, size_t size) {
  uint32_t out = 0;
  for (size_t i = 0; i < size; ++i)
    out = out << 8 | (at + i < bytes.size() ? static_cast<uint8_t>(bytes[at + i]) : 0);
  return out;
}
void Put(std::string& out, uint32_t value, size_t size) {
  for (size_t i = size; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}
void PutAt(std::string& out, size_t at, uint32_t value, size_t size) {
  for (size_t i = 0; i < size; ++i)
    out[at + i] = static_cast<char>(value >> (8 * (size - 1 - i)) & 0xff);
}

/// An INDEX: its entries and where it ends; nothing when it is damaged.
struct Index {
  std::vector<std::pair<uint32_t, uint32_t>> entries;  ///< offset within the table, size
  size_t end = 0;
};
std::optional<Index> ReadIndex(std::string_view cff, size_t at) {
  Index out;
  const uint32_t count = Get(cff, at, 2);
  if (count == 0) {
    out.end = at + 2;
    return out;
  }
  const uint32_t width = Get(cff, at + 2, 1);
  if (width < 1 || width > 4) return std::nullopt;
  const size_t data = at + 2 + (count + 1) * width;  // offsets count from 1
  uint32_t from = Get(cff, at + 3, width);
  for (uint32_t i = 1; i <= count; ++i) {
    const uint32_t to = Get(cff, at + 3 + i * width, width);
    if (to < from || data + to > cff.size()) return std::nullopt;
    out.entries.emplace_back(static_cast<uint32_t>(data + from), to - from);
    from = to;
  }
  out.end = data + from;
  return out;
}

std::string WriteIndex(const std::vector<std::string_view>& entries) {
  std::string out;
  Put(out, static_cast<uint32_t>(entries.size()), 2);
  if (entries.empty()) return out;
  uint32_t total = 1;
  for (std::string_view entry : entries) total += static_cast<uint32_t>(entry.size());
  const size_t width = total < 1u << 8 ? 1 : total < 1u << 16 ? 2 : total < 1u << 24 ? 3 : 4;
  out.reserve(3 + (entries.size() + 1) * width + total);
  Put(out, static_cast<uint32_t>(width), 1);
  uint32_t at = 1;
  Put(out, at, width);
  for (std::string_view entry : entries) Put(out, at += static_cast<uint32_t>(entry.size()), width);
  for (std::string_view entry : entries) out += entry;
  return out;
}

/// Operators of a dictionary with the bytes of their operands and, where whole, their values.
struct Operation {
  int code = 0;  ///< 12 << 8 | second byte for escaped ones
  std::string_view operands;
  std::vector<int32_t> values;
};
std::vector<Operation> ReadDictionary(std::string_view bytes) {
  std::vector<Operation> out;
  Operation one;
  size_t from = 0;
  for (size_t at = 0; at < bytes.size();) {
    const uint32_t b = Get(bytes, at, 1);
    if (b <= 21) {
      one.operands = bytes.substr(from, at - from);
      one.code = static_cast<int>(b);
      ++at;
      if (b == 12) one.code = 12 << 8 | static_cast<int>(Get(bytes, at++, 1));
      out.push_back(std::exchange(one, {}));
      from = at;
    } else if (b == 30) {  // a real number, in half bytes up to an f
      for (++at; at < bytes.size();) {
        const uint32_t pair = Get(bytes, at++, 1);
        if ((pair & 15) == 15 || pair >> 4 == 15) break;
      }
      one.values.push_back(0);
    } else if (b == 28) {
      one.values.push_back(static_cast<int16_t>(Get(bytes, at + 1, 2)));
      at += 3;
    } else if (b == 29) {
      one.values.push_back(static_cast<int32_t>(Get(bytes, at + 1, 4)));
      at += 5;
    } else if (b <= 246) {
      one.values.push_back(static_cast<int32_t>(b) - 139);
      ++at;
    } else {
      const auto low = static_cast<int32_t>(Get(bytes, at + 1, 1));
      const auto high = static_cast<int32_t>(b);
      one.values.push_back(high < 251 ? (high - 247) * 256 + low + 108
                                      : -(high - 251) * 256 - low - 108);
      at += 2;
    }
  }
  return out;
}

/// A whole number in five bytes, so that a dictionary is as long whatever stands in it.
void PutNumber(std::string& out, size_t value) {
  out += '\x1d';
  Put(out, static_cast<uint32_t>(value), 4);
}
void PutOperator(std::string& out, int code) {
  if (code > 255) out += '\x0c';
  out += static_cast<char>(code & 0xff);
}
void Keep(std::string& out, const Operation& one) {
  out += one.operands;
  PutOperator(out, one.code);
}

constexpr int kCharset = 15, kCharStrings = 17, kPrivate = 18, kSubroutines = 19,
              kRegistry = 12 << 8 | 30, kCount = 12 << 8 | 34, kDictionaries = 12 << 8 | 36,
              kSelect = 12 << 8 | 37;
// What names a string or a place in the old font: all but these and the ones above is kept.
constexpr int kDropped[] = {0,
                            1,
                            2,
                            3,
                            4,
                            13,
                            14,
                            12 << 8,
                            12 << 8 | 21,
                            12 << 8 | 22,
                            12 << 8 | 23,
                            12 << 8 | 35,
                            12 << 8 | 38,
                            16};
bool IsKept(int code) {
  for (int each : {kCharset, kCharStrings, kPrivate, kRegistry, kCount, kDictionaries, kSelect})
    if (code == each) return false;
  return std::find(std::begin(kDropped), std::end(kDropped), code) == std::end(kDropped);
}

uint32_t CheckSum(std::string_view bytes) {
  uint32_t out = 0;
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t word;
    std::memcpy(&word, bytes.data() + at, 4);
    out += be32toh(word);
  }
  if (at < bytes.size()) out += Get(bytes, at, 4);
  return out;
}

/// Characters in ascending order have glyphs 1, 2, 3 …; format 4.
std::string CharacterMap(const std::vector<char32_t>& characters) {
  struct Segment {
    char32_t first, last;
    size_t glyph;
  };
  std::vector<Segment> segments;
  for (size_t i = 0; i < characters.size(); ++i) {
    if (!segments.empty() && segments.back().last + 1 == characters[i])
      segments.back().last = characters[i];
    else
      segments.push_back({characters[i], characters[i], i + 1});
  }
  segments.push_back({0xffff, 0xffff, 0});  // the standard asks for it; leads to the missing sign
  const size_t count = segments.size();
  size_t power = 1;
  uint32_t log = 0;
  while (power * 2 <= count) {
    power *= 2;
    ++log;
  }
  std::string out;
  Put(out, 0, 2);
  Put(out, 1, 2);
  Put(out, 3, 2);   // Windows,
  Put(out, 1, 2);   // Unicode, basic plane
  Put(out, 12, 4);  // where it stands
  Put(out, 4, 2);
  Put(out, static_cast<uint32_t>(16 + count * 8), 2);
  Put(out, 0, 2);
  Put(out, static_cast<uint32_t>(count * 2), 2);
  Put(out, static_cast<uint32_t>(power * 2), 2);
  Put(out, log, 2);
  Put(out, static_cast<uint32_t>((count - power) * 2), 2);
  for (const Segment& each : segments) Put(out, each.last, 2);
  Put(out, 0, 2);
  for (const Segment& each : segments) Put(out, each.first, 2);
  for (const Segment& each : segments)
    Put(out, static_cast<uint32_t>(each.glyph - each.first) & 0xffff, 2);
  for (size_t i = 0; i < count; ++i) Put(out, 0, 2);
  return out;
}

}  // namespace

std::unique_ptr<const GlyphShelf> GlyphShelf::Open(
    std::string font, const std::vector<std::pair<char32_t, unsigned>>& characters) {
  std::unique_ptr<GlyphShelf> out(new GlyphShelf);
  out->font_ = std::move(font);
  if (!out->Take()) return nullptr;
  for (const auto& [c, glyph] : characters) {
    if (c >= 0xffff || glyph == 0 || glyph >= out->outlines_.size()) continue;
    if (out->glyphs_.size() <= c) out->glyphs_.resize(c + 1);
    out->glyphs_[c] = static_cast<uint16_t>(glyph);
  }
  return out;
}

std::string_view GlyphShelf::Table(std::string_view tag) const {
  const std::string_view font(font_);
  for (uint32_t i = 0; i < Get(font, 4, 2); ++i) {
    const size_t at = 12 + i * 16;
    if (at + 16 > font.size()) return {};
    if (font.substr(at, 4) != tag) continue;
    const size_t from = Get(font, at + 8, 4), size = Get(font, at + 12, 4);
    if (from > font.size() || size > font.size() - from) return {};
    return font.substr(from, size);
  }
  return {};
}

bool GlyphShelf::Take() {
  if (!font_.starts_with("OTTO")) return false;
  os2_ = Table("OS/2");
  head_ = Table("head");
  hhea_ = Table("hhea");
  names_ = Table("name");
  post_ = Table("post");
  const std::string_view measures = Table("hmtx");
  if (os2_.size() < 78 || head_.size() < 54 || hhea_.size() < 36 || post_.size() < 32 ||
      !TakeOutlines(Table("CFF ")))
    return false;
  const uint32_t full = Get(hhea_, 34, 2);
  const auto count = static_cast<uint32_t>(outlines_.size());
  if (full == 0 || measures.size() < full * 4 + (count - std::min(count, full)) * 2) return false;
  for (uint32_t glyph = 0; glyph < count; ++glyph)
    measures_.push_back(glyph < full ? Get(measures, glyph * 4, 4)
                                     : Get(measures, (full - 1) * 4, 2) << 16 |
                                           Get(measures, full * 4 + (glyph - full) * 2, 2));
  return true;
}

bool GlyphShelf::TakeOutlines(std::string_view cff) {
  if (cff.size() < 4) return false;
  const auto names = ReadIndex(cff, Get(cff, 2, 1));
  const auto tops = names ? ReadIndex(cff, names->end) : std::nullopt;
  const auto strings = tops ? ReadIndex(cff, tops->end) : std::nullopt;
  const auto shared = strings ? ReadIndex(cff, strings->end) : std::nullopt;
  if (!shared || names->entries.size() != 1 || tops->entries.size() != 1 ||
      !shared->entries.empty())
    return false;
  auto bytes = [&](std::pair<uint32_t, uint32_t> entry) {
    return cff.substr(entry.first, entry.second);
  };
  name_ = bytes(names->entries[0]);
  size_t outlines_at = 0, select_at = 0, dictionaries_at = 0;
  for (const Operation& one : ReadDictionary(bytes(tops->entries[0]))) {
    const size_t value = one.values.empty() ? 0 : static_cast<size_t>(one.values[0]);
    if (one.code == kCharStrings) outlines_at = value;
    if (one.code == kSelect) select_at = value;
    if (one.code == kDictionaries) dictionaries_at = value;
    if (IsKept(one.code)) Keep(top_, one);
  }
  if (outlines_at == 0 || select_at == 0 || dictionaries_at == 0) return false;
  const auto outlines = ReadIndex(cff, outlines_at);
  const auto dictionaries = ReadIndex(cff, dictionaries_at);
  if (!outlines || !dictionaries) return false;
  const auto base = static_cast<uint32_t>(cff.data() - font_.data());
  for (auto [at, size] : outlines->entries) outlines_.push_back({base + at, size});
  for (const auto& entry : dictionaries->entries) {
    std::string kept, inner;
    for (const Operation& one : ReadDictionary(bytes(entry))) {
      if (one.code == kPrivate && one.values.size() == 2) {
        const auto size = static_cast<size_t>(one.values[0]),
                   at = static_cast<size_t>(one.values[1]);
        if (at > cff.size() || size > cff.size() - at) return false;
        for (const Operation& each : ReadDictionary(cff.substr(at, size))) {
          if (each.code == kSubroutines) return false;
          Keep(inner, each);
        }
      } else if (IsKept(one.code)) {
        Keep(kept, one);
      }
    }
    fonts_.push_back(std::move(kept));
    privates_.push_back(std::move(inner));
  }
  const size_t count = outlines_.size();
  if (Get(cff, select_at, 1) == 0) {
    for (size_t i = 0; i < count; ++i)
      dictionary_of_.push_back(static_cast<uint8_t>(Get(cff, select_at + 1 + i, 1)));
  } else if (Get(cff, select_at, 1) == 3) {
    const uint32_t ranges = Get(cff, select_at + 1, 2);
    for (uint32_t i = 0; i < ranges; ++i) {
      const size_t at = select_at + 3 + i * 3;
      const size_t last = std::min<size_t>(Get(cff, at + 3, 2), count);
      dictionary_of_.resize(std::max(last, dictionary_of_.size()),
                            static_cast<uint8_t>(Get(cff, at + 2, 1)));
    }
  }
  return count > 0 && dictionary_of_.size() == count &&
         *std::max_element(dictionary_of_.begin(), dictionary_of_.end()) < fonts_.size();
}

std::string GlyphShelf::Cff(const std::vector<unsigned>& chosen) const {
  std::vector<std::string_view> outlines;
  std::string select("\x03", 1);
  std::map<uint8_t, uint8_t> renumbered;
  std::vector<uint8_t> dictionaries;
  uint32_t ranges = 0;
  int last = -1;
  Put(select, 0, 2);
  // Outlines lie all over a megabyte: they are fetched side by side, not one after the other.
  for (unsigned glyph : chosen)
    for (uint32_t at = 0; at < outlines_[glyph].size; at += 64)
      __builtin_prefetch(font_.data() + outlines_[glyph].at + at);
  for (size_t i = 0; i < chosen.size(); ++i) {
    const Stretch& outline = outlines_[chosen[i]];
    outlines.push_back(std::string_view(font_).substr(outline.at, outline.size));
    const uint8_t from = dictionary_of_[chosen[i]];
    auto [known, fresh] = renumbered.try_emplace(from, static_cast<uint8_t>(dictionaries.size()));
    if (fresh) dictionaries.push_back(from);
    if (known->second == last) continue;
    last = known->second;
    Put(select, static_cast<uint32_t>(i), 2);
    Put(select, static_cast<uint32_t>(last), 1);
    ++ranges;
  }
  Put(select, static_cast<uint32_t>(chosen.size()), 2);
  PutAt(select, 1, ranges, 2);

  std::string charset("\x02\x00\x01", 3);  // from glyph 1 on each is its own CID
  Put(charset, static_cast<uint32_t>(chosen.size() - 2), 2);

  std::string out("\x01\x00\x04\x04", 4);
  out += WriteIndex({name_});
  auto top = [&](size_t charset_at, size_t select_at, size_t outlines_at, size_t fonts_at) {
    std::string made;
    PutNumber(made, 391);  // the first two strings of its own
    PutNumber(made, 392);
    PutNumber(made, 0);
    PutOperator(made, kRegistry);
    made += top_;
    PutNumber(made, chosen.size());
    PutOperator(made, kCount);
    for (auto [at, code] :
         {std::pair(charset_at, kCharset), std::pair(select_at, kSelect),
          std::pair(outlines_at, kCharStrings), std::pair(fonts_at, kDictionaries)}) {
      PutNumber(made, at);
      PutOperator(made, code);
    }
    return WriteIndex({made});
  };
  std::string tail = WriteIndex({"Adobe", "Identity"}) + WriteIndex({});
  const size_t charset_at = out.size() + top(0, 0, 0, 0).size() + tail.size();
  const size_t select_at = charset_at + charset.size();
  const size_t outlines_at = select_at + select.size();
  const std::string drawn = WriteIndex(outlines);
  const size_t fonts_at = outlines_at + drawn.size();
  auto fonts = [&](size_t privates_at) {
    std::vector<std::string> made;
    for (uint8_t each : dictionaries) {
      std::string one = fonts_[each];
      PutNumber(one, privates_[each].size());
      PutNumber(one, privates_at);
      PutOperator(one, kPrivate);
      privates_at += privates_[each].size();
      made.push_back(std::move(one));
    }
    return WriteIndex({made.begin(), made.end()});
  };
  const size_t privates_at = fonts_at + fonts(0).size();
  out.reserve(privates_at + dictionaries.size() * 64);
  out += top(charset_at, select_at, outlines_at, fonts_at);
  out += tail;
  out += charset;
  out += select;
  out += drawn;
  out += fonts(privates_at);
  for (uint8_t each : dictionaries) out += privates_[each];
  return out;
}

std::string GlyphShelf::FontOf(std::u32string_view used) const {
  std::vector<unsigned> chosen{0};
  std::vector<char32_t> characters;
  for (char32_t c : used) {
    if (!Has(c)) continue;
    characters.push_back(c);
    chosen.push_back(glyphs_[c]);
  }
  if (characters.empty()) {  // the charset names at least one
    characters.push_back(' ');
    chosen.push_back(Has(' ') ? glyphs_[' '] : 0);
  }
  std::string os2(os2_), head(head_), hhea(hhea_), measures, most("\x00\x00\x50\x00", 4);
  PutAt(os2, 64, characters.front(), 2);
  PutAt(os2, 66, characters.back(), 2);
  PutAt(head, 8, 0, 4);
  PutAt(hhea, 34, static_cast<uint32_t>(chosen.size()), 2);
  for (unsigned glyph : chosen) Put(measures, measures_[glyph], 4);
  Put(most, static_cast<uint32_t>(chosen.size()), 2);
  const std::string cff = Cff(chosen), map = CharacterMap(characters);
  const std::pair<const char*, std::string_view> tables[] = {
      {"CFF ", cff},      {"OS/2", os2},  {"cmap", map},    {"head", head}, {"hhea", hhea},
      {"hmtx", measures}, {"maxp", most}, {"name", names_}, {"post", post_}};
  constexpr uint32_t kTables = std::size(tables);
  std::string out("OTTO");
  Put(out, kTables, 2);
  Put(out, 128, 2);  // 16 times the greatest power of two that fits
  Put(out, 3, 2);
  Put(out, kTables * 16 - 128, 2);
  size_t at = 12 + kTables * 16;
  size_t head_at = 0;
  for (const auto& [tag, bytes] : tables) {
    out += tag;
    Put(out, CheckSum(bytes), 4);
    Put(out, static_cast<uint32_t>(at), 4);
    Put(out, static_cast<uint32_t>(bytes.size()), 4);
    if (bytes.data() == head.data()) head_at = at;
    at += (bytes.size() + 3) / 4 * 4;
  }
  out.reserve(at);
  for (const auto& [tag, bytes] : tables) {
    out += bytes;
    out.resize((out.size() + 3) / 4 * 4);
  }
  PutAt(out, head_at + 8, 0xb1b0afba - CheckSum(out), 4);
  return out;
}

}  // namespace city::documents::internal
