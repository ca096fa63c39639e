// SPDX-License-Identifier: Apache-2.0
// The tokens of FEEL. Source: DMN 1.5, 10.3.1.2, rules 27 to 37.
#include "parts/feel/internal/lexer.h"

#include <algorithm>

#include "base/text.h"
#include "parts/feel/errors.h"

namespace city::feel {
namespace {

struct Decoded {
  char32_t point;
  size_t size;
};

/// One code point; a broken byte counts as one sign of its own.
Decoded DecodeAt(std::string_view s, size_t i) {
  auto byte = [&](size_t k) { return static_cast<unsigned char>(s[k]); };
  unsigned char c = byte(i);
  if (c < 0x80) return {c, 1};
  size_t size = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
  if (size == 1 || i + size > s.size()) return {0xfffd, 1};
  char32_t p = c & (0xff >> (size + 1));
  for (size_t k = 1; k < size; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return {0xfffd, 1};
    p = (p << 6) | (byte(i + k) & 0x3f);
  }
  return {p, size};
}

bool IsSpace(char32_t p) {
  return p == ' ' || (p >= 9 && p <= 13) || p == 0x85 || p == 0xa0 || p == 0x1680 || p == 0x180e ||
         (p >= 0x2000 && p <= 0x200b) || p == 0x2028 || p == 0x2029 || p == 0x202f || p == 0x205f ||
         p == 0x3000 || p == 0xfeff;
}

bool IsNameStart(char32_t p) {
  return p == '?' || p == '_' || (p >= 'a' && p <= 'z') || (p >= 'A' && p <= 'Z') ||
         (p >= 0xc0 && p <= 0xd6) || (p >= 0xd8 && p <= 0xf6) || (p >= 0xf8 && p <= 0x2ff) ||
         (p >= 0x370 && p <= 0x37d) || (p >= 0x37f && p <= 0x1fff) ||
         (p >= 0x200c && p <= 0x200d) || (p >= 0x2070 && p <= 0x218f) ||
         (p >= 0x2c00 && p <= 0x2fef) || (p >= 0x3001 && p <= 0xd7ff) ||
         (p >= 0xf900 && p <= 0xfdcf) || (p >= 0xfdf0 && p <= 0xfffc) ||
         (p >= 0x10000 && p <= 0xeffff);
}

bool IsNamePart(char32_t p) {
  return IsNameStart(p) || (p >= '0' && p <= '9') || p == 0xb7 || (p >= 0x300 && p <= 0x36f) ||
         (p >= 0x203f && p <= 0x2040);
}

int HexValue(std::string_view s) {
  int v = 0;
  for (char c : s) {
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : -1;
    if (d < 0) return -1;
    v = v * 16 + d;
  }
  return v;
}

}  // namespace

bool IsKeyword(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "if",       "then",      "else", "for",  "in",      "return",   "some",
      "every",    "satisfies", "and",  "or",   "between", "instance", "of",
      "function", "external",  "null", "true", "false"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

ErrorParams PlaceOf(std::string_view source, size_t offset) {
  offset = std::min(offset, source.size());
  std::string_view before = source.substr(0, offset);
  auto line = 1 + std::count(before.begin(), before.end(), '\n');
  size_t start = before.rfind('\n');
  std::string_view row = start == std::string_view::npos ? before : before.substr(start + 1);
  return {{"line", std::to_string(line)}, {"column", std::to_string(LengthOf(row) + 1)}};
}

Error SyntaxError(std::string_view source, size_t offset, std::string_view found,
                  std::string_view expected_zh, std::string_view expected_en) {
  ErrorParams params = PlaceOf(source, offset);
  std::string shown(found.substr(0, 60));
  while (!shown.empty() && !IsValidUtf8(shown)) shown.pop_back();
  params.emplace_back("expected_zh", expected_zh);
  params.emplace_back("expected_en", expected_en);
  params.emplace_back("found", shown.empty() ? "(end)" : "\"" + shown + "\"");
  return Error{&error::kSyntax, std::move(params), {}};
}

Result<std::vector<Token>> Tokenize(std::string_view s) {
  std::vector<Token> tokens;
  size_t i = 0;
  bool space = false;
  auto push = [&](TokenKind kind, size_t start, size_t end) {
    tokens.push_back({kind, space, static_cast<uint32_t>(start), static_cast<uint32_t>(end),
                      s.substr(start, end - start)});
    space = false;
    i = end;
  };
  auto digit = [&](size_t k) { return k < s.size() && s[k] >= '0' && s[k] <= '9'; };
  while (i < s.size()) {
    Decoded d = DecodeAt(s, i);
    if (IsSpace(d.point)) {
      i += d.size;
      space = true;
      continue;
    }
    char c = s[i];
    char next = i + 1 < s.size() ? s[i + 1] : '\0';
    if (c == '/' && next == '/') {
      while (i < s.size() && s[i] != '\n') ++i;
      space = true;
      continue;
    }
    if (c == '/' && next == '*') {
      size_t end = s.find("*/", i + 2);
      if (end == std::string_view::npos)
        return Fail(SyntaxError(s, i, "/*", "注释的结尾 */", "the end of the comment, */"));
      i = end + 2;
      space = true;
      continue;
    }
    if (digit(i) || (c == '.' && digit(i + 1))) {
      size_t k = i;
      while (digit(k)) ++k;
      if (k < s.size() && s[k] == '.' && digit(k + 1)) {
        ++k;
        while (digit(k)) ++k;
      }
      if (k < s.size() && (s[k] == 'e' || s[k] == 'E')) {
        size_t e = k + 1;
        if (e < s.size() && (s[e] == '+' || s[e] == '-')) ++e;
        if (digit(e)) {
          while (digit(e)) ++e;
          k = e;
        }
      }
      push(TokenKind::kNumber, i, k);
      continue;
    }
    if (c == '"') {
      size_t k = i + 1;
      while (k < s.size() && s[k] != '"') k += s[k] == '\\' ? 2 : 1;
      if (k >= s.size())
        return Fail(
            SyntaxError(s, i, s.substr(i), "字符串的结尾引号", "the closing quote of the string"));
      push(TokenKind::kString, i, k + 1);
      continue;
    }
    if (IsNameStart(d.point)) {
      size_t k = i + d.size;
      if (d.point == '?') {
        // The tested value stands alone: "?" is not the start of a longer name in practice.
        push(TokenKind::kName, i, k);
        continue;
      }
      while (k < s.size()) {
        Decoded part = DecodeAt(s, k);
        if (!IsNamePart(part.point) || part.point == '?') break;
        k += part.size;
      }
      push(TokenKind::kName, i, k);
      continue;
    }
    static constexpr std::string_view kDouble[] = {"**", "..", "!=", "<=", ">=", "->"};
    std::string_view two = s.substr(i, 2);
    if (std::find(std::begin(kDouble), std::end(kDouble), two) != std::end(kDouble)) {
      push(TokenKind::kSign, i, i + 2);
      continue;
    }
    // Signs that mean nothing in FEEL may still be part of a declared name.
    push(TokenKind::kSign, i, i + d.size);
  }
  push(TokenKind::kEnd, s.size(), s.size());
  return tokens;
}

std::string Unescape(std::string_view literal) {
  std::string_view s = literal.substr(1, literal.size() - 2);
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '\\' || i + 1 >= s.size()) {
      out += s[i];
      continue;
    }
    char c = s[++i];
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case '"':
      case '\'':
        out += c;
        break;
      case '\\':
        out += '\\';
        break;
      case 'u':
      case 'U': {
        size_t digits = c == 'u' ? 4 : 6;
        int v = s.size() - i - 1 >= digits ? HexValue(s.substr(i + 1, digits)) : -1;
        if (v < 0 || v > 0x10ffff) {
          out += '\\';
          out += c;
          break;
        }
        i += digits;
        char32_t point = static_cast<char32_t>(v);
        if (point >= 0xd800 && point < 0xdc00 && s.substr(i + 1, 2) == "\\u" && i + 7 <= s.size()) {
          int low = HexValue(s.substr(i + 3, 4));
          if (low >= 0xdc00 && low < 0xe000) {
            point = 0x10000 + ((point - 0xd800) << 10) + (static_cast<char32_t>(low) - 0xdc00);
            i += 6;
          }
        }
        if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
        AppendUtf8(out, point);
        break;
      }
      default:
        out += '\\';
        out += c;
    }
  }
  return out;
}

std::string NormalizeName(std::string_view name) {
  std::string out;
  bool gap = false;
  for (size_t i = 0; i < name.size();) {
    Decoded d = DecodeAt(name, i);
    if (IsSpace(d.point)) {
      gap = !out.empty();
    } else {
      if (gap) out += ' ';
      gap = false;
      out += name.substr(i, d.size);
    }
    i += d.size;
  }
  return out;
}

}  // namespace city::feel
