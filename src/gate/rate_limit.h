// SPDX-License-Identifier: Apache-2.0
// How much one account or one address may ask.
#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace city::gate {

/// Token buckets by key; old ones are forgotten. Threads: any.
class RateLimit {
 public:
  /// `rate` requests a second on average, `burst` at once.
  RateLimit(double rate, double burst) : rate_(rate), burst_(burst) {}
  /// Takes one; 0 when allowed, else seconds until the next is (rounded up).
  int Take(std::string_view key, Time now);

 private:
  struct Bucket {
    double tokens;
    Time at;
  };
  static constexpr size_t kMostKeys = 100'000;
  double rate_, burst_;
  size_t purge_at_ = kMostKeys / 2;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};
}  // namespace city::gate
