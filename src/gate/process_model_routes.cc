// SPDX-License-Identifier: Apache-2.0
// Models of processes: drawn, checked, tried out, published, retired.
#include "engines/flow/document.h"
#include "engines/flow/process_models.h"
#include "engines/flow/simulation.h"
#include "gate/errors.h"
#include "gate/process_support.h"

namespace city::gate {
namespace {
Route Make(const char* method, const char* pattern, const char* operation, const char* zh,
           const char* en) {
  Route route{method, pattern, operation, zh, en, Access::kRoles, ProcessManagers(), nullptr};
  route.tag = "processes";
  route.max_body = 4u << 20;
  return route;
}

json::object RowOf(const flow::ProcessModel& model) {
  return json::object{{"id", model.id},
                      {"name", model.name},
                      {"process", model.process},
                      {"version", model.version},
                      {"changed_at", WhenOf(model.changed_at)},
                      {"changed_by", model.changed_by},
                      {"published", model.published}};
}

/// Findings of the standard, and what else stands against deploying.
Result<json::object> FindingsOf(flow::Runtime& runtime, const std::string& file) {
  TRY(auto document, flow::Document::Load(file));
  json::array rows;
  int errors = 0;
  for (const flow::Finding& finding : flow::Lint(*document)) {
    errors += finding.is_error() ? 1 : 0;
    rows.push_back(json::object{
        {"element", finding.element},
        {"kind", finding.element_kind},
        {"rule", finding.rule->id},
        {"severity", finding.is_error() ? "error" : "warning"},
        {"line", finding.line},
        {"detail", finding.detail},
        {"says", json::object{{"zh", finding.rule->says_zh}, {"en", finding.rule->says_en}}},
        {"then", json::object{{"zh", finding.rule->then_zh}, {"en", finding.rule->then_en}}}});
  }
  bool deployable = errors == 0;
  if (errors == 0) {
    // What the standard allows may still be beyond this engine, or not compile.
    auto definition = runtime.Compile(*document);
    if (!definition) {
      deployable = false;
      for (const ErrorDetail& detail : definition.error().details)
        rows.push_back(
            json::object{{"element", detail.pointer},
                         {"kind", ""},
                         {"rule", detail.keyword},
                         {"severity", "error"},
                         {"line", 0},
                         {"detail", ""},
                         {"says", json::object{{"zh", detail.says_zh}, {"en", detail.says_en}}},
                         {"then", json::object{{"zh", ""}, {"en", ""}}}});
    }
  }
  return json::object{{"deployable", deployable}, {"rows", std::move(rows)}};
}
}  // namespace

void AddProcessModelRoutes(Router& router, Surroundings s) {
  Route list = Make("GET", "/api/process-models", "listProcessModels", "流程模型列表",
                    "List process models");
  list.handle = [s](Call&) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(auto models, flow::ListModels(*snapshot));
    json::array rows;
    for (const flow::ProcessModel& model : models) rows.push_back(RowOf(model));
    TRY_VOID(NamePeople(s, rows, {"changed_by"}));
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
  };
  router.Add(std::move(list));

  Route one =
      Make("GET", "/api/process-models/{id}", "readProcessModel", "流程模型", "A process model");
  one.handle = [s](Call& call) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(auto model, flow::ReadModel(*snapshot, call.request.Captured("id")));
    json::object out = RowOf(model);
    out["file"] = model.file;
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(one));

  auto save = [s](Call& call, const std::string& id) -> Result<std::string> {
    TRY(json::object body, BodyOf(call));
    flow::ProcessModel given;
    given.id = id;
    given.name = std::string(TextAt(body, "name")).substr(0, 300);
    given.file = std::string(TextAt(body, "file"));
    given.version = IntAt(body, "version");
    given.changed_by = call.who.account;
    return s.city.ledger().Command(
        InfoOf(call, s.city.processes().region()),
        [&](ledger::Writer& writer) -> Result<std::string> {
          TRY(auto kept, flow::SaveModel(writer.tx(), given, writer.now()));
          writer.Note(ProcessNote(s, "process.model", "process_model", kept.id,
                                  {{"name", kept.name}, {"version", kept.version}}));
          return ToText(RowOf(kept));
        });
  };
  Route create = Make("POST", "/api/process-models", "createProcessModel", "新建流程模型",
                      "A new process model");
  create.body = "ProcessModel";
  create.handle = [save](Call& call) -> Result<Response> {
    TRY(std::string made, save(call, ""));
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(create));

  Route update = Make("PUT", "/api/process-models/{id}", "saveProcessModel", "保存流程模型",
                      "Save a process model");
  update.body = "ProcessModel";
  update.handle = [save](Call& call) -> Result<Response> {
    TRY(std::string made, save(call, std::string(call.request.Captured("id"))));
    return JsonResponse(std::move(made));
  };
  router.Add(std::move(update));

  Route lint = Make("POST", "/api/process-findings", "checkProcess", "检查流程模型",
                    "What is wrong with a model");
  lint.body = "ProcessModel";
  lint.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(json::object found,
        FindingsOf(s.city.processes().runtime(), std::string(TextAt(body, "file"))));
    return JsonResponse(ToText(found));
  };
  router.Add(std::move(lint));

  Route trial =
      Make("POST", "/api/process-trials", "simulateProcess", "仿真流程模型", "Try a model out");
  trial.body = "ProcessTrial";
  trial.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(auto document, flow::Document::Load(TextAt(body, "file")));
    TRY(auto definition, s.city.processes().runtime().Compile(*document));
    TRY(json::object answer,
        flow::Simulate(definition, &s.city.processes(), body, s.city.clock().Now()));
    json::array& tasks = answer["instance"].as_object()["tasks"].as_array();
    for (json::value& each : tasks) {
      json::object& task = each.as_object();
      task["groups"] = GroupsOf(s, task["groups"].as_array());
    }
    TRY_VOID(NamePeople(s, tasks, {"person"}));
    return JsonResponse(ToText(answer));
  };
  router.Add(std::move(trial));

  Route publish = Make("POST", "/api/process-models/{id}/publish", "publishProcessModel",
                       "发布流程模型", "Publish a process model");
  publish.body = "ProcessReason";
  publish.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string reason, ReasonOf(body));
    std::string id(call.request.Captured("id"));
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::Actor actor, world.ActorOf(call.who));
    TRY(std::string done,
        s.city.ledger().Command(
            InfoOf(call, world.region()), [&](ledger::Writer& writer) -> Result<std::string> {
              TRY(auto model, flow::ReadModel(writer.tx(), id));
              TRY(auto made, world.runtime().DeployIn(writer.tx(), model.file, actor));
              TRY_VOID(flow::MarkPublished(writer.tx(), id, made.id));
              writer.Note(ProcessNote(
                  s, "process.publish", "process_version", made.id,
                  {{"process", made.process}, {"version", made.version}, {"reason", reason}}));
              return ToText(json::object{{"definition", made.id},
                                         {"process", made.process},
                                         {"version", made.version},
                                         {"unchanged", made.unchanged},
                                         {"warnings", made.warnings.size()}});
            }));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(publish));
}
}  // namespace city::gate
