// SPDX-License-Identifier: Apache-2.0
// Processes through the city's own door: drawn, checked, tried out, published, run by officials of
// several departments, repaired, moved, kept and removed; with rights, reasons and audit lines.
#include "test_city.h"

namespace city {
namespace {
using testing_city::TestCity;

/// Draft by the applicant, three departments sign (one refusal refuses), a decision.
std::string JointReview(const std::string& a, const std::string& b, const std::string& c,
                        const std::string& second = "") {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:city="https://yiwang.dev/bpmn/1"
 targetNamespace="urn:test">
<bpmn:process id="joint" name="联合审查" isExecutable="true">
 <bpmn:startEvent id="start"/>
 <bpmn:userTask id="draft" name="起草"><bpmn:extensionElements><city:applicant/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:userTask id="review" name="会签"><bpmn:extensionElements>
 <city:signing mode="all" veto="true" signers="=[&quot;)" +
         a + "&quot;,&quot;" + b + "&quot;,&quot;" + c + R"(&quot;]"/>
 <city:return to="applicant previous"/></bpmn:extensionElements></bpmn:userTask>
 <bpmn:exclusiveGateway id="verdict" default="no"/>
 <bpmn:serviceTask id="seal" name="盖章"><bpmn:extensionElements>
 <zeebe:taskDefinition type="seal"/></bpmn:extensionElements></bpmn:serviceTask>)" +
         second + R"(
 <bpmn:endEvent id="granted"/><bpmn:endEvent id="refused"/>
 <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="draft"/>
 <bpmn:sequenceFlow id="f2" sourceRef="draft" targetRef="review"/>
 <bpmn:sequenceFlow id="f3" sourceRef="review" targetRef="verdict"/>
 <bpmn:sequenceFlow id="yes" sourceRef="verdict" targetRef="seal">
 <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=outcome = "approved"</bpmn:conditionExpression>
 </bpmn:sequenceFlow>
 <bpmn:sequenceFlow id="no" sourceRef="verdict" targetRef="refused"/>
 <bpmn:sequenceFlow id="f4" sourceRef="seal" targetRef="granted"/>
</bpmn:process></bpmn:definitions>)";
}

class Processes : public testing::Test {
 protected:
  static void SetUpTestSuite() { city_ = new TestCity(std::string(CITY_SOURCE_DIR) + "/city", 0); }
  static void TearDownTestSuite() {
    delete city_;
    city_ = nullptr;
  }
  static json::value Ask(const std::string& who, const std::string& method, const std::string& path,
                         const json::object& body, int status) {
    gate::Response response = city_->Send(who, method, path, ToText(body));
    EXPECT_EQ(response.status, status)
        << who << " " << method << " " << path << ": " << response.body.substr(0, 500);
    auto value = ParseJson(response.body, {.max_bytes = 64u << 20});
    return value ? *value : json::value();
  }
  static std::string Text(const json::value& value, const char* pointer) {
    boost::system::error_code code;
    const json::value* found = value.find_pointer(pointer, code);
    if (found == nullptr) return "nothing";
    return found->is_string() ? std::string(found->as_string()) : ToText(*found);
  }
  static std::string Account(const std::string& who) {
    return Text(city_->Get(who, "/api/session"), "/account/id");
  }
  static std::string Publish(const std::string& file) {
    json::value model = Ask("process-manager", "POST", "/api/process-models",
                            {{"name", "联合审查"}, {"file", file}}, 201);
    json::value made =
        Ask("process-manager", "POST", "/api/process-models/" + Text(model, "/id") + "/publish",
            {{"reason", "联审联办"}}, 200);
    return Text(made, "/definition");
  }
  static void Drive() {
    for (int i = 0; i < 20; ++i) {
      auto done = city_->city().processes().RunOnce();
      ASSERT_TRUE(done) << done.error().ToLine();
      if (*done == 0) return;
    }
  }
  static std::string Step(const std::string& who, const std::string& instance,
                          const std::string& element = "") {
    json::value list = city_->Get(who, "/api/process-tasks?limit=200");
    for (const json::value& row : list.at("rows").as_array())
      if (Text(row, "/instance") == instance &&
          (element.empty() || Text(row, "/element") == element))
        return "/api/process-tasks/" + instance + "/" + Text(row, "/key") + "/" +
               Text(row, "/seat");
    return "/nothing";
  }
  static json::value View(const std::string& instance) {
    return city_->Get("process-manager", "/api/process-instances/" + instance);
  }
  static std::string JointFile(const std::string& second = "") {
    return JointReview(Account("handler"), Account("health-handler"), Account("social-handler"),
                       second);
  }
  static std::string StartJoint() {
    return Text(Ask("clerk", "POST", "/api/process-instances",
                    {{"process", "joint"}, {"business_key", "项目甲"}}, 201),
                "/id");
  }
  static TestCity* city_;
};
TestCity* Processes::city_ = nullptr;

TEST_F(Processes, AreCheckedAndTriedOutWithoutTouchingTheStore) {
  json::value faults = Ask("process-manager", "POST", "/api/process-findings",
                           {{"file", JointFile("<bpmn:userTask id=\"lost\"/>"
                                               "<bpmn:sequenceFlow id=\"bad\" sourceRef=\"lost\" "
                                               "targetRef=\"nowhere\"/>")}},
                           200);
  EXPECT_FALSE(faults.at("deployable").as_bool());
  EXPECT_NE(ToText(faults).find("\"element\":\"bad\""), std::string::npos) << ToText(faults);
  EXPECT_EQ(Ask("process-manager", "POST", "/api/process-findings", {{"file", JointFile()}}, 200)
                .at("deployable"),
            json::value(true));
  auto steps = ParseJson(R"([{"do":"complete","element":"draft"},
    {"do":"advance","days":3},
    {"do":"complete","element":"review","outcome":"approve"},
    {"do":"complete","element":"nowhere"},
    {"do":"complete","element":"review","outcome":"reject","reason":"用地不符"}])");
  json::value trial =
      Ask("process-manager", "POST", "/api/process-trials",
          {{"file", JointFile()}, {"start", "2026-12-01T09:00:00+08:00"}, {"steps", *steps}}, 200);
  EXPECT_EQ(Text(trial, "/instance/state"), "completed");
  EXPECT_EQ(Text(trial, "/steps/0/tokens/draft"), "1");
  EXPECT_EQ(Text(trial, "/steps/1/tokens/review"), "1");
  EXPECT_EQ(Text(trial, "/steps/2/now").substr(0, 10), "2026-12-04");
  EXPECT_EQ(Text(trial, "/steps/4/ok"), "false");
  EXPECT_EQ(Text(trial, "/instance/variables/outcome"), "rejected");
  EXPECT_NE(ToText(trial.at("log")).find("\"refused\""), std::string::npos);
  EXPECT_EQ(city_->Get("process-manager", "/api/process-instances?view=all&process=joint")
                .at("rows")
                .as_array()
                .size(),
            0u);
}

TEST_F(Processes, AreRunByThreeDepartmentsWithReturnAddSignerAndVeto) {
  Publish(JointFile());
  std::string id = StartJoint();
  Ask("clerk", "POST", Step("clerk", id) + "/acts/complete", {{"variables", {{"area", 12}}}}, 200);
  // Someone without a part in it is not told that it exists.
  EXPECT_EQ(Text(Ask("plan-reporter", "GET", "/api/process-instances/" + id, {}, 404), "/code"),
            "gate.not_involved");
  // May I? The returns that the model allows, and why not the rest.
  std::string handler = Step("handler", id);
  json::value seen = city_->Get("handler", handler);
  EXPECT_EQ(seen.at("task").at("may").at("return"), json::value(true)) << ToText(seen.at("task"));
  EXPECT_EQ(Text(seen, "/task/may/give-back/code"), "flow.not_delegated");
  EXPECT_EQ(Text(seen, "/task/veto"), "true");
  EXPECT_EQ(
      Text(Ask("handler", "POST", handler + "/acts/return", {{"name", "previous"}}, 422), "/code"),
      "flow.needs_reason");
  Ask("handler", "POST", handler + "/acts/return",
      {{"name", "previous"}, {"reason", "请补充用地面积"}}, 200);
  EXPECT_EQ(Text(View(id), "/tokens/0/element"), "draft");
  Ask("clerk", "POST", Step("clerk", id) + "/acts/complete", {{"variables", {{"area", 15}}}}, 200);
  // A signer beside; a copy; a question to somebody else; then all but one agree, and one refuses.
  Ask("handler", "POST", Step("handler", id) + "/acts/add-beside",
      {{"people", json::array{json::string(Account("approver"))}}, {"reason", "涉及许可"}}, 200);
  Ask("handler", "POST", Step("handler", id) + "/acts/copy-to",
      {{"people", json::array{json::string(Account("leader"))}}, {"reason", "请阅"}}, 200);
  Ask("health-handler", "POST", Step("health-handler", id) + "/acts/consult",
      {{"people", json::array{json::string(Account("plan-manager"))}},
       {"reason", "有无重点要求？"}},
      200);
  Drive();
  EXPECT_EQ(city_->Get("leader", "/api/process-notices").at("rows").as_array().size(), 1u);
  Ask("plan-manager", "POST", Step("plan-manager", id) + "/acts/answer", {{"reason", "没有"}}, 200);
  Ask("approver", "POST", Step("approver", id) + "/acts/complete", {{"name", "approve"}}, 200);
  Ask("handler", "POST", Step("handler", id) + "/acts/complete", {{"name", "approve"}}, 200);
  EXPECT_EQ(Text(Ask("social-handler", "POST", Step("social-handler", id) + "/acts/complete",
                     {{"name", "reject"}}, 422),
                 "/code"),
            "gate.needs_reason");
  Ask("social-handler", "POST", Step("social-handler", id) + "/acts/complete",
      {{"name", "reject"}, {"reason", "用工方案不合规"}}, 200);
  EXPECT_EQ(Text(View(id), "/state"), "completed");
  EXPECT_EQ(Text(View(id), "/variables/area"), "15") << "known after the end as well";
  // Replay: where the tokens were after each step, who did it and why.
  json::value history = city_->Get("clerk", "/api/process-instances/" + id + "/history").at("rows");
  EXPECT_EQ(Text(history, "/0/verb"), "start");
  EXPECT_EQ(Text(history, "/1/tokens/review"), "1");
  EXPECT_EQ(Text(history, "/2/verb"), "return");
  EXPECT_EQ(Text(history, "/2/reason"), "请补充用地面积");
  EXPECT_EQ(Text(history, "/2/actor_name"), "周承办");
  EXPECT_EQ(Text(history, "/2/tokens/draft"), "1");
  // A page begins where the one before ended, with the same tokens.
  json::value page =
      city_->Get("clerk", "/api/process-instances/" + id + "/history?after=2&limit=1");
  EXPECT_EQ(page.at("rows").as_array().size(), 1u);
  EXPECT_EQ(Text(page, "/rows/0/tokens/draft"), "1");
  EXPECT_EQ(Text(page, "/next"), "3");
  // Each act has its line in the audit log.
  std::string audit = ToText(city_->Get("auditor", "/api/audit?limit=50&object=" + id));
  for (const char* act : {"process.start", "process.return", "process.add-beside",
                          "process.copy-to", "process.consult", "process.answer"})
    EXPECT_NE(audit.find(act), std::string::npos) << act;
  // What one took part in is found again.
  EXPECT_NE(ToText(city_->Get("handler", "/api/process-instances?view=handled")).find(id),
            std::string::npos);
}

TEST_F(Processes, AreSuspendedRepairedAndEndedByManagersOnly) {
  Publish(JointFile());
  std::string id = StartJoint(), path = "/api/process-instances/" + id + "/acts/";
  Ask("clerk", "POST", path + "suspend", {{"reason", "x"}}, 403);
  Ask("process-manager", "POST", path + "suspend", {}, 422);
  std::string draft = Step("clerk", id);
  Ask("process-manager", "POST", path + "suspend", {{"reason", "等待政策"}}, 200);
  EXPECT_EQ(Text(Ask("clerk", "POST", draft + "/acts/complete", {}, 409), "/code"),
            "flow.suspended");
  Ask("process-manager", "POST", path + "resume", {}, 200);
  Ask("clerk", "POST", Step("clerk", id) + "/acts/complete", {}, 200);
  Ask("clerk", "POST", path + "withdraw", {{"reason", "写错了"}}, 200);
  EXPECT_EQ(Text(View(id), "/tokens/0/element"), "draft");
  Ask("process-manager", "POST", path + "jump", {{"name", "seal"}, {"reason", "已线下会签"}}, 200);
  // The outside call fails: an incident; edited, retried, done.
  json::value jobs = Ask("admin", "POST", "/api/process-jobs", {{"type", "seal"}}, 200);
  std::string job = "/api/process-jobs/" + id + "/" + Text(jobs, "/rows/0/key") + "/acts/";
  Ask("admin", "POST", job + "fail", {{"reason", "印章服务不可用"}, {"retries", 0}}, 200);
  json::value incidents = city_->Get("process-manager", "/api/process-incidents");
  std::string key = Text(incidents, "/rows/0/key");
  Ask("process-manager", "POST", path + "set-variables",
      {{"variables", {{"seal", "备用章"}}}, {"reason", "改用备用章"}}, 200);
  json::value report =
      Ask("process-manager", "POST", "/api/process-incidents/acts",
          {{"act", "retry"},
           {"items", json::array{json::object{{"instance", id}, {"key", std::stoi(key)}},
                                 json::object{{"instance", "none"}, {"key", 1}}}}},
          200);
  EXPECT_EQ(Text(report, "/done"), "1");
  EXPECT_EQ(Text(report, "/refused"), "1");
  EXPECT_EQ(Text(report, "/rows/0/code"), "flow.no_such_instance");
  EXPECT_EQ(Text(View(id), "/variables/seal"), "备用章");
  EXPECT_EQ(View(id).at("incidents").as_array().size(), 0u);
  Ask("admin", "POST", job + "complete", {}, 200);
  EXPECT_EQ(Text(View(id), "/state"), "completed");
}

TEST_F(Processes, TakeSignalsFromOutsideOnceAndFromThoseWithThePost) {
  json::object signal{{"name", "汛情解除"}, {"id", "s-1"}};
  for (const char* who : {"", "citizen", "clerk", "handler"})
    Ask(who, "POST", "/api/process-signals", signal, *who == '\0' ? 401 : 403);
  EXPECT_EQ(Text(Ask("process-manager", "POST", "/api/process-signals", signal, 200), "/sent"),
            "true");
  EXPECT_EQ(Text(Ask("process-manager", "POST", "/api/process-signals", signal, 200), "/sent"),
            "false");
  Ask("process-manager", "POST", "/api/process-signals", {{"id", "s-2"}}, 422);
}

TEST_F(Processes, ArePutUnderLegalHoldManyAtATimeWithAResultForEach) {
  Publish(JointFile());
  std::string first = StartJoint(), second = StartJoint();
  json::object body{{"instances", json::array{first, "nobody", second}}, {"reason", "行政诉讼"}};
  for (const char* who : {"", "clerk", "auditor"})
    Ask(who, "POST", "/api/process-holds", body, *who == '\0' ? 401 : 403);
  json::value done = Ask("process-manager", "POST", "/api/process-holds", body, 200);
  EXPECT_EQ(Text(done, "/done"), "2");
  EXPECT_EQ(Text(done, "/refused"), "1");
  EXPECT_EQ(Text(done, "/rows/0/instance"), "nobody");
  auto held = [&] {
    return city_->Get("process-manager", "/api/process-instances?view=all&held=true")
        .at("rows")
        .as_array()
        .size();
  };
  EXPECT_EQ(held(), 2u);
  body["lift"] = true;
  body["instances"] = json::array{first, second};
  EXPECT_EQ(Text(Ask("process-manager", "POST", "/api/process-holds", body, 200), "/done"), "2");
  EXPECT_EQ(held(), 0u);
  Ask("process-manager", "POST", "/api/process-holds", {{"instances", json::array{first}}}, 422);
}

TEST_F(Processes, MoveToANewVersionAfterADryRun) {
  std::string old = Publish(JointFile());
  std::string id = StartJoint();
  std::string fresh = Publish(JointFile("<!-- newer -->"));
  json::value dry = Ask("process-manager", "POST", "/api/process-migrations",
                        {{"from", old}, {"to", fresh}}, 200);
  EXPECT_EQ(Text(dry, "/dry_run"), "true");
  EXPECT_EQ(Text(View(id), "/definition"), old);
  Ask("process-manager", "POST", "/api/process-migrations",
      {{"from", old}, {"to", fresh}, {"dry_run", false}}, 422);
  json::value moved =
      Ask("process-manager", "POST", "/api/process-migrations",
          {{"from", old}, {"to", fresh}, {"dry_run", false}, {"reason", "新版"}}, 200);
  EXPECT_EQ(Text(moved, "/moved"), Text(dry, "/moved"));
  EXPECT_EQ(Text(View(id), "/definition"), fresh);
  json::value history =
      city_->Get("process-manager", "/api/process-instances/" + id + "/history").at("rows");
  EXPECT_EQ(Text(history, "/0/definition"), old);
  EXPECT_EQ(Text(history, "/1/verb"), "migrate");
  EXPECT_EQ(Text(history, "/1/definition"), fresh);
  EXPECT_GE(city_->Get("process-manager", "/api/process-versions/" + fresh + "/statistics")
                .at("rows")
                .as_array()
                .size(),
            1u);
}

TEST_F(Processes, AreKeptHeldRemovedAndRetired) {
  Publish(JointFile());
  auto ended = [] {
    std::string id = StartJoint();
    Ask("process-manager", "POST", "/api/process-instances/" + id + "/acts/terminate",
        {{"reason", "撤项"}}, 200);
    return id;
  };
  std::string gone = ended(), held = ended();
  Ask("process-manager", "PUT", "/api/processes/joint/rule",
      {{"keep_class", "短期"}, {"keep_days", 30}, {"reason", "归档办法"}}, 200);
  Ask("process-manager", "POST", "/api/process-instances/" + held + "/acts/hold",
      {{"reason", "诉讼"}}, 200);
  Ask("clerk", "POST", "/api/processes/joint/removals", {{"reason", "x"}}, 403);
  EXPECT_EQ(Text(Ask("process-manager", "POST", "/api/processes/joint/removals",
                     {{"reason", "到期"}}, 200),
                 "/removed"),
            "0");
  city_->clock().Advance(std::chrono::hours(24 * 31));
  json::value report =
      Ask("process-manager", "POST", "/api/processes/joint/removals", {{"reason", "到期"}}, 401);
  // Sessions do not outlive a month: the removal by itself does.
  Drive();
  auto snapshot = *city_->city().store().Read();
  auto left = *snapshot->Query("select count(*) from flow_instance where id = $1", {gone});
  left.Next();
  EXPECT_EQ(left.Int(0), 0);
  auto lines = *snapshot->Query("select count(*) from flow_log where instance = $1", {gone});
  lines.Next();
  EXPECT_EQ(lines.Int(0), 0);
  auto kept = *snapshot->Query("select count(*) from flow_instance where id = $1", {held});
  kept.Next();
  EXPECT_EQ(kept.Int(0), 1);
  auto noted = *snapshot->Query(
      "select count(*) from audit where act = 'process.remove' and object_id = $1", {gone});
  noted.Next();
  EXPECT_EQ(noted.Int(0), 1);
}
}  // namespace
}  // namespace city
