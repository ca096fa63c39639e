// SPDX-License-Identifier: Apache-2.0
// Why: things placed by hand are where they were put.
#include "parts/documents/page.h"

#include <gtest/gtest.h>

namespace city::documents {
namespace {

TEST(Run, IsAsWideAsItsCharacters) {
  TextRun run = MakeRun("一网", 10, 20, 5).value();
  EXPECT_EQ(run.advances, (std::vector<double>{5, 5}));
  EXPECT_DOUBLE_EQ(WidthOf("一网", 5).value(), 10);
  EXPECT_DOUBLE_EQ(WidthOf("", 5).value(), 0);
}

TEST(Shapes, HaveTheirCorners) {
  Shape box = MakeRectangle(1, 2, 3, 4, 0.5);
  ASSERT_EQ(box.steps.size(), 5u);
  EXPECT_EQ(box.steps[2].x[0], 4);
  EXPECT_EQ(box.steps[2].y[0], 6);
  EXPECT_EQ(MakeLine(1, 2, 3, 4, 1).steps.size(), 2u);
}

TEST(QrMark, FillsItsBoxWithAQuietZone) {
  Shape shape = ShapeOf({10, 10, 29, MakeQr("x").value()});  // 21 + 8 squares of 1 mm
  double least = 1e9, most = 0;
  for (const Font::Step& step : shape.steps) {
    if (step.kind == 'Z') continue;
    least = std::min(least, step.x[0]);
    most = std::max(most, step.x[0]);
  }
  EXPECT_DOUBLE_EQ(least, 14);
  EXPECT_DOUBLE_EQ(most, 35);
}

}  // namespace
}  // namespace city::documents
