// SPDX-License-Identifier: Apache-2.0
// Lists, timers, jobs, messages and batches on a store.
#include <algorithm>
#include <condition_variable>
#include <set>

#include "base/ids.h"
#include "engines/flow/errors.h"
#include "engines/flow/internal/runtime_parts.h"

namespace city::flow {
namespace {

constexpr auto kTimer = static_cast<int64_t>(RowKind::kTimer);
constexpr auto kMessage = static_cast<int64_t>(RowKind::kMessage);
constexpr auto kSignal = static_cast<int64_t>(RowKind::kSignal);
constexpr std::chrono::hours kInternalMessageLife{24};
constexpr std::size_t kAtOnce = 64;  // commands of one batch in the queue at a time

/// Waits for a number of submitted commands.
class Countdown {
 public:
  explicit Countdown(std::size_t n) : left_(n) {}
  void Done() {
    std::lock_guard lock(mutex_);
    if (--left_ == 0) all_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    all_.wait(lock, [&] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  std::size_t left_;
};

TaskItem ReadTask(store::Rows& rows, const std::string& region) {
  TaskItem item;
  item.instance = {region, std::string(rows.Text(0))};
  item.key = static_cast<Key>(rows.Int(1));
  item.seat = static_cast<std::uint32_t>(rows.Int(2));
  item.definition = std::string(rows.Text(3));
  item.node = std::string(rows.Text(4));
  item.name = std::string(rows.Text(5));
  item.form = std::string(rows.Text(6));
  item.person = std::string(rows.Text(7));
  item.due = rows.Int(8);
  item.priority = static_cast<std::int32_t>(rows.Int(9));
  item.created = rows.Int(10);
  return item;
}

std::string RowText(int64_t kind, int64_t key, int64_t part, std::string_view name,
                    std::string_view value) {
  return std::to_string(kind) + "/" + std::to_string(key) + "/" + std::to_string(part) + "/" +
         std::string(name) + "/" + std::string(value);
}

}  // namespace

Result<std::string> LatestIn(store::Reader& reader, std::string_view process) {
  TRY(auto rows, reader.Query("select p.definition, coalesce(r.retired, 0) from flow_process p"
                              " join flow_definition d on d.id = p.definition"
                              " left join flow_process_rule r on r.process = d.process"
                              " where p.process = $1 order by d.deployed_at desc, p.version desc"
                              " limit 1",
                              {std::string(process)}));
  if (!rows.Next()) return error::kNoSuchProcess({{"id", std::string(process)}});
  if (rows.Int(1) != 0) return error::kRetired({{"id", std::string(process)}});
  return std::string(rows.Text(0));
}

Result<void> Runtime::SetStartEvents(store::Tx& tx, const std::string& id,
                                     const Definition& definition) {
  for (Index process : definition.processes) {
    for (Index c : definition.StartEvents(process)) {
      const Node& n = definition.node(c);
      for (std::size_t i = 0; i < n.events.size(); ++i) {
        const auto& event = n.events[i];
        int64_t kind = 0;
        int64_t due = 0;
        int64_t left = 0;
        if (event.kind == EventKind::kMessage) kind = kMessage;
        if (event.kind == EventKind::kSignal) kind = kSignal;
        if (event.kind == EventKind::kTimer) {
          kind = kTimer;
          TRY(auto first, FirstDue(definition, event, clock_.Now()));
          due = first.first;
          left = first.second;
        }
        if (kind == 0) continue;
        TRY_VOID(tx.Execute(
            "insert into flow_start (definition, node, part, kind, name, due,"
            " left_over) values ($1, $2, $3, $4, $5, $6, $7)",
            {id, static_cast<int64_t>(c), static_cast<int64_t>(i), kind, event.name, due, left}));
      }
    }
  }
  return {};
}

Result<void> Runtime::TakeFromInbox(store::Tx& tx, const InstanceRef& ref, const Effects& effects,
                                    StepDone& done) {
  for (const auto& change : effects.rows) {
    if (!change.add || change.row.kind != RowKind::kMessage) continue;
    TRY(auto rows,
        tx.Query("select id, body from flow_inbox where region = $1 and name = $2"
                 " and value in ($3, $4) and taken = 0 and expires > $5 order by at, id limit 1",
                 {ref.region, change.row.name, cover_->Match(change.row.name, change.row.value),
                  change.row.value, ToMicros(clock_.Now())}));
    if (!rows.Next()) continue;
    std::string id(rows.Text(0));
    TRY(std::string text, cover_->Open("received", id, rows.Text(1)));
    TRY(auto body, ParseJson(text));
    TRY_VOID(tx.Execute("update flow_inbox set taken = 1 where region = $1 and id = $2",
                        {ref.region, id}));
    Command command;
    command.verb = Verb::kMessage;
    command.name = change.row.name;
    command.correlation = change.row.value;
    if (body.is_object()) command.variables = body.get_object();
    TRY(done, DoIn(tx, ref, command));
    return {};
  }
  return {};
}

Result<bool> Runtime::PublishIn(store::Tx& tx, std::string_view region, std::string_view id,
                                const std::string& name, const std::string& key,
                                const json::object& variables, Time expires) {
  std::string place(region);
  std::string own(id);
  bool keyed = !own.empty();
  if (!keyed) own = NewId(clock_.Now());
  // The record of the id comes first: a repetition ends here.
  TRY(int64_t fresh, tx.Execute("insert into flow_inbox (region, id, name, value, body, at,"
                                " expires, taken) values ($1, $2, $3, $4, $5, $6, $7, 1)"
                                " on conflict do nothing",
                                {place, own, name, cover_->Match(name, key),
                                 cover_->Seal("received", own, ToText(json::value(variables))),
                                 ToMicros(clock_.Now()), ToMicros(expires)}));
  if (fresh == 0) return false;
  TRY(auto waits, tx.Query("select instance from flow_wait where region = $1 and kind = $2"
                           " and name = $3 and value in ($4, $5) order by instance limit 1",
                           {place, kMessage, name, cover_->Match(name, key), key}));
  if (waits.Next()) {
    Command command;
    command.verb = Verb::kMessage;
    command.name = name;
    command.correlation = key;
    command.variables = variables;
    InstanceRef ref{place, std::string(waits.Text(0))};
    TRY_VOID(DoIn(tx, ref, command));
    return true;
  }
  TRY(auto starts, tx.Query("select definition, node from flow_start where kind = $1"
                            " and name = $2 order by definition desc limit 1",
                            {kMessage, name}));
  if (starts.Next()) {
    StartOptions options;
    options.definition = std::string(starts.Text(0));
    options.start_event = static_cast<Index>(starts.Int(1));
    options.variables = variables;
    TRY_VOID(StartIn(tx, place, options));
    return true;
  }
  TRY_VOID(
      tx.Execute("update flow_inbox set taken = 0 where region = $1 and id = $2", {place, own}));
  return false;
}

Result<bool> Runtime::Publish(std::string_view region, std::string_view id, const std::string& name,
                              const std::string& key, const json::object& variables,
                              std::chrono::seconds ttl) {
  Result<bool> out = false;
  Time expires = clock_.Now() + ttl;
  TRY_VOID(store_.Command(region, [&](store::Tx& tx) -> Result<void> {
    out = PublishIn(tx, region, id, name, key, variables, expires);
    if (!out) return Fail(out.error());
    return {};
  }));
  return out;
}

Result<bool> Runtime::SendSignal(store::Tx& tx, std::string_view region, std::string_view id,
                                 const std::string& name, const json::object& variables) {
  std::string place(region);
  std::string key = "signal/" + (id.empty() ? NewId(clock_.Now()) : std::string(id));
  auto now = ToMicros(clock_.Now());
  TRY(int64_t fresh, tx.Execute("insert into flow_inbox (region, id, name, value, body, at,"
                                " expires, taken) values ($1, $2, $3, '', '', $4, $4, 1)"
                                " on conflict do nothing",
                                {place, key, name, now}));
  if (fresh == 0) return false;
  TRY_VOID(tx.Enqueue(
      "insert into flow_outbox (region, id, kind, name, value, instance, body, at)"
      " values ($1, $2, $3, $4, $5, '', $6, $7)",
      {place, key, static_cast<int64_t>(Outbound::Kind::kSignal), cover_->Seal("name", key, name),
       cover_->Seal("key", key, ""),
       cover_->Seal("sent", key, ToText(json::value(json::object{{"variables", variables}}))),
       now}));
  return true;
}

Result<int> Runtime::DeliverOutbox(int limit) {
  struct Item {
    std::string region, id, name, value, instance, body;
    int64_t kind;
  };
  std::vector<Item> items;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows, snapshot->Query("select region, id, name, value, instance, body, kind"
                                   " from flow_outbox order by at, id limit $1",
                                   {int64_t{limit}}));
    while (rows.Next()) {
      std::string id(rows.Text(1));
      TRY(std::string name, cover_->Open("name", id, rows.Text(2)));
      TRY(std::string value, cover_->Open("key", id, rows.Text(3)));
      TRY(std::string body, cover_->Open("sent", id, rows.Text(5)));
      items.push_back({std::string(rows.Text(0)), std::move(id), std::move(name), std::move(value),
                       std::string(rows.Text(4)), std::move(body), rows.Int(6)});
    }
    TRY_VOID(rows.status());
  }
  int delivered = 0;
  for (const auto& item : items) {
    auto sent = store_.Command(item.region, [&](store::Tx& tx) -> Result<void> {
      // Whoever deletes the row delivers it, in the same transaction: once.
      TRY(int64_t mine, tx.Execute("delete from flow_outbox where region = $1 and id = $2",
                                   {item.region, item.id}));
      if (mine == 0) return {};
      json::object variables;
      std::vector<std::string> people;
      if (auto body = ParseJson(item.body); body && body->is_object()) {
        if (const auto* v = ObjectAt(body->get_object(), "variables")) variables = *v;
        if (const auto* p = ArrayAt(body->get_object(), "people")) {
          for (const auto& x : *p) {
            if (x.is_string()) people.emplace_back(x.get_string());
          }
        }
      }
      auto kind = static_cast<Outbound::Kind>(item.kind);
      if (kind == Outbound::Kind::kMessage) {
        TRY_VOID(PublishIn(tx, item.region, {}, item.name, item.value, variables,
                           clock_.Now() + kInternalMessageLife));
        return {};
      }
      if (kind == Outbound::Kind::kSignal) {
        std::vector<std::string> listeners;
        TRY(auto waits, tx.Query("select distinct instance from flow_wait where region = $1"
                                 " and kind = $2 and name = $3 order by 1",
                                 {item.region, kSignal, item.name}));
        while (waits.Next()) listeners.emplace_back(waits.Text(0));
        for (const auto& listener : listeners) {
          if (listener == item.instance) continue;
          Command command;
          command.verb = Verb::kSignal;
          command.name = item.name;
          command.variables = variables;
          TRY_VOID(DoIn(tx, {item.region, listener}, command));
        }
        std::vector<std::pair<std::string, Index>> starts;
        TRY(auto begins, tx.Query("select definition, node from flow_start where kind = $1"
                                  " and name = $2 order by 1, 2",
                                  {kSignal, item.name}));
        while (begins.Next()) {
          starts.emplace_back(begins.Text(0), static_cast<Index>(begins.Int(1)));
        }
        for (const auto& [definition, node] : starts) {
          StartOptions options;
          options.definition = definition;
          options.start_event = node;
          options.variables = variables;
          TRY_VOID(StartIn(tx, item.region, options));
        }
        return {};
      }
      // A copy or a reminder: onto the list of everybody who is to have it.
      for (const auto& person : people) {
        TRY_VOID(
            tx.Enqueue("insert into flow_notice (region, person, at, id, kind, instance, words,"
                       " seen) values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict do nothing",
                       {item.region, person, ToMicros(clock_.Now()), item.id, item.kind,
                        item.instance, cover_->Seal("notice", item.id, item.name)}));
      }
      if (!options_.notify) return {};
      Outbound out;
      out.kind = kind;
      out.name = item.name;
      out.key = item.value;
      out.people = people;
      return options_.notify(tx, {item.region, item.instance}, out);
    });
    if (!sent) return Fail(sent.error());
    ++delivered;
  }
  return delivered;
}

Result<void> Runtime::StartDue(store::Tx& tx, std::string_view definition_id, Index node) {
  std::string id(definition_id);
  TRY(auto rows, tx.Query("select part, due, left_over from flow_start where definition = $1"
                          " and node = $2 and kind = $3 and due <= $4",
                          {id, static_cast<int64_t>(node), kTimer, ToMicros(clock_.Now())}));
  if (!rows.Next()) return {};  // somebody else was faster
  auto part = rows.Int(0);
  auto due = rows.Int(1);
  auto left = rows.Int(2);
  TRY(auto definition, FindIn(tx, id));
  const auto& event = definition->node(node).events[static_cast<std::size_t>(part)];
  TRY(auto next, NextDue(*definition, event, due, left, clock_.Now()));
  if (next.second == 0) {
    TRY_VOID(tx.Execute("delete from flow_start where definition = $1 and node = $2 and part = $3",
                        {id, static_cast<int64_t>(node), part}));
  } else {
    TRY_VOID(
        tx.Execute("update flow_start set due = $1, left_over = $2 where definition = $3"
                   " and node = $4 and part = $5",
                   {next.first, next.second, id, static_cast<int64_t>(node), part}));
  }
  StartOptions options;
  options.definition = id;
  options.start_event = node;
  TRY_VOID(StartIn(tx, options_.region, options));
  return {};
}

Result<int> Runtime::FireDue(int limit) {
  int64_t now = ToMicros(clock_.Now());
  std::vector<InstanceRef> due;
  std::vector<std::pair<std::string, Index>> starts;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows, snapshot->Query("select region, instance from flow_wait"
                                   " where kind = 2 and due <= $1 order by due limit $2",
                                   {now, int64_t{limit}}));
    std::set<std::pair<std::string, std::string>> seen;
    while (rows.Next()) {
      InstanceRef ref{std::string(rows.Text(0)), std::string(rows.Text(1))};
      if (seen.emplace(ref.region, ref.id).second) due.push_back(std::move(ref));
    }
    TRY_VOID(rows.status());
    TRY(auto begins, snapshot->Query("select definition, node from flow_start"
                                     " where kind = 2 and due <= $1 order by due limit $2",
                                     {now, int64_t{limit}}));
    while (begins.Next()) {
      starts.emplace_back(begins.Text(0), static_cast<Index>(begins.Int(1)));
    }
  }
  for (const auto& start : starts) {
    TRY_VOID(store_.Command(
        options_.region, [&](store::Tx& tx) { return StartDue(tx, start.first, start.second); }));
  }
  // A few at a time: after downtime the queue must stay open for people.
  for (std::size_t at = 0; at < due.size(); at += kAtOnce) {
    std::size_t end = std::min(due.size(), at + kAtOnce);
    Countdown left(end - at);
    for (std::size_t i = at; i < end; ++i) {
      Command command;
      command.verb = Verb::kFireTimers;
      Submit(due[i], std::move(command), [&](Result<StepDone>) { left.Done(); });
    }
    left.Wait();
  }
  return static_cast<int>(due.size() + starts.size());
}

Result<std::vector<TaskItem>> Runtime::Tasks(const TaskQuery& query) {
  static constexpr std::string_view kColumns =
      "select t.instance, t.task, t.seat, t.definition, t.node, t.name, t.form, t.person, t.due,"
      " t.priority, t.created";
  TRY(auto snapshot, store_.Read());
  std::vector<TaskItem> out;
  auto after = query.after_created;
  if (!query.offered) {
    TRY(auto rows,
        snapshot->Query(
            std::string(kColumns) + " from flow_task t where t.region = $1 and t.person = $2"
                                    " and (t.created, t.instance) > ($3, $4)"
                                    " order by t.created, t.instance limit $5",
            {query.region, query.person, after, query.after_instance, int64_t{query.limit}}));
    while (rows.Next()) out.push_back(ReadTask(rows, query.region));
    TRY_VOID(rows.status());
    return out;
  }
  std::vector<std::string> names;
  if (!query.person.empty()) names.push_back("u:" + query.person);
  for (const auto& group : query.groups) names.push_back("g:" + group);
  for (const auto& name : names) {
    TRY(auto rows,
        snapshot->Query(std::string(kColumns) +
                            " from flow_candidate c join flow_task t on t.region = c.region"
                            " and t.instance = c.instance and t.task = c.task"
                            " and t.seat = c.seat where c.region = $1 and c.candidate = $2"
                            " and (c.created, c.instance) > ($3, $4)"
                            " order by c.created, c.instance limit $5",
                        {query.region, name, after, query.after_instance, int64_t{query.limit}}));
    while (rows.Next()) out.push_back(ReadTask(rows, query.region));
    TRY_VOID(rows.status());
  }
  auto place = [](const TaskItem& t) { return std::tie(t.created, t.instance.id, t.key, t.seat); };
  std::sort(out.begin(), out.end(),
            [&](const TaskItem& a, const TaskItem& b) { return place(a) < place(b); });
  out.erase(std::unique(out.begin(), out.end(),
                        [&](const TaskItem& a, const TaskItem& b) { return place(a) == place(b); }),
            out.end());
  if (out.size() > static_cast<std::size_t>(query.limit)) {
    out.resize(static_cast<std::size_t>(query.limit));
  }
  return out;
}

Result<std::vector<JobItem>> Runtime::TakeJobs(std::string_view type, int limit,
                                               std::chrono::seconds hold) {
  std::vector<JobItem> out;
  std::string kind(type);
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    out.clear();
    int64_t now = ToMicros(clock_.Now());
    TRY(auto rows, tx.Query("select region, instance, task, node, retries from flow_job"
                            " where type = $1 and held_until <= $2"
                            " order by held_until, instance limit $3",
                            {kind, now, int64_t{limit}}));
    while (rows.Next()) {
      JobItem item;
      item.instance = {std::string(rows.Text(0)), std::string(rows.Text(1))};
      item.key = static_cast<Key>(rows.Int(2));
      item.node = std::string(rows.Text(3));
      item.retries = static_cast<int>(rows.Int(4));
      item.type = kind;
      out.push_back(std::move(item));
    }
    for (const auto& item : out) {
      TRY_VOID(
          tx.Execute("update flow_job set held_until = $1 where region = $2"
                     " and instance = $3 and task = $4",
                     {now + std::chrono::microseconds(hold).count(), item.instance.region,
                      item.instance.id, static_cast<int64_t>(item.key)}));
    }
    return {};
  }));
  return out;
}

std::vector<BatchItem> Runtime::RetryAll(const std::vector<IncidentItem>& incidents,
                                         const Actor& actor) {
  std::vector<BatchItem> out;
  for (const auto& incident : incidents) {
    Command command;
    command.verb = Verb::kRetry;
    command.key = incident.key;
    command.actor = actor;
    auto done = Do(incident.instance, command);
    BatchItem item{incident.instance, std::nullopt};
    if (!done) item.error = done.error();
    out.push_back(std::move(item));
  }
  return out;
}

Result<std::vector<BatchItem>> Runtime::Migrate(std::string_view from, std::string_view to,
                                                const MigrationPlan& plan, const Actor& actor,
                                                bool dry_run, int limit) {
  TRY(auto target, Find(to));
  std::string to_id(to);
  std::vector<InstanceRef> found;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows, snapshot->Query("select region, id from flow_instance where definition = $1"
                                   " and state <= 1 order by region, id limit $2",
                                   {std::string(from), int64_t{limit}}));
    while (rows.Next()) found.push_back({std::string(rows.Text(0)), std::string(rows.Text(1))});
    TRY_VOID(rows.status());
  }
  auto move = [this, target, to_id, plan, actor](const InstanceRef& ref, store::Reader& reader,
                                                 store::Tx* tx) -> Result<void> {
    TRY(auto loaded, LoadIn(reader, ref));
    Effects effects;
    auto old_version = loaded.instance.version;
    TRY_VOID(ThreadEngine(options_.host)
                 .Migrate(*loaded.definition, *target, plan, loaded.instance, actor, clock_.Now(),
                          tx == nullptr, effects));
    if (tx == nullptr) return {};
    // Rows name elements and versions: they are written anew.
    for (const char* table : {"flow_task", "flow_candidate", "flow_wait", "flow_job",
                              "flow_incident", "flow_variable"}) {
      TRY_VOID(
          tx->Enqueue(std::string("delete from ") + table + " where region = $1 and instance = $2",
                      {ref.region, ref.id}));
    }
    effects.rows.clear();
    TRY_VOID(tx->Enqueue(
        "insert into flow_moved (region, instance, version, definition)"
        " values ($1, $2, $3, $4)",
        {ref.region, ref.id, static_cast<int64_t>(loaded.instance.version), loaded.definition_id}));
    for (auto& row : RowsOf(*target, loaded.instance)) {
      effects.rows.push_back({true, std::move(row)});
    }
    return Save(*tx, ref, to_id, *target, loaded.instance, false, old_version,
                loaded.instance.Encode(), effects);
  };
  std::vector<BatchItem> out;
  out.reserve(found.size());
  for (auto& ref : found) out.push_back({std::move(ref), std::nullopt});
  if (dry_run) {
    TRY(auto snapshot, store_.Read());
    for (auto& item : out) {
      auto done = move(item.instance, *snapshot, nullptr);
      if (!done) item.error = done.error();
    }
    return out;
  }
  for (std::size_t at = 0; at < out.size(); at += kAtOnce) {
    std::size_t end = std::min(out.size(), at + kAtOnce);
    Countdown left(end - at);
    for (std::size_t i = at; i < end; ++i) {
      BatchItem& item = out[i];
      store_.Submit(
          item.instance.region,
          [&move, &item](store::Tx& tx) { return move(item.instance, tx, &tx); },
          [this, &item, &left](Result<void> done) {
            Forget(item.instance);
            if (!done) item.error = std::move(done).error();
            left.Done();
          });
    }
    left.Wait();
  }
  return out;
}

Result<std::map<std::string, ElementStatistics>> Runtime::Statistics(std::string_view id,
                                                                     int limit) {
  TRY(auto definition, Find(id));
  TRY(auto snapshot, store_.Read());
  TRY(auto rows, snapshot->Query("select i.region, i.id, l.lines, l.version from"
                                 " (select region, id from flow_instance where definition = $1"
                                 " order by started desc, id limit $2) i"
                                 " join flow_log l on l.region = i.region and l.instance = i.id"
                                 " order by i.region, i.id, l.version",
                                 {std::string(id), int64_t{limit}}));
  StatisticsCollector collector;
  std::string current;
  std::vector<LogLine> log;
  while (rows.Next()) {
    std::string key = std::string(rows.Text(0)) + "/" + std::string(rows.Text(1));
    if (key != current) {
      collector.Add(log);
      log.clear();
      current = key;
    }
    InstanceRef ref{std::string(rows.Text(0)), std::string(rows.Text(1))};
    TRY(std::string text, cover_->Open("log", StepOf(ref, rows.Int(3)), rows.Blob(2)));
    TRY(auto lines, DecodeLog(text));
    std::move(lines.begin(), lines.end(), std::back_inserter(log));
  }
  TRY_VOID(rows.status());
  collector.Add(log);
  return collector.Result(*definition);
}

Result<std::string> Runtime::Verify(const InstanceRef& ref) {
  TRY(auto snapshot, store_.Read());
  TRY(auto loaded, LoadIn(*snapshot, ref));
  Instance folded;
  TRY(auto lines, snapshot->Query("select version, lines from flow_log where region = $1"
                                  " and instance = $2 order by version",
                                  {ref.region, ref.id}));
  int64_t wanted = 1;
  while (lines.Next()) {
    if (lines.Int(0) != wanted++) return std::string("a step is missing or double in the log");
    TRY(std::string text, cover_->Open("log", StepOf(ref, lines.Int(0)), lines.Blob(1)));
    TRY(auto log, DecodeLog(text));
    for (const auto& line : log) Fold(folded, line);
  }
  if (folded.Encode() != loaded.instance.Encode()) {
    return std::string("the state is not the fold of its log");
  }
  std::multiset<std::string> have;
  std::multiset<std::string> should;
  for (const auto& row : RowsOf(*loaded.definition, loaded.instance)) {
    auto kind = static_cast<int64_t>(row.kind);
    bool named = row.kind != RowKind::kTask && row.kind != RowKind::kTimer;
    bool keyed = row.kind != RowKind::kVariable;
    bool parted = row.kind != RowKind::kIncident && row.kind != RowKind::kVariable;
    const bool compared = row.kind == RowKind::kMessage || row.kind == RowKind::kSignal ||
                          row.kind == RowKind::kTimer || row.kind == RowKind::kVariable;
    const std::string stored = compared ? cover_->Match(row.name, row.value) : row.value;
    should.insert(RowText(kind, keyed ? row.key : 0, parted ? row.part : 0,
                          named ? row.name : std::string(),
                          row.kind == RowKind::kJob ? std::string() : stored));
  }
  struct Table {
    const char* sql;
    int64_t kind;
  };
  const Table tables[] = {{"select task, seat, '', person, 1 from flow_task", 1},
                          {"select owner, part, name, value, kind from flow_wait", 0},
                          {"select task, retries, type, '', 5 from flow_job", 5},
                          {"select task, 0, code, message, 6 from flow_incident", 6},
                          {"select 0, 0, name, value, 7 from flow_variable", 7}};
  for (const auto& table : tables) {
    TRY(auto rows, snapshot->Query(std::string(table.sql) + " where region = $1 and instance = $2",
                                   {ref.region, ref.id}));
    while (rows.Next()) {
      auto kind = rows.Int(4);
      TRY(std::string value,
          cover_->Open("incident", TaskOf(ref, static_cast<Key>(rows.Int(0))), rows.Text(3)));
      have.insert(RowText(kind, rows.Int(0), rows.Int(1), kind == 2 ? "" : rows.Text(2), value));
    }
    TRY_VOID(rows.status());
  }
  if (have != should) return std::string("the index rows are not those of the state");
  return std::string();
}

}  // namespace city::flow
