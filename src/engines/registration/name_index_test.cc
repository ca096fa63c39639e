// SPDX-License-Identifier: Apache-2.0
#include "engines/registration/name_index.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/random.h"

namespace city::registration {
namespace {
NameWords Words() {
  return {{"甲市", "甲市乙区"},
          {{"餐饮", "饮食", "美食"}, {"商贸", "贸易"}, {"信息技术"}},
          {"有限公司", "有限责任公司", "商行"},
          {"赌", "邪教"},
          {"中国", "中华", "全国", "国家"}};
}
NameParts Parts(std::string brand, std::string trade) {
  return {"甲市", std::move(brand), std::move(trade), "有限公司"};
}
NameVerdict Of(const NameIndex& index, std::string brand, std::string trade = "餐饮") {
  return index.Check(Parts(std::move(brand), std::move(trade))).verdict;
}

TEST(NameIndex, TakesANameApart) {
  NameIndex index(Words());
  NameParts parts = index.Split("甲市乙区明月餐饮有限责任公司");
  EXPECT_EQ(parts.place, "甲市乙区");
  EXPECT_EQ(parts.brand, "明月");
  EXPECT_EQ(parts.trade, "餐饮");
  EXPECT_EQ(parts.form, "有限责任公司");
}
TEST(NameIndex, FindsTheSameNameInItsTradeOnly) {
  NameIndex index(Words());
  index.Add("甲市明月餐饮有限公司");
  EXPECT_EQ(Of(index, "明月"), NameVerdict::kExact);
  EXPECT_EQ(Of(index, "明月", "商贸"), NameVerdict::kFree);
}
TEST(NameIndex, HearsTheSameSound) {
  NameIndex index(Words());
  index.Add("甲市明月餐饮有限公司");
  EXPECT_EQ(index.Sound("明月"), "ming'yue'");
  EXPECT_EQ(Of(index, "名悦"), NameVerdict::kSound);
}
TEST(NameIndex, KnowsOtherWordsForATrade) {
  NameIndex index(Words());
  index.Add("甲市明月餐饮有限公司");
  EXPECT_EQ(Of(index, "明月", "美食"), NameVerdict::kSynonym);
}
TEST(NameIndex, SeesOneSignOfThreeChanged) {
  NameIndex index(Words());
  index.Add("甲市金明月餐饮有限公司");
  EXPECT_EQ(Of(index, "金明星"), NameVerdict::kNear);
  EXPECT_EQ(Of(index, "银海星"), NameVerdict::kFree);
}
TEST(NameIndex, RefusesWhatNoBrandMayBe) {
  NameIndex index(Words());
  EXPECT_EQ(Of(index, "明"), NameVerdict::kShort);
  EXPECT_EQ(Of(index, "赌神"), NameVerdict::kBanned);
  EXPECT_EQ(Of(index, "中华明"), NameVerdict::kNational);
  EXPECT_EQ(Of(index, "美食"), NameVerdict::kPlain);
  EXPECT_EQ(Of(index, "甲市"), NameVerdict::kPlain);
}
TEST(NameIndex, OffersFreeBrandsNearby) {
  NameIndex index(Words());
  index.Add("甲市明月餐饮有限公司");
  auto offers = index.Suggest(Parts("明月", "餐饮"), 3);
  ASSERT_EQ(offers.size(), 3u);
  for (const std::string& brand : offers) EXPECT_EQ(Of(index, brand), NameVerdict::kFree);
}
TEST(NameIndex, AnswersWithinFiftyMillisecondsAmongAHundredThousand) {
  const char* signs[] = {"明", "丹", "韵", "瑞", "恒", "泰", "安", "嘉", "禾", "盛", "源", "和",
                         "兴", "达", "祥", "宏", "翠", "云", "岭", "江", "山", "海", "天", "地",
                         "金", "木", "火", "土", "春", "夏", "秋", "冬", "东", "西", "南", "北"};
  NameIndex index(Words());
  SeededRandom random(7);
  const char* trades[] = {"餐饮", "商贸", "信息技术", "饮食", "贸易"};
  for (int i = 0; i < 100'000; ++i) {
    std::string brand;
    for (uint64_t n = 2 + random.Below(3); n > 0; --n) brand += signs[random.Below(36)];
    index.Add(Parts(brand, trades[random.Below(5)]), "甲市" + brand);
  }
  EXPECT_EQ(index.size(), 100'000u);
  double worst = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string brand;
    for (uint64_t n = 2 + random.Below(3); n > 0; --n) brand += signs[random.Below(36)];
    auto begun = std::chrono::steady_clock::now();
    index.Check(Parts(brand, "餐饮"));
    worst = std::max(
        worst, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
                   .count());
  }
  std::printf("name check among 100,000: worst of 2,000 %.3f ms\n", worst);
  EXPECT_LT(worst, 50);
}
}  // namespace
}  // namespace city::registration
