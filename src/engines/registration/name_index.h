// SPDX-License-Identifier: Apache-2.0
// Equal and near names among all registered and reserved ones.
// Source: enterprise-name rules (Art. 6, 8, 11, 12, 17): division + brand + trade + form.
#pragma once
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parts/pinyin/pinyin.h"

namespace city::registration {

/// What makes two names equal or near: the words of a place's rules.
struct NameWords {
  std::vector<std::string> places;               ///< names of divisions
  std::vector<std::vector<std::string>> trades;  ///< groups of words for one trade
  std::vector<std::string> forms;                ///< organisational forms, the longest first
  std::vector<std::string> banned;               ///< what no brand may hold
  std::vector<std::string> national;  ///< 中国, 中华 …: for those approved above only
};

struct NameParts {
  std::string place, brand, trade, form;
};

/// Result of a check, from best to worst.
enum class NameVerdict {
  kFree,
  kNear,
  kExact,
  kSound,
  kSynonym,
  kShort,
  kBanned,
  kNational,
  kPlain
};
/// "free", "near", "exact", "sound", "synonym", "short", "banned", "national", "plain" (only a
/// place or trade word).
std::string_view VerdictName(NameVerdict verdict);

struct NameFinding {
  NameVerdict verdict = NameVerdict::kFree;
  std::vector<std::string> others;  ///< names in the way, at most ten
};

/// Threads: any; writers exclude each other.
class NameIndex {
 public:
  explicit NameIndex(NameWords words);
  ~NameIndex();

  /// Takes a whole name apart by its place, form and trade words; what remains is the brand.
  NameParts Split(std::string_view name) const;
  void Add(std::string_view whole);
  void Add(const NameParts& parts, std::string whole);
  NameFinding Check(const NameParts& parts) const;
  /// Free brands close to the wanted one, at most `most`: a sign more before or after.
  std::vector<std::string> Suggest(const NameParts& parts, size_t most) const;
  /// What must be unique among names: brand and group of trade.
  std::string KeyOf(const NameParts& parts) const;
  size_t size() const;
  const NameWords& words() const { return words_; }

  /// Sound of a Chinese text without tones, one syllable a sign.
  std::string Sound(std::string_view text) const;

 private:
  std::string GroupOf(std::string_view trade) const;
  NameWords words_;
  std::unordered_map<std::string, std::string> group_of_;
  pinyin::Sounds sounds_;
  mutable std::shared_mutex mutex_;
  struct Entry {
    std::string whole, trade;
  };
  std::unordered_map<std::string, std::vector<Entry>> by_brand_, by_sound_, by_hole_;
  size_t count_ = 0;
};
}  // namespace city::registration
