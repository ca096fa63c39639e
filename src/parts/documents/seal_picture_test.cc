// SPDX-License-Identifier: Apache-2.0
// Why: a seal stays within its ring whatever the name.
#include "parts/documents/seal_picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "parts/documents/errors.h"
#include "parts/documents/png.h"

namespace city::documents {
namespace {

TEST(Seal, KeepsEveryNameWithinItsRing) {
  for (std::string name :
       {"明月局", "韶关市示例区市场监督管理局",
        "韶关市示例区人民政府政务服务数据管理局行政审批和公共资源交易服务中心"}) {
    auto shapes = DrawSeal({.name = name, .purpose = "行政审批专用章"}, 100, 100);
    ASSERT_TRUE(shapes) << shapes.error().ToLine();
    for (const Shape& shape : *shapes) {
      if (!shape.fill) continue;  // the ring itself
      for (const Font::Step& step : shape.steps) {
        const int points = step.kind == 'C' ? 3 : step.kind != 'Z';
        for (int i = 0; i < points; ++i) {
          EXPECT_LE(std::hypot(step.x[i] - 100, step.y[i] - 100), 21.0) << name;
        }
      }
    }
  }
}

TEST(Seal, RefusesANameThatDoesNotFit) {
  std::string long_name;
  for (int i = 0; i < 41; ++i) long_name += "局";
  for (const std::string& name : {std::string(), std::string("局"), long_name}) {
    auto shapes = DrawSeal({.name = name}, 0, 0);
    ASSERT_FALSE(shapes);
    EXPECT_TRUE(shapes.error().Is(error::kFailed));
  }
}

TEST(Seal, BecomesAPictureWithAClearBackground) {
  const SealDesign design{.name = "韶关市示例区市场监督管理局", .purpose = "业务专用章"};
  auto png = SealPng(design, 200);
  ASSERT_TRUE(png);
  int width = 0, height = 0;
  ASSERT_TRUE(PngSize(*png, width, height));
  EXPECT_EQ(width, 200);
  EXPECT_EQ(SealPng(design, 200).value(), *png);
  auto svg = SealSvg(design);
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find("stroke=\"#dc1414\""), std::string::npos);
  EXPECT_EQ(svg->find("<text"), std::string::npos);
  if (const char* keep = std::getenv("CITY_KEEP")) {
    std::ofstream(std::string(keep) + "/seal.png", std::ios::binary)
        << SealPng(design, 600).value();
  }
}

}  // namespace
}  // namespace city::documents
