// SPDX-License-Identifier: Apache-2.0
// Why: what is particular to the embedded store: its log, its backup, its file.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store {
namespace {

class SqliteStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenSqlite(Path(), {.idle_checkpoint = std::chrono::milliseconds(20)});
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->Command("", [](Tx& tx) {
      return tx.Script("create table t (id integer primary key, a integer, b integer)");
    }));
  }
  std::string Path() const { return place_.url().substr(7); }
  static int64_t SizeOf(const std::string& path) {
    struct stat about {};
    return stat(path.c_str(), &about) == 0 ? about.st_size : -1;
  }
  testing::FreshPlace place_{Dialect::kSqlite};
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteStoreTest, EmptiesItsLogWhenIdle) {
  ASSERT_TRUE(store_->Command("", [](Tx& tx) -> Result<void> {
    for (int64_t i = 0; i < 1000; ++i) {
      TRY_VOID(tx.Execute("insert into t (id) values ($1)", {i}));
    }
    return {};
  }));
  for (int i = 0; i < 500 && (SizeOf(Path() + "-wal") != 0 || store_->stats().checkpoints == 0);
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(SizeOf(Path() + "-wal"), 0);
  EXPECT_GE(store_->stats().checkpoints, 1u);
}

TEST_F(SqliteStoreTest, NeverLetsCommandsWaitForAnOpenSnapshot) {
  auto write = [&](int64_t id) {
    return store_->Command("", [id](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Execute("insert into t (id) values ($1)", {id}));
      return {};
    });
  };
  ASSERT_TRUE(write(1));
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("select id from t");
  ASSERT_TRUE(rows->Next());
  for (int64_t id = 2; id < 5; ++id) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));  // idle: the log wants emptying
    const auto start = std::chrono::steady_clock::now();
    ASSERT_TRUE(write(id));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  }
  rows = Rows();
  snapshot->reset();
  for (int i = 0; i < 500 && SizeOf(Path() + "-wal") != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(SizeOf(Path() + "-wal"), 0);  // and it is emptied once the snapshot is gone
}

TEST_F(SqliteStoreTest, BacksUpOneMomentWhileWorkGoesOn) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int64_t i = 0; !stop; ++i) {
      // Both columns move together, so a copy from between two moments would show.
      ASSERT_TRUE(store_->Command("", [&](Tx& tx) -> Result<void> {
        TRY_VOID(tx.Execute("insert into t (id, a, b) values ($1, 0, 0)", {i}));
        TRY_VOID(tx.Execute("update t set a = a + 1"));
        TRY_VOID(tx.Execute("update t set b = b + 1"));
        return {};
      }));
    }
  });
  const std::string copy = Path() + ".backup";
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    Result<void> done = store_->BackupTo(copy);
    ASSERT_TRUE(done) << done.error().ToLine();
    auto opened = OpenSqlite(copy);
    ASSERT_TRUE(opened) << opened.error().ToLine();
    {
      auto snapshot = (*opened)->Read();
      auto rows = (*snapshot)->Query("select count(*), max(a), sum(a <> b) from t");
      ASSERT_TRUE(rows->Next());
      EXPECT_GT(rows->Int(0), 0);
      EXPECT_EQ(rows->Int(0), rows->Int(1));
      EXPECT_EQ(rows->Int(2), 0);
      auto check = (*snapshot)->Query("select integrity_check from pragma_integrity_check");
      ASSERT_TRUE(check->Next());
      EXPECT_EQ(check->Text(0), "ok");
    }
    opened->reset();
    std::filesystem::remove(copy);
  }
  stop = true;
  writer.join();
}

TEST_F(SqliteStoreTest, ReadsEveryCommandThatWasAcknowledgedBefore) {
  // Readers keep their view while nothing was committed; each commit must end it.
  std::atomic<int64_t> acknowledged{0};
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int64_t id = 1; id <= 2000; ++id) {
      ASSERT_TRUE(store_->Command("", [&](Tx& tx) -> Result<void> {
        TRY_VOID(tx.Execute("insert into t (id) values ($1)", {id}));
        return {};
      }));
      acknowledged = id;
    }
    stop = true;
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!stop) {
        int64_t at_least = acknowledged;
        auto snapshot = store_->Read();
        auto rows = (*snapshot)->Query("select max(id) from t");
        ASSERT_TRUE(rows && rows->Next());
        EXPECT_GE(rows->Int(0), at_least);
      }
    });
  writer.join();
  for (std::thread& each : readers) each.join();
}

TEST_F(SqliteStoreTest, SeesWhatAnotherProgramWroteSoonAfter) {
  {
    auto snapshot = store_->Read();
    auto rows = (*snapshot)->Query("select count(*) from t");
    ASSERT_TRUE(rows->Next());
    ASSERT_EQ(rows->Int(0), 0);
  }
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(Path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "insert into t (id) values (1)", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(other);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("select count(*) from t");
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Int(0), 1);
}

TEST_F(SqliteStoreTest, NeverOverwritesABackup) {
  const std::string copy = Path() + ".backup";
  ASSERT_TRUE(store_->BackupTo(copy));
  Result<void> again = store_->BackupTo(copy);
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().Is(error::kBackupExists));
  EXPECT_TRUE(store_->BackupTo("/no/such/folder/copy").error().Is(error::kBackupFailed));
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  const std::string path = Path() + ".txt";
  std::ofstream(path) << std::string(4096, 'x');
  auto opened = OpenSqlite(path);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().Is(error::kCannotOpen)) << opened.error().ToLine();
}

TEST_F(SqliteStoreTest, SaysThatAnotherProgramHoldsTheFile) {
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(Path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "begin immediate", nullptr, nullptr, nullptr), SQLITE_OK);
  Result<void> result = store_->Command("", [](Tx&) { return Result<void>(); });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kBusy)) << result.error().ToLine();
  sqlite3_close(other);
  EXPECT_TRUE(store_->Command("", [](Tx&) { return Result<void>(); }));
}

}  // namespace
}  // namespace city::store
