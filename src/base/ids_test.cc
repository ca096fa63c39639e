// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace city {
namespace {
TEST(Uuid, HasVersionSevenAndItsTime) {
  std::string id = NewId(FromMicros(0x0190f3c2a1b2LL * 1000));
  EXPECT_EQ(id.substr(0, 13), "0190f3c2-a1b2");
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
}
TEST(Uuid, RisesWithinAMillisecond) {
  Uuid before = NewUuid(FromMicros(1'000'000));
  for (int i = 0; i < 10'000; ++i) {
    Uuid next = NewUuid(FromMicros(1'000'000));
    ASSERT_LT(before, next);
    before = next;
  }
}
TEST(Uuid, IsUniqueAcrossThreads) {
  std::vector<std::string> made[4];
  std::vector<std::thread> threads;
  for (auto& list : made)
    threads.emplace_back([&list] {
      for (int i = 0; i < 2000; ++i) list.push_back(NewId(SystemClock().Now()));
    });
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (auto& list : made) all.insert(list.begin(), list.end());
  EXPECT_EQ(all.size(), 8000u);
}
TEST(Uuid, ReadsWhatItWritesAndRefusesTheRest) {
  Uuid id = NewUuid(FromMicros(7));
  EXPECT_EQ(*ParseUuid(id.ToText()), id);
  EXPECT_FALSE(IsUuid(""));
  EXPECT_FALSE(IsUuid("0190f3c2-a1b2-7000-8000-00000000000g"));
  EXPECT_FALSE(IsUuid("0190f3c2a1b2-7000-8000-0000000000000"));
}
}  // namespace
}  // namespace city
