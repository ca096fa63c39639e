// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/logic.h"

#include <gtest/gtest.h>

#include "engines/decisions/errors.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

// Hit policies: DMN 1.5, 8.2.8; expected values by hand.
TEST(DecisionTable, UniqueTakesTheOneRuleAndRefusesTwo) {
  EXPECT_EQ(Fee("hitPolicy=\"UNIQUE\"", 3), "10");
  EXPECT_EQ(Fee("hitPolicy=\"UNIQUE\"", 7), "null");
}

TEST(DecisionTable, SaysWhichRulesBrokeUniqueness) {
  auto outcome = Load(FeeTable(""))->Decide("fee", Inputs({{"days late", Value::Of(7)}}));
  ASSERT_EQ(outcome->remarks.size(), 1u);
  EXPECT_TRUE(outcome->remarks[0].Is(error::kSeveralRules));
  EXPECT_NE(outcome->remarks[0].SaysEn().find("2, 3"), std::string::npos);
}

TEST(DecisionTable, FirstTakesTheFirst) { EXPECT_EQ(Fee("hitPolicy=\"FIRST\"", 7), "10"); }

TEST(DecisionTable, PriorityFollowsTheOutputValues) {
  EXPECT_EQ(Fee("hitPolicy=\"PRIORITY\"", 7), "20");
}

TEST(DecisionTable, AnyWantsEqualOutputs) { EXPECT_EQ(Fee("hitPolicy=\"ANY\"", 7), "null"); }

TEST(DecisionTable, RuleOrderListsHitsAsWritten) {
  EXPECT_EQ(Fee("hitPolicy=\"RULE ORDER\"", 101), "[20, 30]");
}

TEST(DecisionTable, OutputOrderListsHitsByPriority) {
  EXPECT_EQ(Fee("hitPolicy=\"OUTPUT ORDER\"", 101), "[30, 20]");
}

TEST(DecisionTable, CollectAggregates) {
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\"", 101), "[20, 30]");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", 101), "50");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", 101), "20");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", 101), "30");
  EXPECT_EQ(Fee("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", 101), "2");
}

TEST(DecisionTable, TakesTheDefaultWhenNothingMatches) {
  auto model = Load(
      FeeTable("hitPolicy=\"FIRST\"", "<defaultOutputEntry><text>-1</text></defaultOutputEntry>"));
  EXPECT_EQ(Decide(*model, "fee"), "-1");
}

}  // namespace
}  // namespace city::decisions
