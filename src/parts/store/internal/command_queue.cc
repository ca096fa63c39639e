// SPDX-License-Identifier: Apache-2.0
// Why: see the header; the writer is only woken when it sleeps, which saves a system call for most
// commands under load.
#include "parts/store/internal/command_queue.h"

#include <utility>

namespace city::store::internal {

void Finish(Pending* pending) {
  if (pending->done) {
    std::unique_ptr<Pending> owned(pending);
    owned->work = nullptr;  // what it captured is released before the caller hears
    owned->done(std::move(owned->result));
    return;
  }
  pending->finished.store(1, std::memory_order_release);
  pending->finished.notify_one();
}

void Await(Pending& pending) { pending.finished.wait(0, std::memory_order_acquire); }

CommandQueue::Put CommandQueue::Push(Pending* pending) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return Put::kClosed;
    if (waiting_.size() >= limit_) return Put::kFull;
    waiting_.push_back(pending);
    wake = std::exchange(writer_sleeps_, false);
  }
  if (wake) filled_.notify_one();
  return Put::kTaken;
}

bool CommandQueue::Take(std::vector<Pending*>& group, size_t most,
                        std::chrono::milliseconds patience) {
  group.clear();
  std::unique_lock lock(mutex_);
  if (waiting_.empty() && !closed_) {
    writer_sleeps_ = true;
    filled_.wait_for(lock, patience, [&] { return !waiting_.empty() || closed_; });
    writer_sleeps_ = false;
  }
  while (!waiting_.empty() && group.size() < most) {
    group.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return !group.empty() || !closed_;
}

void CommandQueue::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_one();
}

size_t CommandQueue::size() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace city::store::internal
