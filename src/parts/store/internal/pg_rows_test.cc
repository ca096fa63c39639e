// SPDX-License-Identifier: Apache-2.0
// Why: every type that a query may answer with becomes one of our five.
#include <gtest/gtest.h>

#include "parts/store/internal/pg_connection.h"
#include "parts/store/testing/engines.h"

namespace city::store::internal {
namespace {

TEST(PgRows, TurnTypesOfTheServerIntoOurs) {
  auto connection = PgConnection::Open(testing::SharedPostgres().Url("postgres"));
  ASSERT_TRUE(connection) << connection.error().ToLine();
  ASSERT_TRUE((*connection)
                  ->Send("select true, 3::smallint, sum(x), avg(x), 1.5::real, "
                         "'\\xff00'::bytea, null::bytea, 'text', '{}'::jsonb "
                         "from (values (7::bigint), (8)) as v (x)",
                         {}));
  auto result = (*connection)->Settle();
  ASSERT_TRUE(result) << result.error().ToLine();
  Rows rows = RowsOf(std::move(*result));
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.At(0), Value(int64_t{1}));
  EXPECT_EQ(rows.Number(0), 1.0);
  EXPECT_EQ(rows.At(1), Value(int64_t{3}));
  EXPECT_EQ(rows.At(2), Value(int64_t{15}));  // numeric without a fraction
  EXPECT_EQ(rows.At(3), Value(7.5));
  EXPECT_EQ(rows.At(4), Value(1.5));
  EXPECT_EQ(rows.At(5), Value(Bytes{std::string("\xff\x00", 2)}));
  EXPECT_EQ(rows.Blob(5).size(), 2u);
  EXPECT_EQ(rows.Text(5).size(), 2u);
  EXPECT_EQ(rows.At(6), Value());
  EXPECT_EQ(rows.At(7), Value("text"));
  EXPECT_EQ(rows.Text(8), "{}");
}

}  // namespace
}  // namespace city::store::internal
