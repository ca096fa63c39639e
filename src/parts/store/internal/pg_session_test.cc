// SPDX-License-Identifier: Apache-2.0
// Why: what a writer does when its connection goes away under it.
#include "parts/store/internal/pg_session.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store::internal {
namespace {

class PgSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    url_ = testing::SharedPostgres().NewDatabase();
    auto connection = PgConnection::Open(url_);
    ASSERT_TRUE(connection) << connection.error().ToLine();
    ASSERT_TRUE(PgSession::Prepare(**connection));
    ASSERT_TRUE((*connection)->Script("create table t (id bigint primary key)"));
    session_ = std::make_unique<PgSession>(url_, std::move(*connection),
                                           std::chrono::milliseconds(3000), counters_);
  }
  int64_t One(std::string_view sql) {
    EXPECT_TRUE(session_->Begin());
    auto rows = session_->Start().Query(sql);
    EXPECT_TRUE(rows) << rows.error().ToLine();
    int64_t out = rows && rows->Next() ? rows->Int(0) : -1;
    session_->Rollback();
    return out;
  }
  void EndBackend(int64_t pid) {
    ASSERT_TRUE(testing::SharedPostgres().Run("select pg_terminate_backend(" + std::to_string(pid) +
                                              ", 2000)"));
  }
  std::string url_;
  Counters counters_;
  std::unique_ptr<PgSession> session_;
};

TEST_F(PgSessionTest, ConnectsAgainAtTheNextBegin) {
  EndBackend(One("select pg_backend_pid()"));
  if (session_->Begin()) session_->Start();
  EXPECT_FALSE(session_->Settle());
  EXPECT_TRUE(session_->Passing());
  ASSERT_TRUE(session_->Begin());
  EXPECT_TRUE(session_->Start().Execute("insert into t values (1)"));
  Result<void> failure;
  EXPECT_EQ(session_->Commit(failure), Verdict::kDurable);
  EXPECT_EQ(counters_.reconnects, 1u);
}

TEST_F(PgSessionTest, FindsThatNothingIsKeptWhenTheConnectionBreaksBeforeTheCommit) {
  const int64_t pid = One("select pg_backend_pid()");
  for (int id = 1; id <= 2; ++id) {  // also for a writer that has committed before
    ASSERT_TRUE(session_->Begin());
    ASSERT_TRUE(session_->Start().Execute("insert into t values (1)"));
    if (id == 1) {
      EndBackend(pid);
    } else {
      auto rows = session_->Start().Query("select pg_backend_pid()");
      ASSERT_TRUE(rows && rows->Next());
      EndBackend(rows->Int(0));
    }
    Result<void> failure;
    EXPECT_EQ(session_->Commit(failure), Verdict::kNothing);
    EXPECT_TRUE(session_->Passing());
    EXPECT_EQ(One("select count(*) from t"), 0);
  }
}

TEST_F(PgSessionTest, RefusesACountOfRowsBeforeItCommits) {
  ASSERT_TRUE(session_->Begin());
  Tx& tx = session_->Start();
  ASSERT_TRUE(tx.Enqueue("insert into t values (1)", {}, 1));
  ASSERT_TRUE(tx.Enqueue("update t set id = 2 where id = 77", {}, 1));
  Result<void> failure;
  EXPECT_EQ(session_->Commit(failure), Verdict::kNothing);
  EXPECT_TRUE(failure.error().Is(error::kRowsChangedMeanwhile));
  EXPECT_FALSE(session_->Passing());
  session_->Rollback();
  EXPECT_EQ(One("select count(*) from t"), 0);
}

TEST_F(PgSessionTest, KnowsAQueryThatWrites) {
  ASSERT_TRUE(session_->Begin());
  ASSERT_TRUE(session_->Start().Query(" (SELECT 1)"));
  EXPECT_FALSE(session_->wrote());
  ASSERT_TRUE(session_->Start().Query("with w as (insert into t values (1)) select 1"));
  EXPECT_TRUE(session_->wrote());
}

TEST_F(PgSessionTest, LeavesNoRowOfAWriterThatEnded) {
  ASSERT_TRUE(session_->Begin());
  ASSERT_TRUE(session_->Start().Execute("insert into t values (1)"));
  Result<void> failure;
  ASSERT_EQ(session_->Commit(failure), Verdict::kDurable);
  EXPECT_EQ(One("select last_group from store_writers"), 1);
  session_.reset();
  auto connection = PgConnection::Open(url_);
  ASSERT_TRUE((*connection)->Send("select 1 from store_writers", {}));
  EXPECT_FALSE(RowsOf(std::move(*(*connection)->Settle())).Next());
}

TEST_F(PgSessionTest, PlansMadeWhileATableIsSmallUseItsKeys) {
  ASSERT_TRUE(session_->Begin());
  Tx& tx = session_->Start();
  ASSERT_TRUE(tx.Execute("insert into t select generate_series(1, 20)"));
  ASSERT_TRUE(tx.Script("analyze t"));  // one page: reading it whole would be the cheaper plan
  auto plan = tx.Query("explain delete from t where id = 7");
  ASSERT_TRUE(plan) << plan.error().ToLine();
  std::string text;
  while (plan->Next()) text += std::string(plan->Text(0)) + "\n";
  EXPECT_NE(text.find("Index Scan using t_pkey"), std::string::npos) << text;
  session_->Rollback();
}

}  // namespace
}  // namespace city::store::internal
