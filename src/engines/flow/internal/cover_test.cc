// SPDX-License-Identifier: Apache-2.0
// What is sealed opens in its own place alone; what was stored in clear stays readable.
#include "engines/flow/internal/cover.h"

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "parts/store/testing/engines.h"

namespace city::flow {
namespace {

class CoverTest : public ::testing::Test {
 protected:
  store::testing::FreshPlace place_{store::Dialect::kSqlite};
  std::unique_ptr<store::Store> store_ = place_.Open();
  ManualClock clock_{FromMicros(1'767'225'600'000'000)};
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
  std::unique_ptr<ledger::Ledger> ledger_ =
      ledger::Ledger::Open(*store_, clock_, keys_.get()).value();
  Cover cover_{ledger_->OpenVault({std::string(kVaultType)}).value()};
};

TEST_F(CoverTest, OpensInItsOwnPlaceAlone) {
  const std::string stored = cover_.Seal("state", "440200/a/1", "known");
  EXPECT_EQ(stored.find("known"), std::string::npos);
  EXPECT_EQ(cover_.Open("state", "440200/a/1", stored).value(), "known");
  for (const char* row : {"440200/a/2", "440200/b/1", ""})
    EXPECT_EQ(cover_.Open("state", row, stored).error().code(), "crypto.altered") << row;
  EXPECT_EQ(cover_.Open("log", "440200/a/1", stored).error().code(), "crypto.altered");
}

TEST_F(CoverTest, ReadsWhatWasStoredInClearAndNothingSealedWithoutKeys) {
  EXPECT_EQ(cover_.Open("state", "x", "in clear").value(), "in clear");
  EXPECT_EQ(cover_.Seal("state", "x", ""), "");
  Cover none(nullptr);
  EXPECT_EQ(none.Seal("state", "x", "in clear"), "in clear");
  EXPECT_EQ(none.Match("paid", "A"), "A");
  EXPECT_EQ(none.Open("state", "x", cover_.Seal("state", "x", "known")).error().code(),
            "flow.sealed");
}

TEST_F(CoverTest, ComparesByAKeyedHash) {
  EXPECT_EQ(cover_.Match("paid", "A"), cover_.Match("paid", "A"));
  EXPECT_NE(cover_.Match("paid", "A"), cover_.Match("paid", "B"));
  EXPECT_NE(cover_.Match("paid", "A"), cover_.Match("sent", "A"));
  EXPECT_EQ(cover_.Match("paid", ""), "");
  EXPECT_EQ(cover_.Match("paid", "A").find("A"), std::string::npos);  // hex in lower case
}

}  // namespace
}  // namespace city::flow
