// SPDX-License-Identifier: Apache-2.0
// What a row's words say of whose it is; that searches find by it is asked in list_test.cc.
#include "ledger/search_scope.h"

#include <gtest/gtest.h>

namespace city::ledger {
namespace {
TEST(SearchScope, SaysOwnerHolderAndEachLevelOfTheRegion) {
  EXPECT_EQ(ScopeWords("org-A", "01a2-b", "440203001"),
            " §oorga §h01a2b §r44 §r4402 §r440203 §r440203001");
  EXPECT_EQ(ScopeWords("", "", "440200"), " §r44 §r4402");
  EXPECT_EQ(ScopeWords("", "", ""), "");
}

TEST(SearchScope, ChangesWithOwnerHolderAndWhatIsLookedInto) {
  RecordType type;
  type.owner = "office";
  type.holder = "person";
  type.search = {"name"};
  for (const char* field : {"office", "person", "name"}) EXPECT_TRUE(ChangesWords(type, field));
  EXPECT_FALSE(ChangesWords(type, "state"));
}
}  // namespace
}  // namespace city::ledger
