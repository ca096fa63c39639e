// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/crypto/der.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "parts/crypto/errors.h"

namespace city::crypto::der {
namespace {

tl::unexpected<Error> Bad() { return error::kBadEncoding({{"form", "DER"}}); }

// Tag and length of `size` bytes of content, with room for them.
std::string Head(uint8_t tag, size_t size) {
  std::string out;
  out.reserve(size + 10);
  out += static_cast<char>(tag);
  if (size < 128) {
    out += static_cast<char>(size);
    return out;
  }
  int bytes = 0;
  for (size_t left = size; left > 0; left >>= 8) ++bytes;
  out += static_cast<char>(0x80 | bytes);
  while (bytes-- > 0) out += static_cast<char>(size >> (8 * bytes) & 0xff);
  return out;
}

// Seals are some 9 KB and stand in sequences within sequences: each is copied once for each.
std::string Joined(uint8_t tag, std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  std::string out = Head(tag, size);
  for (std::string_view part : parts) out += part;
  return out;
}

std::string Digits(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

std::string Tlv(uint8_t tag, std::string_view content) { return Joined(tag, {content}); }

std::string Sequence(std::initializer_list<std::string_view> parts) {
  return Joined(kSequence, parts);
}

std::string Set(std::initializer_list<std::string_view> parts) { return Joined(kSet, parts); }

std::string Integer(int64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  // The shortest form: the first nine bits are not all alike.
  while (bytes.size() > 1) {
    const bool next_negative = static_cast<uint8_t>(bytes[1]) & 0x80;
    const auto first = static_cast<uint8_t>(bytes[0]);
    if (!((first == 0 && !next_negative) || (first == 0xff && next_negative))) break;
    bytes.erase(0, 1);
  }
  return Tlv(kInteger, bytes);
}

std::string BigInteger(std::string_view bytes) {
  while (bytes.size() > 1 && bytes[0] == 0) bytes.remove_prefix(1);
  std::string out(bytes.empty() ? std::string(1, '\0') : std::string(bytes));
  if (static_cast<uint8_t>(out[0]) & 0x80) out.insert(out.begin(), '\0');
  return Tlv(kInteger, out);
}

std::string Oid(std::string_view dotted) {
  std::string out;
  uint64_t first = 0;
  int index = 0;
  for (size_t at = 0; at < dotted.size(); ++index) {
    const size_t end = std::min(dotted.find('.', at), dotted.size());
    uint64_t arc = 0;
    std::from_chars(dotted.data() + at, dotted.data() + end, arc);
    at = end + 1;
    if (index == 0) {
      first = arc;
      continue;
    }
    if (index == 1) arc += first * 40;
    std::string bytes(1, static_cast<char>(arc & 0x7f));
    while (arc >>= 7) bytes.insert(bytes.begin(), static_cast<char>(0x80 | (arc & 0x7f)));
    out += bytes;
  }
  return Tlv(kOid, out);
}

std::string Octets(std::string_view bytes) { return Tlv(kOctets, bytes); }
std::string Bits(std::string_view bytes) {
  return Joined(kBits, {std::string_view("\0", 1), bytes});
}
std::string Utf8(std::string_view text) { return Tlv(kUtf8, text); }
std::string Ia5(std::string_view text) { return Tlv(kIa5, text); }
std::string Printable(std::string_view text) { return Tlv(kPrintable, text); }
std::string Boolean(bool value) {
  return Tlv(kBoolean, value ? "\xff" : std::string_view("\0", 1));
}
std::string Null() { return Tlv(kNull, ""); }
std::string GeneralTime(Time time) { return Tlv(kTime, Digits(time)); }

std::string CertificateTime(Time time) {
  const std::string digits = Digits(time);
  return digits < "2050" ? Tlv(kUtcTime, std::string_view(digits).substr(2)) : Tlv(kTime, digits);
}

std::string Explicit(int number, std::string_view content) {
  return Tlv(static_cast<uint8_t>(0xa0 | number), content);
}

Result<Element> Reader::Next() {
  if (rest_.size() < 2) return Bad();
  const auto tag = static_cast<uint8_t>(rest_[0]);
  size_t length = static_cast<uint8_t>(rest_[1]);
  size_t head = 2;
  if ((tag & 0x1f) == 0x1f) return Bad();
  if (length >= 0x80) {
    const size_t count = length & 0x7f;
    if (count == 0 || count > 4 || rest_.size() < 2 + count) return Bad();
    length = 0;
    for (size_t i = 0; i < count; ++i) length = length << 8 | static_cast<uint8_t>(rest_[2 + i]);
    head += count;
    if (length < 128 || length >> (8 * (count - 1)) == 0) return Bad();
  }
  if (rest_.size() - head < length) return Bad();
  Element out{tag, rest_.substr(head, length), rest_.substr(0, head + length)};
  rest_.remove_prefix(head + length);
  return out;
}

Result<std::string_view> Reader::Take(uint8_t tag) {
  if (!Is(tag)) return Bad();
  TRY(Element element, Next());
  return element.content;
}

Result<Reader> Reader::Enter(uint8_t tag) {
  TRY(std::string_view content, Take(tag));
  return Reader(content);
}

Result<int64_t> Reader::TakeInteger() {
  TRY(std::string_view bytes, Take(kInteger));
  if (bytes.empty() || bytes.size() > 8) return Bad();
  int64_t out = static_cast<int8_t>(bytes[0]);
  for (size_t i = 1; i < bytes.size(); ++i) {
    out = static_cast<int64_t>(static_cast<uint64_t>(out) << 8 | static_cast<uint8_t>(bytes[i]));
  }
  return out;
}

Result<std::string> Reader::TakeOid() {
  TRY(std::string_view bytes, Take(kOid));
  std::string out;
  uint64_t arc = 0;
  int length = 0;
  for (char byte : bytes) {
    if (++length > 9) return Bad();
    arc = arc << 7 | (static_cast<uint8_t>(byte) & 0x7f);
    if (static_cast<uint8_t>(byte) & 0x80) continue;
    if (out.empty()) {
      const uint64_t first = std::min<uint64_t>(arc / 40, 2);
      out = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      out += "." + std::to_string(arc);
    }
    arc = 0;
    length = 0;
  }
  if (length != 0 || out.empty()) return Bad();
  return out;
}

Result<std::string_view> Reader::TakeBits() {
  TRY(std::string_view bits, Take(kBits));
  if (bits.empty() || bits[0] != 0) return Bad();
  return bits.substr(1);
}

Result<Time> Reader::TakeTime() {
  const bool utc = Is(kUtcTime);
  TRY(std::string_view text, Take(utc ? kUtcTime : kTime));
  std::string digits(text);
  if (utc && digits.size() == 13) digits.insert(0, digits[0] < '5' ? "20" : "19");
  if (digits.size() != 15 || digits.back() != 'Z') return Bad();
  int numbers[6] = {};
  constexpr size_t kAt[] = {0, 4, 6, 8, 10, 12, 14};
  for (size_t i = 0; i < 6; ++i) {
    const char* end = digits.data() + kAt[i + 1];
    auto [stop, code] = std::from_chars(digits.data() + kAt[i], end, numbers[i]);
    if (code != std::errc() || stop != end || numbers[i] < 0) return Bad();
  }
  const std::chrono::year_month_day date{std::chrono::year(numbers[0]),
                                         std::chrono::month(static_cast<unsigned>(numbers[1])),
                                         std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 60) return Bad();
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(numbers[3]) +
         std::chrono::minutes(numbers[4]) + std::chrono::seconds(numbers[5]);
}

Result<void> Reader::Finish() const {
  if (!rest_.empty()) return Bad();
  return {};
}

}  // namespace city::crypto::der
