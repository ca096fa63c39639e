// SPDX-License-Identifier: Apache-2.0
// Text is UTF-8 everywhere; these are the few things done to it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace city {

/// Code points of a UTF-8 text; a broken byte becomes U+FFFD.
std::vector<char32_t> CodePoints(std::string_view text);
/// Appends one code point.
void AppendUtf8(std::string& out, char32_t point);
std::string FromCodePoints(const std::vector<char32_t>& points);
/// Number of code points.
size_t LengthOf(std::string_view text);
bool IsValidUtf8(std::string_view text);
/// White space of ASCII and the ideographic space removed at both ends.
std::string_view Trim(std::string_view text);
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
/// ASCII letters only; other signs are kept.
std::string LowerAscii(std::string_view text);
std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to);
/// A Han sign (unified ideographs with extensions, compatibility ideographs, 〇).
bool IsCjk(char32_t point);
}  // namespace city
