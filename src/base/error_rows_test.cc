// SPDX-License-Identifier: Apache-2.0
#include "base/error_rows.h"

#include <gtest/gtest.h>

#include "base/errors.h"

namespace city {
namespace {
TEST(ErrorRows, FindsARowByItsCode) {
  const ErrorRow* row = FindErrorRow(error::kBadJson.code);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row, &error::kBadJson);
  EXPECT_EQ(FindErrorRow("base.no_such_code"), nullptr);
}
TEST(ErrorRows, ListsAllByCode) {
  auto all = AllErrorRows();
  ASSERT_GT(all.size(), 3u);
  for (size_t i = 1; i < all.size(); ++i)
    EXPECT_LT(std::string_view(all[i - 1]->code), std::string_view(all[i]->code));
}
}  // namespace
}  // namespace city
