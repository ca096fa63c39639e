// SPDX-License-Identifier: Apache-2.0
// Why: what is particular to PostgreSQL: its locale, its connections that break, its backup.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store {
namespace {

class PostgresStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenPostgres(place_.url(), {.writers = 3});
    ASSERT_TRUE(opened) << opened.error().ToLine();
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->Command(
        "", [](Tx& tx) { return tx.Script("create table t (id bigint primary key)"); }));
  }
  int64_t One(std::string_view sql) {
    auto snapshot = store_->Read();
    auto rows = (*snapshot)->Query(sql);
    EXPECT_TRUE(rows) << rows.error().ToLine();
    return rows && rows->Next() ? rows->Int(0) : -1;
  }
  // Ends all connections of this database from outside.
  void Cut() {
    std::string name = place_.url().substr(14, place_.url().find('?') - 14);
    ASSERT_TRUE(testing::SharedPostgres().Run(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'"));
  }
  testing::FreshPlace place_{Dialect::kPostgres};
  std::unique_ptr<Store> store_;
};

TEST_F(PostgresStoreTest, RefusesADatabaseThatSortsOtherwise) {
  testing::ThrowawayPostgres& server = testing::SharedPostgres();
  ASSERT_TRUE(
      server.Run("create database latin template template0 encoding 'LATIN1' "
                 "lc_collate 'C' lc_ctype 'C'"));
  auto opened = OpenPostgres(server.Url("latin"));
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().Is(error::kWrongLocale)) << opened.error().ToLine();
}

TEST_F(PostgresStoreTest, LosesAndRepeatsNothingWhenConnectionsBreakUnderLoad) {
  std::atomic<bool> stop{false};
  std::atomic<int64_t> kept{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c) {
    clients.emplace_back([&, c] {
      for (int64_t i = 0; !stop; ++i) {
        // A command that was kept and then repeated would break the primary key.
        Result<void> result = store_->Command(std::to_string(c), [&](Tx& tx) -> Result<void> {
          TRY_VOID(tx.Execute("insert into t values ($1)", {int64_t{c} * 1'000'000 + i}));
          return {};
        });
        ASSERT_TRUE(result) << result.error().ToLine();
        ++kept;
      }
    });
  }
  for (int cut = 0; cut < 10; ++cut) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    Cut();
  }
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(One("select count(*) from t"), kept);
  EXPECT_GE(store_->stats().reconnects, 3u);
}

TEST_F(PostgresStoreTest, ReadsAgainAfterItsIdleConnectionsBroke) {
  EXPECT_EQ(One("select 1"), 1);
  Cut();
  EXPECT_EQ(One("select 2"), 2);
}

TEST_F(PostgresStoreTest, TriesAClashAgainAndGivesUpInTheEnd) {
  int runs = 0;
  Result<void> result = store_->Command("", [&](Tx& tx) -> Result<void> {
    ++runs;
    return tx.Script("do $$ begin raise exception 'clash' using errcode = '40001'; end $$");
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kSerialization)) << result.error().ToLine();
  EXPECT_GT(runs, 3);
  runs = 0;
  EXPECT_TRUE(store_->Command("", [&](Tx& tx) -> Result<void> {
    if (++runs > 2) return {};
    return tx.Script("do $$ begin raise exception 'clash' using errcode = '40P01'; end $$");
  }));
}

TEST_F(PostgresStoreTest, WritesAnArchiveThatPgRestoreReads) {
  ASSERT_TRUE(store_->Command("", [](Tx& tx) -> Result<void> {
    TRY_VOID(tx.Execute("insert into t values (1)"));
    return {};
  }));
  const std::string path = testing::SharedPostgres().socket_folder() + "/archive";
  Result<void> done = store_->BackupTo(path);
  ASSERT_TRUE(done) << done.error().ToLine();
  std::ifstream file(path, std::ios::binary);
  std::string magic(5, '\0');
  file.read(magic.data(), 5);
  EXPECT_EQ(magic, "PGDMP");
  EXPECT_TRUE(store_->BackupTo(path).error().Is(error::kBackupExists));
}

}  // namespace
}  // namespace city::store
