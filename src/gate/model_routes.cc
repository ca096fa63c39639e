// SPDX-License-Identifier: Apache-2.0
// The city's files while it runs: versions, what would change, putting in force, taking back.
#include <charconv>

#include "gate/errors.h"
#include "gate/routes.h"
#include "model/model_changes.h"

namespace city::gate {
namespace {
Result<int64_t> VersionOf(const Call& call) {
  std::string_view text = call.request.Captured("number");
  int64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return error::kNoSuchRoute;
  return number;
}
}  // namespace

void AddModelRoutes(Router& router, Surroundings s) {
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, std::vector<std::string> roles,
                 std::function<Result<json::object>(Call&)> work) {
    Route route{method, pattern, operation, zh, en, Access::kRoles, std::move(roles), nullptr};
    route.tag = "city";
    if (std::string_view(method) == "POST") route.body = "Reason";
    route.handle = [work = std::move(work)](Call& call) -> Result<Response> {
      TRY(json::object answer, work(call));
      return JsonResponse(ToText(answer));
    };
    router.Add(std::move(route));
  };
  add("GET", "/api/model/versions", "modelVersions", "模型版本", "Versions of the model",
      {"administrator", "auditor"}, [s](Call&) -> Result<json::object> {
        TRY(auto snapshot, s.city.store().Read());
        TRY(store::Rows rows,
            snapshot->Query("select number, at, by_whom, summary from model_version order by "
                            "number desc limit 200"));
        json::array list;
        while (rows.Next())
          list.push_back(json::object{{"number", rows.Int(0)},
                                      {"at", IsoChina(FromMicros(rows.Int(1)))},
                                      {"by", rows.Text(2)},
                                      {"summary", rows.Text(3)}});
        TRY_VOID(rows.status());
        return json::object{{"rows", std::move(list)}, {"next", nullptr}};
      });
  add("GET", "/api/model/versions/{number}", "modelVersion", "模型的一版", "A version of the model",
      {"administrator", "auditor"}, [s](Call& call) -> Result<json::object> {
        TRY(int64_t number, VersionOf(call));
        return model::ModelChanges(s.city).Version(number);
      });
  add("GET", "/api/model/changes", "modelChanges", "文件夹与在用模型的差别",
      "What the folder would change", {"administrator", "auditor"},
      [s](Call&) -> Result<json::object> { return model::ModelChanges(s.city).Plan(); });
  add("POST", "/api/model/install", "installModel", "启用文件夹中的模型",
      "Put the folder's model in force", {"administrator"},
      [s](Call& call) -> Result<json::object> {
        TRY(json::object body, BodyOf(call));
        return model::ModelChanges(s.city).Install(call.who, std::string(TextAt(body, "reason")));
      });
  add("POST", "/api/model/versions/{number}/take-back", "takeBackModel", "恢复模型的一版",
      "Put an earlier version in force again", {"administrator"},
      [s](Call& call) -> Result<json::object> {
        TRY(int64_t number, VersionOf(call));
        TRY(json::object body, BodyOf(call));
        return model::ModelChanges(s.city).TakeBack(call.who, number,
                                                    std::string(TextAt(body, "reason")));
      });
}
}  // namespace city::gate
