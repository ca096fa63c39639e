// SPDX-License-Identifier: Apache-2.0
#include "engines/items/situation.h"

#include <gtest/gtest.h>

namespace city::items {
namespace {
/// Asks "b" only of those who answered "x" to "a".
Result<Decided> Rules(std::string_view, std::string_view decision, const json::object& in, bool) {
  Decided out;
  bool x = in.contains("a") && in.at("a") == "x";
  if (decision == "questions") out.value = x ? json::array{"a", "b"} : json::array{"a"};
  if (decision == "materials") out.value = x ? json::array{"one", "two"} : json::array{"one"};
  if (decision == "steps") out.value = json::array{"look"};
  return out;
}
json::object Item() {
  return ParseJson(R"({"guide":{"model":"m","questions":[
     {"name":"a","choices":[{"value":"x"},{"value":"y"}]},{"name":"b","choices":[{"value":true}]}]},
     "materials":[{"name":"one","required":true},{"name":"two","required":false,"conditional":true},
     {"name":"three","required":true}],"steps":[]})")
      ->get_object();
}

TEST(Situation, AsksOnlyWhatFollowsFromTheAnswers) {
  auto first = Situation(Rules, Item(), {});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->at("next").at("name"), "a");
  EXPECT_FALSE(first->contains("materials"));
  auto second = Situation(Rules, Item(), {{"a", "x"}});
  EXPECT_EQ(second->at("next").at("name"), "b");
  auto other = Situation(Rules, Item(), {{"a", "y"}});
  EXPECT_TRUE(other->at("next").is_null());
  EXPECT_EQ(other->at("materials").as_array().size(), 1u);
}
TEST(Situation, YieldsExactlyTheMaterialsThatApply) {
  auto done = Situation(Rules, Item(), {{"a", "x"}, {"b", true}});
  ASSERT_TRUE(done);
  ASSERT_EQ(done->at("materials").as_array().size(), 2u);
  EXPECT_EQ(done->at("materials").as_array()[1].at("required"), true);  // conditional, so required
}
TEST(Situation, DropsAnswersNobodyAskedFor) {
  auto done = Situation(Rules, Item(), {{"a", "y"}, {"b", true}});
  EXPECT_FALSE(done->at("answers").as_object().contains("b"));
}
TEST(Situation, RefusesAnAnswerThatIsNoChoice) {
  EXPECT_FALSE(Situation(Rules, Item(), {{"a", "z"}}));
  EXPECT_FALSE(Situation(Rules, json::object{}, {}));
}
}  // namespace
}  // namespace city::items
