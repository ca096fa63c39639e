// SPDX-License-Identifier: Apache-2.0
// Why: small pictures are written without another library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace city::documents {

/// A PNG of `width` x `height` pixels; `rgba`: four bytes a pixel, row by row.
std::string WritePng(int width, int height, std::string_view rgba);
/// A PNG of grey pixels, one byte each.
std::string WriteGreyPng(int width, int height, std::string_view grey);
/// A PNG of one colour (red, green, blue) that covers each pixel more or less: `cover` has one byte
/// each, 0 to 255, of which four steps are kept: at the fineness of print no eye sees more.
std::string WriteTintedPng(int width, int height, const uint8_t (&colour)[3],
                           std::string_view cover);
/// Width and height in the head of a PNG; false when it is none.
bool PngSize(std::string_view png, int& width, int& height);

}  // namespace city::documents
