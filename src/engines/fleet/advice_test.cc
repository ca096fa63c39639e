// SPDX-License-Identifier: Apache-2.0
#include "engines/fleet/advice.h"

#include <gtest/gtest.h>

#include "engines/fleet/errors.h"

namespace city::fleet {
namespace {
Place At(std::string code, int population, int elderly) {
  return {code, "村" + code, {{"population", population}, {"elderly", elderly}}, 0};
}
Rules Simple() { return {"population / 100 + elderly / 10", 10, 3, 9, 20}; }

TEST(Advice, CountsNeedByTheDeclaredFormula) {
  std::vector<Place> places{At("440203001201", 2000, 300)};
  ASSERT_TRUE(CountNeed(places, Simple().formula));
  EXPECT_DOUBLE_EQ(places[0].need, 50);  // 2000 / 100 + 300 / 10, by hand
}
TEST(Advice, RefusesAFormulaThatGivesNoNumber) {
  std::vector<Place> places{At("440203001201", 1, 1)};
  EXPECT_TRUE(CountNeed(places, "population >").error().Is(error::kFormulaWrong));
  EXPECT_TRUE(CountNeed(places, "\"many\"").error().Is(error::kFormulaWrong));
}
TEST(Advice, NamesPlacesOfNeedWithNoMachineNear) {
  std::vector<Place> places{At("440203001201", 3000, 0), At("440203001202", 3000, 0),
                            At("440203002201", 2000, 0), At("440203003201", 100, 0)};
  ASSERT_TRUE(CountNeed(places, Simple().formula));
  // One machine in the first town serves both villages there; the last place has little need.
  Advice advice = Advise(places, {{"m", "1", "一号", "440203001202", 20}}, Simple());
  ASSERT_EQ(advice.missing.size(), 1u);
  EXPECT_EQ(advice.missing[0].code, "440203002201");
  EXPECT_TRUE(advice.moves.empty());  // the only machine is well used
}
TEST(Advice, MovesTheLeastUsedToTheNeediestAndEachOnce) {
  std::vector<Place> places{At("440203001201", 500, 0), At("440203002201", 2000, 0),
                            At("440203003201", 4000, 0), At("440203003202", 3900, 0)};
  ASSERT_TRUE(CountNeed(places, Simple().formula));
  Advice advice = Advise(places,
                         {{"a", "1", "一号", "440203001201", 2},
                          {"b", "2", "二号", "440203001201", 0.5},
                          {"c", "3", "三号", "440203001201", 9}},
                         Simple());
  ASSERT_EQ(advice.moves.size(), 2u);
  EXPECT_EQ(advice.moves[0].machine.code, "2");
  EXPECT_EQ(advice.moves[0].to.code, "440203003201");
  EXPECT_DOUBLE_EQ(advice.moves[0].gain, 35);
  // The second village of that town is served by the move to the first.
  EXPECT_EQ(advice.moves[1].to.code, "440203002201");
}
TEST(Advice, NeverMovesAMachineToLessNeed) {
  std::vector<Place> places{At("440203001201", 9000, 0), At("440203002201", 2000, 0)};
  ASSERT_TRUE(CountNeed(places, Simple().formula));
  EXPECT_TRUE(Advise(places, {{"a", "1", "一号", "440203001201", 0}}, Simple()).moves.empty());
}
}  // namespace
}  // namespace city::fleet
