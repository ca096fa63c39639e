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
TEST(SearchQuery, CannotBeBrokenOutOf) {
  EXPECT_EQ(SearchQuery("a\" OR b*", Dialect::kSqlite), "\"a\"* AND \"or\"* AND \"b\"*");
}
}  // namespace
}  // namespace city::ledger
