// SPDX-License-Identifier: Apache-2.0
// Why: a failure inside a command stays noted until the next one starts.
#include "parts/store/internal/sqlite_session.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

class SqliteSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = SqliteConnection::Open(":memory:", SqliteConnection::Use::kWrite, {});
    session_ = std::make_unique<SqliteSession>(std::move(*opened), counters_);
    ASSERT_TRUE(session_->Begin());
    ASSERT_TRUE(session_->Start().Script("create table t (a integer primary key)"));
  }
  Counters counters_;
  std::unique_ptr<SqliteSession> session_;
};

TEST_F(SqliteSessionTest, RefusesWhatFollowsAFailedStatement) {
  Tx& tx = session_->Start();
  EXPECT_FALSE(session_->wrote());
  EXPECT_TRUE(tx.Execute("insert into t values (1)"));
  EXPECT_TRUE(session_->wrote());
  EXPECT_FALSE(tx.Execute("insert into t values (1)"));
  ASSERT_FALSE(session_->failure());
  EXPECT_TRUE(session_->failure().error().Is(error::kUnique));
  EXPECT_FALSE(tx.Execute("insert into t values (2)"));
  EXPECT_TRUE(session_->Start().Execute("insert into t values (3)"));
  EXPECT_TRUE(session_->failure());
}

TEST_F(SqliteSessionTest, DoomsACommandWhoseLaterRowFails) {
  Tx& tx = session_->Start();
  ASSERT_TRUE(tx.Execute("insert into t values (1), (2)"));
  auto rows = tx.Query("select abs(case a when 2 then -9223372036854775807 - 1 else a end) from t");
  ASSERT_TRUE(rows);
  EXPECT_TRUE(rows->Next());
  EXPECT_FALSE(rows->Next());  // the smallest number has no absolute value
  EXPECT_FALSE(rows->status());
  EXPECT_FALSE(session_->failure());
}

TEST_F(SqliteSessionTest, GoesBackToItsMark) {
  ASSERT_TRUE(session_->Mark());
  EXPECT_TRUE(session_->Start().Execute("insert into t values (1)"));
  ASSERT_TRUE(session_->BackToMark());
  Result<void> failure;
  EXPECT_EQ(session_->Commit(failure), Verdict::kDurable);
  auto rows = session_->Start().Query("select count(*) from t");
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Int(0), 0);
}

}  // namespace
}  // namespace city::store::internal
