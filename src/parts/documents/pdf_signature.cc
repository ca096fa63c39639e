// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/pdf_signature.h"

#include <fmt/format.h>

#include <charconv>

#include "parts/documents/errors.h"
#include "parts/documents/font.h"
#include "parts/documents/internal/ofd_xml.h"

namespace city::documents {
namespace {

// Room for a signature with its certificate and a time stamp.
constexpr size_t kRoom = 8192;

tl::unexpected<Error> Bad(const char* reason) { return error::kBadPdf({{"reason", reason}}); }

// The number after `key` in `text`.
std::optional<size_t> NumberAfter(std::string_view text, std::string_view key) {
  size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  at = text.find_first_not_of(" \r\n[", at + key.size());
  if (at == std::string_view::npos) return std::nullopt;
  size_t out = 0;
  auto [end, code] = std::from_chars(text.data() + at, text.data() + text.size(), out);
  return code == std::errc() ? std::optional(out) : std::nullopt;
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

// A text string in UTF-16 (7.9.2.2).
std::string TextString(std::string_view text) {
  std::string bytes("\xfe\xff");
  for (char32_t c : Characters(text)) {
    auto put = [&](uint32_t unit) {
      bytes += static_cast<char>(unit >> 8);
      bytes += static_cast<char>(unit & 0xff);
    };
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xd800 + ((c - 0x10000) >> 10));
      put(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return "<" + Hex(bytes) + ">";
}

}  // namespace

Result<std::string> SignPdf(std::string_view pdf, std::string_view name, Time now,
                            const MakeDetached& make) {
  const size_t trailer_at = pdf.rfind("trailer");
  const size_t start_at = pdf.rfind("startxref");
  if (trailer_at == std::string_view::npos || start_at == std::string_view::npos ||
      !pdf.starts_with("%PDF-")) {
    return Bad("no trailer");
  }
  const std::string_view trailer = pdf.substr(trailer_at);
  const auto size = NumberAfter(trailer, "/Size");
  const auto root = NumberAfter(trailer, "/Root");
  const auto info = NumberAfter(trailer, "/Info");
  const auto previous = NumberAfter(pdf.substr(start_at), "startxref");
  if (!size || !root || !previous) return Bad("trailer");
  const std::string head = "\n" + std::to_string(*root) + " 0 obj";
  const size_t catalog_at = pdf.rfind(head);
  if (catalog_at == std::string_view::npos) return Bad("no catalogue");
  const size_t catalog_end = pdf.find("endobj", catalog_at);
  std::string catalog(pdf.substr(catalog_at + 1, catalog_end - catalog_at - 1));
  const size_t close = catalog.rfind(">>");
  if (close == std::string::npos || catalog.find("/AcroForm") != std::string::npos) {
    return Bad("catalogue");
  }
  const size_t value = *size, field = *size + 1;
  catalog.insert(close, fmt::format("/AcroForm << /Fields [{} 0 R] /SigFlags 3 >>\n", field));

  std::string moment;
  for (char c : IsoChina(now).substr(0, 19)) {
    if (c >= '0' && c <= '9') moment += c;
  }
  std::string out(pdf);
  if (!out.ends_with('\n')) out += '\n';
  const size_t root_offset = out.size();
  out += catalog + "endobj\n";
  const size_t value_offset = out.size();
  out += fmt::format(
      "{} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached "
      "/M (D:{}+08'00') /Name {} /ByteRange [0 ",
      value, moment, TextString(name));
  const size_t ranges_at = out.size();
  out += std::string(32, ' ') + "] /Contents <";
  const size_t contents_at = out.size() - 1;
  out += std::string(kRoom * 2, '0') + ">";
  const size_t after_contents = out.size();
  out += " >>\nendobj\n";
  const size_t field_offset = out.size();
  out += fmt::format(
      "{} 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /V {} 0 R /F 132 "
      "/Rect [0 0 0 0] >>\nendobj\n",
      field, value);
  const size_t table_offset = out.size();
  out += fmt::format("xref\n{} 1\n{:010} 00000 n \n{} 2\n{:010} 00000 n \n{:010} 00000 n \n", *root,
                     root_offset, value, value_offset, field_offset);
  out += fmt::format("trailer\n<< /Size {} /Root {} 0 R{} /Prev {} >>\nstartxref\n{}\n%%EOF\n",
                     field + 1, *root, info ? fmt::format(" /Info {} 0 R", *info) : "", *previous,
                     table_offset);
  const std::string ranges =
      fmt::format("{} {} {}", contents_at, after_contents, out.size() - after_contents);
  if (ranges.size() > 32) return Bad("too large");
  out.replace(ranges_at, ranges.size(), ranges);

  TRY(std::string signature,
      make(internal::Sm3Of(out.substr(0, contents_at) + out.substr(after_contents))));
  if (signature.size() > kRoom) return Bad("the signature is too long");
  const std::string hex = Hex(signature);
  out.replace(contents_at + 1, hex.size(), hex);
  return out;
}

Result<std::optional<PdfSignature>> FindPdfSignature(std::string_view pdf) {
  if (!pdf.starts_with("%PDF-")) return Bad("no PDF");
  const size_t at = pdf.rfind("/ByteRange [0 ");
  if (at == std::string_view::npos) return std::optional<PdfSignature>();
  size_t numbers[3] = {};
  size_t from = at + 14;
  for (size_t& number : numbers) {
    from = pdf.find_first_not_of(' ', from);
    if (from == std::string_view::npos) return Bad("ByteRange");
    auto [end, code] = std::from_chars(pdf.data() + from, pdf.data() + pdf.size(), number);
    if (code != std::errc()) return Bad("ByteRange");
    from = static_cast<size_t>(end - pdf.data());
  }
  const auto [first, second, length] = numbers;
  if (first >= second || second > pdf.size() || length > pdf.size() - second || pdf[first] != '<' ||
      pdf[second - 1] != '>') {
    return Bad("ByteRange");
  }
  const std::string_view hex = pdf.substr(first + 1, second - first - 2);
  PdfSignature out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    uint8_t byte = 0;
    auto [end, code] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (code != std::errc() || end != hex.data() + i + 2) return Bad("Contents");
    out.signed_data += static_cast<char>(byte);
  }
  // What follows the signature in its room is filled with noughts; its own length says where it
  // ends.
  if (out.signed_data.size() < 4 || static_cast<uint8_t>(out.signed_data[1]) != 0x82) {
    return Bad("Contents");
  }
  const size_t total = 4u + static_cast<uint8_t>(out.signed_data[2]) * 256u +
                       static_cast<uint8_t>(out.signed_data[3]);
  if (total > out.signed_data.size() ||
      out.signed_data.find_first_not_of('\0', total) != std::string::npos) {
    return Bad("Contents");
  }
  out.signed_data.resize(total);
  out.digest =
      internal::Sm3Of(std::string(pdf.substr(0, first)) + std::string(pdf.substr(second, length)));
  out.covers_all = second + length == pdf.size();
  return std::optional(std::move(out));
}

}  // namespace city::documents
