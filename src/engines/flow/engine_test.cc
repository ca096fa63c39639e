// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/engine.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::DeployModel;
using testing::Flow;
using testing::Model;
using testing::World;
using Names = std::vector<std::string>;

std::string User(const std::string& id, const std::string& who = "clerk") {
  return "<bpmn:userTask id=\"" + id +
         "\"><bpmn:extensionElements><zeebe:assignmentDefinition assignee=\"" + who +
         "\"/></bpmn:extensionElements></bpmn:userTask>";
}

Command Job(World& w, const std::string& node, Verb verb = Verb::kCompleteJob) {
  Command c;
  c.verb = verb;
  c.key = w.KeyOf(node);
  return c;
}

TEST(Tokens, FollowTheConditionAndTheDefault) {
  auto d = DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:exclusiveGateway id=\"x\" default=\"x-b\"/>" +
            User("a") + User("b") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "x") +
            Flow("x", "a", "amount > 100") + Flow("x", "b") + Flow("a", "e") + Flow("b", "e")));
  World big(d);
  big.Start({{"amount", 200}});
  EXPECT_EQ(big.Tasks(), Names{"a"});
  World small(d);
  small.Start({{"amount", 5}});
  EXPECT_EQ(small.Tasks(), Names{"b"});
  EXPECT_TRUE(small.Task(Verb::kComplete, "clerk", "b"));
  EXPECT_TRUE(small.Ended());
  EXPECT_TRUE(small.rows.empty());
}

TEST(Tokens, WaitAtAParallelJoinForEveryBranch) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:parallelGateway id=\"f\"/>" + User("a") + User("b") +
            "<bpmn:parallelGateway id=\"j\"/><bpmn:endEvent id=\"e\"/>" + Flow("s", "f") +
            Flow("f", "a") + Flow("f", "b") + Flow("a", "j") + Flow("b", "j") + Flow("j", "e"))));
  w.Start();
  EXPECT_EQ(w.Tasks(), (Names{"a", "b"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "clerk", "a"));
  EXPECT_FALSE(w.Ended());
  EXPECT_TRUE(w.Task(Verb::kComplete, "clerk", "b"));
  EXPECT_TRUE(w.Ended());
}

// An inclusive join waits for a token that is still upstream, however far, and for no other
// (BPMN 2.0.2, 13.4.3).
TEST(Tokens, WaitAtAnInclusiveJoinOnlyForWhatCanStillCome) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:inclusiveGateway id=\"f\" default=\"f-c\"/>" +
            User("a") + User("a2") + User("b") + User("c") + "<bpmn:inclusiveGateway id=\"j\"/>" +
            User("z") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "f") + Flow("f", "a", "x") +
            Flow("f", "b", "y") + Flow("f", "c") + Flow("a", "a2") + Flow("a2", "j") +
            Flow("b", "j") + Flow("c", "j") + Flow("j", "z") + Flow("z", "e"))));
  w.Start({{"x", true}, {"y", true}});
  EXPECT_EQ(w.Tasks(), (Names{"a", "b"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "clerk", "b"));
  EXPECT_EQ(w.Tasks(), Names{"a"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "clerk", "a"));
  EXPECT_EQ(w.Tasks(), Names{"a2"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "clerk", "a2"));
  EXPECT_EQ(w.Tasks(), Names{"z"});
}

TEST(Tokens, StandAsAnIncidentWhereNoFlowCanBeTaken) {
  World w(DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:exclusiveGateway id=\"x\"/>" +
                            User("a") + User("b") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "x") +
                            Flow("x", "a", "n = 1") + Flow("x", "b", "n = 2") + Flow("a", "e") +
                            Flow("b", "e"))));
  w.Start({{"n", 3}});
  ASSERT_EQ(w.Rows(RowKind::kIncident).size(), 1U);
  Command retry;
  retry.verb = Verb::kRetry;
  retry.key = w.KeyOf("x");
  EXPECT_EQ(w.Do(retry).error().code(), "flow.not_administrator");
  retry.actor.administrator = true;
  EXPECT_TRUE(w.Do(retry));
  ASSERT_EQ(w.Rows(RowKind::kIncident).size(), 1U);
  retry.key = w.KeyOf("x");
  retry.variables = {{"n", 2}};
  EXPECT_TRUE(w.Do(retry));
  EXPECT_EQ(w.Tasks(), Names{"b"});
  EXPECT_TRUE(w.Rows(RowKind::kIncident).empty());
}

TEST(Tokens, OfARunawayLoopAreStopped) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:task id=\"a\"/>" + Flow("s", "a") + Flow("a", "a"))));
  Effects effects;
  auto started = w.engine.Start(*w.definition, {}, w.now, effects);
  ASSERT_TRUE(started);
  EXPECT_EQ(RowsOf(*w.definition, *started).front().name, "runaway");
}

TEST(Timers, InterruptAnActivityAndRepeatBesideIt) {
  auto timer = [](const std::string& id, bool stops, const std::string& time) {
    return "<bpmn:boundaryEvent id=\"" + id + "\" attachedToRef=\"a\" cancelActivity=\"" +
           (stops ? "true" : "false") + "\"><bpmn:timerEventDefinition>" + time +
           "</bpmn:timerEventDefinition></bpmn:boundaryEvent>";
  };
  World w(DeployModel(Model("<bpmn:startEvent id=\"s\"/>" + User("a") +
                            timer("r", false, "<bpmn:timeCycle>R2/PT10M</bpmn:timeCycle>") +
                            timer("t", true, "<bpmn:timeDuration>PT1H</bpmn:timeDuration>") +
                            "<bpmn:task id=\"remind\"/>" + User("late") +
                            "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "e") +
                            Flow("r", "remind") + Flow("t", "late"))));
  w.Start();
  EXPECT_EQ(w.Rows(RowKind::kTimer).size(), 2U);
  w.Advance(minutes(10));
  w.Advance(minutes(10));
  EXPECT_EQ(w.Rows(RowKind::kTimer).size(), 1U);
  w.Advance(minutes(30));
  EXPECT_EQ(w.Tasks(), Names{"a"});
  w.Advance(minutes(10));
  EXPECT_EQ(w.Tasks(), Names{"late"});
  auto trace = w.Trace();
  EXPECT_EQ(std::count(trace.begin(), trace.end(), "remind"), 2);
}

TEST(Timers, AfterDowntimeFireOnceNotAsAStorm) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/>" + User("a") +
            "<bpmn:boundaryEvent id=\"r\" attachedToRef=\"a\" cancelActivity=\"false\">"
            "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1M</bpmn:timeCycle>"
            "</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:task id=\"remind\"/>"
            "<bpmn:endEvent id=\"e\"/>" +
            Flow("s", "a") + Flow("a", "e") + Flow("r", "remind"))));
  w.Start();
  w.Advance(hours(24) + seconds(30));
  auto trace = w.Trace();
  EXPECT_EQ(std::count(trace.begin(), trace.end(), "remind"), 1);
  auto row = std::find_if(w.rows.begin(), w.rows.end(),
                          [](const Row& r) { return r.kind == RowKind::kTimer; });
  ASSERT_NE(row, w.rows.end());
  EXPECT_GT(row->due, ToMicros(w.now));
  EXPECT_LE(row->due, ToMicros(w.now + minutes(1)));
}

TEST(Timers, CountWorkingDaysOfALegalDeadline) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:intermediateCatchEvent id=\"t\">"
            "<bpmn:timerEventDefinition><bpmn:extensionElements><city:deadline days=\"5\" "
            "calendar=\"statutory\"/></bpmn:extensionElements></bpmn:timerEventDefinition>"
            "</bpmn:intermediateCatchEvent><bpmn:endEvent id=\"e\"/>" +
            Flow("s", "t") + Flow("t", "e"))));
  w.Start();
  ASSERT_EQ(w.rows.size(), 1U);
  // From Thursday 1 January: Fri 2, Mon 5, Tue 6, Wed 7, Thu 8.
  EXPECT_EQ(IsoChina(FromMicros(w.rows[0].due)), "2026-01-08T08:00:00+08:00");
}

TEST(Errors, AreCaughtAtTheNearestBoundaryThatMatches) {
  std::string outside =
      "<bpmn:error id=\"E1\" errorCode=\"one\"/><bpmn:error id=\"E2\" errorCode=\"two\"/>";
  auto boundary = [](const std::string& id, const std::string& ref) {
    return "<bpmn:boundaryEvent id=\"" + id +
           "\" attachedToRef=\"sub\"><bpmn:errorEventDefinition" +
           (ref.empty() ? "" : " errorRef=\"" + ref + "\"") + "/></bpmn:boundaryEvent>";
  };
  auto model = Model(
      "<bpmn:startEvent id=\"s\"/><bpmn:subProcess id=\"sub\"><bpmn:startEvent id=\"ss\"/>"
      "<bpmn:serviceTask id=\"work\"><bpmn:extensionElements><zeebe:taskDefinition type=\"call\"/>"
      "</bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id=\"se\"/>" +
          Flow("ss", "work") + Flow("work", "se") + "</bpmn:subProcess>" + boundary("any", "") +
          boundary("one", "E1") + User("handled-any") + User("handled-one") +
          "<bpmn:endEvent id=\"e\"/>" + Flow("s", "sub") + Flow("sub", "e") +
          Flow("any", "handled-any") + Flow("one", "handled-one"),
      outside);
  for (auto [code, task] : {std::pair("one", "handled-one"), std::pair("two", "handled-any")}) {
    World w(DeployModel(model));
    w.Start();
    EXPECT_EQ(w.Rows(RowKind::kJob), Names{"call"});
    auto c = Job(w, "work", Verb::kThrowError);
    c.name = code;
    EXPECT_TRUE(w.Do(c));
    EXPECT_EQ(w.Tasks(), Names{task});
    EXPECT_TRUE(w.Rows(RowKind::kJob).empty());
  }
}

TEST(Jobs, BecomeAnIncidentWhenRetriesAreUsedUpAndRecover) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:serviceTask id=\"work\"><bpmn:extensionElements>"
            "<zeebe:taskDefinition type=\"call\" retries=\"2\"/><zeebe:ioMapping>"
            "<zeebe:output source=\"=answer\" target=\"result.code\"/></zeebe:ioMapping>"
            "</bpmn:extensionElements></bpmn:serviceTask>" +
            User("a") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "work") + Flow("work", "a") +
            Flow("a", "e"))));
  w.Start();
  auto fail = Job(w, "work", Verb::kFailJob);
  fail.number = 1;
  EXPECT_TRUE(w.Do(fail));
  EXPECT_EQ(w.Rows(RowKind::kJob).size(), 1U);
  fail.number = 0;
  fail.reason = "no answer";
  EXPECT_TRUE(w.Do(fail));
  EXPECT_EQ(w.Rows(RowKind::kIncident), Names{"job=no answer"});
  Command retry;
  retry.verb = Verb::kRetry;
  retry.key = w.KeyOf("work");
  retry.actor.administrator = true;
  EXPECT_TRUE(w.Do(retry));
  EXPECT_EQ(w.Rows(RowKind::kJob).size(), 1U);
  auto done = Job(w, "work");
  done.variables = {{"answer", 7}};
  EXPECT_TRUE(w.Do(done));
  EXPECT_EQ(w.Tasks(), Names{"a"});
  EXPECT_EQ(ToText(w.Var("result")), R"({"code":7})");
  EXPECT_EQ(w.Do(done).error().code(), "flow.no_such_job");
}

TEST(Incidents, CanBeSkipped) {
  World w(DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:exclusiveGateway id=\"x\"/>" +
                            User("a") + User("b") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "x") +
                            Flow("x", "a", "n = 1") + Flow("x", "b", "n = 2") + Flow("a", "e") +
                            Flow("b", "e"))));
  w.Start({{"n", 3}});
  Command skip;
  skip.verb = Verb::kSkip;
  skip.key = w.KeyOf("x");
  skip.name = "b";
  skip.actor.administrator = true;
  EXPECT_TRUE(w.Do(skip));
  EXPECT_EQ(w.Tasks(), Names{"b"});
}

TEST(Loops, RunOneAfterTheOtherOverACollection) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"a\"><bpmn:extensionElements>"
            "<zeebe:assignmentDefinition assignee=\"=who\"/></bpmn:extensionElements>"
            "<bpmn:multiInstanceLoopCharacteristics isSequential=\"true\"><bpmn:extensionElements>"
            "<zeebe:loopCharacteristics inputCollection=\"=people\" inputElement=\"who\" "
            "outputCollection=\"answers\" outputElement=\"=answer\"/></bpmn:extensionElements>"
            "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask><bpmn:endEvent id=\"e\"/>" +
            Flow("s", "a") + Flow("a", "e"))));
  w.Start({{"people", {"li", "wang"}}});
  EXPECT_EQ(w.People("a"), Names{"li"});
  Command c;
  c.verb = Verb::kComplete;
  c.key = w.rows[0].key;
  c.actor.id = "li";
  c.variables = {{"answer", 1}};
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.People("a"), Names{"wang"});
  c.key = w.rows[0].key;
  c.actor.id = "wang";
  c.variables = {{"answer", 2}};
  EXPECT_TRUE(w.Do(c));
  EXPECT_TRUE(w.Ended());
  EXPECT_EQ(ToText(w.Var("answers")), "[1,2]");
}

TEST(Loops, InParallelEndEarlyOnTheirCompletionCondition) {
  World w(DeployModel(Model(
      "<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"a\">"
      "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>5</bpmn:loopCardinality>"
      "<bpmn:completionCondition>numberOfCompletedInstances &gt;= 2</bpmn:completionCondition>"
      "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>" +
      User("z") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "z") + Flow("z", "e"))));
  w.Start();
  EXPECT_EQ(w.Tasks().size(), 5U);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(w.Task(Verb::kClaim, "li", "a"));
    EXPECT_TRUE(w.Task(Verb::kComplete, "li", "a"));
  }
  EXPECT_EQ(w.Tasks(), Names{"z"});
}

TEST(Loops, OfManyInstancesNeedNoDeepStack) {
  std::string script =
      "<bpmn:extensionElements><zeebe:script expression=\"=n + 1\" resultVariable=\"n\"/>"
      "</bpmn:extensionElements>";
  World w(DeployModel(Model(
      "<bpmn:startEvent id=\"s\"/><bpmn:scriptTask id=\"a\">" + script +
      "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>n &lt; 9000</bpmn:loopCondition>"
      "</bpmn:standardLoopCharacteristics></bpmn:scriptTask><bpmn:scriptTask id=\"b\">" +
      script +
      "<bpmn:multiInstanceLoopCharacteristics isSequential=\"true\"><bpmn:loopCardinality>9000"
      "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:scriptTask>"
      "<bpmn:endEvent id=\"e\"/>" +
      Flow("s", "a") + Flow("a", "b") + Flow("b", "e"))));
  w.Start({{"n", 0}});
  EXPECT_TRUE(w.Ended());
  EXPECT_EQ(ToText(w.Var("n")), "18000");
}

TEST(Compensation, RunsHandlersLastFirst) {
  auto undoable = [](const std::string& id) {
    return "<bpmn:task id=\"" + id + "\"/><bpmn:boundaryEvent id=\"c" + id + "\" attachedToRef=\"" +
           id +
           "\"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent><bpmn:userTask id=\"undo-" +
           id + "\" isForCompensation=\"true\"/><bpmn:association id=\"as" + id +
           "\" sourceRef=\"c" + id + "\" targetRef=\"undo-" + id +
           "\" associationDirection=\"One\"/>";
  };
  World w(
      DeployModel(Model("<bpmn:startEvent id=\"s\"/>" + undoable("a") + undoable("b") +
                        "<bpmn:intermediateThrowEvent id=\"t\"><bpmn:compensateEventDefinition/>"
                        "</bpmn:intermediateThrowEvent><bpmn:endEvent id=\"e\"/>" +
                        Flow("s", "a") + Flow("a", "b") + Flow("b", "t") + Flow("t", "e"))));
  w.Start();
  EXPECT_EQ(w.Tasks(), Names{"undo-b"});
  EXPECT_TRUE(w.Task(Verb::kClaim, "li", "undo-b"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "undo-b"));
  EXPECT_EQ(w.Tasks(), Names{"undo-a"});
  EXPECT_TRUE(w.Task(Verb::kClaim, "li", "undo-a"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "undo-a"));
  EXPECT_TRUE(w.Ended());
}

TEST(Messages, ReachTheSubscriptionWithTheirKey) {
  std::string outside =
      "<bpmn:message id=\"m\" name=\"paid\"><bpmn:extensionElements><zeebe:subscription "
      "correlationKey=\"=order\"/></bpmn:extensionElements></bpmn:message>";
  World w(
      DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:receiveTask id=\"r\" messageRef=\"m\"/>"
                        "<bpmn:endEvent id=\"e\"/>" +
                            Flow("s", "r") + Flow("r", "e"),
                        outside)));
  w.Start({{"order", "A1"}});
  EXPECT_EQ(w.Rows(RowKind::kMessage), Names{"paid=A1"});
  Command c;
  c.verb = Verb::kMessage;
  c.name = "paid";
  c.correlation = "A2";
  EXPECT_EQ(w.Do(c).error().code(), "flow.no_subscription");
  c.correlation = "A1";
  c.variables = {{"sum", 12}};
  EXPECT_TRUE(w.Do(c));
  EXPECT_TRUE(w.Ended());
  EXPECT_EQ(ToText(w.Var("sum")), "12");
}

TEST(Calls, PassVariablesInAndOut) {
  std::string called =
      "<bpmn:process id=\"q\" isExecutable=\"false\"><bpmn:startEvent id=\"qs\"/>"
      "<bpmn:scriptTask id=\"qa\"><bpmn:extensionElements><zeebe:script expression=\"=n + 1\" "
      "resultVariable=\"m\"/></bpmn:extensionElements></bpmn:scriptTask><bpmn:endEvent "
      "id=\"qe\"/>" +
      Flow("qs", "qa") + Flow("qa", "qe") + "</bpmn:process>";
  World w(
      DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:callActivity id=\"c\" "
                        "calledElement=\"q\"/>" +
                            User("a") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "c") +
                            Flow("c", "a") + Flow("a", "e"),
                        called)));
  w.Start({{"n", 41}});
  EXPECT_EQ(w.Tasks(), Names{"a"});
  EXPECT_EQ(ToText(w.Var("m")), "42");
}

TEST(Instances, SuspendResumeAndTerminate) {
  World w(DeployModel(Model("<bpmn:startEvent id=\"s\"/>" + User("a") +
                            "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "e"))));
  w.Start();
  Command c;
  c.verb = Verb::kSuspend;
  c.actor.administrator = true;
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Task(Verb::kComplete, "clerk", "a").error().code(), "flow.suspended");
  EXPECT_TRUE(w.Tasks().empty());
  c.verb = Verb::kResume;
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Do(c).error().code(), "flow.not_suspended");
  EXPECT_EQ(w.Tasks(), Names{"a"});
  c.verb = Verb::kTerminate;
  EXPECT_EQ(w.Do(c).error().code(), "flow.needs_reason");
  c.reason = "applied twice";
  EXPECT_TRUE(w.Do(c));
  EXPECT_TRUE(w.Ended());
  EXPECT_EQ(w.Do(c).error().code(), "flow.ended");
}

TEST(Repair, NeedsAnIncidentAndAScopeThatExist) {
  World w(DeployModel(Model("<bpmn:startEvent id=\"s\"/>" + User("a") +
                            "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "e"))));
  w.Start();
  Command c;
  c.actor.administrator = true;
  c.key = 77;
  c.verb = Verb::kRetry;
  EXPECT_EQ(w.Do(c).error().code(), "flow.no_such_incident");
  c.verb = Verb::kSetVariables;
  EXPECT_EQ(w.Do(c).error().code(), "flow.no_variable_scope");
  EXPECT_EQ(Host().Decide("any", {}).error().code(), "flow.bad_expression");
}

TEST(Starting, NeedsAProcessThatExists) {
  World w(
      DeployModel(Model("<bpmn:startEvent id=\"s\"/><bpmn:endEvent id=\"e\"/>" + Flow("s", "e"))));
  Effects effects;
  StartRequest request;
  request.process = "other";
  EXPECT_EQ(w.engine.Start(*w.definition, request, w.now, effects).error().code(),
            "flow.no_such_process");
}

}  // namespace
}  // namespace city::flow
