// SPDX-License-Identifier: Apache-2.0
#include "gate/rate_limit.h"

#include <gtest/gtest.h>

namespace city::gate {
namespace {
TEST(RateLimit, AllowsABurstThenTheRate) {
  RateLimit limit(1, 3);
  Time now = FromMicros(0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.Take("a", now), 0);
  EXPECT_EQ(limit.Take("a", now), 1);
  EXPECT_EQ(limit.Take("b", now), 0);
  EXPECT_EQ(limit.Take("a", now + std::chrono::seconds(1)), 0);
  EXPECT_EQ(limit.Take("a", now + std::chrono::seconds(1)), 1);
}
TEST(RateLimit, ForgetsManyKeys) {
  RateLimit limit(1, 3);
  for (int i = 0; i < 200'000; ++i) EXPECT_EQ(limit.Take(std::to_string(i), FromMicros(i)), 0);
}
}  // namespace
}  // namespace city::gate
