// SPDX-License-Identifier: Apache-2.0
#include "ledger/outbox.h"

#include <gtest/gtest.h>

#include "ledger/errors.h"
#include "ledger/ledger.h"
#include "parts/store/testing/engines.h"

namespace city::ledger {
namespace {
class OutboxTest : public testing::TestWithParam<store::Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ledger_ = *Ledger::Open(*store_, clock_);
  }
  void Send(const std::string& topic, bool fail = false) {
    auto sent =
        ledger_->Command({System(), "440200", {}, {}}, [&](Writer& w) -> Result<std::string> {
          TRY_VOID(w.Send(topic, "s", {{"n", 1}}));
          if (fail) return error::kNotFound;
          return "";
        });
    EXPECT_EQ(sent.has_value(), !fail);
  }
  store::testing::FreshPlace place_{GetParam()};
  ManualClock clock_{*ParseTime("2026-03-02T09:00:00")};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_P(OutboxTest, HandsOutWhatWasCommittedAndNothingElse) {
  std::vector<std::string> heard;
  Relay relay(*store_, clock_);
  relay.Hear("case", [&](const Outgoing& out) -> Result<void> {
    heard.push_back(out.topic + out.payload);
    return {};
  });
  Send("case");
  Send("case", true);
  EXPECT_EQ(*relay.RunOnce(), 1);
  EXPECT_EQ(heard, std::vector<std::string>{"case{\"n\":1}"});
  EXPECT_EQ(*relay.RunOnce(), 0);
}
TEST_P(OutboxTest, KeepsALaneApartFromAllOtherTopics) {
  std::vector<std::string> heard, in_lane;
  Relay relay(*store_, clock_), lane(*store_, clock_, "far", std::chrono::seconds(60));
  relay.LeaveTo("far");
  relay.Hear("", [&](const Outgoing& out) -> Result<void> {
    heard.push_back(out.topic);
    return {};
  });
  int fail = 9;
  lane.Hear("far", [&](const Outgoing& out) -> Result<void> {
    if (fail-- > 0) return error::kNotFound;
    in_lane.push_back(out.topic);
    return {};
  });
  Send("far");
  Send("case");
  EXPECT_EQ(*relay.RunOnce(), 1);
  EXPECT_EQ(heard, std::vector<std::string>{"case"});
  // However often it failed, a lane waits no longer than it was told.
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(*lane.RunOnce(), 0);
    clock_.Advance(std::chrono::seconds(60));
  }
  EXPECT_EQ(*lane.RunOnce(), 1);
  EXPECT_EQ(in_lane, std::vector<std::string>{"far"});
}
TEST_P(OutboxTest, TriesAgainLaterAfterAFailure) {
  int tries = 0;
  Relay relay(*store_, clock_);
  relay.Hear("", [&](const Outgoing&) -> Result<void> {
    if (++tries < 3) return error::kNotFound;
    return {};
  });
  Send("case");
  EXPECT_EQ(*relay.RunOnce(), 0);
  EXPECT_EQ(*relay.RunOnce(), 0);
  EXPECT_EQ(tries, 1);  // not yet due
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(*relay.RunOnce(), 0);
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(*relay.RunOnce(), 1);
  EXPECT_EQ(tries, 3);
}
TEST_P(OutboxTest, GivesAMessageAgainWhenItsServerDied) {
  Send("case");
  {
    Relay dying(*store_, clock_);
    dying.Hear("", [&](const Outgoing&) -> Result<void> { throw 1; });
    EXPECT_ANY_THROW((void)dying.RunOnce());
  }
  Relay relay(*store_, clock_);
  int heard = 0;
  relay.Hear("", [&](const Outgoing&) -> Result<void> {
    ++heard;
    return {};
  });
  EXPECT_EQ(*relay.RunOnce(), 0);
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(*relay.RunOnce(), 1);
  EXPECT_EQ(heard, 1);
}
INSTANTIATE_TEST_SUITE_P(Both, OutboxTest,
                         testing::Values(store::Dialect::kSqlite, store::Dialect::kPostgres),
                         store::testing::NameOf);
}  // namespace
}  // namespace city::ledger
