// SPDX-License-Identifier: Apache-2.0
// The verbs of approval on user tasks.
#include <gtest/gtest.h>

#include <algorithm>

#include "engines/flow/engine.h"
#include "engines/flow/testing/world.h"

namespace city::flow {
namespace {

using testing::DeployModel;
using testing::Flow;
using testing::Model;
using testing::World;
using Names = std::vector<std::string>;

std::string User(const std::string& id, const std::string& extensions) {
  return "<bpmn:userTask id=\"" + id + "\"><bpmn:extensionElements>" + extensions +
         "</bpmn:extensionElements></bpmn:userTask>";
}
std::string For(const std::string& who) {
  return "<zeebe:assignmentDefinition assignee=\"" + who + "\"/>";
}

/// apply (applicant) -> check (li) -> fork { law (wang) -> law2 (zhao), money (qian) } -> join ->
/// sign (sun)
std::shared_ptr<const Definition> Review() {
  static auto definition = DeployModel(Model(
      "<bpmn:startEvent id=\"s\"/>" + User("apply", For("applicant") + "<city:applicant/>") +
      User("check", For("li")) + "<bpmn:parallelGateway id=\"f\"/>" + User("law", For("wang")) +
      User("law2", For("zhao")) + User("money", For("qian")) + "<bpmn:parallelGateway id=\"j\"/>" +
      User("sign", For("sun") + "<city:return to=\"previous named\" steps=\"check\"/>") +
      "<bpmn:endEvent id=\"e\"/>" + Flow("s", "apply") + Flow("apply", "check") +
      Flow("check", "f") + Flow("f", "law") + Flow("f", "money") + Flow("law", "law2") +
      Flow("law2", "j") + Flow("money", "j") + Flow("j", "sign") + Flow("sign", "e")));
  return definition;
}

World AtFork() {
  World w(Review());
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "check"));
  EXPECT_EQ(w.Tasks(), (Names{"law", "money"}));
  return w;
}

TEST(Task, IsClaimedByACandidateAndReleased) {
  World w(DeployModel(
      Model("<bpmn:startEvent id=\"s\"/>" +
            User("a", "<zeebe:assignmentDefinition candidateGroups=\"desk, window\"/>") +
            "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "e"))));
  w.Start();
  EXPECT_EQ(w.rows[0].groups, (Names{"desk", "window"}));
  EXPECT_EQ(w.Task(Verb::kClaim, "li", "a").error().code(), "flow.not_candidate");
  Command c;
  c.verb = Verb::kClaim;
  c.key = w.rows[0].key;
  c.actor = {"li", {"desk"}, {}, false};
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.People("a"), Names{"li"});
  c.actor.id = "wang";
  EXPECT_EQ(w.Do(c).error().code(), "flow.already_claimed");
  EXPECT_EQ(w.Task(Verb::kComplete, "wang", "a").error().code(), "flow.not_yours");
  EXPECT_TRUE(w.Task(Verb::kRelease, "li", "a"));
  EXPECT_EQ(w.People("a"), Names{""});
  c.verb = Verb::kComplete;
  EXPECT_EQ(w.Do(c).error().code(), "flow.not_claimed");
}

TEST(Task, KeepsADraftAndTellsItsOutcome) {
  World w(Review());
  w.Start();
  Command c;
  c.verb = Verb::kSaveDraft;
  c.key = w.rows[0].key;
  c.actor.id = "applicant";
  c.variables = {{"half", true}};
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.instance.Find(c.key)->extra->seats[0].draft, R"({"half":true})");
  c.verb = Verb::kComplete;
  c.name = "submit";
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Var("outcome"), json::value("submit"));
}

TEST(Task, ThatWasAssignedCannotBeReleased) {
  World w(Review());
  w.Start();
  EXPECT_EQ(w.Task(Verb::kRelease, "applicant", "apply").error().code(), "flow.cannot_release");
}

TEST(Task, IsTransferredAndDelegatedAndComesBack) {
  World w(Review());
  w.Start();
  EXPECT_EQ(w.Task(Verb::kTransfer, "applicant", "apply").error().code(), "flow.needs_people");
  EXPECT_TRUE(w.Task(Verb::kTransfer, "applicant", "apply", {}, {"cousin"}));
  EXPECT_EQ(w.People("apply"), Names{"cousin"});
  EXPECT_EQ(w.Task(Verb::kGiveBack, "cousin", "apply").error().code(), "flow.not_delegated");
  EXPECT_TRUE(w.Task(Verb::kDelegate, "cousin", "apply", {}, {"friend"}));
  EXPECT_EQ(w.People("apply"), Names{"friend"});
  EXPECT_TRUE(w.Task(Verb::kGiveBack, "friend", "apply"));
  EXPECT_EQ(w.People("apply"), Names{"cousin"});
}

TEST(Task, CanBeDoneByAStandIn) {
  World w(Review());
  w.Start();
  Command c;
  c.verb = Verb::kComplete;
  c.key = w.rows[0].key;
  c.actor.id = "zhou";
  EXPECT_EQ(w.Do(c).error().code(), "flow.not_yours");
  c.actor.stands_in_for = {"applicant"};
  EXPECT_TRUE(w.Do(c));
}

TEST(Return, InABranchLeavesTheOtherBranchAlone) {
  World w = AtFork();
  EXPECT_TRUE(w.Task(Verb::kComplete, "wang", "law"));
  EXPECT_TRUE(w.Task(Verb::kReturn, "zhao", "law2", "previous"));
  EXPECT_EQ(w.Tasks(), (Names{"law", "money"}));
  EXPECT_EQ(w.People("law"), Names{"wang"});
}

TEST(Return, ToBeforeTheForkTakesAllBranchesBack) {
  World w = AtFork();
  EXPECT_TRUE(w.Task(Verb::kComplete, "qian", "money"));  // its token waits at the join
  EXPECT_TRUE(w.Task(Verb::kReturn, "wang", "law", "check"));
  EXPECT_EQ(w.Tasks(), Names{"check"});
  EXPECT_TRUE(w.instance.arrivals.empty());
  EXPECT_TRUE(w.Task(Verb::kReturn, "li", "check", "applicant"));
  EXPECT_EQ(w.Tasks(), Names{"apply"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "check"));
  EXPECT_EQ(w.Tasks(), (Names{"law", "money"}));
}

TEST(Return, FollowsTheRuleOfTheStep) {
  World w = AtFork();
  EXPECT_TRUE(w.Task(Verb::kComplete, "wang", "law"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "zhao", "law2"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "qian", "money"));
  EXPECT_EQ(w.Task(Verb::kReturn, "sun", "sign", "applicant").error().code(),
            "flow.return_not_allowed");
  EXPECT_EQ(w.Task(Verb::kReturn, "sun", "sign", "law").error().code(), "flow.return_not_allowed");
  EXPECT_EQ(w.Task(Verb::kReturn, "li", "sign", "check").error().code(), "flow.not_yours");
  EXPECT_TRUE(w.Task(Verb::kReturn, "sun", "sign", "check"));
  EXPECT_EQ(w.Tasks(), Names{"check"});
  EXPECT_EQ(w.Task(Verb::kReturn, "li", "check", "sign").error().code(), "flow.no_step");
}

TEST(Withdrawal, IsPossibleUntilTheNextPersonActs) {
  World w(Review());
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  Command c;
  c.verb = Verb::kWithdraw;
  c.actor.id = "applicant";
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), Names{"apply"});
  EXPECT_EQ(w.People("apply"), Names{"applicant"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_TRUE(w.Task(Verb::kSaveDraft, "li", "check"));
  EXPECT_EQ(w.Do(c).error().code(), "flow.cannot_withdraw");
}

TEST(Withdrawal, OfAFinishedBranchTakesItsTokenFromTheJoin) {
  World w = AtFork();
  EXPECT_TRUE(w.Task(Verb::kComplete, "qian", "money"));
  Command c;
  c.verb = Verb::kWithdraw;
  c.actor.id = "qian";
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), (Names{"law", "money"}));
  EXPECT_TRUE(w.instance.arrivals.empty());
}

TEST(Signers, AreAddedBeforeAfterAndBeside) {
  World w(Review());
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_TRUE(w.Task(Verb::kAddAfter, "li", "check", {}, {"after"}));
  EXPECT_TRUE(w.Task(Verb::kAddBeside, "li", "check", {}, {"beside"}));
  EXPECT_TRUE(w.Task(Verb::kAddBefore, "li", "check", {}, {"before"}));
  EXPECT_EQ(w.People("check"), (Names{"before", "beside"}));
  EXPECT_EQ(w.Task(Verb::kAddBeside, "beside", "check", {}, {"after"}).error().code(),
            "flow.duplicate_signer");
  EXPECT_TRUE(w.Task(Verb::kComplete, "beside", "check", "approve"));
  EXPECT_TRUE(w.Task(Verb::kComplete, "before", "check", "approve"));
  EXPECT_EQ(w.People("check"), Names{"li"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "li", "check", "approve"));
  EXPECT_EQ(w.People("check"), Names{"after"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "after", "check", "approve"));
  EXPECT_EQ(w.Var("outcome"), json::value("approved"));
  EXPECT_EQ(w.Tasks(), (Names{"law", "money"}));
}

TEST(Signers, CanBeRemovedButNotTheLastOne) {
  World w(Review());
  w.Start();
  EXPECT_EQ(w.Task(Verb::kRemoveSigner, "applicant", "apply", {}, {"applicant"}).error().code(),
            "flow.last_signer");
  EXPECT_TRUE(w.Task(Verb::kAddBeside, "applicant", "apply", {}, {"friend"}));
  EXPECT_TRUE(w.Task(Verb::kRemoveSigner, "applicant", "apply", {}, {"friend"}));
  EXPECT_EQ(w.People("apply"), Names{"applicant"});
}

std::shared_ptr<const Definition> Signing(const std::string& attributes) {
  return DeployModel(
      Model("<bpmn:startEvent id=\"s\"/>" +
            User("a", "<city:signing signers=\"=people\" outcome=\"vote\" " + attributes + "/>") +
            User("z", For("z")) + "<bpmn:endEvent id=\"e\"/>" + Flow("s", "a") + Flow("a", "z") +
            Flow("z", "e")));
}

/// Runs votes such as "a+ b-" and answers the outcome, or "open".
std::string Vote(const std::string& rule, const std::vector<std::string>& votes) {
  World w(Signing(rule));
  w.Start({{"people", {"a", "b", "c", "d"}}});
  for (const auto& vote : votes) {
    EXPECT_TRUE(
        w.Task(Verb::kComplete, vote.substr(0, 1), "a", vote.back() == '+' ? "approve" : "reject"))
        << rule << " " << vote;
  }
  if (w.Tasks() != Names{"z"}) return "open";
  return std::string(w.Var("vote").get_string());
}

TEST(Signing, FollowsItsRule) {
  EXPECT_EQ(Vote("mode='all'", {"a+", "b+", "c+"}), "open");
  EXPECT_EQ(Vote("mode='all'", {"a+", "b+", "c+", "d+"}), "approved");
  EXPECT_EQ(Vote("mode='all'", {"a+", "b-"}), "rejected");
  EXPECT_EQ(Vote("mode='any'", {"a-", "b-"}), "open");
  EXPECT_EQ(Vote("mode='any'", {"a-", "b+"}), "approved");
  EXPECT_EQ(Vote("mode='any'", {"a-", "b-", "c-", "d-"}), "rejected");
  EXPECT_EQ(Vote("mode='any' veto='true'", {"a-"}), "rejected");
  EXPECT_EQ(Vote("mode='count' count='2'", {"a+", "b-", "c-"}), "open");
  EXPECT_EQ(Vote("mode='count' count='2'", {"a+", "b-", "c+"}), "approved");
  EXPECT_EQ(Vote("mode='count' count='2'", {"a-", "b-", "c-"}), "rejected");
  // Two thirds of four are three.
  EXPECT_EQ(Vote("mode='percent' percent='67'", {"a+", "b+"}), "open");
  EXPECT_EQ(Vote("mode='percent' percent='67'", {"a+", "b+", "c+"}), "approved");
  EXPECT_EQ(Vote("mode='percent' percent='67'", {"a-", "b-"}), "rejected");
}

TEST(Signing, CanGoOneAfterTheOther) {
  World w(Signing("mode='all' sequential='true'"));
  w.Start({{"people", {"a", "b"}}});
  EXPECT_EQ(w.People("a"), Names{"a"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "a", "a", "approve"));
  EXPECT_EQ(w.People("a"), Names{"b"});
  EXPECT_TRUE(w.Task(Verb::kComplete, "b", "a", "approve"));
  EXPECT_EQ(w.Tasks(), Names{"z"});
}

TEST(Consultation, DoesNotHoldTheTaskUp) {
  World w(Review());
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kConsult, "applicant", "apply", {}, {"expert", "lawyer"}));
  EXPECT_EQ(w.People("apply"), (Names{"applicant", "expert", "lawyer"}));
  EXPECT_EQ(w.Task(Verb::kComplete, "expert", "apply").error().code(), "flow.unsupported_command");
  EXPECT_TRUE(w.Task(Verb::kAnswer, "expert", "apply"));
  EXPECT_EQ(w.People("apply"), (Names{"applicant", "lawyer"}));
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_EQ(w.Tasks(), Names{"check"});
}

TEST(Reminders, AndCopiesLeaveTheInstance) {
  World w(Review());
  w.Start();
  EXPECT_TRUE(w.Task(Verb::kComplete, "applicant", "apply"));
  EXPECT_EQ(w.Task(Verb::kUrge, "stranger", "check").error().code(), "flow.not_candidate");
  EXPECT_TRUE(w.Task(Verb::kUrge, "applicant", "check"));
  EXPECT_TRUE(w.Task(Verb::kCopyTo, "li", "check", {}, {"boss"}));
  EXPECT_TRUE(w.Task(Verb::kComment, "li", "check"));
  ASSERT_EQ(w.out.size(), 2U);
  EXPECT_EQ(w.out[0].people, Names{"li"});
  EXPECT_EQ(w.out[1].people, Names{"boss"});
}

TEST(Jump, IsForAdministrators) {
  World w = AtFork();
  Command c;
  c.verb = Verb::kJump;
  c.key = w.KeyOf("law");
  c.name = "law2";
  EXPECT_EQ(w.Do(c).error().code(), "flow.not_administrator");
  c.actor.administrator = true;
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), (Names{"law2", "money"}));
  c.key = 0;
  c.name = "sign";
  EXPECT_TRUE(w.Do(c));
  EXPECT_EQ(w.Tasks(), Names{"sign"});
  c.name = "nowhere";
  EXPECT_EQ(w.Do(c).error().code(), "flow.no_step");
}

TEST(Verbs, OnATaskThatIsGoneAreRefused) {
  World w(Review());
  w.Start();
  Command c;
  c.verb = Verb::kComplete;
  c.key = 999;
  c.actor.id = "applicant";
  EXPECT_EQ(w.Do(c).error().code(), "flow.no_such_task");
}

}  // namespace
}  // namespace city::flow
