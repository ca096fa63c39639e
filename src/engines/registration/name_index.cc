// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/name_index.h"

#include <algorithm>

#include "base/text.h"

namespace city::registration {
namespace {
bool Holds(std::string_view text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(word) != std::string_view::npos;
  });
}
}  // namespace

std::string_view VerdictName(NameVerdict verdict) {
  constexpr std::string_view kNames[] = {"free",  "near",   "exact",    "sound", "synonym",
                                         "short", "banned", "national", "plain"};
  return kNames[static_cast<size_t>(verdict)];
}

NameIndex::NameIndex(NameWords words) : words_(std::move(words)) {
  for (size_t i = 0; i < words_.trades.size(); ++i)
    for (const std::string& word : words_.trades[i]) group_of_[word] = "#" + std::to_string(i);
  auto longest_first = [](const std::string& a, const std::string& b) {
    return a.size() > b.size();
  };
  std::sort(words_.forms.begin(), words_.forms.end(), longest_first);
  std::sort(words_.places.begin(), words_.places.end(), longest_first);
}
NameIndex::~NameIndex() = default;

std::string NameIndex::Sound(std::string_view text) const {
  std::string out;
  for (const std::string& syllable : sounds_.Syllables(text)) out += syllable + "'";
  return out;
}

std::string NameIndex::GroupOf(std::string_view trade) const {
  auto found = group_of_.find(std::string(trade));
  return found == group_of_.end() ? std::string(trade) : found->second;
}

NameParts NameIndex::Split(std::string_view name) const {
  NameParts out;
  std::string rest(name);
  for (const std::string& place : words_.places)
    if (rest.starts_with(place)) {
      out.place = place;
      rest = rest.substr(place.size());
      break;
    }
  for (const std::string& form : words_.forms)
    if (rest.ends_with(form)) {
      out.form = form;
      rest.resize(rest.size() - form.size());
      break;
    }
  size_t longest = 0;
  for (const auto& [word, group] : group_of_)
    if (word.size() > longest && rest.size() > word.size() && rest.ends_with(word)) {
      longest = word.size();
      out.trade = word;
    }
  rest.resize(rest.size() - longest);
  out.brand = rest;
  return out;
}

std::string NameIndex::KeyOf(const NameParts& parts) const {
  return parts.brand + "|" + GroupOf(parts.trade);
}

void NameIndex::Add(std::string_view whole) { Add(Split(whole), std::string(whole)); }

void NameIndex::Add(const NameParts& parts, std::string whole) {
  if (parts.brand.empty()) return;
  std::string group = GroupOf(parts.trade), sound = Sound(parts.brand);
  std::vector<std::string> signs = pinyin::Signs(parts.brand);
  std::unique_lock lock(mutex_);
  by_brand_[parts.brand + "|" + group].push_back({whole, parts.trade});
  by_sound_[sound + "|" + group].push_back({whole, parts.trade});
  // One sign of three or more may be another: each place in turn is left open.
  if (signs.size() >= 3)
    for (size_t hole = 0; hole < signs.size(); ++hole) {
      std::string key;
      for (size_t i = 0; i < signs.size(); ++i) key += i == hole ? "*" : signs[i];
      by_hole_[key + "|" + group].push_back({whole, parts.trade});
    }
  ++count_;
}

size_t NameIndex::size() const {
  std::shared_lock lock(mutex_);
  return count_;
}

NameFinding NameIndex::Check(const NameParts& parts) const {
  NameFinding out;
  std::vector<std::string> signs = pinyin::Signs(parts.brand);
  auto is = [&](NameVerdict verdict) {
    out.verdict = verdict;
    return out;
  };
  if (signs.size() < 2) return is(NameVerdict::kShort);
  if (Holds(parts.brand, words_.national)) return is(NameVerdict::kNational);
  if (Holds(parts.brand, words_.banned)) return is(NameVerdict::kBanned);
  bool plain =
      group_of_.contains(parts.brand) ||
      std::find(words_.places.begin(), words_.places.end(), parts.brand) != words_.places.end();
  if (plain) return is(NameVerdict::kPlain);
  std::string group = GroupOf(parts.trade), sound = Sound(parts.brand);
  std::shared_lock lock(mutex_);
  auto take = [&](const std::vector<Entry>& entries, NameVerdict verdict) {
    out.verdict = verdict;
    for (const Entry& entry : entries)
      if (out.others.size() < 10) out.others.push_back(entry.whole);
  };
  if (auto found = by_brand_.find(parts.brand + "|" + group); found != by_brand_.end()) {
    bool same_word = std::any_of(found->second.begin(), found->second.end(),
                                 [&](const Entry& entry) { return entry.trade == parts.trade; });
    take(found->second, same_word ? NameVerdict::kExact : NameVerdict::kSynonym);
    return out;
  }
  if (auto found = by_sound_.find(sound + "|" + group); found != by_sound_.end()) {
    take(found->second, NameVerdict::kSound);
    return out;
  }
  if (signs.size() >= 3)
    for (size_t hole = 0; hole < signs.size(); ++hole) {
      std::string key;
      for (size_t i = 0; i < signs.size(); ++i) key += i == hole ? "*" : signs[i];
      if (auto found = by_hole_.find(key + "|" + group); found != by_hole_.end())
        take(found->second, NameVerdict::kNear);
    }
  return out;
}

std::vector<std::string> NameIndex::Suggest(const NameParts& parts, size_t most) const {
  std::vector<std::string> out;
  for (const char* sign : {"新", "益", "嘉", "和", "源", "盛", "泰", "禾", "瑞", "远"}) {
    for (bool before : {false, true}) {
      NameParts other = parts;
      other.brand = before ? sign + parts.brand : parts.brand + sign;
      if (out.size() < most && Check(other).verdict == NameVerdict::kFree)
        out.push_back(other.brand);
    }
  }
  return out;
}
}  // namespace city::registration
