// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/crypto/bytes.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// Writes groups of `bits` bits as signs of `alphabet`, most significant first.
std::string Encode(std::string_view bytes, std::string_view alphabet, int bits) {
  std::string out;
  out.reserve(bytes.size() * 8 / static_cast<size_t>(bits) + 1);
  size_t whole = 0;
  if (bits == 6) {  // three bytes are four signs, with nothing left over
    for (; whole + 3 <= bytes.size(); whole += 3) {
      const uint32_t three = static_cast<uint32_t>(static_cast<uint8_t>(bytes[whole])) << 16 |
                             static_cast<uint32_t>(static_cast<uint8_t>(bytes[whole + 1])) << 8 |
                             static_cast<uint8_t>(bytes[whole + 2]);
      const char four[] = {alphabet[three >> 18], alphabet[three >> 12 & 63],
                           alphabet[three >> 6 & 63], alphabet[three & 63]};
      out.append(four, sizeof four);
    }
  }
  uint32_t held = 0;
  int count = 0;
  for (unsigned char byte : bytes.substr(whole)) {
    held = held << 8 | byte;
    count += 8;
    while (count >= bits) {
      count -= bits;
      out += alphabet[held >> count & ((1u << bits) - 1)];
    }
  }
  if (count > 0) out += alphabet[held << (bits - count) & ((1u << bits) - 1)];
  return out;
}

// The reverse. Refuses foreign signs, impossible lengths and bits that would be lost.
Result<std::string> Decode(std::string_view text, std::string_view alphabet, int bits,
                           const char* form) {
  std::string out;
  out.reserve(text.size() * static_cast<size_t>(bits) / 8);
  int8_t values[256];
  std::fill(std::begin(values), std::end(values), int8_t{-1});
  for (size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<uint8_t>(alphabet[i])] = static_cast<int8_t>(i);
  uint32_t held = 0;
  int count = 0;
  for (char c : text) {
    const int value = values[static_cast<uint8_t>(c)];
    if (value < 0) return error::kBadEncoding({{"form", form}});
    held = held << bits | static_cast<uint32_t>(value);
    count += bits;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(held >> count & 0xff);
    }
  }
  if (count >= bits || (held & ((1u << count) - 1)) != 0) {
    return error::kBadEncoding({{"form", form}});
  }
  return out;
}

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = other.bytes_;  // a move would leave short strings behind
    other.Wipe();
  }
  return *this;
}

void Secret::Wipe() { crypto::Wipe(bytes_); }

void Wipe(std::string& text) {
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

std::string RandomBytes(size_t count) {
  std::string out(count, '\0');
  CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1);
  return out;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string ToHex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Result<std::string> FromHex(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c | 32);
  }
  if (text.size() % 2 != 0) return error::kBadEncoding({{"form", "hex"}});
  return Decode(lower, "0123456789abcdef", 4, "hex");
}

std::string ToBase64(std::string_view bytes) {
  std::string out = Encode(bytes, kBase64, 6);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

Result<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return error::kBadEncoding({{"form", "Base64"}});
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return Decode(text, kBase64, 6, "Base64");
}

std::string ToBase64Url(std::string_view bytes) { return Encode(bytes, kBase64Url, 6); }

Result<std::string> FromBase64Url(std::string_view text) {
  return Decode(text, kBase64Url, 6, "Base64");
}

std::string ToBase32(std::string_view bytes) { return Encode(bytes, kBase32, 5); }

Result<std::string> FromBase32(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~32);
  }
  return Decode(upper, kBase32, 5, "Base32");
}

}  // namespace city::crypto
