// SPDX-License-Identifier: Apache-2.0
// Why: the distinguished encoding (ITU-T X.690) of certificates, seals and time stamps, which the
// library we link does not build for SM2.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace city::crypto::der {

inline constexpr uint8_t kBoolean = 0x01, kInteger = 0x02, kBits = 0x03, kOctets = 0x04,
                         kNull = 0x05, kOid = 0x06, kEnumerated = 0x0a, kUtf8 = 0x0c,
                         kPrintable = 0x13, kIa5 = 0x16, kUtcTime = 0x17, kTime = 0x18,
                         kSequence = 0x30, kSet = 0x31;

/// Tag, length, content.
std::string Tlv(uint8_t tag, std::string_view content);
std::string Sequence(std::initializer_list<std::string_view> parts);
std::string Set(std::initializer_list<std::string_view> parts);
std::string Integer(int64_t value);
/// A positive number from its bytes, most significant first.
std::string BigInteger(std::string_view bytes);
/// From "1.2.156.10197.1.501".
std::string Oid(std::string_view dotted);
std::string Octets(std::string_view bytes);
/// A bit string of whole bytes.
std::string Bits(std::string_view bytes);
std::string Utf8(std::string_view text);
std::string Ia5(std::string_view text);
std::string Printable(std::string_view text);
std::string Boolean(bool value);
std::string Null();
/// GeneralizedTime in UTC, whole seconds.
std::string GeneralTime(Time time);
/// As certificates write it: UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5).
std::string CertificateTime(Time time);
/// [number] EXPLICIT.
std::string Explicit(int number, std::string_view content);

/// One element that was read; its views are into what the reader was given.
struct Element {
  uint8_t tag = 0;
  std::string_view content;
  std::string_view whole;
};

/// Reads elements one after the other; definite, shortest lengths only.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool AtEnd() const { return rest_.empty(); }
  /// Whether the next element has this tag.
  bool Is(uint8_t tag) const { return !rest_.empty() && static_cast<uint8_t>(rest_[0]) == tag; }
  /// Errors of all: crypto.bad_encoding.
  Result<Element> Next();
  /// The content of the next element, which must have this tag.
  Result<std::string_view> Take(uint8_t tag);
  /// A reader of the content of the next element, which must have this tag.
  Result<Reader> Enter(uint8_t tag);
  Result<int64_t> TakeInteger();
  /// "1.2.156…"
  Result<std::string> TakeOid();
  /// A bit string of whole bytes, without the count of unused bits.
  Result<std::string_view> TakeBits();
  /// GeneralizedTime or UTCTime in UTC.
  Result<Time> TakeTime();
  /// Errors when something is left.
  Result<void> Finish() const;

 private:
  std::string_view rest_;
};

}  // namespace city::crypto::der
