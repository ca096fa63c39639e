// SPDX-License-Identifier: Apache-2.0
// Seals land on the page that was asked for, and inside it.
#include <gtest/gtest.h>

#include "engines/certificates/errors.h"
#include "engines/certificates/seal_uses.h"
#include "parts/documents/flow.h"

namespace city::certificates {
namespace {
std::string Pages(int count, double width, double height) {
  documents::PageSetup setup;
  setup.width = width;
  setup.height = height;
  documents::Flow flow(setup);
  for (int i = 0; i < count; ++i) {
    if (i > 0) flow.NewPage();
    EXPECT_TRUE(flow.Text("第 " + std::to_string(i + 1) + " 页"));
  }
  documents::Document document = *flow.Finish();
  document.id = std::string(32, '1');
  return *documents::WriteOfd(document);
}

TEST(SealPosition, IsTheLowerRightOfTheLastPageUnlessAsked) {
  auto stamps = StampsOn(Pages(3, 210, 297), {}, 42, 42);
  ASSERT_TRUE(stamps) << stamps.error().ToLine();
  ASSERT_EQ(stamps->size(), 1u);
  EXPECT_EQ(stamps->front().page, 2);
  EXPECT_DOUBLE_EQ(stamps->front().x, 133);    // 210 * 5 / 6 - 42
  EXPECT_DOUBLE_EQ(stamps->front().y, 205.5);  // 297 * 5 / 6 - 42
}

TEST(SealPosition, StaysInsideAPageOfAnotherSize) {
  auto stamps = StampsOn(Pages(1, 297, 210), {"1", 290, 400}, 42, 42);
  ASSERT_TRUE(stamps);
  EXPECT_DOUBLE_EQ(stamps->front().x, 255);
  EXPECT_DOUBLE_EQ(stamps->front().y, 168);
}

TEST(SealPosition, CanBeEveryPage) {
  auto stamps = StampsOn(Pages(4, 210, 297), {"all", 10, 20}, 20, 20);
  ASSERT_TRUE(stamps);
  ASSERT_EQ(stamps->size(), 4u);
  for (int page = 0; page < 4; ++page) EXPECT_EQ((*stamps)[static_cast<size_t>(page)].page, page);
}

TEST(SealPosition, KnowsThePagesOfAPdf) {
  documents::PageSetup setup;
  setup.width = 297;
  setup.height = 210;
  documents::Flow flow(setup);
  ASSERT_TRUE(flow.Text("一"));
  flow.NewPage();
  ASSERT_TRUE(flow.Text("二"));
  const std::string pdf = documents::WritePdf(*flow.Finish()).value();
  auto stamps = StampsOn(pdf, {}, 42, 42);
  ASSERT_TRUE(stamps) << stamps.error().ToLine();
  EXPECT_EQ(stamps->front().page, 1);
  EXPECT_NEAR(stamps->front().x, 205.5, 0.1);  // 297 * 5 / 6 - 42
  EXPECT_FALSE(StampsOn(pdf, {"3", 0, 0}, 42, 42));
}

TEST(SealPosition, RefusesAPageThatIsNotThere) {
  auto stamps = StampsOn(Pages(2, 210, 297), {"3", 0, 0}, 42, 42);
  ASSERT_FALSE(stamps);
  EXPECT_TRUE(stamps.error().Is(error::kRequestWrong));
  EXPECT_FALSE(StampsOn("PK nothing", {}, 42, 42));
}

TEST(SealPosition, RefusesWordsThatAreNoPage) {
  EXPECT_FALSE(ReadPosition({{"page", "middle"}}));
  EXPECT_FALSE(ReadPosition({{"page", "0"}}));
  EXPECT_FALSE(ReadPosition({{"page", "-1"}}));
  auto read = ReadPosition({{"page", 7}, {"x", 12.5}, {"y", 3}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->page, "7");
  EXPECT_DOUBLE_EQ(read->x, 12.5);
}
}  // namespace
}  // namespace city::certificates
