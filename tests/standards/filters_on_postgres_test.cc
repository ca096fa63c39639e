// SPDX-License-Identifier: Apache-2.0
// The property test of FEEL to SQL lies beside its code, which may not know the store; here it is
// given a PostgreSQL of its own, so that it never passes by being left out.
#include <gtest/gtest.h>

#include <cstdlib>

#include "parts/store/testing/engines.h"

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  city::store::testing::ThrowawayPostgres& server = city::store::testing::SharedPostgres();
  if (!server.problem().empty()) {
    std::fprintf(stderr, "%s\n", server.problem().c_str());
    return 1;
  }
  setenv("CITY_TEST_PG", server.NewDatabase().c_str(), 1);
  testing::GTEST_FLAG(filter) = "Sql.AgreesWithTheEvaluatorOnPostgres";
  int failed = RUN_ALL_TESTS();
  // A skipped test would be no proof.
  return failed != 0 || testing::UnitTest::GetInstance()->successful_test_count() != 1 ||
                 testing::UnitTest::GetInstance()->skipped_test_count() != 0
             ? 1
             : 0;
}
