// SPDX-License-Identifier: Apache-2.0
// Built-in functions on strings, by code points. Source: DMN 1.5, 10.3.4.3.
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/stringoptions.h>
#include <unicode/stringpiece.h>

#include <algorithm>

#include "base/text.h"
#include "parts/feel/errors.h"
#include "parts/feel/internal/builtins.h"
#include "parts/feel/regex.h"

namespace city::feel {
namespace {

bool IsAscii(std::string_view s) {
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The byte where code point number `n` (from 0) begins; the size when there are fewer.
size_t ByteOf(std::string_view s, size_t n) {
  size_t i = 0;
  for (; i < s.size() && n > 0; --n) {
    ++i;
    while (i < s.size() && (static_cast<unsigned char>(s[i]) & 0xc0) == 0x80) ++i;
  }
  return i;
}

/// Number of code points, as ByteOf() counts them.
size_t Length(std::string_view s) {
  return static_cast<size_t>(std::count_if(
      s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Value ChangeCase(std::string_view s, bool upper) {
  std::string out;
  if (IsAscii(s)) {
    out = s;
    for (char& c : out) {
      if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return Value::Of(out);
  }
  UErrorCode error = U_ZERO_ERROR;
  icu::StringByteSink<std::string> sink(&out);
  icu::StringPiece piece(s.data(), static_cast<int32_t>(s.size()));
  if (upper) {
    icu::CaseMap::utf8ToUpper("", 0, piece, sink, nullptr, error);
  } else {
    icu::CaseMap::utf8ToLower("", 0, piece, sink, nullptr, error);
  }
  return U_FAILURE(error) ? Value() : Value::Of(out);
}

Value Substring(const Arguments& a) {
  std::string_view s = a[0].text();
  auto start = a[1].number().Truncated();
  if (!start || *start == 0) return a.Bad(1);
  auto size = static_cast<int64_t>(Length(s));
  int64_t from = *start > 0 ? *start - 1 : size + *start;
  if (from < 0 || from >= size + (*start > 0 ? 1 : 0)) {
    if (from >= size) return Value::Of("");
    return a.Bad(1);
  }
  int64_t count = size - from;
  if (a.Has(2)) {
    auto wanted = a[2].number().Truncated();
    if (!wanted || *wanted < 1) return a.Bad(2);
    count = std::min(count, *wanted);
  }
  size_t begin = ByteOf(s, static_cast<size_t>(from));
  std::string_view rest = s.substr(begin);
  return Value::Of(rest.substr(0, ByteOf(rest, static_cast<size_t>(count))));
}

Value StringLength(const Arguments& a) {
  return Value::Of(static_cast<int64_t>(Length(a[0].text())));
}
Value UpperCase(const Arguments& a) { return ChangeCase(a[0].text(), true); }
Value LowerCase(const Arguments& a) { return ChangeCase(a[0].text(), false); }
Value SubstringBefore(const Arguments& a) {
  size_t at = a[0].text().find(a[1].text());
  if (at == std::string_view::npos) return Value::Of("");
  return Value::Of(a[0].text().substr(0, at));
}
Value SubstringAfter(const Arguments& a) {
  size_t at = a[0].text().find(a[1].text());
  if (at == std::string_view::npos) return Value::Of("");
  return Value::Of(a[0].text().substr(at + a[1].text().size()));
}
Value Contains(const Arguments& a) {
  return Value::Of(a[0].text().find(a[1].text()) != std::string_view::npos);
}
Value StartsWith(const Arguments& a) { return Value::Of(a[0].text().starts_with(a[1].text())); }
Value EndsWith(const Arguments& a) { return Value::Of(a[0].text().ends_with(a[1].text())); }

/// Compiled patterns of this thread; models use few.
Result<std::shared_ptr<const Regex>> CachedRegex(std::string_view pattern, std::string_view flags) {
  struct Entry {
    std::string pattern;
    std::string flags;
    std::shared_ptr<const Regex> regex;
  };
  constexpr size_t kEntries = 16;
  thread_local std::vector<Entry> cache;
  thread_local size_t next = 0;
  for (const Entry& entry : cache)
    if (entry.pattern == pattern && entry.flags == flags) return entry.regex;
  TRY(auto regex, Regex::Compile(pattern, flags));
  if (cache.size() < kEntries) {
    cache.push_back({std::string(pattern), std::string(flags), regex});
  } else {
    cache[next++ % kEntries] = {std::string(pattern), std::string(flags), regex};
  }
  return regex;
}

Value Fail(const Arguments& a, const Error& e) {
  if (e.Is(error::kLimit)) {
    a.frame.Stop("pattern");
    return Value();
  }
  if (a.frame.listening()) a.frame.Tell(*e.row, e.params, a.at);
  return Value();
}

Value Matches(const Arguments& a) {
  auto regex = CachedRegex(a[1].text(), a.Has(2) ? a[2].text() : "");
  if (!regex) return Fail(a, regex.error());
  auto found = (*regex)->Matches(a[0].text());
  if (!found) {
    a.frame.Stop("pattern");
    return Value();
  }
  return Value::Of(*found);
}

Value Replace(const Arguments& a) {
  auto regex = CachedRegex(a[1].text(), a.Has(3) ? a[3].text() : "");
  if (!regex) return Fail(a, regex.error());
  auto out = (*regex)->Replace(a[0].text(), a[2].text(), a.frame.settings().limits.max_text);
  return out ? Value::Of(*out) : Fail(a, out.error());
}

Value SplitText(const Arguments& a) {
  auto regex = CachedRegex(a[1].text(), "");
  if (!regex) return Fail(a, regex.error());
  auto parts = (*regex)->Split(a[0].text(), a.frame.settings().limits.max_list);
  if (!parts) return Fail(a, parts.error());
  std::vector<Value> items;
  for (const std::string& part : *parts) items.push_back(Value::Of(part));
  return Value::List(std::move(items));
}

Value StringOf(const Arguments& a) {
  if (a[0].IsNull()) return a.Bad(0);
  if (a[0].IsString()) return a[0];
  size_t limit = a.frame.settings().limits.max_text;
  std::string text = ToText(a[0], limit);
  if (text.size() > limit) {
    a.frame.Stop("text");
    return Value();
  }
  return Value::Of(text);
}

Value StringJoin(const Arguments& a) {
  std::string_view delimiter = a.Has(1) ? a[1].text() : std::string_view();
  std::string out;
  bool first = true;
  for (const Value& item : a[0].items()) {
    if (item.IsNull()) continue;
    if (!first) out += delimiter;
    first = false;
    out += item.text();
    if (out.size() > a.frame.settings().limits.max_text) {
      a.frame.Stop("text");
      return Value();
    }
  }
  return Value::Of(out);
}

constexpr BuiltinRow kRows[] = {
    {"string", "from:a", StringOf, true},
    {"substring", "string:s, start position:n, length:n?", Substring, true},
    {"string length", "string:s", StringLength, true},
    {"upper case", "string:s", UpperCase, true},
    {"lower case", "string:s", LowerCase, true},
    {"substring before", "string:s, match:s", SubstringBefore, true},
    {"substring after", "string:s, match:s", SubstringAfter, true},
    {"replace", "input:s, pattern:s, replacement:s, flags:s?", Replace},
    {"contains", "string:s, match:s", Contains, true},
    {"starts with", "string:s, match:s", StartsWith, true},
    {"ends with", "string:s, match:s", EndsWith, true},
    {"matches", "input:s, pattern:s, flags:s?", Matches},
    {"split", "string:s, delimiter:s", SplitText},
    {"string join", "list:t, delimiter:s?", StringJoin, true},
};

}  // namespace

std::span<const BuiltinRow> TextBuiltins() { return kRows; }

}  // namespace city::feel
