// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <atomic>
#include <mutex>

#include "base/errors.h"
#include "base/random.h"

namespace city {
namespace {
int Hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace

std::string Uuid::ToText() const {
  static const char* kHex = "0123456789abcdef";
  std::string out(36, '-');
  size_t at = 0;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    out[at++] = kHex[bytes[i] >> 4];
    out[at++] = kHex[bytes[i] & 15];
  }
  return out;
}

Result<Uuid> ParseUuid(std::string_view text) {
  auto bad = [&] { return error::kBadId({{"text", std::string(text.substr(0, 60))}}); };
  if (text.size() != 36) return bad();
  Uuid out;
  size_t at = 0;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      if (text[at++] != '-') return bad();
    }
    int high = Hex(text[at]), low = Hex(text[at + 1]);
    if (high < 0 || low < 0) return bad();
    out.bytes[i] = static_cast<uint8_t>(high << 4 | low);
    at += 2;
  }
  return out;
}

bool IsUuid(std::string_view text) { return ParseUuid(text).has_value(); }

Uuid NewUuid(Time now) {
  // 48 bits of milliseconds, 12 bits of counter within the millisecond, the rest random.
  static std::mutex mutex;
  static uint64_t last = 0;  // milliseconds << 12 | counter
  uint64_t stamp;
  {
    std::lock_guard lock(mutex);
    auto ms = static_cast<uint64_t>(ToMicros(now) / 1000);
    stamp = ms << 12;
    if (stamp <= last) stamp = last + 1;
    last = stamp;
  }
  Uuid out;
  uint64_t ms = stamp >> 12;
  for (int i = 0; i < 6; ++i)
    out.bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(ms >> (40 - 8 * i));
  out.bytes[6] = static_cast<uint8_t>(0x70 | (stamp >> 8 & 0x0f));
  out.bytes[7] = static_cast<uint8_t>(stamp);
  uint64_t random = RandomBits();
  for (size_t i = 8; i < 16; ++i) out.bytes[i] = static_cast<uint8_t>(random >> (8 * (i - 8)));
  out.bytes[8] = static_cast<uint8_t>(0x80 | (out.bytes[8] & 0x3f));
  return out;
}

std::string NewId(Time now) { return NewUuid(now).ToText(); }
}  // namespace city
