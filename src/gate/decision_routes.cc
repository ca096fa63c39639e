// SPDX-License-Identifier: Apache-2.0
// Decision models: lists, versions, checks, trials, drafts, tests, publication.
#include "gate/errors.h"
#include "gate/routes.h"

namespace city::gate {
namespace {
using Work = std::function<Result<std::string>(Call&, const std::string& name)>;

/// Version number from the address.
Result<int> VersionOf(const Call& call) {
  std::string_view text = call.request.Captured("number");
  int number = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || number > 100'000) number = -1;
    if (number < 0) break;
    number = number * 10 + (c - '0');
  }
  if (text.empty() || number < 1)
    return error::kParameterWrong({{"name", "number"},
                                   {"hint_zh", "应为版本号。"},
                                   {"hint_en", "It must be the number of a version."}});
  return number;
}

/// Bytes of a text: enough for a table of thousands of rules.
constexpr size_t kMostBody = 4u << 20;

void AddOne(Router& router, const char* method, const char* pattern, const char* operation,
            const char* zh, const char* en, std::vector<std::string> roles, const char* body,
            Work work) {
  Route route{method, pattern, operation, zh, en, Access::kRoles, std::move(roles), nullptr};
  route.tag = "decisions";
  route.body = body;
  if (route.method != "GET") route.max_body = kMostBody;
  route.handle = [work = std::move(work)](Call& call) -> Result<Response> {
    TRY(std::string answer, work(call, std::string(call.request.Captured("name"))));
    return JsonResponse(std::move(answer));
  };
  router.Add(std::move(route));
}
}  // namespace

void AddDecisionRoutes(Router& router, Surroundings s) {
  std::vector<std::string> official{"official"};
  std::vector<std::string> editor{decisions::kRuleEditor};
  std::vector<std::string> reviewer{decisions::kRuleReviewer};
  std::vector<std::string> both{decisions::kRuleEditor, decisions::kRuleReviewer};
  std::string shard = s.city.place().code;

  AddOne(router, "GET", "/api/decisions", "listDecisions", "决策模型", "Decision models", official,
         "", [s](Call& call, const std::string&) { return s.city.rulebook().List(call.who); });
  AddOne(router, "POST", "/api/decisions", "createDecision", "新建决策模型",
         "Make a decision model", editor, "NewDecision",
         [s, shard](Call& call, const std::string&) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           return s.city.rulebook().Create(InfoOf(call, shard), body);
         });
  AddOne(router, "GET", "/api/decisions/{name}", "readDecision", "决策模型的版本",
         "Versions of a decision model", official, "", [s](Call& call, const std::string& name) {
           return s.city.rulebook().Read(call.who, name);
         });
  AddOne(router, "GET", "/api/decisions/{name}/versions/{number}", "readDecisionVersion",
         "决策模型的一个版本", "A version of a decision model", official, "",
         [s](Call& call, const std::string& name) -> Result<std::string> {
           TRY(int number, VersionOf(call));
           return s.city.rulebook().ReadVersion(call.who, name, number);
         });
  AddOne(router, "POST", "/api/decisions/{name}/check", "checkDecision", "检查决策模型文本",
         "Check the text of a decision model", both, "DecisionText",
         [s](Call& call, const std::string&) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           return s.city.rulebook().Check(body);
         });
  AddOne(router, "POST", "/api/decisions/{name}/try", "tryDecision", "试算",
         "Try a decision with inputs", official, "DecisionTrial",
         [s](Call& call, const std::string& name) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           return s.city.rulebook().Try(call.who, name, body);
         });
  AddOne(router, "PUT", "/api/decisions/{name}/draft", "saveDecisionDraft", "保存决策模型草稿",
         "Save the draft of a decision model", editor, "DecisionDraft",
         [s, shard](Call& call, const std::string& name) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           TRY(auto expected, ExpectedVersion(call));
           return s.city.rulebook().SaveDraft(InfoOf(call, shard), name, body, expected);
         });
  AddOne(router, "POST", "/api/decisions/{name}/versions/{number}/tests", "testDecisionVersion",
         "运行测试用例", "Run the test cases", both, "",
         [s, shard](Call& call, const std::string& name) -> Result<std::string> {
           TRY(int number, VersionOf(call));
           return s.city.rulebook().RunTests(InfoOf(call, shard), name, number);
         });
  AddOne(router, "POST", "/api/decisions/{name}/versions/{number}/publish",
         "publishDecisionVersion", "发布决策模型", "Publish a decision model", reviewer, "Reason",
         [s, shard](Call& call, const std::string& name) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           TRY(int number, VersionOf(call));
           return s.city.rulebook().Publish(InfoOf(call, shard), name, number, body);
         });
  AddOne(router, "POST", "/api/decisions/{name}/versions/{number}/retire", "retireDecisionVersion",
         "停用决策模型", "Retire a version of a decision model", reviewer, "Reason",
         [s, shard](Call& call, const std::string& name) -> Result<std::string> {
           TRY(json::object body, BodyOf(call));
           TRY(int number, VersionOf(call));
           return s.city.rulebook().Retire(InfoOf(call, shard), name, number, body);
         });

  Route compare{"GET",
                "/api/decisions/{name}/compare",
                "compareDecisionVersions",
                "比较两个版本",
                "Compare two versions of a decision model",
                Access::kRoles,
                official,
                nullptr};
  compare.tag = "decisions";
  compare.params = {{"before", "query", "integer", "较早的版本", "The earlier version"},
                    {"after", "query", "integer", "较晚的版本", "The later version"}};
  compare.handle = [s](Call& call) -> Result<Response> {
    TRY(int before, NumberOf(call, "before", 1, 1, 100'000));
    TRY(int after, NumberOf(call, "after", 1, 1, 100'000));
    TRY(std::string answer,
        s.city.rulebook().CompareVersions(call.who, std::string(call.request.Captured("name")),
                                          before, after));
    return JsonResponse(std::move(answer));
  };
  router.Add(std::move(compare));
}
}  // namespace city::gate
