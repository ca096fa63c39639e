// SPDX-License-Identifier: Apache-2.0
#include "ledger/search_words.h"

#include "base/text.h"

namespace city::ledger {
namespace {
constexpr size_t kMaxWords = 20'000;

/// Words of one run: what stands between separators.
using Run = std::vector<std::string>;

bool IsWordSign(char32_t point) {
  return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
         (point >= 0xc0 && point < 0x2000);
}

std::vector<Run> Runs(std::string_view text, bool for_query) {
  std::vector<Run> out;
  std::vector<char32_t> points = CodePoints(LowerAscii(text));
  size_t i = 0, words = 0;
  while (i < points.size() && words < kMaxWords) {
    Run run;
    if (IsCjk(points[i])) {
      size_t end = i;
      while (end < points.size() && IsCjk(points[end])) ++end;
      for (size_t k = i; k + 1 < end; ++k) {
        std::string pair;
        AppendUtf8(pair, points[k]);
        AppendUtf8(pair, points[k + 1]);
        run.push_back(std::move(pair));
      }
      if (!for_query || end - i == 1) {
        std::string last;
        AppendUtf8(last, points[end - 1]);
        run.push_back(std::move(last));
      }
      i = end;
    } else if (IsWordSign(points[i])) {
      std::string word;
      while (i < points.size() && IsWordSign(points[i])) AppendUtf8(word, points[i++]);
      run.push_back(std::move(word));
    } else {
      ++i;
      continue;
    }
    words += run.size();
    out.push_back(std::move(run));
  }
  return out;
}

/// A word in the spelling that the engine's own splitter cannot break: letters and digits only.
std::string Lexeme(const std::string& word) {
  bool plain = true;
  for (char c : word) plain = plain && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
  if (plain) return word;
  std::string out = "u";
  static const char* kHex = "0123456789abcdef";
  for (char32_t point : CodePoints(word)) {
    for (int shift = 20; shift >= 0; shift -= 4) out += kHex[point >> shift & 15];
  }
  return out;
}

/// Whether words of the index may begin with what is asked for. A pair of Chinese signs is a whole
/// word of it: nothing longer begins with it.
bool MayGoOn(const Run& run) {
  std::vector<char32_t> first = CodePoints(run.front());
  return run.size() == 1 && !(first.size() == 2 && IsCjk(first[0]));
}
}  // namespace

std::vector<std::string> SearchWords(std::string_view text) {
  std::vector<std::string> out;
  for (Run& run : Runs(text, false))
    for (std::string& word : run) out.push_back(std::move(word));
  return out;
}

std::string SearchDocument(std::string_view text, store::Dialect dialect, const KeyedWord& keyed,
                           size_t* after) {
  std::string out;
  size_t position = after != nullptr ? *after : 0;
  for (const Run& run : Runs(text, false)) {
    for (const std::string& word : run) {
      ++position;
      if (!out.empty()) out += ' ';
      out += keyed ? keyed(word) : Lexeme(word);
      // Positions end at 16,383 in PostgreSQL; later words can still be found alone.
      if (dialect == store::Dialect::kPostgres)
        out += ":" + std::to_string(position < 16383 ? position : 16383);
    }
  }
  if (after != nullptr) *after = position;
  return out;
}

std::string SearchQuery(std::string_view query, store::Dialect dialect, const KeyedWord& keyed) {
  std::string out;
  bool sqlite = dialect == store::Dialect::kSqlite;
  for (const Run& run : Runs(query, true)) {
    bool alone = MayGoOn(run);
    auto phrase_of = [&](const auto& form, bool begins) {
      std::string phrase;
      for (const std::string& word : run) {
        if (!phrase.empty()) phrase += sqlite ? " " : " <-> ";
        phrase += form(word) + (!sqlite && begins ? ":*" : "");
      }
      return sqlite ? "\"" + phrase + "\"" + (begins ? "*" : "") : "(" + phrase + ")";
    };
    std::string phrase = phrase_of(Lexeme, alone);
    if (keyed) phrase = "(" + phrase + (sqlite ? " OR " : " | ") + phrase_of(keyed, false) + ")";
    if (!out.empty()) out += sqlite ? " AND " : " & ";
    out += phrase;
  }
  return out;
}

std::vector<std::vector<std::string>> SearchTexts(std::string_view query, const KeyedWord& keyed) {
  std::vector<std::vector<std::string>> out;
  for (const Run& run : Runs(query, true)) {
    std::string plain, hidden;
    for (const std::string& word : run) {
      plain.append(" ").append(Lexeme(word));
      if (keyed) hidden.append(" ").append(keyed(word));
    }
    if (!MayGoOn(run)) plain += ' ';
    out.push_back({std::move(plain)});
    if (keyed) out.back().push_back(hidden + ' ');
  }
  return out;
}
}  // namespace city::ledger
