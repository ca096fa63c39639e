// SPDX-License-Identifier: Apache-2.0
// Why: the group rule in the moments that a real engine seldom brings about.
#include "parts/store/internal/group_writer.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

// What happens to the engine, told before the writer starts; and what it was asked.
struct Plan {
  std::vector<Verdict> commits;  // for one commit after the other; then kDurable
  bool passing = false;          // of every kNothing
  bool begins = true;
  std::mutex mutex;
  std::string asked;
};

class ScriptedSession : public Session, private Tx {
 public:
  explicit ScriptedSession(Plan& script) : script_(script) {}
  Result<void> Begin() override {
    Note("B");
    if (!script_.begins) return error::kConnection;
    return {};
  }
  Tx& Start() override { return *this; }
  const Result<void>& failure() const override { return good_; }
  bool wrote() const override { return true; }
  Result<void> Settle() override { return {}; }
  Result<void> Mark() override { return Note("m"); }
  Result<void> KeepMark() override { return Note("k"); }
  Result<void> BackToMark() override { return Note("b"); }
  Verdict Commit(Result<void>& failure) override {
    Note("C");
    if (commit_ >= script_.commits.size()) return Verdict::kDurable;
    Verdict verdict = script_.commits[commit_++];
    passing_ = verdict == Verdict::kNothing && script_.passing;
    if (verdict == Verdict::kNothing) failure = error::kForeignKey;
    if (verdict == Verdict::kUnknown) failure = error::kOutcomeUnknown;
    return verdict;
  }
  void Rollback() override {
    Note("R");
    passing_ = false;
  }
  bool Passing() const override { return passing_; }

 private:
  Result<void> Note(const char* what) {
    std::lock_guard lock(script_.mutex);
    script_.asked += what;
    return {};
  }
  Result<Rows> Query(std::string_view, std::span<const Value>) override { return Rows(); }
  Result<int64_t> Execute(std::string_view, std::span<const Value>) override { return 1; }
  Result<void> Enqueue(std::string_view, std::span<const Value>, int64_t) override { return {}; }
  Result<void> Script(std::string_view) override { return {}; }
  Dialect dialect() const override { return Dialect::kSqlite; }

  Plan& script_;
  Result<void> good_;
  size_t commit_ = 0;
  bool passing_ = false;
};

struct Outcome {
  std::string asked;
  std::vector<Result<void>> results;
};

// Runs `works` as one group.
Outcome RunGroup(Plan& script, std::vector<Work> works) {
  Counters counters;
  Outcome out;
  out.results.resize(works.size());
  {
    std::promise<void> gate;
    std::shared_future<void> open = gate.get_future().share();
    std::promise<void> started;
    GroupWriter writer(std::make_unique<ScriptedSession>(script), {}, counters);
    writer.Submit(
        [&, once = false](Tx&) mutable -> Result<void> {
          if (!once) started.set_value();
          once = true;
          open.wait();
          return {};
        },
        [](Result<void>) {});
    started.get_future().wait();
    for (size_t i = 0; i < works.size(); ++i) {
      writer.Submit(std::move(works[i]), [&, i](Result<void> result) { out.results[i] = result; });
    }
    gate.set_value();
  }
  out.asked = script.asked.substr(script.asked.find('C') + 1);  // without the gate's own
  return out;
}

Work Good() {
  return [](Tx&) { return Result<void>(); };
}
Work Bad() {
  return [](Tx&) -> Result<void> { return error::kCheck; };
}

TEST(GroupWriter, CommitsAGroupTogether) {
  Plan script;
  Outcome out = RunGroup(script, {Good(), Good(), Good()});
  EXPECT_EQ(out.asked, "BC");
  for (const Result<void>& result : out.results) EXPECT_TRUE(result);
}

TEST(GroupWriter, GoesBackToTheMarkOfTheOneThatFailed) {
  Plan script;
  Outcome out = RunGroup(script, {Good(), Bad(), Good()});
  EXPECT_EQ(out.asked, "BRBmkmbmkC");
  EXPECT_TRUE(out.results[0]);
  ASSERT_FALSE(out.results[1]);
  EXPECT_TRUE(out.results[1].error().Is(error::kCheck));
  EXPECT_TRUE(out.results[2]);
}

TEST(GroupWriter, CommitsEachAloneWhenTheCommitRefuses) {
  // The gate's commit, together, marked, then the first alone.
  Plan script;
  script.commits = {Verdict::kDurable, Verdict::kNothing, Verdict::kNothing, Verdict::kNothing};
  Outcome out = RunGroup(script, {Good(), Good()});
  EXPECT_EQ(out.asked, "BCRBmkmkCRBCRBC");
  ASSERT_FALSE(out.results[0]);
  EXPECT_TRUE(out.results[0].error().Is(error::kForeignKey));
  EXPECT_TRUE(out.results[1]);
}

TEST(GroupWriter, TriesAPassingFailureAgainTogether) {
  Plan script;
  script.commits = {Verdict::kDurable, Verdict::kNothing, Verdict::kNothing};
  script.passing = true;
  Outcome out = RunGroup(script, {Good(), Good()});
  EXPECT_EQ(out.asked, "BCRBCRBC");
  for (const Result<void>& result : out.results) EXPECT_TRUE(result);
}

TEST(GroupWriter, NeverRepeatsAGroupWhoseOutcomeIsUnknown) {
  Plan script;
  script.commits = {Verdict::kDurable, Verdict::kUnknown};
  Outcome out = RunGroup(script, {Good(), Good()});
  EXPECT_EQ(out.asked, "BC");
  for (const Result<void>& result : out.results) {
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().Is(error::kOutcomeUnknown));
  }
}

TEST(GroupWriter, AnswersWithTheReasonWhenNothingCanBegin) {
  Plan script;
  script.begins = false;
  Counters counters;
  GroupWriter writer(std::make_unique<ScriptedSession>(script), {}, counters);
  Result<void> result = writer.Command(Good());
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(error::kConnection));
  EXPECT_EQ(counters.failed, 1u);
}

TEST(GroupWriter, MarksTheGroupsAfterAReplayAtOnce) {
  Plan script;
  Counters counters;
  GroupWriter writer(std::make_unique<ScriptedSession>(script), {}, counters);
  // A group of two with a failing one makes the writer careful; whether the two meet in one group
  // is up to chance, so it is tried until they did.
  for (int i = 0; counters.replays == 0 && i < 10000; ++i) {
    writer.Submit(Bad(), [](Result<void>) {});
    EXPECT_TRUE(writer.Command(Good()));
  }
  EXPECT_EQ(counters.replays, 1u);
}

}  // namespace
}  // namespace city::store::internal
