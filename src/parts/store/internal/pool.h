// SPDX-License-Identifier: Apache-2.0
// Why: read connections are few and costly to open, so they are lent and given back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "parts/store/errors.h"

namespace city::store::internal {

/// Lends up to `most` things of type T, opening them when first needed. Threads: any.
template <class T>
class Pool {
 public:
  using Open = std::function<Result<std::unique_ptr<T>>()>;

  Pool(Open open, int most, std::chrono::milliseconds patience)
      : open_(std::move(open)), most_(most), patience_(patience) {}

  /// One to use alone. Errors: kBusy when none is free in time, kClosed, those of opening.
  Result<std::unique_ptr<T>> Lend() {
    {
      std::unique_lock lock(mutex_);
      bool free = freed_.wait_for(lock, patience_,
                                  [&] { return closed_ || !idle_.empty() || lent_ < most_; });
      if (!free) return error::kBusy;
      if (closed_) return error::kClosed;
      ++lent_;
      if (!idle_.empty()) {
        std::unique_ptr<T> out = std::move(idle_.back());
        idle_.pop_back();
        return out;
      }
    }
    Result<std::unique_ptr<T>> made = open_();
    if (!made) GiveBack(nullptr);
    return made;
  }

  /// Takes back what Lend gave; null when it broke.
  void GiveBack(std::unique_ptr<T> thing) {
    {
      std::lock_guard lock(mutex_);
      --lent_;
      if (thing && !closed_) idle_.push_back(std::move(thing));
    }
    freed_.notify_one();
  }

  /// Does something short to each thing that is not lent.
  void ForEachIdle(const std::function<void(T&)>& work) {
    std::lock_guard lock(mutex_);
    for (const std::unique_ptr<T>& each : idle_) work(*each);
  }

  void Close() {
    std::vector<std::unique_ptr<T>> gone;
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
      gone.swap(idle_);
    }
    freed_.notify_all();
  }

  uint64_t lent() const {
    std::lock_guard lock(mutex_);
    return static_cast<uint64_t>(lent_);
  }

 private:
  const Open open_;
  const int most_;
  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<T>> idle_;
  int lent_ = 0;
  bool closed_ = false;
};

}  // namespace city::store::internal
