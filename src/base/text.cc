// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

namespace city {
namespace {
/// Reads one code point at `at` and moves on; false for a broken byte (which is passed over alone).
bool Decode(std::string_view text, size_t& at, char32_t& point) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(at);
  if (first < 0x80) {
    point = first;
    ++at;
    return true;
  }
  int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || at + static_cast<size_t>(more) >= text.size()) {
    ++at;
    point = 0xfffd;
    return false;
  }
  char32_t value = first & (0x3f >> more);
  for (int i = 1; i <= more; ++i) {
    unsigned char next = byte(at + static_cast<size_t>(i));
    if ((next & 0xc0) != 0x80) {
      ++at;
      point = 0xfffd;
      return false;
    }
    value = value << 6 | (next & 0x3f);
  }
  bool overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    ++at;
    point = 0xfffd;
    return false;
  }
  at += static_cast<size_t>(more) + 1;
  point = value;
  return true;
}
}  // namespace

std::vector<char32_t> CodePoints(std::string_view text) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  char32_t point = 0;
  for (size_t at = 0; at < text.size();) {
    Decode(text, at, point);
    out.push_back(point);
  }
  return out;
}

void AppendUtf8(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

std::string FromCodePoints(const std::vector<char32_t>& points) {
  std::string out;
  for (char32_t point : points) AppendUtf8(out, point);
  return out;
}

size_t LengthOf(std::string_view text) {
  size_t count = 0;
  char32_t point = 0;
  for (size_t at = 0; at < text.size(); ++count) Decode(text, at, point);
  return count;
}

bool IsValidUtf8(std::string_view text) {
  char32_t point = 0;
  for (size_t at = 0; at < text.size();)
    if (!Decode(text, at, point)) return false;
  return true;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kWide = "\u3000";
  auto space = [](char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
  };
  while (!text.empty()) {
    if (space(text.front())) {
      text.remove_prefix(1);
    } else if (text.substr(0, 3) == kWide) {
      text.remove_prefix(3);
    } else {
      break;
    }
  }
  while (!text.empty()) {
    if (space(text.back())) {
      text.remove_suffix(1);
    } else if (text.size() >= 3 && text.substr(text.size() - 3) == kWide) {
      text.remove_suffix(3);
    } else {
      break;
    }
  }
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == separator) {
      out.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  return out;
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string LowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  size_t at = 0;
  while (true) {
    size_t found = from.empty() ? std::string_view::npos : text.find(from, at);
    if (found == std::string_view::npos) return out.append(text.substr(at));
    out.append(text.substr(at, found - at)).append(to);
    at = found + from.size();
  }
}

bool IsCjk(char32_t point) {
  return (point >= 0x4e00 && point <= 0x9fff) || (point >= 0x3400 && point <= 0x4dbf) ||
         (point >= 0x20000 && point <= 0x323af) || (point >= 0xf900 && point <= 0xfaff) ||
         point == 0x3007;
}
}  // namespace city
