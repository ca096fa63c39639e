// SPDX-License-Identifier: Apache-2.0
// Steps of processes on people's lists: taking, signing, handing on, asking others.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include "engines/flow/errors.h"
#include "engines/flow/offers.h"
#include "gate/errors.h"
#include "gate/process_support.h"
#include "model/colleagues.h"

namespace city::gate {
namespace {
using flow::Verb;

Route Make(const char* method, const char* pattern, const char* operation, const char* zh,
           const char* en) {
  return ProcessRoute(method, pattern, operation, zh, en, {"official"});
}

json::object RowOf(const flow::TaskItem& item) {
  return json::object{{"instance", item.instance.id},
                      {"definition", item.definition},
                      {"element", item.node},
                      {"name", item.name.empty() ? item.node : item.name},
                      {"form", item.form},
                      {"key", item.key},
                      {"seat", item.seat},
                      {"person", item.person},
                      {"due", WhenOf(item.due)},
                      {"priority", item.priority},
                      {"created", WhenOf(item.created)}};
}

/// Whether words must say why.
bool NeedsReason(const flow::Command& command) {
  switch (command.verb) {
    case Verb::kReturn:
    case Verb::kTransfer:
    case Verb::kDelegate:
    case Verb::kAddBefore:
    case Verb::kAddAfter:
    case Verb::kAddBeside:
    case Verb::kRemoveSigner:
    case Verb::kConsult:
    case Verb::kAnswer:
    case Verb::kComment:
      return true;
    case Verb::kComplete:
      return command.name == "reject" || command.name == "veto";
    default:
      return false;
  }
}

/// Accounts that are named must be officials who can act.
Result<void> CheckPeople(const Surroundings& s, const std::vector<std::string>& people) {
  if (people.empty()) return {};
  TRY(auto snapshot, s.city.store().Read());
  for (const std::string& person : people) {
    TRY(bool official, model::IsOfficial(*snapshot, person));
    if (!official) return flow::error::kNeedsPeople;
  }
  return {};
}

/// What this person may do with the seat now, and why not the rest.
json::object MayOf(const SeenInstance& seen, flow::Key key, std::uint32_t seat) {
  json::object out;
  for (const flow::Offer& offer :
       flow::OffersOf(*seen.definition, seen.instance, key, seat, seen.actor)) {
    const auto& no = offer.refused;
    out[flow::VerbName(offer.verb)] =
        !no ? json::value(true)
            : json::value(
                  json::object{{"code", no->code()},
                               {"says", json::object{{"zh", no->SaysZh()}, {"en", no->SaysEn()}}}});
  }
  return out;
}

json::array ReturnsOf(const SeenInstance& seen, flow::Key key, std::uint32_t seat) {
  json::array out;
  for (const auto& each : flow::ReturnsOf(*seen.definition, seen.instance, key, seat, seen.actor))
    out.push_back(json::object{{"target", each.target}, {"name", each.name}});
  return out;
}
}  // namespace

void AddProcessTaskRoutes(Router& router, Surroundings s) {
  Route list = Make("GET", "/api/process-tasks", "listProcessTasks", "我的流程任务",
                    "My steps of processes");
  list.answer = "Page";
  list.params = {{"view", "query", "string", "mine 或 offered", "mine or offered"},
                 {"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                 {"limit", "query", "integer", "每页条数", "Rows of a page"}};
  list.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 50, 1, 200));
    model::ProcessWorld& world = s.city.processes();
    TRY(flow::Actor actor, world.ActorOf(call.who));
    std::vector<std::string> people{actor.id};
    people.insert(people.end(), actor.stands_in_for.begin(), actor.stands_in_for.end());
    flow::TaskQuery query;
    query.region = world.region();
    query.offered = call.request.Query("view", "mine") == "offered";
    query.limit = limit + 1;
    std::string after(call.request.Query("after"));
    if (size_t at = after.find('~'); at != std::string::npos) {
      query.after_created = std::strtoll(after.c_str(), nullptr, 10);
      query.after_instance = after.substr(at + 1);
    }
    std::vector<flow::TaskItem> items;
    for (const std::string& person : people) {
      query.person = person;
      query.groups = person == actor.id ? actor.groups : std::vector<std::string>();
      TRY(auto found, world.runtime().Tasks(query));
      std::move(found.begin(), found.end(), std::back_inserter(items));
    }
    std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
      return std::tie(a.created, a.instance.id, a.key, a.seat) <
             std::tie(b.created, b.instance.id, b.key, b.seat);
    });
    json::value next;
    if (items.size() > static_cast<size_t>(limit)) {
      items.resize(static_cast<size_t>(limit));
      next = json::string(std::to_string(items.back().created) + "~" + items.back().instance.id);
    }
    json::array rows;
    for (const flow::TaskItem& item : items) {
      json::object row = RowOf(item);
      auto definition = world.runtime().Find(item.definition);
      if (definition && !(*definition)->processes.empty())
        row["process_name"] = (*definition)->node((*definition)->processes.front()).name;
      rows.push_back(std::move(row));
    }
    TRY_VOID(NamePeople(s, rows, {"person"}));
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", std::move(next)}}));
  };
  router.Add(std::move(list));

  Route one = Make("GET", "/api/process-tasks/{instance}/{key}/{seat}", "readProcessTask",
                   "流程任务", "A step of a process");
  one.handle = [s](Call& call) -> Result<Response> {
    TRY(SeenInstance seen, LookAt(s, call.who, std::string(call.request.Captured("instance"))));
    auto key = static_cast<flow::Key>(
        std::strtoul(std::string(call.request.Captured("key")).c_str(), nullptr, 10));
    auto id = static_cast<std::uint32_t>(
        std::strtoul(std::string(call.request.Captured("seat")).c_str(), nullptr, 10));
    const flow::Live* live = seen.instance.Find(key);
    const flow::Seat* seat = flow::SeatOf(seen.instance, key, id);
    if (live == nullptr || seat == nullptr) return flow::error::kNoSuchTask;
    const flow::Node& node = seen.definition->node(live->node);
    TRY(json::object out, ViewOf(s, seen));
    TRY(std::string file, s.city.processes().runtime().File(seen.item.definition));
    out["file"] = std::move(file);
    json::object task{{"key", key},
                      {"seat", id},
                      {"element", node.id},
                      {"name", node.name},
                      {"person", seat->person},
                      {"consulted", seat->origin == flow::SeatOrigin::kConsult},
                      {"question", seat->origin == flow::SeatOrigin::kConsult ? seat->remark : ""},
                      {"due", WhenOf(live->extra->due)},
                      {"form", node.user ? node.user->form : std::string()},
                      {"signing", node.user && node.user->signing.signers != flow::kNone},
                      {"veto", node.user && node.user->signing.veto},
                      {"may", MayOf(seen, key, id)},
                      {"returns", ReturnsOf(seen, key, id)}};
    if (!seat->draft.empty()) {
      auto draft = ParseJson(seat->draft);
      if (draft) task["draft"] = std::move(*draft);
    }
    if (node.user && !node.user->form.empty())
      if (auto form = s.city.case_world().Form(node.user->form))
        task["form_body"] = std::move(*form);
    out["task"] = std::move(task);
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(one));

  Route act = Make("POST", "/api/process-tasks/{instance}/{key}/{seat}/acts/{act}",
                   "actOnProcessTask", "办理流程任务", "Act on a step of a process");
  act.body = "ProcessAct";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(SeenInstance seen, LookAt(s, call.who, std::string(call.request.Captured("instance"))));
    TRY(Verb verb, flow::VerbNamed(call.request.Captured("act")));
    auto verbs = flow::SeatVerbs();
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end())
      return flow::error::kUnknownVerb({{"verb", std::string(flow::VerbName(verb))}});
    flow::Command command = CommandOf(verb, seen.actor, body);
    command.key = static_cast<flow::Key>(
        std::strtoul(std::string(call.request.Captured("key")).c_str(), nullptr, 10));
    command.seat = static_cast<std::uint32_t>(
        std::strtoul(std::string(call.request.Captured("seat")).c_str(), nullptr, 10));
    TRY_VOID(flow::Engine::May(*seen.definition, seen.instance, command));
    if (NeedsReason(command)) TRY_VOID(ReasonOf(body));
    if (verb != Verb::kRemoveSigner) TRY_VOID(CheckPeople(s, command.people));
    TRY(std::string done, ActOn(s, call, seen.item.instance, command));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(act));

  Route notices = Make("GET", "/api/process-notices", "listProcessNotices", "抄送与催办",
                       "Copies and reminders to me");
  notices.handle = [s](Call& call) -> Result<Response> {
    model::ProcessWorld& world = s.city.processes();
    TRY(auto items, world.runtime().Notices(world.region(), call.who.account, 100));
    json::array rows;
    for (const flow::NoticeItem& item : items)
      rows.push_back(
          json::object{{"id", item.id},
                       {"kind", item.kind == flow::Outbound::Kind::kUrge ? "urge" : "copy"},
                       {"instance", item.instance.id},
                       {"words", item.words},
                       {"at", WhenOf(item.at)},
                       {"seen", item.seen}});
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
  };
  router.Add(std::move(notices));

  Route seen = Make("POST", "/api/process-notices/seen", "seeProcessNotices", "已阅抄送与催办",
                    "Mark copies and reminders as seen");
  seen.handle = [s](Call& call) -> Result<Response> {
    model::ProcessWorld& world = s.city.processes();
    TRY(std::string done,
        s.city.ledger().Command(
            InfoOf(call, world.region()), [&](ledger::Writer& writer) -> Result<std::string> {
              TRY_VOID(world.runtime().SeeNotices(writer.tx(), world.region(), call.who.account));
              return std::string("{\"ok\":true}");
            }));
    return JsonResponse(std::move(done));
  };
  router.Add(std::move(seen));

  Route people = Make("GET", "/api/process-people", "listProcessPeople", "可选办理人与组",
                      "People and groups to choose from");
  people.params = {{"q", "query", "string", "姓名或机构", "Name or organisation"}};
  people.handle = [s](Call& call) -> Result<Response> {
    std::string q(call.request.Query("q"));
    TRY(auto snapshot, s.city.store().Read());
    auto catalogue = s.city.ledger().catalogue();
    json::array officials;
    ledger::ListRequest all;
    all.type = "account";
    all.filter = "kind = \"official\" and state = \"active\"";
    all.sort = "created_at";
    all.limit = 500;
    do {
      TRY(ledger::Page page, ledger::ListRecords(*snapshot, *catalogue, ledger::System(), all));
      TRY(json::value some, ParseJson(page.rows, {.max_bytes = 16u << 20}));
      for (json::value& each : some.get_array()) officials.push_back(std::move(each));
      all.after = page.next;
    } while (!all.after.empty());
    std::map<std::string, std::string> bodies, posts;
    {
      TRY(auto rows, snapshot->Query("select id, name from r_organisation where id in (select "
                                     "organisation from r_account where kind = 'official')"));
      while (rows.Next()) bodies[std::string(rows.Text(0))] = rows.Text(1);
      TRY_VOID(rows.status());
    }
    {
      TRY(auto rows, snapshot->Query("select account, name from r_post where ended_at is null and "
                                     "name is not null order by id desc"));
      while (rows.Next()) posts[std::string(rows.Text(0))] = rows.Text(1);
      TRY_VOID(rows.status());
    }
    // Names lie sealed in the store, so the words are looked for here.
    std::vector<std::tuple<std::string, std::string, std::string>> people;
    for (const json::value& each : officials) {
      const json::object& row = each.get_object();
      std::string body = bodies[std::string(TextAt(row, "organisation"))];
      std::string name(TextAt(row, "name"));
      if (q.empty() || name.find(q) != std::string::npos || body.find(q) != std::string::npos)
        people.emplace_back(std::move(body), std::move(name), TextAt(row, "id"));
    }
    std::sort(people.begin(), people.end());
    if (people.size() > 100) people.resize(100);
    json::array found;
    for (const auto& [body, name, id] : people)
      found.push_back(
          json::object{{"id", id}, {"name", name}, {"organisation", body}, {"post", posts[id]}});
    json::array groups;
    auto add = [&](const std::string& id, const char* kind) {
      ledger::Words words = s.city.processes().GroupName(id);
      groups.push_back(json::object{
          {"id", id}, {"kind", kind}, {"name", json::object{{"zh", words.zh}, {"en", words.en}}}});
    };
    if (const ledger::CodeList* roles = s.city.ledger().catalogue()->FindList("role"))
      for (const auto& code : roles->codes) add(code.code, "role");
    for (const model::Organisation& each : s.city.place().organisations)
      if (q.empty() || each.name.find(q) != std::string::npos) add(each.id, "organisation");
    return JsonResponse(
        ToText(json::object{{"people", std::move(found)}, {"groups", std::move(groups)}}));
  };
  router.Add(std::move(people));
}
}  // namespace city::gate
