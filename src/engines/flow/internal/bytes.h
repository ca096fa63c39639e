// SPDX-License-Identifier: Apache-2.0
// Little-endian base-128 numbers and length-prefixed text: the bytes of states and logs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace city::flow {

class ByteWriter {
 public:
  void Number(std::uint64_t v) {
    while (v >= 0x80) {
      out.push_back(static_cast<char>(v | 0x80));
      v >>= 7;
    }
    out.push_back(static_cast<char>(v));
  }
  void Signed(std::int64_t v) {
    Number((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
  }
  void Text(std::string_view s) {
    Number(s.size());
    out.append(s);
  }
  std::string out;
};

/// Reads what ByteWriter wrote; on strange bytes everything reads as zero and `ok` turns false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t Number() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      auto b = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if ((b & 0x80) == 0) return v;
    }
    ok = false;
    rest_ = {};
    return 0;
  }
  std::int64_t Signed() {
    auto v = Number();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }
  std::string_view Text() {
    auto size = Number();
    if (size > rest_.size()) {
      ok = false;
      rest_ = {};
      return {};
    }
    auto s = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return s;
  }
  /// A count of things of which each takes at least one byte.
  std::size_t Count() {
    auto n = Number();
    if (n > rest_.size()) {
      ok = false;
      rest_ = {};
      return 0;
    }
    return n;
  }
  bool empty() const { return rest_.empty(); }
  bool ok = true;

 private:
  std::string_view rest_;
};

}  // namespace city::flow
