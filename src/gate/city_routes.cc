// SPDX-License-Identifier: Apache-2.0
// The city itself: site, systems and proofs, plan, audit, events, model versions, health.
#include <fmt/format.h>

#include <map>

#include "base/metrics.h"
#include "base/text.h"
#include "gate/errors.h"
#include "gate/routes.h"
#include "ledger/errors.h"

namespace city::gate {
namespace {
json::object WordsOf(const ledger::Words& words) { return {{"zh", words.zh}, {"en", words.en}}; }

/// Counts by state of the tasks of the newest plan.
struct PlanCounts {
  int64_t tasks = 0, done = 0, on_track = 0, late = 0, open = 0, chapters = 0, departments = 0,
          to_settle = 0;
};

Result<PlanCounts> CountPlan(store::Reader& reader) {
  PlanCounts out;
  {
    TRY(store::Rows rows,
        reader.Query(
            "select state, count(*) from r_plan_task where ended_at is null group by state"));
    while (rows.Next()) {
      out.tasks += rows.Int(1);
      if (rows.Text(0) == "done") out.done = rows.Int(1);
      if (rows.Text(0) == "on_track") out.on_track = rows.Int(1);
      if (rows.Text(0) == "late") out.late = rows.Int(1);
      if (rows.Text(0) == "open") out.open = rows.Int(1);
    }
  }
  {
    TRY(store::Rows rows,
        reader.Query(
            "select count(distinct chapter), (select count(*) from r_plan_question where state = "
            "'open' and ended_at is null) from r_plan_task where ended_at is null"));
    if (rows.Next()) {
      out.chapters = rows.Int(0);
      out.to_settle = rows.Int(1);
    }
  }
  std::map<std::string, bool> departments;
  TRY(store::Rows rows, reader.Query("select leads from r_plan_task where ended_at is null"));
  while (rows.Next()) {
    auto list = ParseJson(rows.Text(0));
    if (!list || !list->is_array()) continue;
    for (const json::value& each : list->get_array())
      if (each.is_string()) departments[std::string(each.get_string().c_str())] = true;
  }
  out.departments = static_cast<int64_t>(departments.size());
  return out;
}

json::object Summary(const PlanCounts& counts) {
  return {{"tasks", counts.tasks},
          {"chapters", counts.chapters},
          {"departments", counts.departments},
          {"to_settle", counts.to_settle},
          {"done", counts.done},
          {"on_track", counts.on_track},
          {"late", counts.late},
          {"open", counts.open}};
}

Result<std::string> Bulletin(const Surroundings& s) {
  TRY(auto snapshot, s.city.store().Read());
  TRY(PlanCounts counts, CountPlan(*snapshot));
  struct Department {
    std::string name;
    int64_t tasks = 0, done = 0, late = 0;
    double score = 0;
    int64_t scored = 0;
  };
  std::map<std::string, std::string> names;
  {
    TRY(store::Rows rows,
        snapshot->Query(
            "select id, name from r_organisation where ended_at is null and level < '5'"));
    while (rows.Next()) names[std::string(rows.Text(0))] = rows.Text(1);
  }
  std::map<std::string, Department> departments;
  json::array late;
  std::string title;
  TRY(store::Rows rows,
      snapshot->Query("select t.number, t.title, t.lead, t.leads, t.state, t.progress, t.score, "
                      "p.name from r_plan_task t join r_plan p on p.id = t.plan "
                      "where t.ended_at is null order by t.number"));
  while (rows.Next()) {
    title = rows.Text(7);
    std::string state(rows.Text(4));
    if (state == "late")
      late.push_back(json::object{{"number", rows.Int(0)},
                                  {"name", rows.Text(1)},
                                  {"lead", names[std::string(rows.Text(2))]},
                                  {"progress", rows.Int(5)}});
    auto leads = ParseJson(rows.Text(3));
    if (!leads || !leads->is_array()) continue;
    for (const json::value& each : leads->get_array()) {
      std::string key = each.is_string() ? std::string(each.get_string().c_str()) : std::string();
      Department& department = departments[key];
      department.name = names[key];
      ++department.tasks;
      department.done += state == "done" ? 1 : 0;
      department.late += state == "late" ? 1 : 0;
      if (!rows.IsNull(6)) {
        department.score += rows.Number(6);
        ++department.scored;
      }
    }
  }
  TRY_VOID(rows.status());
  json::array list;
  for (const auto& [key, department] : departments)
    list.push_back(json::object{
        {"name", department.name},
        {"tasks", department.tasks},
        {"done", department.done},
        {"late", department.late},
        {"score", department.scored == 0
                      ? json::value()
                      : json::value(department.score / static_cast<double>(department.scored))}});
  return ToText(json::object{{"title", title.empty() ? "工作要点进展通报" : title + "进展通报"},
                             {"number", ""},
                             {"at", IsoChina(s.city.clock().Now())},
                             {"summary", Summary(counts)},
                             {"departments", std::move(list)},
                             {"late", std::move(late)}});
}
}  // namespace

void AddCityRoutes(Router& router, Surroundings s) {
  Route site{"GET", "/api/site", "site", "站点信息", "The site", Access::kAnyone, {}, nullptr};
  site.tag = "city";
  site.handle = [s](Call&) -> Result<Response> {
    const json::object& about = s.city.place().about;
    return JsonResponse(
        ToText(json::object{{"name", json::object{{"zh", "一网"}, {"en", "Yiwang"}}},
                            {"city", WordsOf(s.city.place().name)},
                            {"hotline", TextAt(about, "hotline")},
                            {"region", s.city.place().code},
                            {"now", IsoChina(s.city.clock().Now())},
                            {"demo", s.options.demo}}));
  };
  router.Add(std::move(site));

  Route systems{"GET",
                "/api/systems",
                "listSystems",
                "各系统与证明",
                "Systems and their proofs",
                Access::kAnyone,
                {},
                nullptr};
  systems.tag = "city";
  systems.handle = [s](Call&) -> Result<Response> {
    json::array out;
    for (const model::GovernmentSystem& system : s.city.model().systems) {
      json::array plan, serves, proofs;
      for (int item : system.plan) plan.push_back(item);
      for (const std::string& channel : system.serves) serves.push_back(json::string(channel));
      for (const model::Proof& proof : system.proofs)
        proofs.push_back(json::object{
            {"promise", proof.promise},
            {"story", proof.story.empty() ? json::value() : json::value(proof.story)},
            {"state", proof.story.empty() ? "todo" : "proved"},
            {"reason", proof.story.empty() ? json::value(WordsOf(proof.reason)) : json::value()}});
      out.push_back(json::object{{"id", system.id},
                                 {"folder", system.folder},
                                 {"name", WordsOf(system.name)},
                                 {"plan", std::move(plan)},
                                 {"serves", std::move(serves)},
                                 {"proofs", std::move(proofs)}});
    }
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(systems));

  Route summary{
      "GET",          "/api/plan/summary", "planSummary", "工作要点概况", "Summary of the plan",
      Access::kRoles, {"official"},        nullptr};
  summary.tag = "plan";
  summary.handle = [s](Call&) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(PlanCounts counts, CountPlan(*snapshot));
    return JsonResponse(ToText(Summary(counts)));
  };
  router.Add(std::move(summary));

  Route bulletin{
      "GET",          "/api/plan/bulletin", "planBulletin", "工作要点通报", "Bulletin of the plan",
      Access::kRoles, {"official"},         nullptr};
  bulletin.tag = "plan";
  bulletin.handle = [s](Call&) -> Result<Response> {
    TRY(std::string text, Bulletin(s));
    return JsonResponse(std::move(text));
  };
  router.Add(std::move(bulletin));

  Route audit{"GET",
              "/api/audit",
              "listAudit",
              "审计日志",
              "Audit log",
              Access::kRoles,
              {"auditor", "administrator"},
              nullptr};
  audit.tag = "audit";
  audit.params = {{"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                  {"actor", "query", "string", "操作人", "Who"},
                  {"act", "query", "string", "动作", "Act"},
                  {"object", "query", "string", "对象编号", "Key of the object"},
                  {"from", "query", "string", "起始时间", "From"},
                  {"to", "query", "string", "截止时间", "To"},
                  {"limit", "query", "integer", "每页条数", "Rows"}};
  audit.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 50, 1, 200));
    std::vector<store::Value> params;
    std::string where = "1=1";
    auto add = [&](const char* sql, store::Value value) {
      params.push_back(std::move(value));
      where += fmt::format(fmt::runtime(std::string(" and ") + sql), params.size());
    };
    const Request& r = call.request;
    if (std::string v(r.Query("actor")); !v.empty()) {
      params.emplace_back(v);
      params.emplace_back("%" + v + "%");
      where += fmt::format(" and (actor = ${} or actor_name like ${})", params.size() - 1,
                           params.size());
    }
    if (std::string v(r.Query("act")); !v.empty()) add("act = ${}", v);
    if (std::string v(r.Query("object")); !v.empty()) add("object_id = ${}", v);
    if (std::string_view v = r.Query("from"); !v.empty()) {
      TRY(Time at, ParseTime(v));
      add("at >= ${}", ToMicros(at));
    }
    if (std::string_view v = r.Query("to"); !v.empty()) {
      TRY(Time at, ParseTime(v));
      if (v.size() == 10) at += std::chrono::hours(24);
      add("at < ${}", ToMicros(at));
    }
    if (std::string v(r.Query("after")); !v.empty()) {
      std::vector<std::string_view> parts = Split(v, '~');
      if (parts.size() != 3)
        return error::kParameterWrong({{"name", "after"},
                                       {"hint_zh", "请从第一页重新开始。"},
                                       {"hint_en", "Begin again at the first page."}});
      params.emplace_back(
          static_cast<int64_t>(std::strtoll(std::string(parts[0]).c_str(), nullptr, 10)));
      params.emplace_back(std::string(parts[1]));
      params.emplace_back(
          static_cast<int64_t>(std::strtoll(std::string(parts[2]).c_str(), nullptr, 10)));
      where += fmt::format(" and (at, chain, seq) < (${}, ${}, ${})", params.size() - 2,
                           params.size() - 1, params.size());
    }
    params.emplace_back(int64_t{limit + 1});
    TRY(auto snapshot, s.city.store().Read());
    TRY(store::Rows rows,
        snapshot->Query(
            fmt::format("select chain, seq, at, actor, actor_name, act, object_type, object_id, "
                        "region, purpose, address, detail, hash from audit where {} "
                        "order by at desc, chain desc, seq desc limit ${}",
                        where, params.size()),
            params));
    json::array list;
    json::value next;
    std::string cursor;
    while (rows.Next()) {
      if (static_cast<int>(list.size()) == limit) {
        next = json::value(cursor);
        break;
      }
      cursor = fmt::format("{}~{}~{}", rows.Int(2), rows.Text(0), rows.Int(1));
      auto detail = ParseJson(rows.Text(11));
      list.push_back(json::object{{"chain", rows.Text(0)},
                                  {"seq", rows.Int(1)},
                                  {"at", IsoChina(FromMicros(rows.Int(2)), true)},
                                  {"actor", rows.Text(3)},
                                  {"actor_name", rows.Text(4)},
                                  {"act", rows.Text(5)},
                                  {"object_type", rows.Text(6)},
                                  {"object", rows.Text(7)},
                                  {"region", rows.Text(8)},
                                  {"purpose", rows.Text(9)},
                                  {"address", rows.Text(10)},
                                  {"summary", rows.Text(11)},
                                  {"detail", detail ? *detail : json::value()},
                                  {"hash", rows.Text(12)}});
    }
    TRY_VOID(rows.status());
    return JsonResponse(ToText(json::object{{"rows", std::move(list)}, {"next", std::move(next)}}));
  };
  router.Add(std::move(audit));

  Route verify{"POST",
               "/api/audit/verify",
               "verifyAudit",
               "核验审计日志",
               "Verify the audit log",
               Access::kRoles,
               {"auditor", "administrator"},
               nullptr};
  verify.tag = "audit";
  verify.handle = [s](Call&) -> Result<Response> {
    TRY(ledger::AuditReport report, s.city.VerifyAudit());
    return JsonResponse(ToText(json::object{
        {"ok", report.Good()},
        {"lines", report.lines},
        {"chains", report.chains},
        {"seals", report.seals},
        {"unsealed", report.unsealed},
        {"first_broken", report.Good() ? json::value() : json::value(report.first_broken)}}));
  };
  router.Add(std::move(verify));

  Route seal{"POST",
             "/api/audit/seal",
             "sealAudit",
             "签封审计日志",
             "Sign the heads of the audit log",
             Access::kRoles,
             {"auditor", "administrator"},
             nullptr};
  seal.tag = "audit";
  seal.handle = [s](Call&) -> Result<Response> {
    TRY(int sealed, s.city.SealAudit());
    return JsonResponse(ToText(json::object{{"sealed", sealed}}));
  };
  router.Add(std::move(seal));

  Route events{"GET", "/api/events", "events", "实时消息", "Server-sent events", Access::kSignedIn,
               {},    nullptr};
  events.tag = "city";
  events.quick = true;
  events.handle = [s](Call& call) -> Result<Response> {
    Response response;
    response.type = "text/event-stream; charset=utf-8";
    response.Set("Cache-Control", "no-store");
    response.Set("X-Accel-Buffering", "no");
    std::string account = call.who.account;
    std::string last(call.request.Header("last-event-id").substr(0, 60));
    response.opened = [s, account, last](std::shared_ptr<Stream> stream) {
      s.listeners.Add(account, std::move(stream), last);
    };
    return response;
  };
  router.Add(std::move(events));

  Route clock{"POST",
              "/api/clock",
              "moveClock",
              "拨动演示时钟",
              "Move the clock of a demonstration",
              Access::kRoles,
              {"administrator"},
              nullptr};
  clock.tag = "city";
  clock.body = "MoveClock";
  clock.handle = [s](Call& call) -> Result<Response> {
    if (!s.options.move_clock) return error::kNoSuchRoute;
    TRY(json::object body, BodyOf(call));
    TRY_VOID(s.options.move_clock(std::chrono::seconds(IntAt(body, "seconds"))));
    return JsonResponse(ToText(json::object{{"now", IsoChina(s.city.clock().Now())}}));
  };
  router.Add(std::move(clock));

  // For those who run the city.
  Route health{"GET", "/healthz", "health", "存活", "Alive", Access::kAnyone, {}, nullptr};
  health.quick = true;
  health.handle = [](Call&) -> Result<Response> { return JsonResponse("{\"ok\":true}"); };
  router.Add(std::move(health));

  Route ready{"GET", "/readyz", "ready", "就绪", "Ready", Access::kAnyone, {}, nullptr};
  ready.handle = [s](Call&) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(store::Rows rows, snapshot->Query("select 1"));
    if (!rows.Next()) return error::kOverloaded;
    return JsonResponse("{\"ok\":true}");
  };
  router.Add(std::move(ready));

  Route metrics{"GET", "/metrics", "metrics", "指标", "Metrics", Access::kAnyone, {}, nullptr};
  metrics.handle = [s](Call& call) -> Result<Response> {
    // Figures for the operator: from the machine itself, or with a token.
    bool local = call.request.address == "127.0.0.1" || call.request.address == "::1" ||
                 call.request.address.empty();
    if (!local && call.who.kind != "program") return error::kForbidden;
    store::Stats stats = s.city.store().stats();
    GaugeOf("city_store_commands").Set(static_cast<int64_t>(stats.commands));
    GaugeOf("city_store_groups").Set(static_cast<int64_t>(stats.groups));
    GaugeOf("city_store_waiting").Set(static_cast<int64_t>(stats.waiting));
    GaugeOf("city_listeners").Set(static_cast<int64_t>(s.listeners.count()));
    Response response;
    response.type = "text/plain; version=0.0.4";
    response.body = MetricsText();
    return response;
  };
  router.Add(std::move(metrics));
}
}  // namespace city::gate
