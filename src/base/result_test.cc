// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

#include "base/errors.h"

namespace city {
namespace {
Result<int> Half(int number) {
  if (number % 2 != 0) return error::kBadId({{"text", std::to_string(number)}});
  return number / 2;
}
Result<int> Quarter(int number) {
  TRY(int half, Half(number));
  return Half(half);
}
Result<std::string> Plain() { return error::kBadId; }

TEST(Result, CarriesAValueThroughTry) { EXPECT_EQ(*Quarter(8), 2); }
TEST(Result, ReturnsTheFirstError) {
  Result<int> answer = Quarter(6);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind(), Kind::kInvalidInput);
  EXPECT_NE(answer.error().SaysEn().find("\"3\""), std::string::npos);
}
TEST(Result, IsMadeFromARowAlone) { EXPECT_TRUE(Plain().error().Is(error::kBadId)); }
TEST(Error, LeavesUnknownNamesAsTheyStand) {
  EXPECT_NE(Plain().error().SaysZh().find("{text}"), std::string::npos);
}
}  // namespace
}  // namespace city
