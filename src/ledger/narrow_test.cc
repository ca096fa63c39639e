// SPDX-License-Identifier: Apache-2.0
#include "ledger/narrow.h"

#include <gtest/gtest.h>

#include "ledger/testing/types.h"

namespace city::ledger {
namespace {
constexpr std::string_view kTypes = R"(
- record: organisation
  label: { zh: 机构, en: Organisation }
  title: path
  owner: id
  governed: false
  fields:
    path: { is: text, label: { zh: 路径, en: Path } }
  rights: [ { role: visitor, may: [read] } ]
- record: task
  label: { zh: 待办, en: Task }
  title: step
  owner: office
  holder: person
  indexes: [[office, step], [office, state, desk, person, due], [person, state, due], [state, due]]
  fields:
    step: { is: text, label: { zh: 环节, en: Step } }
    state: { is: text, label: { zh: 状态, en: State } }
    desk: { is: text, label: { zh: 岗位, en: Desk } }
    office: { is: reference, to: organisation, label: { zh: 机构, en: Office } }
    person: { is: text, label: { zh: 人, en: Person } }
    due: { is: date, label: { zh: 到期日, en: Due } }
  rights:
    - { role: handler, may: [read], scope: organisation-tree, where: 'desk = "handler" and person = null' }
    - { role: official, may: [read], scope: holder }
    - { role: clerk, may: [read], scope: region }
)";

class Narrow : public testing::Test {
 protected:
  std::optional<std::vector<std::string>> Entries(const std::vector<std::string>& roles,
                                                  const std::vector<std::string>& fields) {
    Subject who;
    who.account = "a1";
    who.kind = "official";
    who.holders = {"a1"};
    for (const std::string& role : roles) who.posts.push_back({role, "o1", "/o1/", "440200"});
    const KnownType* known = *catalogue_->Find("task");
    std::vector<store::Value> params;
    rights_ = *RightsOf(*known, who, Verb::kRead, store::Dialect::kSqlite, "r", params);
    return EntriesOf(*known, rights_, fields);
  }
  std::shared_ptr<const Catalogue> catalogue_ = CatalogueOf(kTypes);
  Reachable rights_;
};

TEST_F(Narrow, TakesTheIndexThatHoldsAllThatIsLookedAt) {
  auto found = Entries({"handler", "official"}, {"state", "due"});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (std::vector<std::string>{"i_task_office_state_desk_person_due",
                                              "i_task_person_state_due"}));
}

TEST_F(Narrow, HasNoneWhenAFieldWouldHaveToBeLookedUpInEveryRow) {
  EXPECT_FALSE(Entries({"handler"}, {"step"}));
}

TEST_F(Narrow, HasNoneForARegionAndThenForNobodyWhoAlsoHasOne) {
  EXPECT_FALSE(Entries({"clerk"}, {"state"}));
  EXPECT_FALSE(Entries({"clerk", "official"}, {"state"}));
}

TEST_F(Narrow, NamesTheIndexOfEachPartAndBoundsIt) {
  auto found = Entries({"official"}, {});
  ASSERT_TRUE(found);
  std::string sql = KeysSql((*catalogue_->Find("task"))->type, rights_, *found, " and x", 7);
  EXPECT_EQ(sql,
            "select rowid from (select r.rowid from r_task r indexed by i_task_person_state_due "
            "where (r.person is not null and r.person in ($1)) and x limit 7)");
}
}  // namespace
}  // namespace city::ledger
