// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engines/flow/engine.h"
#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::DeployModel;
using testing::Flow;
using testing::Model;
using testing::World;
using Names = std::vector<std::string>;

std::string User(const std::string& id) {
  return "<bpmn:userTask id=\"" + id +
         "\"><bpmn:extensionElements><zeebe:assignmentDefinition assignee=\"li\"/>"
         "</bpmn:extensionElements></bpmn:userTask>";
}
std::string Timer(const std::string& id, const std::string& host, const std::string& time) {
  return "<bpmn:boundaryEvent id=\"" + id + "\" attachedToRef=\"" + host +
         "\"><bpmn:timerEventDefinition><bpmn:timeDuration>" + time +
         "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>";
}

std::string Old() {
  return Model("<bpmn:startEvent id=\"s\"/><bpmn:parallelGateway id=\"f\"/>" + User("a") +
               Timer("t", "a", "PT1H") + User("b") +
               "<bpmn:parallelGateway id=\"j\"/><bpmn:endEvent id=\"e\"/>" + Flow("s", "f") +
               Flow("f", "a") + Flow("f", "b") + Flow("a", "j") + Flow("b", "j") + Flow("j", "e") +
               Flow("t", "e"));
}
std::string New() {
  return Model(User("z") + User("b") + User("a2") + Timer("t", "a2", "PT9H") +
               Timer("t2", "b", "PT2H") +
               "<bpmn:startEvent id=\"s\"/><bpmn:parallelGateway id=\"f\"/>"
               "<bpmn:parallelGateway id=\"j\"/><bpmn:endEvent id=\"e\"/>" +
               Flow("s", "f") + Flow("f", "a2") + Flow("f", "b") + Flow("a2", "j") +
               Flow("b", "j") + Flow("j", "z") + Flow("z", "e") + Flow("t", "e") + Flow("t2", "e"));
}

TEST(Migration, MovesTokensAndKeepsDueDates) {
  World w(DeployModel(Old()));
  w.Start();
  auto due = w.instance.waits.front().due;
  auto fresh = DeployModel(New());
  MigrationPlan plan{{{"a", "a2"}}};
  Actor admin{"root", {}, {}, true};
  Effects effects;
  auto before = w.instance.Encode();
  ASSERT_TRUE(
      w.engine.Migrate(*w.definition, *fresh, plan, w.instance, admin, w.now, true, effects));
  EXPECT_EQ(w.instance.Encode(), before);
  ASSERT_TRUE(
      w.engine.Migrate(*w.definition, *fresh, plan, w.instance, admin, w.now, false, effects));
  std::move(effects.log.begin(), effects.log.end(), std::back_inserter(w.log));
  w.definition = fresh;
  w.rows = RowsOf(*fresh, w.instance);
  w.Check();
  EXPECT_EQ(w.Tasks(), (Names{"a2", "b"}));
  ASSERT_EQ(w.instance.waits.size(), 2U);
  EXPECT_EQ(w.instance.waits[0].due, due);
  EXPECT_EQ(w.instance.waits[1].due, ToMicros(w.now + std::chrono::hours(2)));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a2"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "b"));
  EXPECT_EQ(w.Tasks(), Names{"z"});
}

TEST(Migration, NamesWhatHasNoPlaceAndLeavesItAlone) {
  World w(DeployModel(Old()));
  w.Start();
  auto fresh = DeployModel(New());
  Actor admin{"root", {}, {}, true};
  Effects effects;
  auto before = w.instance.Encode();
  auto moved =
      w.engine.Migrate(*w.definition, *fresh, {}, w.instance, admin, w.now, false, effects);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code(), "flow.cannot_migrate");
  EXPECT_EQ(moved.error().details.front().pointer, "a");
  EXPECT_EQ(w.instance.Encode(), before);
  EXPECT_TRUE(effects.log.empty());
}

TEST(Migration, IsForAdministrators) {
  World w(DeployModel(Old()));
  w.Start();
  Effects effects;
  EXPECT_EQ(
      w.engine.Migrate(*w.definition, *w.definition, {}, w.instance, Actor{}, w.now, false, effects)
          .error()
          .code(),
      "flow.not_administrator");
}

}  // namespace
}  // namespace city::flow
