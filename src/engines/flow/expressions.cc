// SPDX-License-Identifier: Apache-2.0
// Expressions of other tools, rewritten as FEEL.
#include "engines/flow/expressions.h"

#include <array>
#include <cctype>

#include "base/text.h"
#include "base/xml.h"

namespace city::flow {
namespace {

bool IsNameStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}
bool IsNamePart(char c) {
  return IsNameStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

struct Method {
  std::string_view java;
  std::string_view feel;  // function taking the text first; empty: special
};
constexpr std::array<Method, 8> kMethods = {{{"contains", "contains"},
                                             {"startsWith", "starts with"},
                                             {"endsWith", "ends with"},
                                             {"toUpperCase", "upper case"},
                                             {"toLowerCase", "lower case"},
                                             {"length", "string length"},
                                             {"size", "count"},
                                             {"equals", ""}}};

std::size_t MatchingParen(std::string_view s, std::size_t open) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = open; i < s.size(); ++i) {
    if (quote != 0) {
      if (s[i] == '\\') {
        ++i;
      } else if (s[i] == quote) {
        quote = 0;
      }
    } else if (s[i] == '"') {
      quote = s[i];
    } else if (s[i] == '(') {
      ++depth;
    } else if (s[i] == ')' && --depth == 0) {
      return i;
    }
  }
  return s.npos;
}

/// `a.b.contains(x)` -> `contains(a.b, x)`, one call at a time, innermost names only.
bool RewriteOneMethod(std::string& s) {
  bool quoted = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\\' && quoted) {
      ++i;
      continue;
    }
    if (s[i] == '"') quoted = !quoted;
    if (quoted || s[i] != '.') continue;
    std::size_t end = i + 1;
    while (end < s.size() && IsNamePart(s[end])) ++end;
    if (end >= s.size() || s[end] != '(') continue;
    std::string_view name(&s[i + 1], end - i - 1);
    const Method* method = nullptr;
    for (const auto& m : kMethods) {
      if (m.java == name) method = &m;
    }
    if (method == nullptr) continue;
    std::size_t begin = i;
    while (begin > 0 && (IsNamePart(s[begin - 1]) || s[begin - 1] == '.')) --begin;
    std::size_t close = MatchingParen(s, end);
    if (begin == i || close == s.npos) continue;
    std::string owner = s.substr(begin, i - begin);
    std::string arguments(Trim(std::string_view(s).substr(end + 1, close - end - 1)));
    std::string call;
    if (method->feel.empty()) {
      call = "(" + owner + " = " + arguments + ")";
    } else {
      call = std::string(method->feel) + "(" + owner + (arguments.empty() ? "" : ", " + arguments) +
             ")";
    }
    s.replace(begin, close + 1 - begin, call);
    return true;
  }
  return false;
}

/// `==`, `&&`, `||`, `!x`, `'text'` in their FEEL form.
std::string RewriteOperators(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    char next = i + 1 < s.size() ? s[i + 1] : '\0';
    if (c == '"') {
      std::size_t end = i + 1;
      while (end < s.size() && s[end] != '"') end += s[end] == '\\' ? 2 : 1;
      end = std::min(end, s.size() - 1);
      out += s.substr(i, end - i + 1);
      i = end;
    } else if (c == '\'') {
      auto end = s.find('\'', i + 1);
      if (end == s.npos) {
        out += c;
        continue;
      }
      out += '"';
      out += s.substr(i + 1, end - i - 1);
      out += '"';
      i = end;
    } else if (c == '=' && next == '=') {
      out += " = ";
      ++i;
    } else if (c == '&' && next == '&') {
      out += " and ";
      ++i;
    } else if (c == '|' && next == '|') {
      out += " or ";
      ++i;
    } else if (c == '!' && next != '=') {
      // Negates the name, call or group that follows.
      std::size_t begin = i + 1;
      while (begin < s.size() && s[begin] == ' ') ++begin;
      std::size_t end = begin;
      while (end < s.size() && (IsNamePart(s[end]) || s[end] == '.')) ++end;
      if (end < s.size() && s[end] == '(') {
        auto close = MatchingParen(s, end);
        end = close == s.npos ? s.size() : close + 1;
      }
      out += "not(" + RewriteOperators(s.substr(begin, end - begin)) + ")";
      i = end - 1;
    } else {
      out += c;
    }
  }
  return out;
}

/// The text of a boxed literal expression of DMN that stands where a plain text should.
std::string LiteralText(std::string_view s) {
  auto document = ParseXml(s);
  if (!document) return {};
  auto root = (*document)->document_element();
  if (LocalName(root.name()) != "literalExpression") return {};
  for (auto child : root.children()) {
    if (LocalName(child.name()) == "text") return std::string(Trim(child.text().get()));
  }
  return {};
}

}  // namespace

std::string ToFeel(std::string_view text, bool* changed) {
  auto s = Trim(text);
  if (changed != nullptr) *changed = false;
  if (!s.empty() && s.front() == '=') return std::string(Trim(s.substr(1)));
  if (s.starts_with("<")) {
    auto literal = LiteralText(s);
    if (!literal.empty()) return literal;
  }
  bool wrapped = false;
  if ((s.starts_with("${") || s.starts_with("#{")) && s.ends_with("}")) {
    s = Trim(s.substr(2, s.size() - 3));
    wrapped = true;
  }
  std::string out(s);
  bool java = wrapped || out.find("==") != out.npos || out.find("&&") != out.npos ||
              out.find("||") != out.npos;
  for (int i = 0; i < 100 && RewriteOneMethod(out); ++i) java = true;
  if (java) out = RewriteOperators(out);
  if (changed != nullptr) *changed = java && out != text;
  return out;
}

}  // namespace city::flow
