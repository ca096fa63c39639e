// SPDX-License-Identifier: Apache-2.0
#include "engines/search/title_search.h"

#include <gtest/gtest.h>

#include <chrono>

namespace city::search {
namespace {
TitleSearch Some() {
  return TitleSearch({{"1", "社会保障卡申领", {"社保卡", "办卡"}},
                      {"2", "食品经营许可新办", {"餐饮", "开饭店"}},
                      {"3", "不动产转移登记", {"过户", "二手房"}},
                      {"4", "城乡居民医保参保登记", {"医疗保险"}}},
                     {{"房产证", "不动产"}, {"餐馆", "饭店", "餐饮"}, {"医保", "医疗保险"}});
}
std::string First(std::string_view query) {
  auto found = Some().Find(query, 5);
  return found.empty() ? "nothing" : found[0].id + " " + std::string(WhyName(found[0].why));
}
TEST(TitleSearch, FindsNamesAndWords) {
  EXPECT_EQ(First("不动产"), "3 name");
  EXPECT_EQ(First("社保卡"), "1 word");
}
TEST(TitleSearch, KnowsOtherWords) { EXPECT_EQ(First("开餐馆"), "2 synonym"); }
TEST(TitleSearch, HearsLettersInitialsAndWrongSigns) {
  EXPECT_EQ(First("shebaoka"), "1 sound");
  EXPECT_EQ(First("sbk"), "1 initials");
  EXPECT_EQ(First("食品经赢许可"), "2 sound");  // 营 and 赢 sound alike
}
TEST(TitleSearch, ForgivesOneLetterAndSignsInAnotherOrder) {
  EXPECT_EQ(First("shebaokk"), "1 typo");
  EXPECT_EQ(First("shipinjinying"), "2 typo");  // a g was left out
  EXPECT_EQ(First("许可食品经营"), "2 typo");
}
TEST(TitleSearch, WantsEveryPart) {
  EXPECT_EQ(First("登记 医保"), "4 name");
  EXPECT_EQ(First("登记 飞机"), "nothing");
}
TEST(TitleSearch, FindsNothingForNothing) {
  EXPECT_EQ(First("  "), "nothing");
  EXPECT_EQ(First("zzzzzz"), "nothing");
}
TEST(TitleSearch, BeginsAtASyllable) {
  // "aoka" stands inside "bao ka" but nobody types half a syllable first.
  EXPECT_EQ(First("aoka"), "nothing");
}
TEST(TitleSearch, AnswersAmongThousandsWithinMilliseconds) {
  std::vector<Title> titles;
  for (int i = 0; i < 4000; ++i)
    titles.push_back(
        {std::to_string(i), "第" + std::to_string(i) + "类经营许可证核发登记", {"许可"}});
  TitleSearch search(std::move(titles), {});
  auto begun = std::chrono::steady_clock::now();
  for (const char* query : {"xukezheng", "许可正", "xkz", "xukezhenk"}) search.Find(query, 20);
  double each =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count() /
      4;
  std::printf("search among 4,000 titles: %.2f ms\n", each);
  EXPECT_LT(each, 200);
}
}  // namespace
}  // namespace city::search
