// SPDX-License-Identifier: Apache-2.0
// Why: what is recorded must mean the same everywhere; the rule itself is asked in store_test.cc.
#include "parts/store/internal/migrations.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store::internal {
namespace {

TEST(Migrations, AreRecordedWithSm3) {
  // GM/T 0004-2012, A.1
  EXPECT_EQ(Sm3Hex("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

TEST(Migrations, OfTwoProgramsThatStartTogetherRunOnce) {
  testing::FreshPlace place(Dialect::kPostgres);
  const Migration steps[] = {{"test", 1, "a table", "create table t (id bigint)", ""},
                             {"test", 2, "a row", "insert into t values (1)", ""}};
  std::vector<std::thread> programs;
  for (int i = 0; i < 4; ++i) {
    programs.emplace_back([&] {
      auto store = place.Open();
      Result<void> done = store->Migrate(steps);
      EXPECT_TRUE(done) << done.error().ToLine();
    });
  }
  for (std::thread& program : programs) program.join();
  auto store = place.Open();
  auto snapshot = store->Read();
  auto rows = (*snapshot)->Query("select count(*) from t");
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Int(0), 1);
}

}  // namespace
}  // namespace city::store::internal
