// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Layout after ISO/IEC 15948.
#include "parts/documents/png.h"

#include <zlib.h>

#include "base/result.h"

namespace city::documents {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);

void Put32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

void Chunk(std::string& out, std::string_view type, std::string_view data) {
  Put32(out, static_cast<uint32_t>(data.size()));
  std::string body = std::string(type) + std::string(data);
  out += body;
  Put32(out, static_cast<uint32_t>(
                 crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size())));
}

/// `rows`: each begins with its filter. `tables`: chunks between head and pixels.
std::string Assemble(int width, int height, int depth, char colour_type, const std::string& tables,
                     std::string_view rows) {
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  CHECK(compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<const Bytef*>(rows.data()), rows.size(), 6) == Z_OK);
  packed.resize(size);
  std::string head;
  Put32(head, static_cast<uint32_t>(width));
  Put32(head, static_cast<uint32_t>(height));
  head += static_cast<char>(depth);
  head += colour_type;
  head.append(3, '\0');
  std::string out(kSignature);
  Chunk(out, "IHDR", head);
  out += tables;
  Chunk(out, "IDAT", packed);
  Chunk(out, "IEND", "");
  return out;
}

std::string Write(int width, int height, std::string_view pixels, int bytes, char colour_type) {
  const size_t row = static_cast<size_t>(width) * static_cast<size_t>(bytes);
  CHECK(width > 0 && height > 0 && pixels.size() == row * static_cast<size_t>(height));
  std::string raw;
  raw.reserve((row + 1) * static_cast<size_t>(height));
  for (size_t y = 0; y < static_cast<size_t>(height); ++y) {
    raw += '\0';  // no filter
    raw += pixels.substr(y * row, row);
  }
  return Assemble(width, height, 8, colour_type, "", raw);
}

}  // namespace

std::string WritePng(int width, int height, std::string_view rgba) {
  return Write(width, height, rgba, 4, 6);
}

std::string WriteGreyPng(int width, int height, std::string_view grey) {
  return Write(width, height, grey, 1, 0);
}

std::string WriteTintedPng(int width, int height, const uint8_t (&colour)[3],
                           std::string_view cover) {
  const auto row = static_cast<size_t>(width);
  CHECK(width > 0 && height > 0 && cover.size() == row * static_cast<size_t>(height));
  std::string palette, clearness, tables, raw;
  for (int i = 0; i < 4; ++i) {
    for (uint8_t part : colour) palette += static_cast<char>(part);
    clearness += static_cast<char>(i * 85);
  }
  Chunk(tables, "PLTE", palette);
  Chunk(tables, "tRNS", clearness);
  for (size_t y = 0; y < static_cast<size_t>(height); ++y) {
    raw += '\0';
    for (size_t x = 0; x < row; x += 4) {
      int four = 0;
      for (size_t at = x; at < x + 4; ++at)
        four = four << 2 | (at < row ? (static_cast<uint8_t>(cover[y * row + at]) + 42) / 85 : 0);
      raw += static_cast<char>(four);
    }
  }
  return Assemble(width, height, 2, 3, tables, raw);
}

bool PngSize(std::string_view png, int& width, int& height) {
  if (png.size() < 24 || !png.starts_with(kSignature) || png.substr(12, 4) != "IHDR") return false;
  auto number = [&](size_t at) {
    uint32_t out = 0;
    for (size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<uint8_t>(png[at + i]);
    return static_cast<int>(out & 0x7fffffff);
  };
  width = number(16);
  height = number(20);
  return width > 0 && height > 0;
}

}  // namespace city::documents
