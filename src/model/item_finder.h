// SPDX-License-Identifier: Apache-2.0
// Why: the forgiving search over the items in force, made anew when an item changed.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>

#include "engines/search/title_search.h"
#include "ledger/ledger.h"

namespace city::model {

/// Threads: any.
class ItemFinder {
 public:
  ItemFinder(ledger::Ledger& ledger, std::vector<std::vector<std::string>> synonyms)
      : ledger_(ledger), synonyms_(std::move(synonyms)) {}
  /// Best first. Items that another server changed are seen after a minute.
  Result<std::vector<search::Hit>> Find(std::string_view query, size_t limit);
  /// What was read is read again at the next question.
  void Forget() { stale_ = true; }

 private:
  ledger::Ledger& ledger_;
  std::vector<std::vector<std::string>> synonyms_;
  std::atomic<bool> stale_{true};
  std::mutex mutex_;
  Time read_at_{};
  std::shared_ptr<const search::TitleSearch> titles_;
};
}  // namespace city::model
