// SPDX-License-Identifier: Apache-2.0
// Why: PostgreSQL refuses text that SQLite would keep; checking first makes both refuse the same.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace city::store::internal {

/// Whether `text` is UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) without NUL.
inline bool IsStorableText(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* end = p + text.size();
  while (p < end) {
    if (end - p >= 8) {  // eight ASCII bytes at a time; the subtraction finds a zero byte
      uint64_t word;
      std::memcpy(&word, p, 8);
      if (((word | (word - 0x0101010101010101ull)) & 0x8080808080808080ull) == 0) {
        p += 8;
        continue;
      }
    }
    unsigned char c = *p;
    if (c == 0) return false;
    if (c < 0x80) {
      ++p;
      continue;
    }
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    if (c < 0xc2 || c > 0xf4 || end - p <= more) return false;
    uint32_t point = c & (0x3f >> more);
    for (int i = 1; i <= more; ++i) {
      if ((p[i] & 0xc0) != 0x80) return false;
      point = point << 6 | (p[i] & 0x3f);
    }
    if (more == 2 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return false;
    if (more == 3 && (point < 0x10000 || point > 0x10ffff)) return false;
    p += more + 1;
  }
  return true;
}

}  // namespace city::store::internal
