// SPDX-License-Identifier: Apache-2.0
#include "ledger/conditions.h"

#include <gtest/gtest.h>

#include "ledger/errors.h"

namespace city::ledger {
namespace {
RecordType Permit() {
  std::vector<Error> faults;
  yaml::Node node = *yaml::Parse(
      "{record: permit, label: {zh: a, en: a}, fields: {state: {is: code, list: s, label: {zh: a, "
      "en: a}}, office: {is: text, label: {zh: a, en: a}}, "
      "due: {is: date, label: {zh: a, en: a}}, fee: {is: money, label: {zh: a, en: a}}, kinds: "
      "{is: code, list: s, list-of: true, label: {zh: a, en: a}}, "
      "notes: {is: json, label: {zh: a, en: a}}}, rights: [{role: visitor, may: [read]}]}",
      "t");
  return ReadRecordType(node, {}, faults);
}
std::string Sql(std::string_view text, std::vector<store::Value>* params = nullptr) {
  Post post{"clerk", "o7", "/o7/", "440203"};
  std::vector<store::Value> own;
  auto condition = Condition::Compile(Permit(), text);
  EXPECT_TRUE(condition) << condition.error().ToLine();
  auto sql = condition->Sql(store::Dialect::kSqlite, "r", Visitor(), &post, nullptr,
                            params != nullptr ? *params : own);
  EXPECT_TRUE(sql) << sql.error().ToLine();
  return sql ? *sql : "";
}

TEST(Condition, IsTrueWithoutWords) {
  EXPECT_TRUE(Condition::Compile(Permit(), "")->IsTrue());
  EXPECT_EQ(Sql(""), "(1=1)");
}
TEST(Condition, NumbersItsParametersAfterThoseThatStand) {
  std::vector<store::Value> params{std::string("first")};
  std::string sql = Sql("state = \"open\" and fee > 100", &params);
  EXPECT_NE(sql.find("$2"), std::string::npos) << sql;
  EXPECT_EQ(params.size(), 3u);
  EXPECT_EQ(std::get<std::string>(params[1]), "open");
}
TEST(Condition, KnowsWhoAsks) {
  std::vector<store::Value> params;
  Sql("office = me.organisation", &params);
  ASSERT_EQ(params.size(), 1u);
  EXPECT_EQ(std::get<std::string>(params[0]), "o7");
}
TEST(Condition, LooksIntoListsAndDates) {
  std::vector<store::Value> params;
  Sql("list contains(kinds, \"1\") and due < date(\"2026-03-01\")", &params);
  ASSERT_EQ(params.size(), 2u);
  EXPECT_EQ(std::get<std::string>(params[0]), "\"1\"");
}
TEST(Condition, NamesTheFieldsItLooksAt) {
  EXPECT_EQ(Condition::Compile(Permit(), "state = \"open\" or due > date(\"2026-01-01\")")
                ->Fields()
                .size(),
            2u);
}
TEST(Condition, RefusesWhatItCannotAsk) {
  for (const char* text :
       {"state = ", "stranger = 1", "sum([1,2]) = fee and every x in kinds satisfies x = \"1\"",
        "notes = 1", "now() > created_at; drop"}) {
    auto condition = Condition::Compile(Permit(), text);
    ASSERT_FALSE(condition) << text;
    EXPECT_TRUE(condition.error().Is(error::kBadFilter)) << text;
  }
}
}  // namespace
}  // namespace city::ledger
