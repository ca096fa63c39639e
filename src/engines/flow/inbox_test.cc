// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/inbox.h"

#include <gtest/gtest.h>

namespace city::flow {
namespace {

using std::chrono::seconds;
const Time kNow = FromMicros(1'000'000);

TEST(Inbox, GivesTheOldestMessageOfNameAndKeyOnce) {
  Inbox box;
  EXPECT_TRUE(box.Put({"1", "paid", "A", {{"n", 1}}, kNow + seconds(9)}, kNow));
  EXPECT_TRUE(box.Put({"2", "paid", "A", {{"n", 2}}, kNow + seconds(9)}, kNow));
  EXPECT_FALSE(box.Take("paid", "B", kNow));
  EXPECT_EQ(box.Take("paid", "A", kNow)->id, "1");
  EXPECT_EQ(box.Take("paid", "A", kNow)->id, "2");
  EXPECT_FALSE(box.Take("paid", "A", kNow));
}

TEST(Inbox, DropsARepetitionEvenAfterDelivery) {
  Inbox box;
  EXPECT_TRUE(box.Put({"1", "paid", "A", {}, kNow + seconds(9)}, kNow));
  EXPECT_TRUE(box.Take("paid", "A", kNow));
  EXPECT_FALSE(box.Put({"1", "paid", "A", {}, kNow + seconds(9)}, kNow));
  EXPECT_TRUE(box.Put({"1", "paid", "A", {}, kNow + seconds(20)}, kNow + seconds(10)));
}

TEST(Inbox, ForgetsWhatHasExpired) {
  Inbox box;
  box.Put({"", "paid", "A", {}, kNow + seconds(1)}, kNow);
  EXPECT_FALSE(box.Take("paid", "A", kNow + seconds(2)));
  EXPECT_EQ(box.size(), 0U);
}

}  // namespace
}  // namespace city::flow
