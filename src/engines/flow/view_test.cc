// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/view.h"

#include <gtest/gtest.h>

#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::DeployModel;
using testing::Flow;
using testing::Model;
using testing::World;

TEST(View, ShowsTokensTasksAndVariables) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:parallelGateway id=\"f\"/><bpmn:task id=\"a\"/>"
            "<bpmn:userTask id=\"b\" name=\"受理\"/><bpmn:parallelGateway id=\"j\"/>"
            "<bpmn:endEvent id=\"e\"/>" +
            Flow("s", "f") + Flow("f", "a") + Flow("f", "b") + Flow("a", "j") + Flow("b", "j") +
            Flow("j", "e"))));
  w.Start({{"n", 1}});
  auto view = InstanceView(*w.definition, w.instance);
  EXPECT_EQ(view.at("state"), "running");
  ASSERT_EQ(view.at("tokens").as_array().size(), 2U);
  EXPECT_EQ(view.at("tokens").as_array()[0].at("name"), "受理");
  EXPECT_EQ(view.at("tokens").as_array()[1].at("element"), "j");
  EXPECT_EQ(view.at("tasks").as_array().size(), 1U);
  EXPECT_EQ(view.at("variables"), json::value(json::object{{"n", 1}}));
  // Replay: nothing at first, everything at the end.
  EXPECT_TRUE(TokensAfter(*w.definition, w.log, 0).empty());
  auto tokens = TokensAfter(*w.definition, w.log, w.log.size());
  EXPECT_EQ(tokens, (json::object{{"b", 1}, {"j", 1}}));
  auto first = LineView(*w.definition, w.log.front());
  EXPECT_EQ(first.at("verb"), "start");
  EXPECT_EQ(first.at("actor"), "applicant");
}

TEST(Statistics, TellWhereTimeGoes) {
  auto definition = DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"a\"/><bpmn:endEvent id=\"e\"/>" +
            Flow("s", "a") + Flow("a", "e")));
  StatisticsCollector collector;
  for (int minutes = 1; minutes <= 11; ++minutes) {
    World w(definition);
    w.Start();
    if (minutes <= 10) {
      w.now += std::chrono::minutes(minutes);
      EXPECT_TRUE(w.Task(Verb::kClaim, "li", "a"));
      EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a"));
    }
    collector.Add(w.log);
  }
  auto a = collector.Result(*definition).at("a");
  EXPECT_EQ(a.passed, 11);
  EXPECT_EQ(a.waiting, 1);
  // 1 to 10 minutes: mean 5.5, nine of ten within 9.
  EXPECT_NEAR(a.mean_s, 330, 0.01);
  EXPECT_NEAR(a.p90_s, 540, 0.01);
}

}  // namespace
}  // namespace city::flow
