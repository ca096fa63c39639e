// SPDX-License-Identifier: Apache-2.0
// Why: what the store promises, asked of both engines by the same tests.
#include "parts/store/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <limits>
#include <set>
#include <stdexcept>
#include <thread>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store {
namespace {

class StoreTest : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ASSERT_TRUE(store_);
    Must(Do([](Tx& tx) { return tx.Script(kSchema); }));
  }

  Result<void> Do(Work work) { return store_->Command("440200", std::move(work)); }

  static void Must(const Result<void>& result) { ASSERT_TRUE(result) << result.error().ToLine(); }

  // The first column of all rows as whole numbers.
  std::vector<int64_t> Numbers(std::string_view sql, std::initializer_list<Value> params = {}) {
    std::vector<int64_t> out;
    auto snapshot = store_->Read();
    EXPECT_TRUE(snapshot);
    auto rows = (*snapshot)->Query(sql, params);
    EXPECT_TRUE(rows) << rows.error().ToLine();
    while (rows && rows->Next()) out.push_back(rows->Int(0));
    return out;
  }

  static Result<void> Insert(Tx& tx, int64_t id) {
    TRY_VOID(tx.Execute("insert into item (id, name) values ($1, $2)", {id, "n"}));
    return {};
  }

  static constexpr std::string_view kSchema =
      "create table item (id bigint primary key, name text not null, note text, "
      "  amount bigint check (amount >= 0), code text unique);"
      "create table part (id bigint primary key, item bigint not null "
      "  references item (id) deferrable initially deferred)";

  testing::FreshPlace place_{GetParam()};
  std::unique_ptr<Store> store_;
};

TEST_P(StoreTest, GivesBackEveryKindOfValue) {
  Must(Do([](Tx& tx) {
    return tx.Script(tx.dialect() == Dialect::kPostgres
                         ? "create table v (i bigint, d double precision, t text, b bytea)"
                         : "create table v (i integer, d real, t text, b blob) strict");
  }));
  const std::string bytes("\x00\xff\\x41\x00", 7);
  const std::string text = "韶关市民 𠮷 'quoted' \\ $1";
  const int64_t least = std::numeric_limits<int64_t>::min();
  Must(Do([&](Tx& tx) -> Result<void> {
    constexpr auto kInsert = "insert into v (i, d, t, b) values ($1, $2, $3, $4)";
    TRY_VOID(tx.Execute(kInsert, {Value(), Value(), Value(), Value()}));
    TRY_VOID(tx.Execute(kInsert, {least, 0.1, text, Bytes{bytes}}));
    return {};
  }));
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("select i, d, t, b, i is null from v order by 5, 1");
  ASSERT_TRUE(rows) << rows.error().ToLine();
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->At(0), Value(least));
  EXPECT_EQ(rows->At(1), Value(0.1));
  EXPECT_EQ(rows->At(2), Value(text));
  EXPECT_EQ(rows->At(3), Value(Bytes{bytes}));
  EXPECT_EQ(rows->Blob(3), bytes);
  EXPECT_EQ(rows->Int(4), 0);
  EXPECT_EQ(rows->Name(2), "t");
  ASSERT_TRUE(rows->Next());
  for (int column = 0; column < 4; ++column) {
    EXPECT_TRUE(rows->IsNull(column));
    EXPECT_EQ(rows->At(column), Value());
  }
  EXPECT_EQ(rows->Int(0), 0);
  EXPECT_EQ(rows->Text(2), "");
  EXPECT_EQ(rows->Int(4), 1);
  EXPECT_FALSE(rows->Next());
  EXPECT_TRUE(rows->status());
}

TEST_P(StoreTest, ReadsOutsideARowAsNull) {
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("select 7 as seven");
  EXPECT_TRUE(rows->IsNull(0));
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Int(0), 7);
  EXPECT_TRUE(rows->IsNull(1));
  EXPECT_TRUE(rows->IsNull(-1));
  EXPECT_EQ(rows->Text(9), "");
  EXPECT_FALSE(rows->Next());
  EXPECT_TRUE(rows->IsNull(0));
}

TEST_P(StoreTest, KeepsWhatACommandWroteAcrossARestart) {
  Must(Do([](Tx& tx) { return Insert(tx, 1); }));
  store_.reset();
  store_ = place_.Open();
  EXPECT_EQ(Numbers("select id from item"), std::vector<int64_t>{1});
}

TEST_P(StoreTest, KeepsNothingOfACommandThatReturnsAnError) {
  Result<void> result = Do([](Tx& tx) -> Result<void> {
    TRY_VOID(Insert(tx, 1));
    return error::kCheck;
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kCheck));
  EXPECT_TRUE(Numbers("select id from item").empty());
}

TEST_P(StoreTest, TurnsAnExceptionIntoAnErrorAndKeepsNothing) {
  Result<void> result = Do([](Tx& tx) -> Result<void> {
    TRY_VOID(Insert(tx, 1));
    throw std::runtime_error("thrown on purpose");
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kCommandThrew));
  EXPECT_TRUE(Numbers("select id from item").empty());
}

TEST_P(StoreTest, DoomsACommandWhoseStatementFailedWhateverItReturns) {
  Must(Do([](Tx& tx) { return Insert(tx, 1); }));
  Result<void> result = Do([](Tx& tx) -> Result<void> {
    TRY_VOID(Insert(tx, 2));
    EXPECT_FALSE(Insert(tx, 1));
    EXPECT_FALSE(tx.Query("select 1"));  // nothing more is done for it
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kUnique));
  EXPECT_EQ(Numbers("select id from item"), std::vector<int64_t>{1});
}

TEST_P(StoreTest, NamesTheConstraintThatWasBroken) {
  auto run = [&](std::string_view sql) {
    Result<void> result = Do([&](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Execute(sql));
      return {};
    });
    return result ? "kept" : std::string(result.error().code());
  };
  EXPECT_EQ(run("insert into item (id, name, code) values (1, 'a', 'x')"), "kept");
  EXPECT_EQ(run("insert into item (id, name) values (1, 'b')"), "store.unique");
  EXPECT_EQ(run("insert into item (id, name, code) values (2, 'b', 'x')"), "store.unique");
  EXPECT_EQ(run("insert into item (id, name) values (3, null)"), "store.not_null");
  EXPECT_EQ(run("insert into item (id, name, amount) values (4, 'b', -1)"), "store.check");
  EXPECT_EQ(run("insert into part (id, item) values (1, 99)"), "store.foreign_key");
  EXPECT_EQ(run("insert into nowhere values (1)"), "store.statement");
  EXPECT_EQ(run("this is no statement"), "store.statement");
}

TEST_P(StoreTest, NeverSpoilsTheNeighboursOfAFailingCommand) {
  constexpr int kThreads = 16, kEach = 40;
  std::atomic<int> kept{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const int64_t id = t * kEach + i;
        const int manner = i % 8;
        Result<void> result = Do([&](Tx& tx) -> Result<void> {
          TRY_VOID(Insert(tx, id));
          if (manner == 1) return error::kCheck;
          if (manner == 3) throw std::runtime_error("thrown on purpose");
          if (manner == 5) TRY_VOID(Insert(tx, id));
          if (manner == 7) {
            TRY_VOID(tx.Execute("insert into part (id, item) values ($1, $2)", {id, -1 - id}));
          }
          return {};
        });
        EXPECT_EQ(result.has_value(), manner % 2 == 0) << manner;
        if (result) ++kept;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, kThreads * kEach / 2);
  EXPECT_EQ(Numbers("select count(*) from item")[0], kept);
  EXPECT_EQ(Numbers("select count(*) from item where id % 2 = 1")[0], 0);
  EXPECT_EQ(Numbers("select count(*) from part")[0], 0);
}

TEST_P(StoreTest, CommitsManyWaitingCommandsAtOnce) {
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::atomic<int> done{0};
  store_->Submit(
      "440200", [open](Tx&) -> Result<void> { return open.wait(), Result<void>(); },
      [&](Result<void>) { ++done; });
  const uint64_t groups = store_->stats().groups;
  for (int i = 0; i < 100; ++i) {
    store_->Submit(
        "440200", [i](Tx& tx) { return Insert(tx, i); },
        [&](Result<void> result) {
          EXPECT_TRUE(result);
          ++done;
        });
  }
  gate.set_value();
  Must(Do([](Tx&) { return Result<void>(); }));
  EXPECT_EQ(done, 101);
  EXPECT_LE(store_->stats().groups - groups, 4u);
  EXPECT_GE(store_->stats().largest_group, 50u);
  EXPECT_EQ(Numbers("select count(*) from item")[0], 100);
}

TEST_P(StoreTest, RunsTheCommandsOfAShardInTheirOrder) {
  for (int i = 0; i < 500; ++i) {
    store_->Submit(
        "440200",
        [i](Tx& tx) -> Result<void> {
          TRY(Rows rows, tx.Query("select count(*) from item"));
          if (!rows.Next() || rows.Int(0) != i) return error::kCheck;
          return Insert(tx, i);
        },
        [](Result<void> result) { EXPECT_TRUE(result); });
  }
  Must(Do([](Tx&) { return Result<void>(); }));
  EXPECT_EQ(Numbers("select count(*) from item")[0], 500);
}

TEST_P(StoreTest, ShowsASnapshotOfOneMoment) {
  Must(Do([](Tx& tx) { return Insert(tx, 1); }));
  auto before = store_->Read();
  auto count = [](Snapshot& snapshot) {
    auto rows = snapshot.Query("select count(*) from item");
    return rows && rows->Next() ? rows->Int(0) : -1;
  };
  EXPECT_EQ(count(**before), 1);
  Must(Do([](Tx& tx) { return Insert(tx, 2); }));
  EXPECT_EQ(count(**before), 1);
  auto after = store_->Read();
  EXPECT_EQ(count(**after), 2);
  EXPECT_EQ(store_->stats().open_snapshots, 2u);
}

TEST_P(StoreTest, LetsASnapshotOnlyRead) {
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("insert into item (id, name) values (1, 'x') returning id");
  ASSERT_FALSE(rows);
  EXPECT_TRUE(rows.error().Is(error::kReadOnly)) << rows.error().ToLine();
}

TEST_P(StoreTest, ReadsTwoCursorsOfOneStatementSideBySide) {
  Must(Do([](Tx& tx) -> Result<void> {
    for (int i = 1; i <= 3; ++i) TRY_VOID(Insert(tx, i));
    return {};
  }));
  auto snapshot = store_->Read();
  constexpr auto kAll = "select id from item order by id";
  auto outer = (*snapshot)->Query(kAll);
  int pairs = 0;
  while (outer->Next()) {
    auto inner = (*snapshot)->Query(kAll);
    while (inner->Next()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_P(StoreTest, OutlivesRowsThatAreKeptTooLong) {
  Rows kept;
  Must(Do([&](Tx& tx) -> Result<void> {
    for (int i = 1; i <= 3; ++i) TRY_VOID(Insert(tx, i));
    TRY(kept, tx.Query("select id from item order by id"));
    EXPECT_TRUE(kept.Next());
    return {};
  }));
  Must(Do([](Tx& tx) { return Insert(tx, 4); }));
  EXPECT_EQ(Numbers("select count(*) from item")[0], 4);
}

TEST_P(StoreTest, CountsTheRowsThatAStatementChanged) {
  Must(Do([](Tx& tx) -> Result<void> {
    for (int i = 1; i <= 5; ++i) TRY_VOID(Insert(tx, i));
    TRY(int64_t changed, tx.Execute("update item set amount = 1 where id > $1", {int64_t{2}}));
    EXPECT_EQ(changed, 3);
    TRY(int64_t none, tx.Execute("delete from item where id = $1", {int64_t{77}}));
    EXPECT_EQ(none, 0);
    TRY(int64_t made, tx.Execute("create table other (id bigint)"));
    EXPECT_EQ(made, 0);
    TRY(int64_t kept, tx.Execute("insert into item (id, name) values ($1, 'x') "
                                 "on conflict (id) do nothing",
                                 {int64_t{1}}));
    EXPECT_EQ(kept, 0);
    TRY(Rows rows,
        tx.Query("update item set amount = 2 where id = $1 returning id, amount", {int64_t{5}}));
    EXPECT_TRUE(rows.Next());
    EXPECT_EQ(rows.Int(1), 2);
    EXPECT_FALSE(rows.Next());
    return {};
  }));
  EXPECT_EQ(Numbers("select amount from item where id = 5"), std::vector<int64_t>{2});
}

TEST_P(StoreTest, ChecksEnqueuedStatementsAtTheCommit) {
  Must(Do([](Tx& tx) -> Result<void> {
    for (int i = 1; i <= 3; ++i) {
      TRY_VOID(tx.Enqueue("insert into item (id, name) values ($1, $2)", {int64_t{i}, "q"}, 1));
    }
    TRY(Rows rows, tx.Query("select count(*) from item"));  // a query sees what was enqueued
    EXPECT_TRUE(rows.Next());
    EXPECT_EQ(rows.Int(0), 3);
    return {};
  }));
  std::atomic<int> good{0}, bad{0};
  for (int i = 0; i < 60; ++i) {
    store_->Submit(
        "440200",
        [i](Tx& tx) -> Result<void> {
          TRY_VOID(tx.Enqueue("insert into item (id, name) values ($1, 'q')", {int64_t{100 + i}}));
          if (i % 3 == 1) {
            TRY_VOID(tx.Enqueue("update item set name = 'r' where id = $1", {int64_t{-1}}, 1));
          }
          if (i % 3 == 2) TRY_VOID(tx.Enqueue("insert into item (id, name) values (1, 'q')", {}));
          return {};
        },
        [&, i](Result<void> result) {
          ++(result ? good : bad);
          if (i % 3 == 1) {
            EXPECT_TRUE(result.error().Is(error::kRowsChangedMeanwhile));
          }
          if (i % 3 == 2) {
            EXPECT_TRUE(result.error().Is(error::kUnique));
          }
        });
  }
  Must(Do([](Tx&) { return Result<void>(); }));
  EXPECT_EQ(good, 20);
  EXPECT_EQ(bad, 40);
  EXPECT_EQ(Numbers("select count(*) from item where id >= 100")[0], 20);
}

TEST_P(StoreTest, ChecksADeferredConstraintForEachCommandAlone) {
  std::atomic<int> good{0}, bad{0};
  for (int i = 0; i < 30; ++i) {
    store_->Submit(
        "440200",
        [i](Tx& tx) -> Result<void> {
          int64_t parent = i % 5 == 0 ? 1000 : i;
          TRY_VOID(tx.Execute("insert into part (id, item) values ($1, $2)", {int64_t{i}, parent}));
          return Insert(tx, i);
        },
        [&](Result<void> result) {
          ++(result ? good : bad);
          if (!result) {
            EXPECT_TRUE(result.error().Is(error::kForeignKey));
          }
        });
  }
  Must(Do([](Tx&) { return Result<void>(); }));
  EXPECT_EQ(good, 24);
  EXPECT_EQ(bad, 6);
  EXPECT_EQ(Numbers("select count(*) from part")[0], 24);
  EXPECT_EQ(Numbers("select count(*) from item")[0], 24);
}

TEST_P(StoreTest, RefusesTextThatIsNotUtf8) {
  for (std::string text : {std::string("a\0b", 3), std::string("\xff"), std::string("\xc0\x80"),
                           std::string("\xed\xa0\x80"), std::string("\xe4\xb8")}) {
    Result<void> result = Do([&](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Execute("insert into item (id, name) values (1, $1)", {text}));
      return {};
    });
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().Is(error::kText)) << result.error().ToLine();
  }
  EXPECT_TRUE(Numbers("select id from item").empty());
}

TEST_P(StoreTest, RefusesAValueThatTheEngineCannotHold) {
  Result<void> result = Do([](Tx& tx) -> Result<void> {
    TRY_VOID(tx.Query(tx.dialect() == Dialect::kPostgres ? "select repeat('x', 2000000000)"
                                                         : "select zeroblob(2000000000)"));
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kTooLarge)) << result.error().ToLine();
}

TEST_P(StoreTest, RefusesAWrongNumberOfValues) {
  for (std::initializer_list<Value> values :
       {std::initializer_list<Value>{}, std::initializer_list<Value>{int64_t{1}, "b", "c"}}) {
    Result<void> result = Do([&](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Execute("insert into item (id, name) values ($1, $2)", values));
      return {};
    });
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().Is(error::kStatement)) << result.error().ToLine();
  }
}

TEST_P(StoreTest, TakesAValueTwiceAndInAnyOrder) {
  auto snapshot = store_->Read();
  auto rows = (*snapshot)->Query("select $2 || $1 || $2", {"a", "b"});
  ASSERT_TRUE(rows) << rows.error().ToLine();
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Text(0), "bab");
}

TEST_P(StoreTest, TakesNullWhereAnotherKindCameBefore) {
  for (Value note : {Value(), Value("text"), Value()}) {
    Must(Do([&](Tx& tx) -> Result<void> {
      TRY_VOID(
          tx.Execute("insert into item (id, name, note, amount) select count(*), 'n', $1, $2 "
                     "from item",
                     {note, note == Value() ? Value() : Value(int64_t{5})}));
      return {};
    }));
  }
  EXPECT_EQ(Numbers("select count(*) from item where note is null and amount is null")[0], 2);
  EXPECT_EQ(Numbers("select count(*) from item where note = $1", {"text"})[0], 1);
}

TEST_P(StoreTest, SortsTextByCodePoint) {
  Must(Do([](Tx& tx) -> Result<void> {
    int64_t id = 0;
    for (const char* name : {"b", "阿", "B", "a", "_"}) {
      TRY_VOID(tx.Execute("insert into item (id, name) values ($1, $2)", {++id, name}));
    }
    return {};
  }));
  // U+0042 B, U+005F _, U+0061 a, U+0062 b, U+963F 阿
  EXPECT_EQ(Numbers("select id from item order by name"), (std::vector<int64_t>{3, 5, 4, 1, 2}));
}

TEST_P(StoreTest, SeesAColumnThatWasAddedUnderAPreparedStatement) {
  Must(Do([](Tx& tx) { return Insert(tx, 1); }));
  constexpr auto kAll = "select * from item";
  auto columns = [&] {
    auto snapshot = store_->Read();
    auto rows = (*snapshot)->Query(kAll);
    EXPECT_TRUE(rows) << rows.error().ToLine();
    return rows ? rows->Columns() : 0;
  };
  auto columns_inside = [&] {
    int out = 0;
    Must(Do([&](Tx& tx) -> Result<void> {
      TRY(Rows rows, tx.Query(kAll));
      out = rows.Columns();
      return {};
    }));
    return out;
  };
  EXPECT_EQ(columns(), 5);
  EXPECT_EQ(columns_inside(), 5);
  Must(Do([](Tx& tx) { return tx.Script("alter table item add column later text"); }));
  EXPECT_EQ(columns(), 6);
  EXPECT_EQ(columns_inside(), 6);
}

TEST_P(StoreTest, UndoesAChangeOfTheSchemaWithItsCommand) {
  Result<void> result = Do([](Tx& tx) -> Result<void> {
    TRY_VOID(tx.Script("create table gone (id bigint); insert into gone values (1)"));
    return error::kCheck;
  });
  ASSERT_FALSE(result);
  auto snapshot = store_->Read();
  EXPECT_FALSE((*snapshot)->Query("select * from gone"));
}

TEST_P(StoreTest, RefusesACommandInsideACommand) {
  Result<void> inner;
  Must(Do([&](Tx&) -> Result<void> {
    inner = Do([](Tx&) { return Result<void>(); });
    return {};
  }));
  ASSERT_FALSE(inner);
  EXPECT_TRUE(inner.error().Is(error::kNestedCommand));
}

TEST_P(StoreTest, AnswersWhatIsQueuedBeforeItCloses) {
  std::atomic<int> good{0};
  for (int i = 0; i < 50; ++i) {
    store_->Submit(
        "440200", [i](Tx& tx) { return Insert(tx, i); },
        [&](Result<void> result) { good += result ? 1 : 0; });
  }
  store_->Close();
  EXPECT_EQ(good, 50);
  Result<void> late = Do([](Tx&) { return Result<void>(); });
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().Is(error::kClosed));
  auto snapshot = store_->Read();
  ASSERT_FALSE(snapshot);
  EXPECT_TRUE(snapshot.error().Is(error::kClosed));
}

TEST_P(StoreTest, TurnsAwayWhatDoesNotFitTheQueue) {
  store_.reset();
  SqliteOptions sqlite{.queue_limit = 10};
  PostgresOptions postgres{.queue_limit = 10};
  auto opened = GetParam() == Dialect::kSqlite ? OpenSqlite(place_.url().substr(7), sqlite)
                                               : OpenPostgres(place_.url(), postgres);
  ASSERT_TRUE(opened);
  std::promise<void> started, gate;
  std::shared_future<void> open = gate.get_future().share();
  bool once = false;
  (*opened)->Submit(
      "",
      [&](Tx&) -> Result<void> {
        if (!std::exchange(once, true)) started.set_value();
        open.wait();
        return {};
      },
      [](Result<void>) {});
  started.get_future().wait();
  std::atomic<int> good{0}, full{0};
  for (int i = 0; i < 15; ++i) {
    (*opened)->Submit(
        "", [](Tx&) { return Result<void>(); },
        [&](Result<void> result) {
          if (result) {
            ++good;
          } else if (result.error().Is(error::kQueueFull)) {
            ++full;
          }
        });
  }
  EXPECT_EQ(full, 5);
  EXPECT_EQ((*opened)->stats().waiting, 10u);
  gate.set_value();
  (*opened)->Close();
  EXPECT_EQ(good, 10);
  EXPECT_EQ((*opened)->stats().refused, 5u);
}

TEST_P(StoreTest, WaitsForAReadConnectionButNotForEver) {
  store_.reset();
  SqliteOptions sqlite{.readers = 1, .read_wait = std::chrono::milliseconds(50)};
  PostgresOptions postgres{.readers = 1, .read_wait = std::chrono::milliseconds(50)};
  auto opened = GetParam() == Dialect::kSqlite ? OpenSqlite(place_.url().substr(7), sqlite)
                                               : OpenPostgres(place_.url(), postgres);
  ASSERT_TRUE(opened);
  auto first = (*opened)->Read();
  ASSERT_TRUE(first);
  auto second = (*opened)->Read();
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().Is(error::kBusy));
  first->reset();
  EXPECT_TRUE((*opened)->Read());
}

TEST_P(StoreTest, BringsTheSchemaUpToDateOnce) {
  const Migration first{"test", 1, "a table", "create table m (id bigint primary key)", ""};
  const Migration second{"test", 2, "a row", "insert into m values (1)",
                         "insert into m values (1::bigint)"};
  const Migration other{"other", 1, "another library", "insert into m values (2)", ""};
  const Migration all[] = {first, second, other};
  Must(store_->Migrate(std::span(all, 1)));
  Must(store_->Migrate(all));
  Must(store_->Migrate(all));
  EXPECT_EQ(Numbers("select id from m order by id"), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(Numbers("select count(*) from store_migrations where length(sm3) = 64")[0], 3);
}

TEST_P(StoreTest, RefusesAMigrationThatChangedOrCameLate) {
  Migration steps[] = {{"test", 1, "a table", "create table m (id bigint)", ""},
                       {"test", 5, "a row", "insert into m values (1)", ""}};
  Must(store_->Migrate(steps));
  steps[0].sql += " ";
  Result<void> changed = store_->Migrate(steps);
  ASSERT_FALSE(changed);
  EXPECT_TRUE(changed.error().Is(error::kMigrationChanged));
  const Migration late[] = {{"test", 3, "late", "insert into m values (3)", ""}};
  Result<void> between = store_->Migrate(late);
  ASSERT_FALSE(between);
  EXPECT_TRUE(between.error().Is(error::kMigrationOrder));
  const Migration twice[] = {{"test", 7, "x", "select 1", ""}, {"test", 7, "y", "select 1", ""}};
  EXPECT_TRUE(store_->Migrate(twice).error().Is(error::kMigrationOrder));
  EXPECT_EQ(Numbers("select id from m"), std::vector<int64_t>{1});
}

TEST_P(StoreTest, KeepsNothingOfAMigrationThatFails) {
  const Migration steps[] = {
      {"test", 1, "half", "create table half (id bigint); insert into nowhere values (1)", ""}};
  Result<void> result = store_->Migrate(steps);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kStatement));
  EXPECT_EQ(Numbers("select count(*) from store_migrations")[0], 0);
  auto snapshot = store_->Read();
  EXPECT_FALSE((*snapshot)->Query("select * from half"));
}

TEST_P(StoreTest, KeepsEveryCommandOfManyShards) {
  constexpr int kThreads = 8, kEach = 50;
  Must(Do([](Tx& tx) -> Result<void> {
    for (int i = 0; i < 4; ++i) TRY_VOID(Insert(tx, i));
    TRY_VOID(tx.Execute("update item set amount = 0"));
    return {};
  }));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const std::string shard = "44020" + std::to_string(t);
      for (int i = 0; i < kEach; ++i) {
        // Rows are taken in opposite orders, which locks two writers of PostgreSQL up at times.
        const int64_t a = t % 2 ? 0 : 1, b = 1 - a;
        Result<void> result = store_->Command(shard, [&](Tx& tx) -> Result<void> {
          constexpr auto kAdd = "update item set amount = amount + 1 where id = $1";
          TRY_VOID(tx.Execute(kAdd, {a}));
          TRY_VOID(tx.Execute(kAdd, {b}));
          return {};
        });
        EXPECT_TRUE(result) << result.error().ToLine();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Numbers("select amount from item where id < 2"),
            (std::vector<int64_t>{kThreads * kEach, kThreads * kEach}));
}

INSTANTIATE_TEST_SUITE_P(Both, StoreTest, ::testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         testing::NameOf);

TEST(StoreAddress, RefusesWhatItDoesNotKnow) {
  for (const char* url : {"", "sqlite:", "mysql://x", "/tmp/x.db"}) {
    auto store = Open(url);
    ASSERT_FALSE(store);
    EXPECT_TRUE(store.error().Is(error::kUnknownUrl));
  }
  auto missing = Open("sqlite:/no/such/folder/x.db");
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().Is(error::kCannotOpen));
}

}  // namespace
}  // namespace city::store
