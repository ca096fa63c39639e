// SPDX-License-Identifier: Apache-2.0
// Running processes: starting, following, repairing, moving and removing instances.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "engines/flow/errors.h"
#include "engines/flow/view.h"
#include "gate/errors.h"
#include "gate/process_support.h"

namespace city::gate {
namespace {
constexpr auto Make = ProcessRoute;

json::object RowOf(const flow::InstanceItem& item) {
  return json::object{{"id", item.instance.id},
                      {"definition", item.definition},
                      {"process", item.process},
                      {"process_version", item.process_version},
                      {"state", flow::StateName(item.state)},
                      {"business_key", item.business_key},
                      {"starter", item.starter},
                      {"started", WhenOf(item.started)},
                      {"ended", WhenOf(item.ended)},
                      {"incidents", item.incidents},
                      {"hold", item.hold}};
}

/// A cursor "number~text~number" as given by the page before.
struct Cursor {
  int64_t at = 0;
  std::string id;
  int64_t key = 0;
};
Result<Cursor> CursorOf(const Call& call) {
  Cursor out;
  std::string_view text = call.request.Query("after");
  if (text.empty()) return out;
  std::vector<std::string_view> parts = Split(text, '~');
  if (parts.size() < 2)
    return Fail(WrongParameter("after", "请从第一页重新开始。", "Begin again at the first page."));
  std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), out.at);
  out.id = std::string(parts[1]);
  if (parts.size() > 2)
    std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), out.key);
  return out;
}

/// One page of the history, with the tokens after each step.
Result<json::object> ReplayOf(const Surroundings& s, const SeenInstance& seen, std::uint32_t after,
                              int limit) {
  flow::Runtime& runtime = s.city.processes().runtime();
  TRY(auto history, runtime.History(seen.item.instance, after, limit));
  TRY(flow::Instance state, runtime.StateAt(seen.item.instance, after));
  json::array out;
  for (const flow::HistoryEntry& entry : history) {
    TRY(auto definition, runtime.Find(entry.definition));
    json::array lines;
    json::value reason;
    for (const flow::LogLine& line : entry.lines) {
      flow::Fold(state, line);
      json::value view = flow::LineView(*definition, line);
      if (view.is_null()) continue;
      if (line.kind == flow::LogKind::kCommand) {
        if (const json::value* given = view.as_object().if_contains("reason")) reason = *given;
        continue;
      }
      lines.push_back(std::move(view));
    }
    json::object tokens;
    for (const auto& [element, count] : flow::TokensOf(*definition, state)) tokens[element] = count;
    out.push_back(json::object{{"version", entry.version},
                               {"definition", entry.definition},
                               {"at", IsoChina(entry.at, true)},
                               {"actor", entry.actor},
                               {"verb", entry.verb},
                               {"reason", std::move(reason)},
                               {"tokens", std::move(tokens)},
                               {"lines", std::move(lines)}});
  }
  TRY_VOID(NamePeople(s, out, {"actor"}));
  for (json::value& each : out) {
    json::array& lines = each.as_object()["lines"].as_array();
    TRY_VOID(NamePeople(s, lines, {"person"}));
  }
  json::value next;
  if (history.size() == static_cast<size_t>(limit) &&
      history.back().version < seen.instance.version)
    next = history.back().version;
  return json::object{
      {"rows", std::move(out)}, {"next", std::move(next)}, {"total", seen.instance.version}};
}

void AddInstances(Router& router, const Surroundings& s) {
  Route start = Make("POST", "/api/process-instances", "startProcess", "发起流程",
                     "Start a process", {"official"});
  start.body = "ProcessStart";
  start.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    model::ProcessWorld& world = s.city.processes();
    flow::StartOptions options;
    options.process = std::string(TextAt(body, "process"));
    options.business_key = std::string(TextAt(body, "business_key")).substr(0, 200);
    if (const json::object* variables = ObjectAt(body, "variables")) options.variables = *variables;
    TRY(options.actor, world.ActorOf(call.who));
    options.variables["starter"] = call.who.account;
    TRY(std::string made,
        s.city.ledger().Command(
            InfoOf(call, world.region()), [&](ledger::Writer& writer) -> Result<std::string> {
              TRY(flow::InstanceRef ref,
                  world.runtime().StartIn(writer.tx(), world.region(), options));
              TRY_VOID(world.runtime().NotePart(writer.tx(), ref, call.who.account));
              writer.Note(ProcessNote(s, "process.start", "process_instance", ref.id,
                                      {{"process", options.process}}));
              TRY_VOID(writer.Send("process", ref.id, json::object{{"id", ref.id}}));
              return ToText(json::object{{"id", ref.id}});
            }));
    s.city.relay().Wake();
    world.Wake();
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(start));

  Route list = Make("GET", "/api/process-instances", "listProcessInstances", "流程实例列表",
                    "List process instances", {"official"});
  list.answer = "Page";
  list.params = {{"view", "query", "string", "mine、handled 或 all", "mine, handled or all"},
                 {"process", "query", "string", "流程标识", "Id of the process"},
                 {"definition", "query", "string", "流程版本", "Version of the process"},
                 {"state", "query", "string", "状态", "State"},
                 {"incident", "query", "boolean", "只看异常", "Only those with an incident"},
                 {"held", "query", "boolean", "只看依法保全的", "Only those under legal hold"},
                 {"key", "query", "string", "业务编号", "Business key"},
                 {"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                 {"limit", "query", "integer", "每页条数", "Rows of a page"}};
  list.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 20, 1, 200));
    const Request& r = call.request;
    flow::InstanceQuery query;
    query.region = s.city.processes().region();
    query.limit = limit + 1;
    std::string_view view = r.Query("view", "mine");
    if (view == "all") {
      std::vector<std::string> readers = ProcessReaders();
      if (std::none_of(readers.begin(), readers.end(),
                       [&](const std::string& role) { return call.who.HasRole(role); }))
        return error::kForbidden;
    } else if (view == "handled") {
      query.person = call.who.account;
    } else {
      query.starter = call.who.account;
    }
    query.process = std::string(r.Query("process"));
    query.definition = std::string(r.Query("definition"));
    query.business_key = std::string(r.Query("key"));
    query.with_incident = r.Query("incident") == "true";
    query.held = r.Query("held") == "true";
    if (std::string_view state = r.Query("state"); !state.empty()) {
      for (auto each : {flow::InstanceState::kRunning, flow::InstanceState::kSuspended,
                        flow::InstanceState::kCompleted, flow::InstanceState::kTerminated})
        if (state == flow::StateName(each)) query.state = each;
      if (!query.state)
        return Fail(WrongParameter("state", "应为 running、suspended、completed 或 terminated。",
                                   "It must be running, suspended, completed or terminated."));
    }
    TRY(Cursor cursor, CursorOf(call));
    query.before_started = cursor.at;
    query.before_id = cursor.id;
    TRY(auto items, s.city.processes().runtime().Instances(query));
    json::value next;
    if (items.size() > static_cast<size_t>(limit)) {
      items.resize(static_cast<size_t>(limit));
      next = json::string(std::to_string(items.back().started) + "~" + items.back().instance.id);
    }
    json::array rows;
    for (const flow::InstanceItem& item : items) {
      json::object row = RowOf(item);
      auto definition = s.city.processes().runtime().Find(item.definition);
      if (definition && !(*definition)->processes.empty())
        row["name"] = (*definition)->node((*definition)->processes.front()).name;
      rows.push_back(std::move(row));
    }
    TRY_VOID(NamePeople(s, rows, {"starter"}));
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", std::move(next)}}));
  };
  router.Add(std::move(list));

  Route one = Make("GET", "/api/process-instances/{id}", "readProcessInstance", "流程实例详情",
                   "A process instance", {"official"});
  one.handle = [s](Call& call) -> Result<Response> {
    TRY(SeenInstance seen, LookAt(s, call.who, std::string(call.request.Captured("id"))));
    TRY(json::object view, ViewOf(s, seen));
    TRY(std::string file, s.city.processes().runtime().File(seen.item.definition));
    view["file"] = std::move(file);
    json::object may;
    for (auto verb : {flow::Verb::kSuspend, flow::Verb::kResume, flow::Verb::kTerminate,
                      flow::Verb::kSetVariables, flow::Verb::kWithdraw, flow::Verb::kComment}) {
      flow::Command command;
      command.verb = verb;
      command.actor = seen.actor;
      command.reason = "?";
      may[flow::VerbName(verb)] =
          flow::Engine::May(*seen.definition, seen.instance, command).has_value();
    }
    may["administer"] = seen.actor.administrator;
    view["may"] = std::move(may);
    return JsonResponse(ToText(view));
  };
  router.Add(std::move(one));

  Route history = Make("GET", "/api/process-instances/{id}/history", "processHistory",
                       "流程实例历史", "History of a process instance", {"official"});
  history.params = {{"after", "query", "integer", "从第几步之后", "Behind which step"},
                    {"limit", "query", "integer", "每页步数", "Steps of a page"}};
  history.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 200, 1, 1000));
    TRY(int after, NumberOf(call, "after", 0, 0, 1'000'000'000));
    TRY(SeenInstance seen, LookAt(s, call.who, std::string(call.request.Captured("id"))));
    TRY(json::object page, ReplayOf(s, seen, static_cast<std::uint32_t>(after), limit));
    return JsonResponse(ToText(page));
  };
  router.Add(std::move(history));

  Route act = Make("POST", "/api/process-instances/{id}/acts/{act}", "actOnProcess", "流程实例操作",
                   "Act on a process instance", {"official"});
  act.body = "ProcessAct";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(SeenInstance seen, LookAt(s, call.who, std::string(call.request.Captured("id"))));
    std::string_view name = call.request.Captured("act");
    model::ProcessWorld& world = s.city.processes();
    if (name == "hold" || name == "lift-hold") {
      if (!seen.actor.administrator) return error::kForbidden;
      TRY(std::string reason, ReasonOf(body));
      const flow::InstanceRef& ref = seen.item.instance;
      TRY(std::string done,
          s.city.ledger().Command(
              InfoOf(call, ref.region), [&](ledger::Writer& writer) -> Result<std::string> {
                TRY_VOID(world.runtime().Hold(writer.tx(), ref, name == "hold" ? reason : "",
                                              seen.actor));
                writer.Note(ProcessNote(s, "process." + std::string(name), "process_instance",
                                        ref.id, {{"reason", reason}}));
                return ToText(json::object{{"instance", ref.id}});
              }));
      return JsonResponse(std::move(done));
    }
    TRY(flow::Verb verb, flow::VerbNamed(name));
    switch (verb) {
      case flow::Verb::kSuspend:
      case flow::Verb::kTerminate:
      case flow::Verb::kJump:
      case flow::Verb::kSetVariables:
      case flow::Verb::kWithdraw:
        TRY_VOID(ReasonOf(body));
        break;
      case flow::Verb::kResume:
      case flow::Verb::kComment:
        break;
      default:
        return flow::error::kUnknownVerb({{"verb", std::string(name)}});
    }
    TRY(std::string done, ActOn(s, call, seen.item.instance, CommandOf(verb, seen.actor, body)));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(act));
}

void AddIncidents(Router& router, const Surroundings& s) {
  Route list = Make("GET", "/api/process-incidents", "listProcessIncidents", "流程异常列表",
                    "List incidents", ProcessReaders());
  list.answer = "Page";
  list.params = {{"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                 {"limit", "query", "integer", "每页条数", "Rows of a page"}};
  list.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 50, 1, 500));
    TRY(Cursor cursor, CursorOf(call));
    flow::IncidentItem after;
    after.at = cursor.at;
    after.instance.id = cursor.id;
    after.key = static_cast<flow::Key>(cursor.key);
    model::ProcessWorld& world = s.city.processes();
    TRY(auto items, world.runtime().Incidents(world.region(), after, limit + 1));
    json::value next;
    if (items.size() > static_cast<size_t>(limit)) {
      items.resize(static_cast<size_t>(limit));
      const flow::IncidentItem& last = items.back();
      next = json::string(std::to_string(last.at) + "~" + last.instance.id + "~" +
                          std::to_string(last.key));
    }
    json::array rows;
    for (const flow::IncidentItem& item : items) {
      json::object row{{"instance", item.instance.id},
                       {"definition", item.definition},
                       {"element", item.node},
                       {"key", item.key},
                       {"code", item.code},
                       {"message", item.message},
                       {"at", WhenOf(item.at)}};
      if (auto definition = world.runtime().Find(item.definition)) {
        if (!(*definition)->processes.empty())
          row["process_name"] = (*definition)->node((*definition)->processes.front()).name;
        if (auto node = (*definition)->Find(item.node); node != flow::kNone)
          row["element_name"] = (*definition)->node(node).name;
      }
      rows.push_back(std::move(row));
    }
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", std::move(next)}}));
  };
  router.Add(std::move(list));

  Route act = Make("POST", "/api/process-incidents/acts", "actOnProcessIncidents",
                   "批量处理流程异常", "Act on incidents", ProcessManagers());
  act.body = "ProcessBatch";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string_view name = TextAt(body, "act");
    const json::array* items = ArrayAt(body, "items");
    if (items == nullptr || items->empty() || items->size() > 1000 ||
        (name != "retry" && name != "skip" && name != "cancel"))
      return error::kBadRequest;
    std::string reason(TextAt(body, "reason"));
    if (name != "retry") {
      TRY(reason, ReasonOf(body));
    }
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::Actor actor, world.ActorOf(call.who));
    std::vector<flow::BatchItem> out;
    for (const json::value& each : *items) {
      if (!each.is_object()) return error::kBadRequest;
      flow::BatchItem item{{world.region(), std::string(TextAt(each.get_object(), "instance"))},
                           std::nullopt};
      flow::Command command;
      command.actor = actor;
      command.reason = reason;
      command.key = static_cast<flow::Key>(IntAt(each.get_object(), "key"));
      command.verb = name == "retry"  ? flow::Verb::kRetry
                     : name == "skip" ? flow::Verb::kSkip
                                      : flow::Verb::kTerminate;
      auto done = ActOn(s, call, item.instance, command);
      if (!done) item.error = done.error();
      out.push_back(std::move(item));
    }
    return JsonResponse(ToText(PerItem(out, "done")));
  };
  router.Add(std::move(act));
}

}  // namespace

void AddProcessRoutes(Router& router, Surroundings s) {
  AddInstances(router, s);
  AddIncidents(router, s);
  AddProcessVersionRoutes(router, s);
  AddProcessOutsideRoutes(router, s);
}
}  // namespace city::gate
