// SPDX-License-Identifier: Apache-2.0
// Semantics of BPMN 2.0.2, chapter 13, beyond the plain ones.
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/simulator.h"
#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using std::chrono::hours;
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
std::string Event(const std::string& tag, const std::string& id, const std::string& definition,
                  const std::string& attributes = {}) {
  return "<bpmn:" + tag + " id=\"" + id + "\" " + attributes + ">" + definition + "</bpmn:" + tag +
         ">";
}
const std::string kStart = "<bpmn:startEvent id=\"s\"/>";
const std::string kEnd = "<bpmn:endEvent id=\"e\"/>";

TEST(Transaction, ThatIsCancelledCompensatesAndLeavesOverItsCancelEvent) {
  World w(DeployModel(Model(
      kStart + "<bpmn:transaction id=\"t\"><bpmn:startEvent id=\"ts\"/><bpmn:task id=\"book\"/>" +
      Event("boundaryEvent", "cb", "<bpmn:compensateEventDefinition/>", "attachedToRef=\"book\"") +
      "<bpmn:userTask id=\"unbook\" isForCompensation=\"true\"/><bpmn:association id=\"as\" "
      "sourceRef=\"cb\" targetRef=\"unbook\"/>" +
      Event("endEvent", "te", "<bpmn:cancelEventDefinition/>") + Flow("ts", "book") +
      Flow("book", "te") + "</bpmn:transaction>" +
      Event("boundaryEvent", "c", "<bpmn:cancelEventDefinition/>", "attachedToRef=\"t\"") +
      User("after") + kEnd + Flow("s", "t") + Flow("t", "e") + Flow("c", "after"))));
  w.Start();
  EXPECT_EQ(w.Tasks(), Names{"unbook"});
  EXPECT_TRUE(w.Task(Verb::kClaim, "li", "unbook"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "unbook"));
  EXPECT_EQ(w.Tasks(), Names{"after"});
}

std::string Sub(const std::string& content) {
  return "<bpmn:subProcess id=\"sub\">" + content + "</bpmn:subProcess>";
}
std::string EventSub(const std::string& definition, bool interrupting) {
  return "<bpmn:subProcess id=\"es\" triggeredByEvent=\"true\">" +
         Event("startEvent", "ess", definition, interrupting ? "" : "isInterrupting=\"false\"") +
         User("handle") + "<bpmn:endEvent id=\"ese\"/>" + Flow("ess", "handle") +
         Flow("handle", "ese") + "</bpmn:subProcess>";
}

TEST(EventSubProcess, TakesOverOnAnErrorOfItsLevel) {
  World w(DeployModel(Model(
      kStart +
          Sub("<bpmn:startEvent id=\"ss\"/>" +
              Event("endEvent", "se", "<bpmn:errorEventDefinition errorRef=\"E\"/>") +
              Flow("ss", "se") + EventSub("<bpmn:errorEventDefinition errorRef=\"E\"/>", true)) +
          User("after") + kEnd + Flow("s", "sub") + Flow("sub", "after") + Flow("after", "e"),
      "<bpmn:error id=\"E\" errorCode=\"x\"/>")));
  w.Start();
  EXPECT_EQ(w.Tasks(), Names{"handle"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "handle"));
  EXPECT_EQ(w.Tasks(), Names{"after"});
}

TEST(EventSubProcess, RunsBesideItsLevelWhenItDoesNotInterrupt) {
  World w(DeployModel(
      Model(kStart +
                Sub("<bpmn:startEvent id=\"ss\"/>" + User("a") + "<bpmn:endEvent id=\"se\"/>" +
                    Flow("ss", "a") + Flow("a", "se") +
                    EventSub("<bpmn:messageEventDefinition messageRef=\"m\"/>", false)) +
                kEnd + Flow("s", "sub") + Flow("sub", "e"),
            "<bpmn:message id=\"m\" name=\"news\"/>")));
  w.Start();
  Command c;
  c.verb = Verb::kMessage;
  c.name = "news";
  EXPECT_TRUE(w.Do(c));
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), (Names{"a", "handle", "handle"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a"));
  EXPECT_FALSE(w.Ended());
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "handle"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "handle"));
  EXPECT_TRUE(w.Ended());
}

TEST(EventSubProcess, BeginsWhenItsConditionBecomesTrue) {
  World w(
      DeployModel(Model(kStart + User("a") + kEnd + Flow("s", "a") + Flow("a", "e") +
                        EventSub("<bpmn:conditionalEventDefinition><bpmn:condition "
                                 "xsi:type=\"bpmn:tFormalExpression\">alarm = true</bpmn:condition>"
                                 "</bpmn:conditionalEventDefinition>",
                                 true))));
  w.Start({{"alarm", false}});
  EXPECT_EQ(w.Tasks(), Names{"a"});
  Command c;
  c.verb = Verb::kSetVariables;
  c.variables = {{"alarm", true}};
  c.actor.administrator = true;
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), Names{"handle"});
}

TEST(Termination, EndsItsOwnLevelOnly) {
  World w(DeployModel(
      Model(kStart +
            Sub("<bpmn:startEvent id=\"ss\"/><bpmn:parallelGateway id=\"f\"/>" + User("a") +
                User("b") + Event("endEvent", "te", "<bpmn:terminateEventDefinition/>") +
                "<bpmn:endEvent id=\"se\"/>" + Flow("ss", "f") + Flow("f", "a") + Flow("f", "b") +
                Flow("a", "te") + Flow("b", "se")) +
            User("after") + kEnd + Flow("s", "sub") + Flow("sub", "after") + Flow("after", "e"))));
  w.Start();
  EXPECT_EQ(w.Tasks(), (Names{"a", "b"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a"));
  EXPECT_EQ(w.Tasks(), Names{"after"});
}

TEST(Escalation, IsCaughtBesideTheLevelThatGoesOn) {
  World w(DeployModel(
      Model(kStart +
                Sub("<bpmn:startEvent id=\"ss\"/>" +
                    Event("intermediateThrowEvent", "t",
                          "<bpmn:escalationEventDefinition escalationRef=\"X\"/>") +
                    User("a") + "<bpmn:endEvent id=\"se\"/>" + Flow("ss", "t") + Flow("t", "a") +
                    Flow("a", "se")) +
                Event("boundaryEvent", "b", "<bpmn:escalationEventDefinition escalationRef=\"X\"/>",
                      "attachedToRef=\"sub\" cancelActivity=\"false\"") +
                User("boss") + kEnd + Flow("s", "sub") + Flow("sub", "e") + Flow("b", "boss"),
            "<bpmn:escalation id=\"X\" escalationCode=\"x\"/>")));
  w.Start();
  EXPECT_EQ(w.Tasks(), (Names{"a", "boss"}));
}

TEST(Errors, OfACalledProcessReachTheCaller) {
  std::string called =
      "<bpmn:error id=\"E\" errorCode=\"x\"/><bpmn:process id=\"q\" isExecutable=\"false\">"
      "<bpmn:startEvent id=\"qs\"/>" +
      Event("endEvent", "qe", "<bpmn:errorEventDefinition errorRef=\"E\"/>") + Flow("qs", "qe") +
      "</bpmn:process>";
  World w(DeployModel(
      Model(kStart + "<bpmn:callActivity id=\"c\" calledElement=\"q\"/>" +
                Event("boundaryEvent", "b", "<bpmn:errorEventDefinition errorRef=\"E\"/>",
                      "attachedToRef=\"c\"") +
                User("handle") + kEnd + Flow("s", "c") + Flow("c", "e") + Flow("b", "handle"),
            called)));
  w.Start();
  EXPECT_EQ(w.Tasks(), Names{"handle"});
}

TEST(ComplexGateway, LetsTheFirstThroughAndSwallowsTheRest) {
  World w(DeployModel(
      Model(kStart + "<bpmn:parallelGateway id=\"f\"/>" + User("a") + User("b") +
            "<bpmn:complexGateway id=\"j\"><bpmn:activationCondition>activationCount &gt;= 1"
            "</bpmn:activationCondition></bpmn:complexGateway>" +
            User("z") + kEnd + Flow("s", "f") + Flow("f", "a") + Flow("f", "b") + Flow("a", "j") +
            Flow("b", "j") + Flow("j", "z") + Flow("z", "e"))));
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a"));
  EXPECT_EQ(w.Tasks(), (Names{"b", "z"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "b"));
  EXPECT_EQ(w.Tasks(), Names{"z"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "z"));
  EXPECT_TRUE(w.Ended());
}

TEST(AdHoc, EndsWhenItsConditionHolds) {
  World w(DeployModel(Model(kStart + "<bpmn:adHocSubProcess id=\"h\">" + User("a") + User("b") +
                            "<bpmn:completionCondition>done = true</bpmn:completionCondition>"
                            "</bpmn:adHocSubProcess>" +
                            kEnd + Flow("s", "h") + Flow("h", "e"))));
  w.Start({{"done", false}});
  EXPECT_EQ(w.Tasks(), (Names{"a", "b"}));
  Command c;
  c.verb = Verb::kComplete;
  c.key = w.KeyOf("a");
  c.actor.id = "li";
  c.variables = {{"done", true}};
  EXPECT_TRUE(w.Do(c));
  EXPECT_TRUE(w.Ended());
}

TEST(EventGateway, TakesTheFirstEventAndForgetsTheOthers) {
  World w(DeployModel(Model(
      kStart + "<bpmn:eventBasedGateway id=\"g\"/>" +
          Event("intermediateCatchEvent", "m", "<bpmn:messageEventDefinition messageRef=\"M\"/>") +
          Event("intermediateCatchEvent", "t",
                "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
                "</bpmn:timerEventDefinition>") +
          User("a") + User("b") + kEnd + Flow("s", "g") + Flow("g", "m") + Flow("g", "t") +
          Flow("m", "a") + Flow("t", "b") + Flow("a", "e") + Flow("b", "e"),
      "<bpmn:message id=\"M\" name=\"go\"/>")));
  w.Start();
  EXPECT_EQ(w.rows.size(), 2U);
  w.Advance(hours(1));
  EXPECT_EQ(w.Tasks(), Names{"b"});
  EXPECT_TRUE(w.Rows(RowKind::kMessage).empty());
}

TEST(Starting, ByMessageTimeAndCondition) {
  auto definition = DeployModel(Model(
      Event("startEvent", "m", "<bpmn:messageEventDefinition messageRef=\"M\"/>") +
          Event("startEvent", "t",
                "<bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle>"
                "</bpmn:timerEventDefinition>") +
          Event("startEvent", "c",
                "<bpmn:conditionalEventDefinition><bpmn:condition "
                "xsi:type=\"bpmn:tFormalExpression\">level &gt; 3</bpmn:condition>"
                "</bpmn:conditionalEventDefinition>") +
          User("a") + kEnd + Flow("m", "a") + Flow("t", "a") + Flow("c", "a") + Flow("a", "e"),
      "<bpmn:message id=\"M\" name=\"go\"/>"));
  Simulator world(definition, nullptr, FromMicros(0));
  EXPECT_EQ(world.Start("p", {{"level", 1}}).error().code(), "flow.cannot_start");
  EXPECT_TRUE(world.Start("p", {{"level", 5}}));
  world.Publish({"", "go", "", {}, {}}, hours(1));
  EXPECT_EQ(world.instances().size(), 2U);
  world.Arm("p", {});
  world.RunUntil(FromMicros(0) + hours(9));
  EXPECT_EQ(world.instances().size(), 4U);
}

TEST(Starting, AtAnInstantiatingReceiveTask) {
  auto definition =
      DeployModel(Model("<bpmn:receiveTask id=\"r\" messageRef=\"M\" instantiate=\"true\"/>" +
                            User("a") + kEnd + Flow("r", "a") + Flow("a", "e"),
                        "<bpmn:message id=\"M\" name=\"go\"/>"));
  Simulator world(definition, nullptr, FromMicros(0));
  world.Publish({"", "go", "", {{"n", 1}}, {}}, hours(1));
  ASSERT_EQ(world.instances().size(), 1U);
  EXPECT_EQ(world.rows(0)[0].kind, RowKind::kTask);
}

TEST(Compensation, OfANamedActivityLeavesTheOthers) {
  auto undoable = [](const std::string& id) {
    return "<bpmn:task id=\"" + id + "\"/>" +
           Event("boundaryEvent", "c" + id, "<bpmn:compensateEventDefinition/>",
                 "attachedToRef=\"" + id + "\"") +
           "<bpmn:task id=\"undo-" + id +
           "\" isForCompensation=\"true\"/><bpmn:association id=\"as" + id + "\" sourceRef=\"c" +
           id + "\" targetRef=\"undo-" + id + "\"/>";
  };
  World w(DeployModel(
      Model(kStart + undoable("a") + undoable("b") +
            Event("endEvent", "e", "<bpmn:compensateEventDefinition activityRef=\"a\"/>") +
            Flow("s", "a") + Flow("a", "b") + Flow("b", "e"))));
  w.Start();
  auto trace = w.Trace();
  EXPECT_EQ(std::count(trace.begin(), trace.end(), "undo-a"), 1);
  EXPECT_EQ(std::count(trace.begin(), trace.end(), "undo-b"), 0);
  EXPECT_TRUE(w.Ended());
}

}  // namespace
}  // namespace city::flow
