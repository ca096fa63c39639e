// SPDX-License-Identifier: Apache-2.0
// Finding, keeping, holding and removing instances.
#include <fmt/format.h>

#include "engines/flow/errors.h"
#include "engines/flow/internal/runtime_parts.h"

namespace city::flow {
namespace {

constexpr int64_t kDay = 86'400'000'000;

}  // namespace

Result<std::shared_ptr<const Definition>> Runtime::Compile(const Document& document) {
  TRY(auto snapshot, store_.Read());
  std::vector<std::unique_ptr<Document>> called;
  DeployOptions options = options_.deploy;
  options.called = [&](std::string_view process) -> const Document* {
    auto found = LatestIn(*snapshot, process);
    if (!found) return nullptr;
    auto rows = snapshot->Query("select file from flow_definition where id = $1", {*found});
    if (!rows || !rows->Next()) return nullptr;
    auto other = Document::Load(rows->Text(0));
    if (!other) return nullptr;
    called.push_back(std::move(*other));
    return called.back().get();
  };
  return flow::Deploy(document, options);
}

Result<std::string> Runtime::File(std::string_view definition) {
  TRY(auto snapshot, store_.Read());
  TRY(auto rows,
      snapshot->Query("select file from flow_definition where id = $1", {std::string(definition)}));
  if (!rows.Next()) return error::kNoSuchProcess({{"id", std::string(definition)}});
  return std::string(rows.Text(0));
}

Result<std::vector<VersionItem>> Runtime::Versions(std::string_view process) {
  std::string wanted(process);
  std::vector<VersionItem> out;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows,
        snapshot->Query("select d.id, d.process, d.version, d.deployed_at, d.deployed_by,"
                        " (select count(*) from flow_instance i where i.definition = d.id"
                        " and i.state <= 1) from flow_definition d where (d.process = $1"
                        " or ($1 = '' and d.version = (select max(e.version)"
                        " from flow_definition e where e.process = d.process)))"
                        " order by d.process, d.version desc",
                        {wanted}));
    while (rows.Next()) {
      VersionItem item;
      item.id = std::string(rows.Text(0));
      item.process = std::string(rows.Text(1));
      item.version = rows.Int(2);
      item.deployed_at = rows.Int(3);
      item.deployed_by = std::string(rows.Text(4));
      item.running = rows.Int(5);
      out.push_back(std::move(item));
    }
    TRY_VOID(rows.status());
  }
  for (auto& item : out) {
    auto definition = Find(item.id);
    if (!definition || (*definition)->processes.empty()) continue;
    item.name = (*definition)->node((*definition)->processes.front()).name;
  }
  return out;
}

Result<std::vector<InstanceItem>> Runtime::Instances(const InstanceQuery& query) {
  std::vector<store::Value> params{query.region};
  std::string where = "i.region = $1";
  auto add = [&](std::string_view condition, store::Value value) {
    params.push_back(std::move(value));
    where += fmt::format(" and {} ${}", condition, params.size());
  };
  if (!query.id.empty()) add("i.id =", query.id);
  if (!query.process.empty()) add("d.process =", query.process);
  if (!query.definition.empty()) add("i.definition =", query.definition);
  if (query.state) add("i.state =", static_cast<int64_t>(*query.state));
  if (!query.starter.empty()) add("i.starter =", query.starter);
  // The index holds those that have a key.
  if (!query.business_key.empty()) {
    add("i.business_key <> '' and i.business_key =", query.business_key);
  }
  if (!query.person.empty()) {
    params.emplace_back(query.person);
    where += fmt::format(
        " and exists (select 1 from flow_part p where p.region = i.region and p.person = ${}"
        " and p.instance = i.id)",
        params.size());
  }
  if (query.with_incident) {
    where +=
        " and exists (select 1 from flow_incident n where n.region = i.region"
        " and n.instance = i.id)";
  }
  if (query.held) {
    where +=
        " and exists (select 1 from flow_hold o where o.region = i.region"
        " and o.instance = i.id)";
  }
  if (query.before_started != 0) {
    params.emplace_back(query.before_started);
    params.emplace_back(query.before_id);
    where += fmt::format(" and (i.started, i.id) < (${}, ${})", params.size() - 1, params.size());
  }
  params.emplace_back(int64_t{query.limit});
  TRY(auto snapshot, store_.Read());
  TRY(auto rows,
      snapshot->Query(fmt::format("select i.id, i.definition, d.process, d.version, i.state,"
                                  " i.business_key, i.starter, i.started, coalesce(i.ended, 0),"
                                  " (select count(*) from flow_incident n where"
                                  " n.region = i.region and n.instance = i.id),"
                                  " coalesce((select h.reason from flow_hold h where"
                                  " h.region = i.region and h.instance = i.id), '')"
                                  " from flow_instance i join flow_definition d"
                                  " on d.id = i.definition where {}"
                                  " order by i.started desc, i.id desc limit ${}",
                                  where, params.size()),
                      params));
  std::vector<InstanceItem> out;
  while (rows.Next()) {
    InstanceItem item;
    item.instance = {query.region, std::string(rows.Text(0))};
    item.definition = std::string(rows.Text(1));
    item.process = std::string(rows.Text(2));
    item.process_version = rows.Int(3);
    item.state = static_cast<InstanceState>(rows.Int(4));
    item.business_key = std::string(rows.Text(5));
    item.starter = std::string(rows.Text(6));
    item.started = rows.Int(7);
    item.ended = rows.Int(8);
    item.incidents = rows.Int(9);
    item.hold = std::string(rows.Text(10));
    out.push_back(std::move(item));
  }
  TRY_VOID(rows.status());
  return out;
}

Result<std::vector<IncidentItem>> Runtime::Incidents(std::string_view region, int limit) {
  return Incidents(region, IncidentItem{}, limit);
}

Result<std::vector<IncidentItem>> Runtime::Incidents(std::string_view region,
                                                     const IncidentItem& after, int limit) {
  TRY(auto snapshot, store_.Read());
  TRY(auto rows, snapshot->Query("select instance, definition, node, task, code, message, at"
                                 " from flow_incident where region = $1"
                                 " and (at, instance, task) > ($2, $3, $4)"
                                 " order by at, instance, task limit $5",
                                 {std::string(region), after.at, after.instance.id,
                                  static_cast<int64_t>(after.key), int64_t{limit}}));
  std::vector<IncidentItem> out;
  while (rows.Next()) {
    IncidentItem item;
    item.instance = {std::string(region), std::string(rows.Text(0))};
    item.definition = std::string(rows.Text(1));
    item.node = std::string(rows.Text(2));
    item.key = static_cast<Key>(rows.Int(3));
    item.code = std::string(rows.Text(4));
    TRY(item.message, cover_->Open("incident", TaskOf(item.instance, item.key), rows.Text(5)));
    item.at = rows.Int(6);
    out.push_back(std::move(item));
  }
  TRY_VOID(rows.status());
  return out;
}

Result<void> Runtime::NotePart(store::Tx& tx, const InstanceRef& instance,
                               const std::string& person) {
  return tx.Enqueue(
      "insert into flow_part (region, person, at, instance) values ($1, $2, $3, $4)"
      " on conflict do nothing",
      {instance.region, person, ToMicros(clock_.Now()), instance.id});
}

Result<std::vector<NoticeItem>> Runtime::Notices(std::string_view region, std::string_view person,
                                                 int limit) {
  TRY(auto snapshot, store_.Read());
  TRY(auto rows, snapshot->Query("select id, kind, instance, words, at, seen from flow_notice"
                                 " where region = $1 and person = $2 order by at desc, id"
                                 " limit $3",
                                 {std::string(region), std::string(person), int64_t{limit}}));
  std::vector<NoticeItem> out;
  while (rows.Next()) {
    NoticeItem item;
    item.id = std::string(rows.Text(0));
    item.kind = static_cast<Outbound::Kind>(rows.Int(1));
    item.instance = {std::string(region), std::string(rows.Text(2))};
    TRY(item.words, cover_->Open("notice", item.id, rows.Text(3)));
    item.at = rows.Int(4);
    item.seen = rows.Int(5) != 0;
    out.push_back(std::move(item));
  }
  TRY_VOID(rows.status());
  return out;
}

Result<void> Runtime::SeeNotices(store::Tx& tx, std::string_view region, std::string_view person) {
  return tx.Enqueue(
      "update flow_notice set seen = 1 where region = $1 and person = $2 and seen = 0",
      {std::string(region), std::string(person)});
}

Result<ProcessRule> Runtime::RuleOf(std::string_view process) {
  TRY(auto snapshot, store_.Read());
  TRY(auto rows, snapshot->Query("select keep_class, keep_days, retired from flow_process_rule"
                                 " where process = $1",
                                 {std::string(process)}));
  ProcessRule out;
  if (!rows.Next()) return out;
  out.keep_class = std::string(rows.Text(0));
  out.keep_days = rows.Int(1);
  out.retired = rows.Int(2) != 0;
  return out;
}

Result<void> Runtime::SetRule(store::Tx& tx, std::string_view process, const ProcessRule& rule) {
  std::string id(process);
  TRY(auto last, tx.Query("select id from flow_definition where process = $1"
                          " order by version desc limit 1",
                          {id}));
  if (!last.Next()) return error::kNoSuchProcess({{"id", id}});
  std::string definition(last.Text(0));
  bool was_retired = false;
  {
    TRY(auto before, tx.Query("select retired from flow_process_rule where process = $1", {id}));
    if (before.Next()) was_retired = before.Int(0) != 0;
  }
  TRY_VOID(
      tx.Execute("insert into flow_process_rule (process, keep_class, keep_days, retired)"
                 " values ($1, $2, $3, $4) on conflict (process) do update set"
                 " keep_class = excluded.keep_class, keep_days = excluded.keep_days,"
                 " retired = excluded.retired",
                 {id, rule.keep_class, rule.keep_days, int64_t{rule.retired ? 1 : 0}}));
  if (rule.retired == was_retired) return {};
  {
    std::lock_guard lock(mutex_);
    latest_.clear();
  }
  // Neither message nor time begins what is retired.
  TRY_VOID(tx.Execute("delete from flow_start where definition = $1", {definition}));
  if (rule.retired) return {};
  TRY(auto found, FindIn(tx, definition));
  return SetStartEvents(tx, definition, *found);
}

Result<void> Runtime::Hold(store::Tx& tx, const InstanceRef& ref, const std::string& reason,
                           const Actor& actor) {
  TRY(auto rows,
      tx.Query("select 1 from flow_instance where region = $1 and id = $2", {ref.region, ref.id}));
  if (!rows.Next()) return error::kNoSuchInstance({{"id", ref.id}});
  TRY_VOID(tx.Execute("delete from flow_hold where region = $1 and instance = $2",
                      {ref.region, ref.id}));
  if (reason.empty()) return {};
  TRY_VOID(
      tx.Execute("insert into flow_hold (region, instance, reason, at, person)"
                 " values ($1, $2, $3, $4, $5)",
                 {ref.region, ref.id, reason, ToMicros(clock_.Now()), actor.id}));
  return {};
}

Result<void> Runtime::RemoveOne(const InstanceRef& ref) {
  return store_.Command(ref.region, [&](store::Tx& tx) -> Result<void> {
    // A hold that came in the meantime counts.
    TRY(auto held, tx.Query("select reason from flow_hold where region = $1 and instance = $2",
                            {ref.region, ref.id}));
    if (held.Next()) return error::kHeld({{"reason", std::string(held.Text(0))}});
    for (const char* table :
         {"flow_log", "flow_part", "flow_notice", "flow_moved", "flow_task", "flow_candidate",
          "flow_wait", "flow_job", "flow_incident", "flow_variable"}) {
      TRY_VOID(tx.Enqueue(fmt::format("delete from {} where region = $1 and instance = $2", table),
                          {ref.region, ref.id}));
    }
    return tx.Enqueue("delete from flow_instance where region = $1 and id = $2",
                      {ref.region, ref.id});
  });
}

Result<int> Runtime::RemoveEnded(Time before, int limit) {
  std::vector<InstanceRef> gone;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows, snapshot->Query("select region, id from flow_instance i where ended < $1"
                                   " and not exists (select 1 from flow_hold h where"
                                   " h.region = i.region and h.instance = i.id)"
                                   " order by ended limit $2",
                                   {ToMicros(before), int64_t{limit}}));
    while (rows.Next()) gone.push_back({std::string(rows.Text(0)), std::string(rows.Text(1))});
    TRY_VOID(rows.status());
  }
  for (const auto& ref : gone) TRY_VOID(RemoveOne(ref));
  return static_cast<int>(gone.size());
}

Result<std::vector<BatchItem>> Runtime::RemoveExpired(std::string_view process, int limit) {
  std::vector<BatchItem> out;
  {
    TRY(auto snapshot, store_.Read());
    // The held ones come last, so that they never keep the others from going.
    TRY(auto rows,
        snapshot->Query("select i.region, i.id from flow_instance i"
                        " join flow_definition d on d.id = i.definition"
                        " join flow_process_rule r on r.process = d.process"
                        " left join flow_hold h on h.region = i.region"
                        " and h.instance = i.id"
                        " where i.ended is not null and r.keep_days > 0"
                        " and i.ended < $1 - r.keep_days * $2"
                        " and ($3 = '' or d.process = $3)"
                        " order by case when h.reason is null then 0 else 1 end,"
                        " i.ended limit $4",
                        {ToMicros(clock_.Now()), kDay, std::string(process), int64_t{limit}}));
    while (rows.Next()) {
      out.push_back({{std::string(rows.Text(0)), std::string(rows.Text(1))}, std::nullopt});
    }
    TRY_VOID(rows.status());
  }
  for (auto& item : out) {
    auto gone = RemoveOne(item.instance);
    if (!gone) item.error = gone.error();
  }
  return out;
}

}  // namespace city::flow
