// SPDX-License-Identifier: Apache-2.0
// Processes on both stores: every promise of the runtime, and its invariants after each step.
#include "engines/flow/runtime.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/testing/world.h"
#include "ledger/ledger.h"
#include "parts/store/testing/engines.h"

namespace city::flow {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Flow;
using testing::Model;

std::string User(const std::string& id, const std::string& who) {
  return "<bpmn:userTask id=\"" + id + "\" name=\"" + id +
         "\"><bpmn:extensionElements><zeebe:assignmentDefinition " + who +
         "/></bpmn:extensionElements></bpmn:userTask>";
}

class RuntimeTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ASSERT_TRUE(store_);
    auto migrated = store_->Migrate(Runtime::Schema());
    ASSERT_TRUE(migrated) << migrated.error().ToLine();
    ledger_ = ledger::Ledger::Open(*store_, clock_, keys_.get()).value();
    RuntimeOptions options;
    options.vault = ledger_->OpenVault({std::string(kVaultType)}).value();
    runtime_ = std::make_unique<Runtime>(*store_, clock_, std::move(options));
  }
  Deployment Deploy(const std::string& xml) {
    auto d = runtime_->Deploy(xml, {"root", {}, {}, true});
    EXPECT_TRUE(d) << (d ? "" : d.error().ToLine());
    return d ? *d : Deployment{};
  }
  InstanceRef Start(const std::string& process = "p", const json::object& variables = {}) {
    StartOptions options;
    options.process = process;
    options.variables = variables;
    options.actor.id = "applicant";
    auto ref = runtime_->Start("440200", options);
    EXPECT_TRUE(ref) << (ref ? "" : ref.error().ToLine());
    return ref ? *ref : InstanceRef{};
  }
  std::vector<TaskItem> List(const std::string& person) {
    TaskQuery query;
    query.region = "440200";
    query.person = person;
    query.limit = 500;
    auto tasks = runtime_->Tasks(query);
    EXPECT_TRUE(tasks);
    return tasks ? *tasks : std::vector<TaskItem>();
  }
  Result<StepDone> Complete(const TaskItem& task, const std::string& person) {
    Command command;
    command.verb = Verb::kComplete;
    command.key = task.key;
    command.seat = task.seat;
    command.actor.id = person;
    return runtime_->Do(task.instance, command);
  }
  void Sound(const InstanceRef& ref) {
    auto problem = runtime_->Verify(ref);
    ASSERT_TRUE(problem) << problem.error().ToLine();
    EXPECT_EQ(*problem, "");
  }

  store::testing::FreshPlace place_{GetParam()};
  std::unique_ptr<store::Store> store_;
  ManualClock clock_{FromMicros(1'767'225'600'000'000)};
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<Runtime> runtime_;
};

const std::string kTwoSteps =
    Model("<bpmn:startEvent id=\"s\"/>" + User("check", "assignee=\"li\"") +
          User("sign", "candidateGroups=\"leaders\"") + "<bpmn:endEvent id=\"e\"/>" +
          Flow("s", "check") + Flow("check", "sign") + Flow("sign", "e"));

TEST_P(RuntimeTest, RunsAProcessFromListToList) {
  Deploy(kTwoSteps);
  auto ref = Start();
  Sound(ref);
  auto tasks = List("li");
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].node, "check");
  ASSERT_TRUE(Complete(tasks[0], "li"));
  Sound(ref);
  TaskQuery query;
  query.region = "440200";
  query.groups = {"leaders", "others"};
  query.offered = true;
  auto offered = runtime_->Tasks(query);
  ASSERT_TRUE(offered);
  ASSERT_EQ(offered->size(), 1U);
  Command claim;
  claim.verb = Verb::kClaim;
  claim.key = (*offered)[0].key;
  claim.actor = {"sun", {"leaders"}, {}, false};
  ASSERT_TRUE(runtime_->Do(ref, claim));
  Sound(ref);
  EXPECT_TRUE(runtime_->Tasks(query)->empty());
  auto done = Complete(List("sun").at(0), "sun");
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->ended);
  Sound(ref);
  auto history = runtime_->History(ref);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 4U);
  EXPECT_EQ((*history)[2].verb, "claim");
  EXPECT_EQ((*history)[2].actor, "sun");
  EXPECT_EQ(Complete(tasks[0], "li").error().code(), "flow.ended");
  auto statistics = runtime_->Statistics(tasks[0].definition, 100);
  ASSERT_TRUE(statistics) << statistics.error().ToLine();
  EXPECT_EQ(statistics->at("check").passed, 1);
  EXPECT_EQ(statistics->at("sign").waiting, 0);
}

TEST_P(RuntimeTest, KeepsVersionsApartAndDropsRepeatedDeployments) {
  auto first = Deploy(kTwoSteps);
  EXPECT_EQ(first.version, 1);
  auto old = Start();
  EXPECT_TRUE(Deploy(kTwoSteps).unchanged);
  auto xml = kTwoSteps;
  xml.replace(xml.find("assignee=\"li\""), 13, "assignee=\"wu\"");
  auto second = Deploy(xml);
  EXPECT_EQ(second.version, 2);
  Start();
  EXPECT_EQ(List("li").size(), 1U);
  EXPECT_EQ(List("wu").size(), 1U);
  // Moving the old one to the new version: a dry run changes nothing.
  Actor root{"root", {}, {}, true};
  auto report = runtime_->Migrate(first.id, second.id, {}, root, true, 100);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->size(), 1U);
  EXPECT_FALSE((*report)[0].error);
  EXPECT_EQ(runtime_->Load(old)->first.version, 1U);
  report = runtime_->Migrate(first.id, second.id, {}, root, false, 100);
  ASSERT_TRUE(report);
  EXPECT_FALSE((*report)[0].error);
  Sound(old);
  EXPECT_EQ(List("li").at(0).definition, second.id);
}

TEST_P(RuntimeTest, MigratesABatchAndLeavesTheMisfitAlone) {
  auto first = Deploy(kTwoSteps);
  std::vector<InstanceRef> refs;
  for (int i = 0; i < 70; ++i) refs.push_back(Start());
  // One has gone on to a step that the new version does not have.
  auto tasks = List("li");
  ASSERT_TRUE(Complete(tasks[3], "li"));
  auto second = Deploy(Model("<bpmn:startEvent id=\"s\"/>" + User("check", "assignee=\"li\"") +
                             User("other", "assignee=\"wu\"") + "<bpmn:endEvent id=\"e\"/>" +
                             Flow("s", "check") + Flow("check", "other") + Flow("other", "e")));
  Actor root{"root", {}, {}, true};
  for (bool dry_run : {true, false}) {
    auto report = runtime_->Migrate(first.id, second.id, {}, root, dry_run, 1000);
    ASSERT_TRUE(report);
    ASSERT_EQ(report->size(), 70U);
    int refused = 0;
    for (const auto& item : *report) {
      if (!item.error) continue;
      ++refused;
      EXPECT_EQ(item.instance.id, tasks[3].instance.id);
      EXPECT_EQ(item.error->details.at(0).pointer, "sign");
    }
    EXPECT_EQ(refused, 1);
  }
  for (const auto& ref : refs) Sound(ref);
  EXPECT_EQ(runtime_->Migrate(first.id, second.id, {}, root, true, 1000)->size(), 1U);
}

TEST_P(RuntimeTest, FiresTimersThatAreDueOnce) {
  Deploy(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:intermediateCatchEvent id=\"t\">"
            "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
            "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>" +
            User("a", "assignee=\"li\"") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "t") +
            Flow("t", "a") + Flow("a", "e")));
  auto ref = Start();
  EXPECT_EQ(*runtime_->FireDue(100), 0);
  clock_.Advance(hours(1));
  EXPECT_EQ(*runtime_->FireDue(100), 1);
  EXPECT_EQ(*runtime_->FireDue(100), 0);
  EXPECT_EQ(List("li").size(), 1U);
  Sound(ref);
}

TEST_P(RuntimeTest, StartsProcessesOnTimeAndNotTwiceAfterRedeployment) {
  auto model = [](const std::string& name) {
    return Model(
        "<bpmn:startEvent id=\"s\"><bpmn:timerEventDefinition>"
        "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
        "</bpmn:startEvent><bpmn:userTask id=\"a\" name=\"" +
        name +
        "\"><bpmn:extensionElements><zeebe:assignmentDefinition assignee=\"li\"/>"
        "</bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id=\"e\"/>" +
        Flow("s", "a") + Flow("a", "e"));
  };
  Deploy(model("one"));
  Deploy(model("two"));
  clock_.Advance(hours(5) + minutes(1));
  EXPECT_EQ(*runtime_->FireDue(100), 1);
  EXPECT_EQ(*runtime_->FireDue(100), 0);
  clock_.Advance(hours(1));
  EXPECT_EQ(*runtime_->FireDue(100), 1);
}

TEST_P(RuntimeTest, GivesAJobToOneWorkerAndTakesItsAnswer) {
  Deploy(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:serviceTask id=\"j\"><bpmn:extensionElements>"
            "<zeebe:taskDefinition type=\"pay\"/></bpmn:extensionElements></bpmn:serviceTask>"
            "<bpmn:endEvent id=\"e\"/>" +
            Flow("s", "j") + Flow("j", "e")));
  auto ref = Start();
  auto jobs = runtime_->TakeJobs("pay", 10, seconds(60));
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 1U);
  EXPECT_TRUE(runtime_->TakeJobs("pay", 10, seconds(60))->empty());
  clock_.Advance(seconds(61));
  EXPECT_EQ(runtime_->TakeJobs("pay", 10, seconds(60))->size(), 1U);
  Command fail;
  fail.verb = Verb::kFailJob;
  fail.key = (*jobs)[0].key;
  fail.reason = "bank closed";
  ASSERT_TRUE(runtime_->Do(ref, fail));
  auto incidents = runtime_->Incidents("440200", 10);
  ASSERT_EQ(incidents->size(), 1U);
  EXPECT_EQ((*incidents)[0].message, "bank closed");
  Sound(ref);
  auto results = runtime_->RetryAll(*incidents, {"root", {}, {}, true});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].error);
  Command done;
  done.verb = Verb::kCompleteJob;
  done.key = (*jobs)[0].key;
  EXPECT_TRUE(runtime_->Do(ref, done)->ended);
  EXPECT_EQ(runtime_->RemoveEnded(clock_.Now() + hours(1), 10).value(), 1);
  EXPECT_EQ(runtime_->Load(ref).error().code(), "flow.no_such_instance");
}

TEST_P(RuntimeTest, DeliversAMessageOnceWheneverItComes) {
  Deploy(Model("<bpmn:startEvent id=\"s\"/>" + User("a", "assignee=\"li\"") +
                   "<bpmn:receiveTask id=\"r\" messageRef=\"m\"/><bpmn:endEvent id=\"e\"/>" +
                   Flow("s", "a") + Flow("a", "r") + Flow("r", "e"),
               "<bpmn:message id=\"m\" name=\"paid\"><bpmn:extensionElements>"
               "<zeebe:subscription correlationKey=\"=order\"/></bpmn:extensionElements>"
               "</bpmn:message>"));
  auto early = Start("p", {{"order", "A"}});
  // Nobody waits yet: it is kept, and its repetition is not.
  EXPECT_FALSE(*runtime_->Publish("440200", "id-1", "paid", "A", {{"sum", 5}}, seconds(60)));
  EXPECT_FALSE(*runtime_->Publish("440200", "id-1", "paid", "A", {{"sum", 5}}, seconds(60)));
  auto done = Complete(List("li").at(0), "li");
  ASSERT_TRUE(done) << done.error().ToLine();
  EXPECT_TRUE(runtime_->Load(early)->first.ended());
  Sound(early);
  auto late = Start("p", {{"order", "B"}});
  ASSERT_TRUE(Complete(List("li").at(0), "li"));
  EXPECT_FALSE(runtime_->Load(late)->first.ended());
  EXPECT_TRUE(*runtime_->Publish("440200", "id-2", "paid", "B", {}, seconds(60)));
  EXPECT_TRUE(runtime_->Load(late)->first.ended());
}

TEST_P(RuntimeTest, CarriesMessagesAndSignalsBetweenProcesses) {
  std::string outside =
      "<bpmn:message id=\"m\" name=\"go\"/><bpmn:signal id=\"sig\" name=\"alarm\"/>";
  std::string listener =
      "<bpmn:process id=\"q\" isExecutable=\"true\"><bpmn:startEvent id=\"qs\">"
      "<bpmn:messageEventDefinition messageRef=\"m\"/></bpmn:startEvent>"
      "<bpmn:intermediateCatchEvent id=\"qc\"><bpmn:signalEventDefinition signalRef=\"sig\"/>"
      "</bpmn:intermediateCatchEvent>" +
      User("qa", "assignee=\"li\"") + "<bpmn:endEvent id=\"qe\"/>" + Flow("qs", "qc") +
      Flow("qc", "qa") + Flow("qa", "qe") + "</bpmn:process>";
  Deploy(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:intermediateThrowEvent id=\"t\">"
            "<bpmn:messageEventDefinition messageRef=\"m\"/></bpmn:intermediateThrowEvent>" +
                User("a", "assignee=\"li\"") +
                "<bpmn:endEvent id=\"e\"><bpmn:signalEventDefinition signalRef=\"sig\"/>"
                "</bpmn:endEvent>" +
                Flow("s", "t") + Flow("t", "a") + Flow("a", "e"),
            outside + listener));
  Start();
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 1);
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 0);
  ASSERT_TRUE(Complete(List("li").at(0), "li"));
  EXPECT_TRUE(List("li").empty());
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 1);
  ASSERT_EQ(List("li").size(), 1U);
  EXPECT_EQ(List("li")[0].node, "qa");
}

TEST_P(RuntimeTest, LeavesNothingOfARefusedStep) {
  Deploy(kTwoSteps);
  auto ref = Start();
  auto task = List("li").at(0);
  EXPECT_EQ(Complete(task, "wu").error().code(), "flow.not_yours");
  EXPECT_EQ(runtime_->Load(ref)->first.version, 1U);
  EXPECT_EQ(runtime_->History(ref)->size(), 1U);
  EXPECT_EQ(runtime_->Do({"440200", "nobody"}, {}).error().code(), "flow.no_such_instance");
  StartOptions options;
  options.process = "unknown";
  EXPECT_EQ(runtime_->Start("440200", options).error().code(), "flow.no_such_process");
}

TEST_P(RuntimeTest, StartsOnceForAnIdOfTheCallers) {
  Deploy(kTwoSteps);
  StartOptions options;
  options.process = "p";
  options.id = "case-1";
  EXPECT_TRUE(runtime_->Start("440200", options));
  EXPECT_EQ(runtime_->Start("440200", options).error().kind(), Kind::kConflict);
  EXPECT_EQ(List("li").size(), 1U);
}

TEST_P(RuntimeTest, KeepsWhatInstancesKnowSealed) {
  const std::string secret = "449999199001010019";
  Deploy(Model("<bpmn:startEvent id=\"s\"/>" + User("a", "assignee=\"li\"") +
                   "<bpmn:intermediateThrowEvent id=\"t\"><bpmn:messageEventDefinition"
                   " messageRef=\"out\"/></bpmn:intermediateThrowEvent>"
                   "<bpmn:receiveTask id=\"r\" messageRef=\"m\"/><bpmn:endEvent id=\"e\"/>" +
                   Flow("s", "a") + Flow("a", "t") + Flow("t", "r") + Flow("r", "e"),
               "<bpmn:message id=\"m\" name=\"paid\"><bpmn:extensionElements>"
               "<zeebe:subscription correlationKey=\"=who\"/></bpmn:extensionElements>"
               "</bpmn:message><bpmn:message id=\"out\" name=\"asked\"/>"));
  auto one = Start("p", {{"who", secret}});
  auto other = Start("p", {{"who", "another"}});
  auto tasks = List("li");
  ASSERT_EQ(tasks.size(), 2U);
  auto body = [&](const InstanceRef& ref) {
    auto snapshot = *store_->Read();
    auto rows = *snapshot->Query("select body from flow_instance where id = $1", {ref.id});
    EXPECT_TRUE(rows.Next());
    return std::string(rows.Blob(0));
  };
  std::string before = body(one);
  for (const auto& task : tasks) ASSERT_TRUE(Complete(task, "li"));
  // Kept for a time when nobody waits for it.
  ASSERT_TRUE(runtime_->Publish("440200", "id-9", "unheard", secret, {{"n", secret}}, seconds(60)));
  {
    auto snapshot = *store_->Read();
    std::string all;
    for (const char* sql :
         {"select body, body from flow_instance", "select lines, lines from flow_log"}) {
      auto rows = *snapshot->Query(sql, {});
      while (rows.Next()) all += rows.Blob(0);
    }
    for (const char* sql :
         {"select value, name from flow_wait", "select value, body from flow_inbox",
          "select value, body from flow_outbox", "select name, body from flow_outbox"}) {
      auto rows = *snapshot->Query(sql, {});
      int count = 0;
      for (; rows.Next(); ++count) all += std::string(rows.Text(0)) + std::string(rows.Text(1));
      EXPECT_GT(count, 0) << sql;
    }
    EXPECT_GT(all.size(), 1000U);
    EXPECT_EQ(all.find(secret), std::string::npos);
    EXPECT_EQ(all.find("who"), std::string::npos);
  }
  Sound(one);
  EXPECT_EQ(runtime_->History(one)->size(), 2U);
  EXPECT_TRUE(*runtime_->Publish("440200", "id-1", "paid", secret, {}, seconds(60)));
  EXPECT_TRUE(runtime_->Load(one)->first.ended());
  // The state of another, or its own of an earlier step, is not taken for its own.
  for (const std::string& wrong : {body(one), before}) {
    ASSERT_TRUE(store_->Command("440200", [&](store::Tx& tx) -> Result<void> {
      return tx.Enqueue("update flow_instance set body = $1 where id = $2",
                        {store::Bytes{wrong}, other.id});
    }));
    EXPECT_EQ(runtime_->Load(other).error().code(), "crypto.altered");
  }
}

TEST_P(RuntimeTest, GoesOnWithWhatWasStoredInClear) {
  Deploy(Model("<bpmn:startEvent id=\"s\"/><bpmn:receiveTask id=\"r\" messageRef=\"m\"/>" +
                   User("a", "assignee=\"li\"") + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "r") +
                   Flow("r", "a") + Flow("a", "e"),
               "<bpmn:message id=\"m\" name=\"paid\"><bpmn:extensionElements>"
               "<zeebe:subscription correlationKey=\"=order\"/></bpmn:extensionElements>"
               "</bpmn:message>"));
  Runtime before(*store_, clock_);
  StartOptions options;
  options.process = "p";
  options.variables = {{"order", "A"}};
  auto ref = before.Start("440200", options);
  ASSERT_TRUE(ref) << ref.error().ToLine();
  EXPECT_TRUE(*runtime_->Publish("440200", "id-1", "paid", "A", {}, seconds(60)));
  ASSERT_EQ(List("li").size(), 1U);
  // And without the keys nothing is read any more.
  EXPECT_EQ(before.Load(*ref).error().code(), "flow.sealed");
  ASSERT_TRUE(Complete(List("li").at(0), "li"));
  Sound(*ref);
}

INSTANTIATE_TEST_SUITE_P(Engines, RuntimeTest,
                         ::testing::Values(store::Dialect::kSqlite, store::Dialect::kPostgres),
                         store::testing::NameOf);

}  // namespace
}  // namespace city::flow
