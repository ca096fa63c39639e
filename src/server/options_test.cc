// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <gtest/gtest.h>

namespace city::server {
namespace {
TEST(Options, ReadsFlagsValuesAndTheRest) {
  std::string_view words[] = {"--port", "81", "file.txt", "--demo"};
  Options options(words);
  EXPECT_EQ(options.Number("--port", 1), 81);
  EXPECT_TRUE(options.Has("--demo"));
  EXPECT_EQ(options.Rest(), std::vector<std::string>{"file.txt"});
  EXPECT_TRUE(options.Check("x"));
}
TEST(Options, RefusesWhatItDoesNotKnow) {
  std::string_view unknown[] = {"--colour"};
  Options a(unknown);
  EXPECT_FALSE(a.Check("x"));
  std::string_view wrong[] = {"--port", "many"};
  Options b(wrong);
  EXPECT_EQ(b.Number("--port", 7), 7);
  EXPECT_FALSE(b.Check("x"));
  std::string_view lacking[] = {"--port"};
  Options c(lacking);
  c.Number("--port", 7);
  EXPECT_FALSE(c.Check("x"));
}
}  // namespace
}  // namespace city::server
