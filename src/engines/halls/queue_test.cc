// SPDX-License-Identifier: Apache-2.0
#include "engines/halls/queue.h"

#include <gtest/gtest.h>

namespace city::halls {
namespace {
const std::vector<Waiting> kHall = {
    {"w1", "A", 2, 100},  {"w2", "A", 2, 200}, {"ap", "A", 1, 300},
    {"old", "A", 0, 400}, {"b", "B", 2, 50},
};
std::string Next(const std::vector<std::string>& businesses, int in_row = 0) {
  int at = NextOf(kHall, businesses, in_row);
  return at < 0 ? "" : kHall[static_cast<size_t>(at)].id;
}

TEST(Queue, CallsPriorityThenAppointmentThenTheFirstWhoCame) {
  EXPECT_EQ(Next({"A"}), "old");
  std::vector<Waiting> rest(kHall.begin(), kHall.end());
  rest.erase(rest.begin() + 3);
  EXPECT_EQ(rest[static_cast<size_t>(NextOf(rest, {"A"}, 0))].id, "ap");
  rest.erase(rest.begin() + 2);
  EXPECT_EQ(rest[static_cast<size_t>(NextOf(rest, {"A"}, 0))].id, "w1");
}
TEST(Queue, ServesOnlyTheBusinessOfTheWindow) {
  EXPECT_EQ(Next({"B"}), "b");
  EXPECT_EQ(Next({"C"}), "");
}
TEST(Queue, LetsOthersThroughAfterThreePriorityCalls) { EXPECT_EQ(Next({"A"}, 3), "ap"); }
TEST(Queue, PutsWhoMissedSomePlacesBack) {
  std::vector<Waiting> line = {
      {"1", "A", 2, 10}, {"2", "A", 2, 20}, {"3", "A", 2, 30}, {"4", "A", 2, 40}};
  double rank = RankBehind(line, "A", 3);
  EXPECT_GT(rank, 30);
  EXPECT_LT(rank, 40);
  EXPECT_GT(RankBehind(line, "A", 9), 40);
  EXPECT_EQ(RankBehind({}, "A", 3), 0);
}
TEST(Queue, ForetellsWaitingFromPeopleServiceAndWindows) {
  EXPECT_EQ(ExpectedMinutes(6, 10, 3), 20);  // by hand: 60 minutes of work for three windows
  EXPECT_EQ(ExpectedMinutes(0, 10, 3), 0);
  EXPECT_EQ(ExpectedMinutes(5, 10, 0), -1);
}
TEST(Queue, TakesTheNearestRankForPercentiles) {
  EXPECT_EQ(Percentile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.9), 9);
  EXPECT_EQ(Percentile({}, 0.9), 0);
  EXPECT_EQ(MeanOf({2, 4}), 3);
}
}  // namespace
}  // namespace city::halls
