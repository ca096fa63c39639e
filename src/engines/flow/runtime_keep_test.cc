// SPDX-License-Identifier: Apache-2.0
// Keeping, holding, removing and moving many instances, on both stores.
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/runtime.h"
#include "engines/flow/testing/world.h"
#include "parts/store/testing/engines.h"

namespace city::flow {
namespace {

using std::chrono::hours;
using testing::Flow;
using testing::Model;

class KeepingTest : public ::testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ASSERT_TRUE(store_);
    ASSERT_TRUE(store_->Migrate(Runtime::Schema()));
    runtime_ = std::make_unique<Runtime>(*store_, clock_);
  }
  std::string Steps(const std::string& more = {}) {
    return Model(
        "<bpmn:startEvent id=\"s\"/><bpmn:userTask id=\"check\"/>"
        "<bpmn:userTask id=\"extra\"/><bpmn:exclusiveGateway id=\"g\" default=\"d\"/>"
        "<bpmn:endEvent id=\"e\"/>" +
        more + Flow("s", "g") +
        "<bpmn:sequenceFlow id=\"d\" sourceRef=\"g\" targetRef=\"check\"/>"
        "<bpmn:sequenceFlow id=\"x\" sourceRef=\"g\" targetRef=\"extra\">"
        "<bpmn:conditionExpression "
        "xsi:type=\"bpmn:tFormalExpression\">=misfit</bpmn:conditionExpression></"
        "bpmn:sequenceFlow>" +
        Flow("check", "e") + Flow("extra", "e"));
  }
  InstanceRef Start(bool odd = false) {
    StartOptions options;
    options.process = "p";
    options.actor.id = "li";
    options.variables["misfit"] = odd;
    auto ref = runtime_->Start("440200", options);
    EXPECT_TRUE(ref) << (ref ? "" : ref.error().ToLine());
    return ref ? *ref : InstanceRef{};
  }
  void End(const InstanceRef& ref) {
    Command command;
    command.verb = Verb::kTerminate;
    command.reason = "done";
    command.actor = root_;
    ASSERT_TRUE(runtime_->Do(ref, command));
  }
  void Keep(const ProcessRule& rule) {
    ASSERT_TRUE(
        store_->Command("", [&](store::Tx& tx) { return runtime_->SetRule(tx, "p", rule); }));
  }

  store::testing::FreshPlace place_{GetParam()};
  std::unique_ptr<store::Store> store_;
  ManualClock clock_{FromMicros(1'767'225'600'000'000)};
  std::unique_ptr<Runtime> runtime_;
  Actor root_{"root", {}, {}, true};
};

TEST_P(KeepingTest, RemovesInBulkWhatIsPastItsTimeAndLeavesWhatIsHeld) {
  ASSERT_TRUE(runtime_->Deploy(Steps(), root_));
  auto ended = Start();
  auto held = Start();
  auto running = Start();
  End(ended);
  End(held);
  EXPECT_TRUE(runtime_->RemoveExpired("p", 100)->empty()) << "without a rule all is kept";
  Keep({"short", 10, false});
  ASSERT_TRUE(store_->Command(
      "", [&](store::Tx& tx) { return runtime_->Hold(tx, held, "law suit", root_); }));
  clock_.Advance(hours(24 * 10));
  EXPECT_TRUE(runtime_->RemoveExpired("p", 100)->empty()) << "the last day still counts";
  clock_.Advance(hours(1));
  auto report = runtime_->RemoveExpired("p", 100);
  ASSERT_TRUE(report) << report.error().ToLine();
  ASSERT_EQ(report->size(), 2U);
  EXPECT_EQ((*report)[0].instance.id, ended.id);
  EXPECT_FALSE((*report)[0].error);
  ASSERT_TRUE((*report)[1].error);
  EXPECT_EQ((*report)[1].error->code(), "flow.held");
  EXPECT_EQ(runtime_->Load(ended).error().code(), "flow.no_such_instance");
  EXPECT_TRUE(runtime_->Load(held));
  EXPECT_TRUE(runtime_->Load(running));
  EXPECT_EQ(*runtime_->RemoveEnded(clock_.Now(), 100), 0);
  InstanceQuery query;
  query.region = "440200";
  query.id = held.id;
  EXPECT_EQ(runtime_->Instances(query)->at(0).hold, "law suit");
  ASSERT_TRUE(
      store_->Command("", [&](store::Tx& tx) { return runtime_->Hold(tx, held, "", root_); }));
  EXPECT_EQ(runtime_->RemoveExpired("", 100)->size(), 1U);
  EXPECT_FALSE(runtime_->Load(held));
}

TEST_P(KeepingTest, RefusesToBeginWhatIsRetiredUntilItIsBroughtBack) {
  ASSERT_TRUE(runtime_->Deploy(Steps(), root_));
  Keep({"", 0, true});
  StartOptions options;
  options.process = "p";
  EXPECT_EQ(runtime_->Start("440200", options).error().code(), "flow.retired");
  EXPECT_TRUE(runtime_->RuleOf("p")->retired);
  Keep({"", 0, false});
  EXPECT_TRUE(runtime_->Start("440200", options));
}

TEST_P(KeepingTest, ListsInstancesNewestFirstAPageAtATime) {
  ASSERT_TRUE(runtime_->Deploy(Steps(), root_));
  std::vector<InstanceRef> refs;
  for (int i = 0; i < 5; ++i) {
    refs.push_back(Start());
    clock_.Advance(hours(1));
  }
  End(refs[2]);
  ASSERT_TRUE(
      store_->Command("", [&](store::Tx& tx) { return runtime_->NotePart(tx, refs[1], "wang"); }));
  InstanceQuery query;
  query.region = "440200";
  query.process = "p";
  query.limit = 2;
  auto page = runtime_->Instances(query);
  ASSERT_TRUE(page) << page.error().ToLine();
  ASSERT_EQ(page->size(), 2U);
  EXPECT_EQ((*page)[0].instance.id, refs[4].id);
  query.before_started = (*page)[1].started;
  query.before_id = (*page)[1].instance.id;
  page = runtime_->Instances(query);
  EXPECT_EQ((*page)[0].instance.id, refs[2].id);
  EXPECT_EQ((*page)[0].state, InstanceState::kTerminated);
  query = {};
  query.region = "440200";
  query.person = "wang";
  page = runtime_->Instances(query);
  ASSERT_EQ(page->size(), 1U);
  EXPECT_EQ((*page)[0].instance.id, refs[1].id);
  query.person.clear();
  query.state = InstanceState::kTerminated;
  EXPECT_EQ(runtime_->Instances(query)->size(), 1U);
}

TEST_P(KeepingTest, MovesTenThousandAfterADryRunAndLeavesTheMisfitAlone) {
  auto first = runtime_->Deploy(Steps(), root_);
  ASSERT_TRUE(first);
  const int kMany = GetParam() == store::Dialect::kSqlite ? 10'000 : 2'000;
  const int kMisfit = kMany / 2;
  InstanceRef misfit;
  std::vector<InstanceRef> sample;
  for (int i = 0; i < kMany; i += 100) {
    // A hundred a command, so that the test does not spend its time on commits.
    std::vector<InstanceRef> batch;
    ASSERT_TRUE(store_->Command("440200", [&](store::Tx& tx) -> Result<void> {
      batch.clear();
      for (int k = 0; k < 100; ++k) {
        StartOptions options;
        options.process = "p";
        options.actor.id = "li";
        options.variables["misfit"] = i + k == kMisfit;
        TRY(auto ref, runtime_->StartIn(tx, "440200", options));
        batch.push_back(ref);
      }
      return {};
    }));
    if (kMisfit / 100 == i / 100) misfit = batch[static_cast<std::size_t>(kMisfit % 100)];
    sample.push_back(batch.back());
  }
  // The new version has no place for the step "extra".
  auto xml = Steps();
  for (std::string_view gone : {"<bpmn:userTask id=\"extra\"/>",
                                "<bpmn:sequenceFlow id=\"x\" sourceRef=\"g\" targetRef=\"extra\">"
                                "<bpmn:conditionExpression "
                                "xsi:type=\"bpmn:tFormalExpression\">=misfit</"
                                "bpmn:conditionExpression></bpmn:sequenceFlow>"}) {
    auto at = xml.find(gone);
    ASSERT_NE(at, std::string::npos) << gone;
    xml.erase(at, gone.size());
  }
  std::string last = Flow("extra", "e");
  ASSERT_NE(xml.find(last), std::string::npos);
  xml.erase(xml.find(last), last.size());
  auto second = runtime_->Deploy(xml, root_);
  ASSERT_TRUE(second) << second.error().ToLine();
  for (bool dry : {true, false}) {
    auto report = runtime_->Migrate(first->id, second->id, {}, root_, dry, 100'000);
    ASSERT_TRUE(report) << report.error().ToLine();
    ASSERT_EQ(report->size(), static_cast<std::size_t>(kMany));
    std::vector<BatchItem> refused;
    std::copy_if(report->begin(), report->end(), std::back_inserter(refused),
                 [](const BatchItem& item) { return item.error.has_value(); });
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].instance.id, misfit.id);
    EXPECT_EQ(refused[0].error->code(), "flow.cannot_migrate");
    EXPECT_NE(refused[0].error->ToLine().find("extra"), std::string::npos);
    EXPECT_EQ(runtime_->Versions("p")->at(1).running, dry ? kMany : 1);
  }
  // The misfit works on as before; the others are sound in the new version.
  EXPECT_EQ(*runtime_->Verify(misfit), "");
  EXPECT_EQ(runtime_->Load(misfit)->first.version, 1U);
  for (const auto& ref : sample) {
    if (ref.id == misfit.id) continue;
    ASSERT_EQ(*runtime_->Verify(ref), "");
    ASSERT_EQ(runtime_->History(ref)->front().definition, first->id);
    ASSERT_EQ(runtime_->History(ref)->back().definition, second->id);
  }
}

TEST_P(KeepingTest, HistoryIsReadAPageAtATimeAndTheStateAtItsEdgeIsTheFoldOfWhatWasBefore) {
  ASSERT_TRUE(runtime_->Deploy(Steps(), root_));
  auto ref = Start();
  constexpr std::uint32_t kSteps = 1200;  // more than are folded at a time
  for (std::uint32_t i = 1; i < kSteps; ++i) {
    Command command;
    command.verb = Verb::kSetVariables;
    command.variables["n"] = i;
    command.actor = root_;
    ASSERT_TRUE(runtime_->Do(ref, command));
  }
  std::uint32_t after = 0;
  std::uint32_t steps = 0;
  for (;;) {
    auto page = runtime_->History(ref, after, 500);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    EXPECT_EQ(page->front().version, after + 1);
    steps += static_cast<std::uint32_t>(page->size());
    after = page->back().version;
  }
  EXPECT_EQ(steps, kSteps);
  auto now = runtime_->Load(ref);
  ASSERT_TRUE(now);
  EXPECT_EQ(runtime_->StateAt(ref, kSteps)->Encode(), now->first.Encode());
  auto then = runtime_->StateAt(ref, 700);
  ASSERT_TRUE(then);
  EXPECT_EQ(then->version, 700U);
  EXPECT_EQ(then->lives.front().extra->variables.at("n"), json::value(699));
}

TEST_P(KeepingTest, ASignalFromOutsideReachesAllWhoWaitAndItsRepetitionNobody) {
  ASSERT_TRUE(runtime_->Deploy(
      Model("<bpmn:startEvent id=\"s\"/><bpmn:intermediateCatchEvent id=\"w\">"
            "<bpmn:signalEventDefinition signalRef=\"flood\"/></bpmn:intermediateCatchEvent>"
            "<bpmn:userTask id=\"after\"/><bpmn:endEvent id=\"e\"/>" +
                Flow("s", "w") + Flow("w", "after") + Flow("after", "e"),
            "<bpmn:signal id=\"flood\" name=\"flood\"/>"),
      root_));
  auto first = Start();
  auto second = Start();
  Result<bool> fresh = false;
  auto send = [&] {
    return store_->Command("440200", [&](store::Tx& tx) -> Result<void> {
      fresh = runtime_->SendSignal(tx, "440200", "s1", "flood", {{"level", 3}});
      if (!fresh) return Fail(fresh.error());
      return {};
    });
  };
  ASSERT_TRUE(send());
  EXPECT_TRUE(*fresh);
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 1);
  for (const auto& ref : {first, second}) {
    auto state = runtime_->Load(ref);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->first.waits.size(), 0U);
  }
  auto late = Start();
  ASSERT_TRUE(send());
  EXPECT_FALSE(*fresh);
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 0);
  EXPECT_EQ(runtime_->Load(late)->first.waits.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Engines, KeepingTest,
                         ::testing::Values(store::Dialect::kSqlite, store::Dialect::kPostgres),
                         store::testing::NameOf);

}  // namespace
}  // namespace city::flow
