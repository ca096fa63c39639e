// SPDX-License-Identifier: Apache-2.0
// Why: many callers hand commands to one writer, which takes what has gathered.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "parts/store/store.h"

namespace city::store::internal {

/// One command between its caller and its writer.
struct Pending {
  explicit Pending(Work work) : work(std::move(work)) {}
  Work work;
  Done done;  ///< empty: the caller waits, and owns this
  Result<void> result;
  std::atomic<uint32_t> finished{0};
};

/// Gives the caller of `pending` its result; `pending` may be gone afterwards.
void Finish(Pending* pending);

/// Waits until `pending` has its result.
void Await(Pending& pending);

/// A bounded queue, first in first out. Threads: any for Push, one for Take.
class CommandQueue {
 public:
  enum class Put { kTaken, kFull, kClosed };

  explicit CommandQueue(size_t limit) : limit_(limit) {}

  Put Push(Pending* pending);

  /// Moves what has gathered, `most` at most, into `group`. Waits for the first for `patience`;
  /// then `group` is empty. False once the queue is closed and empty.
  bool Take(std::vector<Pending*>& group, size_t most, std::chrono::milliseconds patience);

  void Close();
  size_t size() const;

 private:
  const size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Pending*> waiting_;
  bool writer_sleeps_ = false;
  bool closed_ = false;
};

}  // namespace city::store::internal
