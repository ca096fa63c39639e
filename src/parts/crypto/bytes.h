// SPDX-License-Identifier: Apache-2.0
// Why: bytes, their text forms, and secrets that do not stay behind in memory.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace city::crypto {

/// 256 bits, as SM3 and HMAC-SM3 give them.
using Digest = std::array<uint8_t, 32>;

/// The bytes of a digest, as long as the digest lives.
inline std::string_view View(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Bytes that are overwritten when they are no longer needed. Moves, never copies by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  ~Secret() { Wipe(); }
  Secret(Secret&& other) noexcept { *this = std::move(other); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// A second copy, where one is really meant.
  Secret Copy() const { return Secret(bytes_); }
  std::string_view view() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  void Wipe();
  std::string bytes_;
};

/// Overwrites the bytes of `text` and empties it.
void Wipe(std::string& text);

/// `count` unpredictable bytes.
std::string RandomBytes(size_t count);

/// Whether both are the same, in a time that depends on their lengths alone.
bool EqualInConstantTime(std::string_view a, std::string_view b);

/// Lower-case hex.
std::string ToHex(std::string_view bytes);
inline std::string ToHex(const Digest& digest) { return ToHex(View(digest)); }
/// Reads hex of either case. Errors: crypto.bad_encoding.
Result<std::string> FromHex(std::string_view text);

/// Base64 with padding (RFC 4648, 4).
std::string ToBase64(std::string_view bytes);
/// Reads Base64 with padding; no blanks. Errors: crypto.bad_encoding.
Result<std::string> FromBase64(std::string_view text);
/// Base64 for addresses and file names, without padding (RFC 4648, 5).
std::string ToBase64Url(std::string_view bytes);
/// Errors: crypto.bad_encoding.
Result<std::string> FromBase64Url(std::string_view text);

/// Base32 without padding (RFC 4648, 6), as one-time password apps read it.
std::string ToBase32(std::string_view bytes);
/// Reads Base32 of either case, with or without padding. Errors: crypto.bad_encoding.
Result<std::string> FromBase32(std::string_view text);

}  // namespace city::crypto
