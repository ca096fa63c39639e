// SPDX-License-Identifier: Apache-2.0
#include "ledger/search_window.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parts/store/testing/engines.h"

namespace city::ledger {
namespace {
/// 2,000 rows, made one each second; every hundredth is rare, every second one even.
class Searching : public testing::Test {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ASSERT_TRUE(store_->Command("", [](store::Tx& tx) -> Result<void> {
      TRY_VOID(
          tx.Script("create table r_x (id text, at integer);\ncreate index i_x on r_x (at, id);\n"
                    "create virtual table s_x using fts5(words, tokenize = 'ascii');\n"));
      for (int64_t i = 1; i <= 2000; ++i) {
        TRY_VOID(tx.Enqueue("insert into r_x (rowid, id, at) values ($1, $2, $3)",
                            {i, fmt::format("{:05}", i), 1000 + i}));
        TRY_VOID(tx.Enqueue(
            "insert into s_x (rowid, words) values ($1, $2)",
            {i, std::string(i % 100 == 0 ? "rare " : "") + (i % 2 == 0 ? "even" : "odd")}));
      }
      return {};
    }));
  }
  std::vector<int64_t> Find(const std::string& word, int wanted, const std::string& after = "") {
    auto snapshot = *store_->Read();
    WindowAsk ask{.table = "r_x",
                  .search = "s_x",
                  .words = "$1",
                  .key = "r.at",
                  .falling = true,
                  .where = "1=1",
                  .after = after,
                  .wanted = wanted,
                  .first = 20};
    auto found = SearchWindow(*snapshot, ask, {word});
    EXPECT_TRUE(found) << found.error().ToLine();
    span_ = *found;
    std::vector<int64_t> out;
    if (!span_) return out;
    auto rows = snapshot->Query(
        "select r.rowid from r_x r where " + MatchesBetween("s_x", "$1", "$2", "$3") + after +
            " order by r.at desc, r.id desc limit " + std::to_string(wanted),
        {word, span_->least, span_->most});
    EXPECT_TRUE(rows) << rows.error().ToLine();
    while (rows->Next()) out.push_back(rows->Int(0));
    return out;
  }
  store::testing::FreshPlace place_{store::Dialect::kSqlite};
  std::unique_ptr<store::Store> store_;
  std::optional<Span> span_;
};

TEST_F(Searching, FindsTheNewestOfACommonWordInASmallWindow) {
  EXPECT_EQ(Find("even", 4), (std::vector<int64_t>{2000, 1998, 1996, 1994}));
  EXPECT_EQ(span_->least, 1981);
}
TEST_F(Searching, WidensTheWindowForARarerWord) {
  EXPECT_EQ(Find("rare", 3), (std::vector<int64_t>{2000, 1900, 1800}));
  EXPECT_EQ(span_->least, 721);
}
TEST_F(Searching, FindsAllWhenThereAreFewerThanWanted) {
  EXPECT_EQ(Find("rare", 30).size(), 20u);
  EXPECT_TRUE(Find("nothing", 3).empty());
}
TEST_F(Searching, GoesOnBehindACursor) {
  EXPECT_EQ(Find("rare", 2, " and (r.at, r.id) < (2800, '01800')"),
            (std::vector<int64_t>{1700, 1600}));
}
TEST_F(Searching, LeavesItToAWalkWhereRowsWereNotMadeInThisOrder) {
  ASSERT_TRUE(store_->Command("", [](store::Tx& tx) -> Result<void> {
    return tx.Enqueue("update r_x set at = (at * 7919) % 2003", {});
  }));
  Find("even", 4);
  EXPECT_FALSE(span_);
}
}  // namespace
}  // namespace city::ledger
