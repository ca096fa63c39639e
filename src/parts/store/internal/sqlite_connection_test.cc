// SPDX-License-Identifier: Apache-2.0
// Why: statements are kept, shared and let go without anybody noticing.
#include "parts/store/internal/sqlite_connection.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

class SqliteConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = SqliteConnection::Open(":memory:", SqliteConnection::Use::kWrite, {});
    ASSERT_TRUE(opened) << opened.error().ToLine();
    connection_ = std::move(*opened);
  }
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteConnectionTest, LetsStatementsGoWhenThereAreMany) {
  auto kept = connection_->Query("select 1 union select 2", {});
  ASSERT_TRUE(kept->Next());
  for (int i = 0; i < 2000; ++i) {
    auto rows = connection_->Query("select " + std::to_string(i), {});
    ASSERT_TRUE(rows && rows->Next());
    EXPECT_EQ(rows->Int(0), i);
  }
  EXPECT_TRUE(kept->Next());  // one that is being read stays
  EXPECT_EQ(kept->Int(0), 2);
}

TEST_F(SqliteConnectionTest, RefusesOtherPlaceholdersAndSeveralStatements) {
  for (std::string_view sql : {"select ?", "select ?1", "select :name", "select @a", "select $x",
                               "select 1; select 2", "", "   ", ";"}) {
    auto rows = connection_->Query(sql, {});
    ASSERT_FALSE(rows) << sql;
    EXPECT_TRUE(rows.error().Is(error::kStatement)) << sql;
  }
  EXPECT_TRUE(connection_->Query("select 1 ; ", {}));
}

TEST_F(SqliteConnectionTest, TakesACastBehindAPlaceholder) {
  const Value seven[] = {int64_t{7}};
  auto rows = connection_->Query("select $1::bigint", seven);
  ASSERT_TRUE(rows && rows->Next());
  EXPECT_EQ(rows->Int(0), 7);
}

TEST_F(SqliteConnectionTest, EndsCursorsWithoutHarm) {
  auto rows = connection_->Query("select 1 union select 2", {});
  ASSERT_TRUE(rows->Next());
  connection_->EndCursors();
  EXPECT_FALSE(rows->Next());
  EXPECT_TRUE(rows->status());
}

TEST_F(SqliteConnectionTest, KnowsWhatCouldWrite) {
  ASSERT_TRUE(connection_->Execute("create table t (a)", {}));
  EXPECT_TRUE(connection_->last_could_write());
  ASSERT_TRUE(connection_->Query("select * from t", {}));
  EXPECT_FALSE(connection_->last_could_write());
  ASSERT_TRUE(connection_->Query("insert into t values (1) returning a", {}));
  EXPECT_TRUE(connection_->last_could_write());
}

}  // namespace
}  // namespace city::store::internal
