// SPDX-License-Identifier: Apache-2.0
// Why: the pipeline keeps its order, finds its failures and never locks itself up.
#include "parts/store/internal/pg_connection.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store::internal {
namespace {

class PgConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = PgConnection::Open(testing::SharedPostgres().NewDatabase());
    ASSERT_TRUE(opened) << opened.error().ToLine();
    connection_ = std::move(*opened);
    ASSERT_TRUE(connection_->Script("create table t (id bigint primary key, text text)"));
  }
  std::string One(std::string_view sql) {
    EXPECT_TRUE(connection_->Send(sql, {}));
    auto result = connection_->Settle();
    if (!result) return result.error().ToLine();
    Rows rows = RowsOf(std::move(*result));
    return rows.Next() ? std::string(rows.Text(0)) : "no row";
  }
  std::unique_ptr<PgConnection> connection_;
};

TEST_F(PgConnectionTest, SendsMuchMoreThanTheSocketHolds) {
  const std::string text(20'000, 'x');
  ASSERT_TRUE(connection_->Send("begin", {}));
  for (int64_t i = 0; i < 6000; ++i) {
    const Value values[] = {i, text};
    ASSERT_TRUE(
        connection_->Send("insert into t (id, text) values ($1, $2) returning text", values, 1));
  }
  ASSERT_TRUE(connection_->Send("commit", {}));
  ASSERT_TRUE(connection_->Settle());
  EXPECT_EQ(One("select count(*) from t"), "6000");
}

TEST_F(PgConnectionTest, KeepsTheFirstFailureUntilItIsForgotten) {
  ASSERT_TRUE(connection_->Send("insert into t values (1), (1)", {}));
  ASSERT_TRUE(connection_->Send("select nothing from nowhere", {}));
  auto settled = connection_->Settle();
  ASSERT_FALSE(settled);
  EXPECT_TRUE(settled.error().Is(error::kUnique));
  EXPECT_FALSE(connection_->passing());
  EXPECT_FALSE(connection_->Settle());
  connection_->Forget();
  EXPECT_EQ(One("select 1"), "1");
}

TEST_F(PgConnectionTest, PreparesAgainWhatWasNotPreparedForAFailure) {
  ASSERT_TRUE(connection_->Send("select nothing from nowhere", {}));
  ASSERT_TRUE(connection_->Send("select 'later'", {}));  // never reached by the server
  EXPECT_FALSE(connection_->Settle());
  connection_->Forget();
  EXPECT_EQ(One("select 'later'"), "later");
  EXPECT_EQ(One("select 'later'"), "later");
}

TEST_F(PgConnectionTest, LetsStatementsGoWhenThereAreMany) {
  for (int i = 0; i < 1200; ++i) {
    EXPECT_EQ(One("select 'n" + std::to_string(i) + "'"), "n" + std::to_string(i));
  }
}

TEST_F(PgConnectionTest, CountsPlaceholdersOutsideLiteralsAlone) {
  EXPECT_EQ(One("select '$1' || \"x\" from (select '$2' as \"x\") as y /* $3 */ -- $4"), "$1$2");
  const Value one[] = {"a"};
  Result<void> sent = connection_->Send("select $1 || $2", one);
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().Is(error::kStatement));
}

TEST_F(PgConnectionTest, KnowsThatItIsBroken) {
  const std::string pid = One("select pg_backend_pid()");
  ASSERT_TRUE(testing::SharedPostgres().Run("select pg_terminate_backend(" + pid + ")"));
  ASSERT_TRUE(connection_->Send("select pg_sleep(1)", {}));
  auto settled = connection_->Settle();
  ASSERT_FALSE(settled);
  EXPECT_TRUE(settled.error().Is(error::kConnection)) << settled.error().ToLine();
  EXPECT_TRUE(connection_->passing());
  EXPECT_TRUE(connection_->broken());
  EXPECT_FALSE(connection_->Send("select 1", {}));
}

TEST(PgConnectionOpen, SaysWhenNobodyAnswers) {
  auto connection = PgConnection::Open("postgresql:///city?host=/no/such/folder");
  ASSERT_FALSE(connection);
  EXPECT_TRUE(connection.error().Is(error::kCannotOpen));
}

}  // namespace
}  // namespace city::store::internal
