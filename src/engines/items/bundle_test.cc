// SPDX-License-Identifier: Apache-2.0
#include "engines/items/bundle.h"

#include <gtest/gtest.h>

namespace city::items {
namespace {
Result<Decided> Rules(std::string_view, std::string_view decision, const json::object& in, bool) {
  Decided out;
  if (decision == "questions") out.value = json::array{"rented"};
  if (decision == "parts")
    out.value = in.at("rented") == true ? json::array{"found", "cook", "sign"}
                                        : json::array{"found", "cook"};
  return out;
}
json::object Bundle() {
  return ParseJson(
             R"({"guide":{"model":"m","questions":[{"name":"rented","choices":[{"value":true},{"value":false}]}]},
    "parts":[{"name":"found","basic_code":"1"},
             {"name":"cook","basic_code":"2","needs":["found"],"fixed":{"matter":"cook"},"same":{"boss":"owner"}},
             {"name":"sign","basic_code":"3","needs":["found"]}],
    "same_materials":{"floor plan":"plan"}})")
      ->get_object();
}
Result<json::object> Item(const std::string& code) {
  static const json::value kItems = *ParseJson(R"({
   "1":{"id":"i1","name":"Founding","department":"a","promised_days":1,"form":"f1","yields":"licence",
        "materials":[{"name":"plan","required":true},{"name":"charter","required":true}]},
   "2":{"id":"i2","name":"Cooking","department":"b","promised_days":5,"form":"f2","result_name":"food licence",
        "materials":[{"name":"licence","required":true},{"name":"floor plan","required":true},
                     {"name":"identity","required":false,"certificate":true,"issuer":"police"},
                     {"name":"extra","required":false}]},
   "3":{"id":"i3","name":"Sign","department":"c","promised_days":1,"form":"f1","materials":[]}})");
  return kItems.at(code).as_object();
}
Result<json::object> Form(const std::string& name) {
  static const json::value kForms = *ParseJson(R"({
   "f1":{"schema":{"type":"object","required":["owner","phone"],"properties":{"owner":{"type":"string"},"phone":{"type":"string"}}},
         "ui":[{"type":"Step","elements":[{"type":"Control","scope":"/owner"},{"type":"Control","scope":"/phone"}]}]},
   "f2":{"schema":{"type":"object","required":["boss","phone","area","matter"],"properties":{"boss":{"type":"string"},"phone":{"type":"string"},
          "area":{"type":"integer"},"matter":{"type":"string"}}},
         "ui":[{"type":"Step","elements":[{"type":"Control","scope":"/boss"},{"type":"Control","scope":"/phone"}]},
               {"type":"Step","elements":[{"type":"Control","scope":"/area"},{"type":"Control","scope":"/matter"}]}]}})");
  return kForms.at(name).as_object();
}
json::object Planned(bool rented) {
  auto plan = PlanBundle(Rules, Bundle(), Item, Form, {{"rented", rented}});
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().ToLine());
  return plan ? *plan : json::object{};
}

TEST(Bundle, AsksOnceWhatSeveralItemsAsk) {
  json::object plan = Planned(true);
  const json::object& schema = plan.at("form").at("schema").as_object();
  EXPECT_EQ(schema.at("properties").as_object().size(), 3u);  // owner, phone, area
  // The second page of cooking remains, its first asks nothing new.
  EXPECT_EQ(plan.at("form").at("ui").as_array().size(), 2u);
  EXPECT_EQ(plan.at("compared").at("fields"), 3);
  EXPECT_EQ(plan.at("compared").at("fields_apart"), 8);
}
TEST(Bundle, LeavesOutWhatAnotherPartYieldsOrARegisterHolds) {
  json::object plan = Planned(true);
  ASSERT_EQ(plan.at("materials").as_array().size(), 2u);  // plan, charter
  EXPECT_EQ(plan.at("materials").at(0).at("parts").as_array().size(), 2u);
  std::string left = ToText(plan.at("left_out"));
  EXPECT_NE(left.find("yielded"), std::string::npos);
  EXPECT_NE(left.find("held"), std::string::npos);
  EXPECT_NE(left.find("shared"), std::string::npos);
}
TEST(Bundle, AsksForNoFileThatTheCityWritesFromTheAnswers) {
  json::object bundle = Bundle();
  bundle["written"] = json::object{{"charter", "articles"}};
  auto plan = PlanBundle(Rules, bundle, Item, Form, {{"rented", true}});
  ASSERT_TRUE(plan);
  EXPECT_EQ(ToText(plan->at("materials")).find("charter"), std::string::npos);
  const json::object& provided = plan->at("parts").at(0).at("provided").at(0).as_object();
  EXPECT_EQ(provided.at("why"), "written");
  EXPECT_EQ(provided.at("paper"), "articles");
  EXPECT_EQ(plan->at("compared").at("files"), 1);
  EXPECT_EQ(plan->at("compared").at("files_apart"), 4);  // item by item nothing is written
}
TEST(Bundle, AsksForNoFileThatTheApplicantHoldsAsACertificate) {
  auto item_of = [](const std::string& code) -> Result<json::object> {
    TRY(json::object item, Item(code));
    if (code == "1") item["materials"].as_array()[1].as_object()["proven_by"] = json::array{"deed"};
    return item;
  };
  auto plan_for = [&](json::object held) {
    auto plan = PlanBundle(Rules, Bundle(), item_of, Form, {{"rented", true}},
                           [&](const json::array& types) -> Result<json::object> {
                             EXPECT_EQ(types.at(0), "deed");
                             return held;
                           });
    EXPECT_TRUE(plan);
    return plan ? ToText(plan->at("materials")) : std::string();
  };
  EXPECT_EQ(plan_for({{"id", "c1"}}).find("charter"), std::string::npos);
  EXPECT_NE(plan_for({}).find("charter"), std::string::npos);
}
TEST(Bundle, AsksItsOwnFormOnce) {
  json::object bundle = Bundle();
  bundle["form"] = "f2";
  auto plan = PlanBundle(Rules, bundle, Item, Form, {{"rented", true}});
  ASSERT_TRUE(plan);
  // "area" and "phone" are asked already; "boss" and "matter" are new.
  EXPECT_EQ(plan->at("form").at("schema").at("properties").as_object().size(), 5u);
  EXPECT_EQ(plan->at("own_fields").at("area"), "area");
}
TEST(Bundle, CountsTheLongestChain) {
  json::object plan = Planned(true);
  EXPECT_EQ(plan.at("days"), 6);  // founding 1, then cooking 5; the sign ends on day 2
  EXPECT_EQ(plan.at("parts").at(2).at("until_day"), 2);
  EXPECT_EQ(Planned(false).at("parts").as_array().size(), 2u);
}
TEST(Bundle, GivesEachPartItsOwnAnswers) {
  json::object plan = Planned(true);
  json::object told = AnswersOf(plan.at("parts").at(1).as_object(),
                                {{"owner", "Li"}, {"phone", "1"}, {"area", 30}});
  EXPECT_EQ(told.at("boss"), "Li");
  EXPECT_EQ(told.at("matter"), "cook");
  EXPECT_EQ(told.at("area"), 30);
}
TEST(Bundle, RefusesAPartBeforeWhatItNeeds) {
  json::object bundle = Bundle();
  json::array& parts = bundle.at("parts").as_array();
  parts[0].as_object()["needs"] = json::array{"sign"};
  auto plan = PlanBundle(Rules, bundle, Item, Form, {{"rented", true}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code(), std::string_view("items.bundle_wrong"));
}
}  // namespace
}  // namespace city::items
