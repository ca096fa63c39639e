// SPDX-License-Identifier: Apache-2.0
#include "ledger/search_words.h"

#include <gtest/gtest.h>

namespace city::ledger {
namespace {
using store::Dialect;
TEST(SearchWords, ArePairsOfHanSignsAndWholeWords) {
  EXPECT_EQ(SearchWords("办理 ID5，市"), (std::vector<std::string>{"办理", "理", "id5", "市"}));
  EXPECT_EQ(SearchWords("身份证"), (std::vector<std::string>{"身份", "份证", "证"}));
}
TEST(SearchWords, OfNothingAreNone) {
  EXPECT_TRUE(SearchWords("，。!").empty());
  EXPECT_EQ(SearchQuery("  ", Dialect::kSqlite), "");
}
TEST(SearchQuery, KeepsRunsTogether) {
  EXPECT_EQ(SearchQuery("身份证", Dialect::kSqlite), "\"u008eab004efd u004efd008bc1\"");
}
TEST(SearchQuery, LooksForASingleSignByPrefix) {
  std::string query = SearchQuery("证", Dialect::kSqlite);
  EXPECT_EQ(query.back(), '*');
}
TEST(SearchTexts, StandInTheWordsOfARowThatTheQueryFinds) {
  auto keyed = [](std::string_view word) {
    return "k" + std::to_string(std::hash<std::string_view>()(word));
  };
  std::string words = " " + SearchDocument("食品经营许可 ID57", Dialect::kSqlite) + " " +
                      SearchDocument("张三丰", Dialect::kSqlite, keyed) + " ";
  auto holds = [&](std::string_view query) {
    for (const auto& run : SearchTexts(query, keyed)) {
      bool any = false;
      for (const std::string& text : run) any = any || words.find(text) != std::string::npos;
      if (!any) return false;
    }
    return true;
  };
  for (const char* query :
       {"许可", "食品经营许可", "经营 许可", "可", "id", "id57", "张三丰", "三丰"})
    EXPECT_TRUE(holds(query)) << query;
  for (const char* query : {"食许", "d57", "许可证", "许可 没有", "7"})
    EXPECT_FALSE(holds(query)) << query;
}
TEST(SearchQuery, CannotBeBrokenOutOf) {
  EXPECT_EQ(SearchQuery("a\" OR b*", Dialect::kSqlite), "\"a\"* AND \"or\"* AND \"b\"*");
}
}  // namespace
}  // namespace city::ledger
