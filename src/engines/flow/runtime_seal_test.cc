// SPDX-License-Identifier: Apache-2.0
// What a program without a vault has stored is sealed by one with it, and goes on.
#include <gtest/gtest.h>

#include "engines/flow/runtime.h"
#include "engines/flow/testing/world.h"
#include "ledger/ledger.h"
#include "parts/store/testing/engines.h"

namespace city::flow {
namespace {

using std::chrono::seconds;
using testing::Flow;
using testing::Model;

class RuntimeSeal : public ::testing::TestWithParam<store::Dialect> {
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
  /// What completes the first task on the list of "li".
  Command CompleteFirst() {
    TaskQuery query;
    query.region = "440200";
    query.person = "li";
    Command out;
    out.verb = Verb::kComplete;
    out.key = runtime_->Tasks(query)->at(0).key;
    out.actor.id = "li";
    return out;
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

TEST_P(RuntimeSeal, SealsOnceWhatWasStoredInClear) {
  const std::string secret = "449999199001010019";
  ASSERT_TRUE(runtime_->Deploy(
      Model("<bpmn:startEvent id=\"s\"/>"
                "<bpmn:userTask id=\"a\" "
                "name=\"a\"><bpmn:extensionElements><zeebe:assignmentDefinition"
                " assignee=\"li\"/></bpmn:extensionElements></bpmn:userTask>"
                "<bpmn:intermediateThrowEvent id=\"t\"><bpmn:messageEventDefinition"
                " messageRef=\"out\"/></bpmn:intermediateThrowEvent>"
                "<bpmn:receiveTask id=\"r\" messageRef=\"m\"/><bpmn:endEvent id=\"e\"/>" +
                Flow("s", "a") + Flow("a", "t") + Flow("t", "r") + Flow("r", "e"),
            "<bpmn:message id=\"m\" name=\"paid\"><bpmn:extensionElements>"
            "<zeebe:subscription correlationKey=\"=who\"/></bpmn:extensionElements>"
            "</bpmn:message><bpmn:message id=\"out\" name=\"asked\"/>"),
      {"root", {}, {}, true}));
  Runtime before(*store_, clock_);
  StartOptions options;
  options.process = "p";
  options.variables = {{"who", secret}};
  auto one = before.Start("440200", options);
  ASSERT_TRUE(one) << one.error().ToLine();
  ASSERT_TRUE(before.Do(*one, CompleteFirst()));
  auto other = before.Start("440200", options);  // waits for somebody
  ASSERT_TRUE(other);
  ASSERT_TRUE(before.Publish("440200", "id-9", "unheard", secret, {{"n", secret}}, seconds(60)));
  EXPECT_EQ(*before.SealOld(), 0);  // without a vault there is nothing to seal with
  auto stored = [&] {
    std::string all;
    auto snapshot = *store_->Read();
    for (const char* sql :
         {"select body, body from flow_instance", "select lines, lines from flow_log"}) {
      auto rows = *snapshot->Query(sql, {});
      while (rows.Next()) all += rows.Blob(0);
    }
    for (const char* sql :
         {"select value, name from flow_wait", "select value, body from flow_inbox",
          "select value, body from flow_outbox"}) {
      auto rows = *snapshot->Query(sql, {});
      while (rows.Next()) all += std::string(rows.Text(0)) + std::string(rows.Text(1));
    }
    return all;
  };
  EXPECT_NE(stored().find(secret), std::string::npos);
  auto sealed = runtime_->SealOld();
  ASSERT_TRUE(sealed) << sealed.error().ToLine();
  // Two states, three lines, a wait, a message kept and one to be sent.
  EXPECT_EQ(*sealed, 8);
  EXPECT_EQ(stored().find(secret), std::string::npos);
  EXPECT_EQ(*runtime_->SealOld(), 0);
  // All goes on as before: what waits is found by its key, the log folds to the state.
  Sound(*one);
  EXPECT_EQ(runtime_->History(*one)->size(), 2U);
  EXPECT_EQ(*runtime_->DeliverOutbox(10), 1);
  EXPECT_TRUE(*runtime_->Publish("440200", "id-1", "paid", secret, {}, seconds(60)));
  EXPECT_TRUE(runtime_->Load(*one)->first.ended());
  ASSERT_TRUE(runtime_->Do(*other, CompleteFirst()));
  Sound(*other);
}

INSTANTIATE_TEST_SUITE_P(Engines, RuntimeSeal,
                         ::testing::Values(store::Dialect::kSqlite, store::Dialect::kPostgres),
                         store::testing::NameOf);

}  // namespace
}  // namespace city::flow
