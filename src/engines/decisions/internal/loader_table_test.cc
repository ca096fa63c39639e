// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/loader.h"

#include <gtest/gtest.h>

#include "engines/decisions/table_view.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Tables, AreShownAsTheyAreWritten) {
  auto tables = Load(FeeTable(""))->tables();
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].element, "fee");
  EXPECT_EQ(tables[0].inputs[0].label, "Days");
  ASSERT_EQ(tables[0].rules.size(), 4u);
  EXPECT_EQ(tables[0].rules[1].tests[0], "[1..10]");
  EXPECT_EQ(tables[0].rules[1].outputs[0], "10");
  EXPECT_EQ(tables[0].rules[1].annotations[0], "Art. 2");
}

}  // namespace
}  // namespace city::decisions
