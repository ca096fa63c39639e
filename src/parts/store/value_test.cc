// SPDX-License-Identifier: Apache-2.0
// Why: rows answer calmly in every state that a caller can bring them into.
#include "parts/store/value.h"

#include <gtest/gtest.h>

#include "parts/store/errors.h"

namespace city::store {
namespace {

// Two rows, then a failure.
class FailingCursor : public Cursor {
 public:
  Result<bool> Next() override {
    if (++row_ > 2) return error::kDisk;
    return true;
  }
  int Columns() const override { return 1; }
  std::string_view Name(int) const override { return "row"; }
  bool IsNull(int) const override { return false; }
  int64_t Int(int) const override { return row_; }
  double Number(int) const override { return row_; }
  std::string_view Text(int) override { return "text"; }
  std::string_view Blob(int) override { return "blob"; }
  Value At(int) override { return int64_t{row_}; }

 private:
  int row_ = 0;
};

TEST(Rows, OfNothingAreEmpty) {
  Rows rows;
  EXPECT_FALSE(rows.Next());
  EXPECT_TRUE(rows.status());
  EXPECT_EQ(rows.Columns(), 0);
  EXPECT_TRUE(rows.IsNull(0));
  EXPECT_EQ(rows.Name(0), "");
  EXPECT_EQ(rows.At(0), Value());
}

TEST(Rows, TellTheFailureThatEndedThem) {
  Rows rows(std::make_unique<FailingCursor>());
  EXPECT_TRUE(rows.IsNull(0));
  EXPECT_TRUE(rows.Next());
  EXPECT_TRUE(rows.Next());
  EXPECT_EQ(rows.Int(0), 2);
  EXPECT_FALSE(rows.Next());
  ASSERT_FALSE(rows.status());
  EXPECT_TRUE(rows.status().error().Is(error::kDisk));
  EXPECT_EQ(rows.Int(0), 0);
  EXPECT_FALSE(rows.Next());
}

TEST(Rows, CanBeMoved) {
  Rows rows(std::make_unique<FailingCursor>());
  EXPECT_TRUE(rows.Next());
  Rows moved = std::move(rows);
  EXPECT_EQ(moved.Text(0), "text");
  EXPECT_EQ(moved.Name(0), "row");
}

}  // namespace
}  // namespace city::store
