// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace city {
namespace {
TEST(RandomBits, DoNotRepeat) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(RandomBits());
  EXPECT_EQ(seen.size(), 10'000u);
}
TEST(RandomFill, FillsAll) {
  std::array<uint8_t, 4096> bytes{};
  RandomFill(bytes);
  std::set<uint8_t> seen(bytes.begin(), bytes.end());
  EXPECT_GT(seen.size(), 200u);
}
TEST(SeededRandom, GivesTheSameStreamForTheSameSeed) {
  SeededRandom a(7), b(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.Next(), b.Next());
  // First value of splitmix64 for seed 0, from its published reference.
  EXPECT_EQ(SeededRandom(0).Next(), 0xe220a8397b1dcdafULL);
}
TEST(SeededRandom, StaysBelowItsBound) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(random.Below(7), 7u);
    EXPECT_LT(random.Unit(), 1.0);
  }
}
}  // namespace
}  // namespace city
