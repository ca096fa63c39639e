// SPDX-License-Identifier: Apache-2.0
// Why: the queue keeps order, its bound, and wakes who waits.
#include "parts/store/internal/command_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace city::store::internal {
namespace {

using std::chrono::milliseconds;

Work Nothing() {
  return [](Tx&) { return Result<void>(); };
}

TEST(CommandQueue, GivesOutWhatCameFirstFirst) {
  CommandQueue queue(10);
  Pending a(Nothing()), b(Nothing()), c(Nothing());
  for (Pending* pending : {&a, &b, &c}) EXPECT_EQ(queue.Push(pending), CommandQueue::Put::kTaken);
  std::vector<Pending*> group;
  EXPECT_TRUE(queue.Take(group, 2, milliseconds(0)));
  EXPECT_EQ(group, (std::vector<Pending*>{&a, &b}));
  EXPECT_TRUE(queue.Take(group, 2, milliseconds(0)));
  EXPECT_EQ(group, (std::vector<Pending*>{&c}));
}

TEST(CommandQueue, RefusesWhatIsBeyondItsBound) {
  CommandQueue queue(1);
  Pending a(Nothing()), b(Nothing());
  EXPECT_EQ(queue.Push(&a), CommandQueue::Put::kTaken);
  EXPECT_EQ(queue.Push(&b), CommandQueue::Put::kFull);
  EXPECT_EQ(queue.size(), 1u);
}

TEST(CommandQueue, ComesBackEmptyAfterItsPatience) {
  CommandQueue queue(1);
  std::vector<Pending*> group;
  EXPECT_TRUE(queue.Take(group, 1, milliseconds(1)));
  EXPECT_TRUE(group.empty());
}

TEST(CommandQueue, IsDrainedBeforeItEnds) {
  CommandQueue queue(10);
  Pending a(Nothing()), b(Nothing());
  queue.Push(&a);
  queue.Close();
  EXPECT_EQ(queue.Push(&b), CommandQueue::Put::kClosed);
  std::vector<Pending*> group;
  EXPECT_TRUE(queue.Take(group, 10, milliseconds(1000)));
  EXPECT_EQ(group.size(), 1u);
  EXPECT_FALSE(queue.Take(group, 10, milliseconds(1000)));
}

TEST(CommandQueue, WakesASleepingWriter) {
  CommandQueue queue(10);
  Pending a(Nothing());
  std::thread writer([&] {
    std::vector<Pending*> group;
    while (queue.Take(group, 10, milliseconds(10'000)) && group.empty()) {
    }
    for (Pending* pending : group) Finish(pending);
  });
  queue.Push(&a);
  Await(a);
  EXPECT_TRUE(a.result);
  writer.join();
}

}  // namespace
}  // namespace city::store::internal
