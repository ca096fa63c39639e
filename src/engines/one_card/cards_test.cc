// SPDX-License-Identifier: Apache-2.0
#include "engines/one_card/cards.h"

#include <gtest/gtest.h>

namespace city::one_card {
namespace {
TEST(Card, IsSuspendedResumedLostFoundAndUnbound) {
  EXPECT_EQ(StateAfter("active", "suspend"), "suspended");
  EXPECT_EQ(StateAfter("suspended", "resume"), "active");
  EXPECT_EQ(StateAfter("suspended", "report-lost"), "lost");
  EXPECT_EQ(StateAfter("lost", "found"), "active");
  EXPECT_EQ(StateAfter("lost", "unbind"), "unbound");
}
TEST(Card, DoesNothingElse) {
  EXPECT_EQ(StateAfter("lost", "resume"), "");  // a lost card is found, not resumed
  EXPECT_EQ(StateAfter("active", "found"), "");
  EXPECT_EQ(StateAfter("unbound", "unbind"), "");
  EXPECT_EQ(StateAfter("active", "fly"), "");
}
TEST(Card, IsRefusedForItsStateBeforeItsAuthority) {
  EXPECT_EQ(WhyRefused("lost", true), "lost");
  EXPECT_EQ(WhyRefused("suspended", false), "suspended");
  EXPECT_EQ(WhyRefused("active", false), "not_authorised");
  EXPECT_EQ(WhyRefused("active", true), "");
}
}  // namespace
}  // namespace city::one_card
