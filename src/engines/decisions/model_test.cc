// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/model.h"

#include <gtest/gtest.h>

#include "engines/decisions/errors.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Model, ListsWhatIsWrongAndDecidesTheRest) {
  auto model =
      Load(Literal("bad", "1 +") + Literal("good", "2") + Literal("odd", "3", "", "tNowhere"));
  ASSERT_EQ(model->problems().size(), 2u);
  EXPECT_TRUE(model->problems()[1].error.Is(error::kBadExpression) ||
              model->problems()[0].error.Is(error::kBadExpression));
  EXPECT_TRUE(model->problems()[1].error.Is(error::kUnknownType) ||
              model->problems()[0].error.Is(error::kUnknownType));
  EXPECT_EQ(Decide(*model, "good"), "2");
  EXPECT_EQ(Decide(*model, "bad"), "null");
}

TEST(Model, RefusesWhatIsNoDmn) {
  auto model = Model::Load({"x", "<html/>"});
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.error().Is(error::kNotDmn));
}

TEST(Model, KeepsAVersionOfItsText) {
  auto one = Load(Literal("d", "1"));
  EXPECT_EQ(one->version(), Load(Literal("d", "1"))->version());
  EXPECT_NE(one->version(), Load(Literal("d", "2"))->version());
  EXPECT_EQ(one->version().size(), 16u);
}

TEST(Model, ReadsAFileWithItsImportsBesideIt) {
  EXPECT_FALSE(Model::LoadFile("/nowhere/model.dmn"));
  EXPECT_FALSE(Model::LoadFile("/tmp"));
}

}  // namespace
}  // namespace city::decisions
