// SPDX-License-Identifier: Apache-2.0
// Titles found by what people type, not by what the catalogue calls them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "parts/pinyin/pinyin.h"

namespace city::search {

struct Title {
  std::string id, name;
  std::vector<std::string> words;  ///< short name, keywords
};

/// Why a title was found, best first.
enum class Why { kName, kWord, kSynonym, kSound, kInitials, kTypo };
std::string_view WhyName(Why why);

struct Hit {
  std::string id;
  double score = 0;
  Why why = Why::kName;
};

/// Threads: reading by any number; it does not change once built.
class TitleSearch {
 public:
  /// `synonyms`: groups of words that mean the same.
  TitleSearch(std::vector<Title> titles, std::vector<std::vector<std::string>> synonyms);

  /// At most `limit` titles, the best first. Parts of `query` between blanks must all be found.
  std::vector<Hit> Find(std::string_view query, size_t limit) const;

 private:
  struct Prepared {
    Title title;
    std::string name, words;      ///< lower case
    std::string sound, initials;  ///< of the name: "she'bao'ka'", "sbk"
    std::string word_sounds, word_initials;
    std::vector<std::string> pairs;  ///< pairs of neighbouring signs of name and words, sorted
  };
  Hit Judge(const Prepared& title, const std::string& part) const;
  std::string SoundOf(std::string_view text) const;

  pinyin::Sounds sounds_;
  std::vector<std::vector<std::string>> synonyms_;
  std::vector<Prepared> titles_;
};
}  // namespace city::search
