// SPDX-License-Identifier: Apache-2.0
#include "base/fill.h"

#include <gtest/gtest.h>

namespace city {
namespace {
TEST(Fill, PutsEachValueWhereItsWordStands) {
  EXPECT_EQ(FillIn("{a}与{b}，{a}", {{"a", "甲"}, {"b", "乙"}}), "甲与乙，甲");
}
TEST(Fill, NeverReadsAValueAsAWord) {
  EXPECT_EQ(FillIn("{a}{b}", {{"a", "{b}"}, {"b", "x"}}), "{b}x");
}
TEST(Fill, LeavesWhatHasNoValueAndWhatIsNotClosed) {
  EXPECT_EQ(FillIn("{c} {a", {{"a", "x"}}), "{c} {a");
  EXPECT_EQ(FillIn("", {}), "");
}
}  // namespace
}  // namespace city
