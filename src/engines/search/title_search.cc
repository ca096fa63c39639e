// SPDX-License-Identifier: Apache-2.0
#include "engines/search/title_search.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace city::search {
namespace {
bool IsLetters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
std::vector<std::string> Pairs(std::string_view text) {
  std::vector<std::string> signs = pinyin::Signs(text), out;
  for (size_t i = 0; i + 1 < signs.size(); ++i) out.push_back(signs[i] + signs[i + 1]);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}
/// Whether `typed` begins at a syllable of `sound` ("she'bao'ka'") and runs on from there.
bool Sounds(const std::string& sound, const std::string& typed) {
  for (size_t at = 0; at < sound.size();) {
    size_t i = at, j = 0;
    while (i < sound.size() && j < typed.size()) {
      if (sound[i] == '\'') {
        ++i;
      } else if (sound[i] == typed[j]) {
        ++i, ++j;
      } else {
        break;
      }
    }
    if (j == typed.size()) return true;
    at = sound.find('\'', at);
    if (at == std::string::npos) return false;
    ++at;
  }
  return false;
}
/// Least number of letters to change, add or leave out so that `typed` stands in `text` somewhere.
int DistanceWithin(const std::string& typed, const std::string& text) {
  std::vector<int> before(typed.size() + 1), now(typed.size() + 1);
  std::iota(before.begin(), before.end(), 0);
  int best = before.back();
  for (char letter : text) {
    now[0] = 0;  // a match may begin anywhere
    for (size_t j = 1; j <= typed.size(); ++j)
      now[j] = std::min(
          {before[j - 1] + (letter == typed[j - 1] ? 0 : 1), before[j] + 1, now[j - 1] + 1});
    best = std::min(best, now.back());
    std::swap(before, now);
  }
  return best;
}
std::string Bare(const std::string& sound) { return ReplaceAll(sound, "'", ""); }
}  // namespace

std::string_view WhyName(Why why) {
  constexpr std::string_view kNames[] = {"name", "word", "synonym", "sound", "initials", "typo"};
  return kNames[static_cast<size_t>(why)];
}

std::string TitleSearch::SoundOf(std::string_view text) const {
  std::string out;
  for (const std::string& one : sounds_.Syllables(text)) out += one + "'";
  return out;
}

TitleSearch::TitleSearch(std::vector<Title> titles, std::vector<std::vector<std::string>> synonyms)
    : synonyms_(std::move(synonyms)) {
  for (auto& group : synonyms_)
    for (std::string& word : group) word = LowerAscii(word);
  for (Title& title : titles) {
    Prepared one;
    one.name = LowerAscii(title.name);
    one.words = LowerAscii(Join(title.words, "\n"));
    one.sound = SoundOf(one.name);
    for (const std::string& syllable : sounds_.Syllables(one.name))
      one.initials += syllable.substr(0, 1);
    for (const std::string& syllable : sounds_.Syllables(one.words)) {
      one.word_sounds += syllable + "'";
      one.word_initials += syllable.substr(0, 1);
    }
    one.pairs = Pairs(one.name + "\n" + one.words);
    one.title = std::move(title);
    titles_.push_back(std::move(one));
  }
}

Hit TitleSearch::Judge(const Prepared& title, const std::string& part) const {
  Hit hit{title.title.id, 0, Why::kName};
  auto take = [&](double score, Why why) {
    if (score <= hit.score) return;
    hit.score = score;
    hit.why = why;
  };
  // What stands early in a short title is meant more often than an aside in a long one.
  double brief = 10.0 / (10.0 + static_cast<double>(LengthOf(title.name)));
  auto has = [](const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
  };
  if (has(title.name, part)) take(100 + 20 * brief + (title.name == part ? 50 : 0), Why::kName);
  if (has(title.words, part)) take(80 + 10 * brief, Why::kWord);
  if (hit.score > 0) return hit;
  for (const auto& group : synonyms_)
    for (const std::string& word : group)
      if (has(part, word))
        for (const std::string& other : group) {
          std::string said = ReplaceAll(part, word, other);
          if (other != word && (has(title.name, said) || has(title.words, said)))
            take(70 + 10 * brief, Why::kSynonym);
        }
  if (IsLetters(part)) {
    if (part.size() >= 2 && Sounds(title.sound, part)) take(60 + 10 * brief, Why::kSound);
    if (part.size() >= 2 && Sounds(title.word_sounds, part)) take(55 + 5 * brief, Why::kSound);
    if (part.size() >= 2 && has(title.initials, part)) take(50 + 10 * brief, Why::kInitials);
    if (part.size() >= 2 && has(title.word_initials, part)) take(45 + 5 * brief, Why::kInitials);
    if (hit.score == 0 && part.size() >= 5 &&
        (DistanceWithin(part, Bare(title.sound)) <= 1 ||
         DistanceWithin(part, Bare(title.word_sounds)) <= 1))
      take(30 + 10 * brief, Why::kTypo);
    return hit;
  }
  std::string sound = SoundOf(part);
  if (LengthOf(part) >= 2) {
    if (has(title.sound, sound)) take(58 + 10 * brief, Why::kSound);
    if (has(title.word_sounds, sound)) take(52 + 5 * brief, Why::kSound);
  }
  // Signs left out, added or in another order: enough pairs are the same.
  std::vector<std::string> asked = Pairs(part), same;
  if (asked.size() >= 2) {
    std::set_intersection(asked.begin(), asked.end(), title.pairs.begin(), title.pairs.end(),
                          std::back_inserter(same));
    double share = static_cast<double>(same.size()) / static_cast<double>(asked.size());
    if (share >= 0.5) take(20 + 20 * share, Why::kTypo);
  }
  return hit;
}

std::vector<Hit> TitleSearch::Find(std::string_view query, size_t limit) const {
  std::vector<std::string> parts;
  std::string lower = LowerAscii(ReplaceAll(query.substr(0, 200), "　", " "));
  for (std::string_view part : Split(lower, ' '))
    if (!Trim(part).empty() && parts.size() < 8) parts.emplace_back(Trim(part));
  std::vector<Hit> out;
  if (parts.empty()) return out;
  for (const Prepared& title : titles_) {
    Hit worst{title.title.id, 1e9, Why::kName};
    for (const std::string& part : parts) {
      Hit hit = Judge(title, part);
      if (hit.score < worst.score) worst = hit;
    }
    if (worst.score > 0) out.push_back(std::move(worst));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  if (out.size() > limit) out.resize(limit);
  return out;
}
}  // namespace city::search
