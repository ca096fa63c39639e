// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/told.h"

#include <gtest/gtest.h>

#include "engines/cases/case_life.h"

namespace city::cases {
namespace {
TEST(Told, HasWordsInBothLanguagesAndIsNoActOfACase) {
  const ToldInfo* told = FindTold("room-sign");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->zh, "视频签署文书");
  EXPECT_FALSE(told->en.empty());
  EXPECT_EQ(FindAct("room-sign"), nullptr);
  EXPECT_EQ(FindTold("approve"), nullptr);
}
}  // namespace
}  // namespace city::cases
