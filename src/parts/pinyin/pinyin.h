// SPDX-License-Identifier: Apache-2.0
// Sounds of Chinese signs. Source: Unicode CLDR transform Han-Latin, as ICU carries it.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace city::pinyin {

/// Signs of a text (UTF-8), one string each.
std::vector<std::string> Signs(std::string_view text);

/// Threads: any; what was asked once is remembered.
class Sounds {
 public:
  Sounds();
  ~Sounds();
  /// One lower-case syllable for each sign; other signs than Han as they are, in lower case.
  std::vector<std::string> Syllables(std::string_view text) const;

 private:
  struct Known;
  std::unique_ptr<Known> known_;
};
}  // namespace city::pinyin
