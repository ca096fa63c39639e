// SPDX-License-Identifier: Apache-2.0
// Deployed versions: their diagrams and figures, moving instances, keeping and removing them.
#include "gate/errors.h"
#include "gate/process_support.h"

namespace city::gate {
namespace {
constexpr auto Make = ProcessRoute;
}  // namespace

void AddProcessVersionRoutes(Router& router, const Surroundings& s) {
  Route list =
      Make("GET", "/api/processes", "listProcesses", "在用流程", "Processes in use", {"official"});
  list.handle = [s](Call&) -> Result<Response> {
    flow::Runtime& runtime = s.city.processes().runtime();
    TRY(auto versions, runtime.Versions(""));
    json::array rows;
    for (const flow::VersionItem& item : versions) {
      TRY(flow::ProcessRule rule, runtime.RuleOf(item.process));
      rows.push_back(json::object{{"process", item.process},
                                  {"name", item.name.empty() ? item.process : item.name},
                                  {"definition", item.id},
                                  {"version", item.version},
                                  {"deployed_at", WhenOf(item.deployed_at)},
                                  {"running", item.running},
                                  {"retired", rule.retired},
                                  {"keep_class", rule.keep_class},
                                  {"keep_days", rule.keep_days}});
    }
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
  };
  router.Add(std::move(list));

  Route versions = Make("GET", "/api/processes/{process}/versions", "processVersions", "流程版本",
                        "Versions of a process", {"official"});
  versions.handle = [s](Call& call) -> Result<Response> {
    TRY(auto items, s.city.processes().runtime().Versions(call.request.Captured("process")));
    json::array rows;
    for (const flow::VersionItem& item : items)
      rows.push_back(json::object{{"definition", item.id},
                                  {"process", item.process},
                                  {"name", item.name},
                                  {"version", item.version},
                                  {"deployed_at", WhenOf(item.deployed_at)},
                                  {"deployed_by", item.deployed_by},
                                  {"running", item.running}});
    TRY_VOID(NamePeople(s, rows, {"deployed_by"}));
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
  };
  router.Add(std::move(versions));

  Route file = Make("GET", "/api/process-versions/{id}", "readProcessVersion", "流程版本图",
                    "Diagram of a version", {"official"});
  file.handle = [s](Call& call) -> Result<Response> {
    std::string id(call.request.Captured("id"));
    flow::Runtime& runtime = s.city.processes().runtime();
    TRY(std::string text, runtime.File(id));
    TRY(auto definition, runtime.Find(id));
    json::object elements;
    for (const flow::Node& node : definition->nodes)
      if (!node.name.empty()) elements[node.id] = node.name;
    return JsonResponse(ToText(json::object{
        {"definition", id},
        {"process",
         definition->processes.empty() ? "" : definition->node(definition->processes.front()).id},
        {"name",
         definition->processes.empty() ? "" : definition->node(definition->processes.front()).name},
        {"elements", std::move(elements)},
        {"file", std::move(text)}}));
  };
  router.Add(std::move(file));

  Route statistics = Make("GET", "/api/process-versions/{id}/statistics", "processStatistics",
                          "流程统计", "Statistics of a version", ProcessReaders());
  statistics.handle = [s](Call& call) -> Result<Response> {
    TRY(auto found, s.city.processes().runtime().Statistics(call.request.Captured("id"), 5000));
    json::array rows;
    for (const auto& [element, each] : found)
      rows.push_back(json::object{{"element", element},
                                  {"passed", each.passed},
                                  {"waiting", each.waiting},
                                  {"cancelled", each.cancelled},
                                  {"mean_s", each.mean_s},
                                  {"p90_s", each.p90_s}});
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"over", 5000}}));
  };
  router.Add(std::move(statistics));

  Route move = Make("POST", "/api/process-migrations", "migrateProcesses", "迁移运行中的实例",
                    "Move running instances to another version", ProcessManagers());
  move.body = "ProcessMove";
  move.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    bool dry = BoolAt(body, "dry_run", true);
    std::string reason(TextAt(body, "reason"));
    if (!dry) {
      TRY(reason, ReasonOf(body));
    }
    model::ProcessWorld& world = s.city.processes();
    flow::MigrationPlan plan;
    if (const json::object* map = ObjectAt(body, "elements"))
      for (const auto& [from, to] : *map)
        if (to.is_string()) plan.elements[std::string(from)] = std::string(to.get_string());
    TRY(flow::Actor actor, world.ActorOf(call.who));
    std::string from(TextAt(body, "from")), to(TextAt(body, "to"));
    TRY_VOID(world.runtime().Find(from));
    TRY(auto report, world.runtime().Migrate(from, to, plan, actor, dry, 100'000));
    json::object answer = PerItem(report, "moved");
    answer["dry_run"] = dry;
    if (!dry) {
      TRY_VOID(s.city.ledger().Command(
          {call.who, world.region(), {}, {}}, [&](ledger::Writer& writer) -> Result<std::string> {
            writer.Note(ProcessNote(s, "process.migrate", "process_version", to,
                                    {{"from", from},
                                     {"reason", reason},
                                     {"moved", answer.at("moved")},
                                     {"refused", answer.at("refused")}}));
            return std::string("{}");
          }));
    }
    return JsonResponse(ToText(answer));
  };
  router.Add(std::move(move));

  Route rule = Make("PUT", "/api/processes/{process}/rule", "keepProcessRule", "保管期限与停用",
                    "Time of keeping of a process", ProcessManagers());
  rule.body = "ProcessRule";
  rule.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string reason, ReasonOf(body));
    std::string process(call.request.Captured("process"));
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::ProcessRule kept, world.runtime().RuleOf(process));
    kept.keep_class = std::string(TextAt(body, "keep_class", kept.keep_class));
    kept.keep_days = IntAt(body, "keep_days", kept.keep_days);
    kept.retired = BoolAt(body, "retired", kept.retired);
    if (kept.keep_days < 0 || kept.keep_days > 365 * 200)
      return Fail(WrongParameter("keep_days", "应为 0 至 73000 的整数。",
                                 "It must be a whole number from 0 to 73000."));
    json::object told{{"process", process},
                      {"keep_class", kept.keep_class},
                      {"keep_days", kept.keep_days},
                      {"retired", kept.retired}};
    TRY(std::string done,
        s.city.ledger().Command(
            InfoOf(call, world.region()), [&](ledger::Writer& writer) -> Result<std::string> {
              TRY_VOID(world.runtime().SetRule(writer.tx(), process, kept));
              json::object detail = told;
              detail["reason"] = reason;
              writer.Note(ProcessNote(s, "process.rule", "process", process, detail));
              return ToText(told);
            }));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(rule));

  Route remove =
      Make("POST", "/api/processes/{process}/removals", "removeProcessInstances",
           "清除已过保管期限的实例", "Remove what is past its time of keeping", ProcessManagers());
  remove.body = "ProcessReason";
  remove.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string reason, ReasonOf(body));
    model::ProcessWorld& world = s.city.processes();
    std::string process(call.request.Captured("process"));
    TRY(auto report, world.runtime().RemoveExpired(process, 5000));
    json::object answer = PerItem(report, "removed");
    TRY_VOID(s.city.ledger().Command(
        {call.who, world.region(), {}, {}}, [&](ledger::Writer& writer) -> Result<std::string> {
          for (const flow::BatchItem& item : report)
            if (!item.error)
              writer.Note(ProcessNote(s, "process.remove", "process_instance", item.instance.id,
                                      {{"process", process}, {"reason", reason}}));
          return std::string("{}");
        }));
    return JsonResponse(ToText(answer));
  };
  router.Add(std::move(remove));

  Route hold = Make("POST", "/api/process-holds", "holdProcessInstances", "批量依法保全与解除",
                    "Put instances under legal hold, or lift it", ProcessManagers());
  hold.body = "ProcessHolds";
  hold.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string reason, ReasonOf(body));
    const json::array* given = ArrayAt(body, "instances");
    if (given == nullptr || given->empty() || given->size() > 1000) return error::kBadRequest;
    bool lift = BoolAt(body, "lift");
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::Actor actor, world.ActorOf(call.who));
    std::vector<flow::BatchItem> out;
    for (const json::value& each : *given) {
      if (!each.is_string()) return error::kBadRequest;
      flow::BatchItem item{{world.region(), std::string(each.get_string())}, std::nullopt};
      auto done = s.city.ledger().Command(
          {call.who, world.region(), {}, {}}, [&](ledger::Writer& writer) -> Result<std::string> {
            TRY_VOID(world.runtime().Hold(writer.tx(), item.instance, lift ? "" : reason, actor));
            writer.Note(ProcessNote(s, lift ? "process.lift-hold" : "process.hold",
                                    "process_instance", item.instance.id, {{"reason", reason}}));
            return std::string("{}");
          });
      if (!done) item.error = done.error();
      out.push_back(std::move(item));
    }
    return JsonResponse(ToText(PerItem(out, "done")));
  };
  router.Add(std::move(hold));
}
}  // namespace city::gate
