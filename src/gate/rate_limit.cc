// SPDX-License-Identifier: Apache-2.0
#include "gate/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace city::gate {

int RateLimit::Take(std::string_view key, Time now) {
  std::lock_guard lock(mutex_);
  if (buckets_.size() > purge_at_) {
    // A full bucket says nothing. The next purge waits until as many keys came again, so that it
    // stays cheap per call.
    std::erase_if(buckets_, [&](const auto& each) {
      return static_cast<double>((now - each.second.at).count()) / 1e6 * rate_ >= burst_;
    });
    if (buckets_.size() > kMostKeys / 2) buckets_.clear();
    purge_at_ = buckets_.size() + kMostKeys / 2;
  }
  auto [found, fresh] = buckets_.try_emplace(std::string(key), Bucket{burst_, now});
  Bucket& bucket = found->second;
  double passed = std::max(0.0, static_cast<double>((now - bucket.at).count()) / 1e6);
  bucket.tokens = std::min(burst_, bucket.tokens + passed * rate_);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / rate_)));
}
}  // namespace city::gate
