// SPDX-License-Identifier: Apache-2.0
#include "engines/reviews/figures.h"

#include <gtest/gtest.h>

namespace city::reviews {
namespace {
TEST(ReviewFigures, CountOnlyWhatSomebodySaid) {
  Tally tally;
  tally.services = 100;
  tally.grades[1] = 6;
  tally.grades[3] = 2;
  tally.grades[5] = 2;
  tally.corrected = 1;
  json::object figures = FiguresOf(tally);
  EXPECT_DOUBLE_EQ(figures.at("positive_share").as_double(), 0.8);  // 8 of 10, not 98 of 100
  EXPECT_DOUBLE_EQ(figures.at("active_share").as_double(), 0.1);
  EXPECT_DOUBLE_EQ(figures.at("corrected_share").as_double(), 0.5);
  EXPECT_EQ(figures.at("unrated"), 90);
  EXPECT_DOUBLE_EQ(figures.at("positive_share_if_unrated_count").as_double(), 0.98);
}
TEST(ReviewFigures, LeaveExcludedReviewsOutAndTellThem) {
  Tally tally;
  tally.services = 3;
  tally.grades[1] = 1;
  tally.excluded = 2;
  json::object figures = FiguresOf(tally);
  EXPECT_DOUBLE_EQ(figures.at("positive_share").as_double(), 1.0);
  EXPECT_EQ(figures.at("excluded"), 2);
  EXPECT_EQ(figures.at("unrated"), 0);
}
TEST(ReviewFigures, SayNothingWhereNothingIsToBeDivided) {
  EXPECT_TRUE(FiguresOf({}).at("positive_share").is_null());
}
TEST(ReviewFigures, AreEachDefinedInBothLanguages) {
  json::object figures = FiguresOf({});
  for (const json::value& each : Definitions()) {
    EXPECT_TRUE(figures.contains(each.at("name").as_string()));
    EXPECT_FALSE(each.at("zh").as_string().empty());
    EXPECT_FALSE(each.at("en").as_string().empty());
  }
}
}  // namespace
}  // namespace city::reviews
