// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/case_life.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"

namespace city::cases {
namespace {
TEST(CaseLife, LeadsOnlyToKnownStates) {
  std::set<std::string_view> names;
  for (const ActInfo& act : Acts()) {
    EXPECT_TRUE(names.insert(act.act).second);
    if (!act.to.empty()) {
      EXPECT_NE(FindState(act.to), nullptr) << act.act;
    }
    for (std::string_view from : Split(act.from, '|'))
      EXPECT_NE(FindState(from), nullptr) << act.act;
  }
}
TEST(CaseLife, ReachesEveryState) {
  std::set<std::string_view> reached{"submitted", "granted", "granted_missing",
                                     "denied"};  // the last three by the flow
  for (const ActInfo& act : Acts()) reached.insert(act.to);
  for (const StateInfo& state : States()) EXPECT_TRUE(reached.contains(state.code)) << state.code;
}
TEST(CaseLife, AsksForReasonsWhereTheLawDoes) {
  // Licensing Law Art. 38: a refusal gives its reasons.
  for (const char* act : {"refuse", "reject", "request-correction", "extend", "revoke"})
    EXPECT_TRUE(FindAct(act)->needs_reason) << act;
}
TEST(CaseLife, LetsNobodyAcceptTwice) {
  EXPECT_TRUE(Starts(*FindAct("accept"), "submitted"));
  EXPECT_FALSE(Starts(*FindAct("accept"), "handling"));
}
}  // namespace
}  // namespace city::cases
