// SPDX-License-Identifier: Apache-2.0
// Deploying, starting and stepping on a store.
#include "engines/flow/runtime.h"

#include "base/ids.h"
#include "engines/flow/errors.h"
#include "engines/flow/internal/runtime_parts.h"

namespace city::flow {

Engine& ThreadEngine(Host* host) {
  static thread_local std::unordered_map<Host*, std::unique_ptr<Engine>> engines;
  auto& engine = engines[host];
  if (!engine) engine = std::make_unique<Engine>(host);
  return *engine;
}

Runtime::Runtime(store::Store& store, const Clock& clock, RuntimeOptions options)
    : store_(store),
      clock_(clock),
      options_(std::move(options)),
      cover_(std::make_unique<Cover>(options_.vault)) {}
Runtime::~Runtime() = default;

Result<std::shared_ptr<const Definition>> Runtime::FindIn(store::Reader& reader,
                                                          std::string_view id) {
  std::string key(id);
  {
    std::lock_guard lock(mutex_);
    auto it = definitions_.find(key);
    if (it != definitions_.end()) return it->second;
  }
  TRY(auto rows, reader.Query("select file from flow_definition where id = $1", {key}));
  if (!rows.Next()) return error::kNoSuchProcess({{"id", key}});
  TRY(auto document, Document::Load(rows.Text(0)));
  // What it calls was bound when it was deployed: the versions of that time are named in the file's
  // record, so a later version of a called process does not change a running one.
  std::vector<std::unique_ptr<Document>> called;
  DeployOptions options = options_.deploy;
  options.decision_exists = nullptr;
  options.form_exists = nullptr;
  options.called = [&](std::string_view process) -> const Document* {
    auto found = reader.Query(
        "select d.file from flow_process p join flow_definition d on d.id = p.definition"
        " where p.process = $1 and d.deployed_at <="
        " (select deployed_at from flow_definition where id = $2)"
        " order by d.deployed_at desc, p.version desc limit 1",
        {std::string(process), key});
    if (!found || !found->Next()) return nullptr;
    auto other = Document::Load(found->Text(0));
    if (!other) return nullptr;
    called.push_back(std::move(*other));
    return called.back().get();
  };
  TRY(auto definition, flow::Deploy(*document, options));
  std::lock_guard lock(mutex_);
  return definitions_.emplace(key, std::move(definition)).first->second;
}

Result<std::shared_ptr<const Definition>> Runtime::Find(std::string_view definition) {
  TRY(auto snapshot, store_.Read());
  return FindIn(*snapshot, definition);
}

Result<std::string> Runtime::Latest(std::string_view process) {
  TRY(auto snapshot, store_.Read());
  return LatestIn(*snapshot, process);
}

Result<Deployment> Runtime::Deploy(std::string_view xml, const Actor& actor) {
  Result<Deployment> out = Deployment{};
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    out = DeployIn(tx, xml, actor);
    if (!out) return Fail(out.error());
    return {};
  }));
  std::lock_guard lock(mutex_);
  latest_.clear();
  return out;
}

Result<Deployment> Runtime::DeployIn(store::Tx& tx, std::string_view xml, const Actor& actor) {
  TRY(auto document, Document::Load(xml));
  std::string file(xml);
  Time now = clock_.Now();
  std::vector<std::unique_ptr<Document>> called;
  DeployOptions options = options_.deploy;
  options.called = [&](std::string_view process) -> const Document* {
    auto found = tx.Query(
        "select d.file from flow_process p join flow_definition d on d.id = p.definition"
        " where p.process = $1 order by d.deployed_at desc, p.version desc limit 1",
        {std::string(process)});
    if (!found || !found->Next()) return nullptr;
    auto other = Document::Load(found->Text(0));
    if (!other) return nullptr;
    called.push_back(std::move(*other));
    return called.back().get();
  };
  TRY(auto definition, flow::Deploy(*document, options));
  const Definition& d = *definition;
  if (d.processes.empty()) return error::kNoSuchProcess({{"id", ""}});
  Deployment out;
  out.process = d.node(d.processes.front()).id;
  out.warnings = d.warnings;
  TRY(auto last, tx.Query("select id, version, file from flow_definition where process = $1"
                          " order by version desc limit 1",
                          {out.process}));
  std::string previous;
  if (last.Next()) {
    previous = std::string(last.Text(0));
    out.version = last.Int(1);
    if (last.Text(2) == file) {
      out.id = previous;
      out.unchanged = true;
      return out;
    }
  }
  ++out.version;
  out.id = NewId(now);
  TRY_VOID(
      tx.Execute("insert into flow_definition (id, process, version, file, deployed_at,"
                 " deployed_by) values ($1, $2, $3, $4, $5, $6)",
                 {out.id, out.process, out.version, file, ToMicros(now), actor.id}));
  for (Index p : d.processes) {
    TRY_VOID(
        tx.Execute("insert into flow_process (process, definition, version) values ($1, $2, $3)",
                   {d.node(p).id, out.id, out.version}));
  }
  // Only the latest version is begun by messages, signals and times.
  if (!previous.empty()) {
    TRY_VOID(tx.Execute("delete from flow_start where definition = $1", {previous}));
  }
  TRY_VOID(SetStartEvents(tx, out.id, d));
  return out;
}

Result<Runtime::Loaded> Runtime::LoadIn(store::Reader& reader, const InstanceRef& ref) {
  TRY(auto rows, reader.Query("select definition, body, version from flow_instance"
                              " where region = $1 and id = $2",
                              {ref.region, ref.id}));
  if (!rows.Next()) return error::kNoSuchInstance({{"id", ref.id}});
  Loaded out;
  out.definition_id = std::string(rows.Text(0));
  TRY(std::string body, cover_->Open("state", StepOf(ref, rows.Int(2)), rows.Blob(1)));
  TRY(out.instance, Instance::Decode(body));
  TRY(out.definition, FindIn(reader, out.definition_id));
  return out;
}

Result<void> Runtime::SaveRow(store::Tx& tx, const InstanceRef& ref,
                              const std::string& definition_id, const Definition& definition,
                              const RowChange& change) {
  const Row& row = change.row;
  auto key = static_cast<int64_t>(row.key);
  auto part = static_cast<int64_t>(row.part);
  const std::string& node = row.node == kNone ? ref.id : definition.node(row.node).id;
  switch (row.kind) {
    case RowKind::kTask: {
      if (!change.add) {
        if (!row.users.empty() || !row.groups.empty()) {
          TRY_VOID(
              tx.Enqueue("delete from flow_candidate where region = $1 and instance = $2"
                         " and task = $3 and seat = $4",
                         {ref.region, ref.id, key, part}));
        }
        return tx.Enqueue(
            "delete from flow_task where region = $1 and instance = $2"
            " and task = $3 and seat = $4",
            {ref.region, ref.id, key, part});
      }
      int64_t created = ToMicros(clock_.Now());
      const Node& n = definition.node(row.node);
      TRY_VOID(tx.Enqueue(
          "insert into flow_task (region, instance, task, seat, definition, node, name, form,"
          " person, due, priority, created)"
          " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
          {ref.region, ref.id, key, part, definition_id, node, n.name,
           n.user ? n.user->form : std::string(), row.value, row.due,
           static_cast<int64_t>(row.priority), created}));
      if (!row.value.empty()) return {};
      for (const auto* list : {&row.users, &row.groups}) {
        for (const auto& candidate : *list) {
          TRY_VOID(tx.Enqueue(
              "insert into flow_candidate (region, candidate, created, instance, task, seat)"
              " values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
              {ref.region, (list == &row.users ? "u:" : "g:") + candidate, created, ref.id, key,
               part}));
        }
      }
      return {};
    }
    case RowKind::kTimer:
    case RowKind::kMessage:
    case RowKind::kSignal:
      if (!change.add) {
        return tx.Enqueue(
            "delete from flow_wait where region = $1 and instance = $2"
            " and owner = $3 and node = $4 and part = $5",
            {ref.region, ref.id, key, static_cast<int64_t>(row.node), part});
      }
      return tx.Enqueue(
          "insert into flow_wait (region, instance, owner, node, part, kind, name, value, due)"
          " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
          {ref.region, ref.id, key, static_cast<int64_t>(row.node), part,
           static_cast<int64_t>(row.kind), row.name, cover_->Match(row.name, row.value), row.due});
    case RowKind::kJob:
      if (!change.add) {
        return tx.Enqueue("delete from flow_job where region = $1 and instance = $2 and task = $3",
                          {ref.region, ref.id, key});
      }
      return tx.Enqueue(
          "insert into flow_job (region, instance, task, node, type, retries,"
          " held_until) values ($1, $2, $3, $4, $5, $6, 0)",
          {ref.region, ref.id, key, node, row.name, part});
    case RowKind::kIncident:
      if (!change.add) {
        return tx.Enqueue(
            "delete from flow_incident where region = $1 and instance = $2 and task = $3",
            {ref.region, ref.id, key});
      }
      return tx.Enqueue(
          "insert into flow_incident (region, instance, task, definition, node,"
          " code, message, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
          {ref.region, ref.id, key, definition_id, node, row.name,
           cover_->Seal("incident", TaskOf(ref, row.key), row.value), ToMicros(clock_.Now())});
    case RowKind::kVariable:
      if (!change.add) {
        return tx.Enqueue(
            "delete from flow_variable where region = $1 and instance = $2 and name = $3",
            {ref.region, ref.id, row.name});
      }
      return tx.Enqueue(
          "insert into flow_variable (region, instance, name, value)"
          " values ($1, $2, $3, $4)",
          {ref.region, ref.id, row.name, cover_->Match(row.name, row.value)});
  }
  return {};
}

Result<void> Runtime::Save(store::Tx& tx, const InstanceRef& ref, const std::string& definition_id,
                           const Definition& definition, const Instance& instance, bool fresh,
                           std::uint32_t old_version, const std::string& body, Effects& effects) {
  int64_t now = ToMicros(clock_.Now());
  store::Value ended;
  if (instance.ended()) ended = now;
  auto version = static_cast<int64_t>(instance.version);
  auto state = static_cast<int64_t>(instance.state);
  std::string stored = cover_->Seal("state", StepOf(ref, version), body);
  if (fresh) {
    TRY_VOID(
        tx.Enqueue("insert into flow_instance (region, id, definition, version, state,"
                   " business_key, starter, started, ended, body)"
                   " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   {ref.region, ref.id, definition_id, version, state, instance.business_key,
                    instance.starter, now, ended, store::Bytes{std::move(stored)}}));
  } else {
    TRY_VOID(
        tx.Enqueue("update flow_instance set definition = $1, version = $2, state = $3,"
                   " ended = $4, body = $5 where region = $6 and id = $7 and version = $8",
                   {definition_id, version, state, ended, store::Bytes{std::move(stored)},
                    ref.region, ref.id, static_cast<int64_t>(old_version)},
                   1));
  }
  TRY_VOID(tx.Enqueue(
      "insert into flow_log (region, instance, version, at, actor, verb, lines)"
      " values ($1, $2, $3, $4, $5, $6, $7)",
      {ref.region, ref.id, version, now,
       effects.log.empty() ? std::string() : effects.log.front().name,
       effects.log.empty() ? std::string() : effects.log.front().text,
       store::Bytes{cover_->Seal("log", StepOf(ref, version), EncodeLog(effects.log))}}));
  // Removals first: a row that changes is removed and added under the same key.
  for (const auto& change : effects.rows) {
    if (!change.add) TRY_VOID(SaveRow(tx, ref, definition_id, definition, change));
  }
  for (const auto& change : effects.rows) {
    if (change.add) TRY_VOID(SaveRow(tx, ref, definition_id, definition, change));
  }
  int number = 0;
  for (const auto& out : effects.out) {
    json::object body{{"variables", out.variables}, {"people", json::value_from(out.people)}};
    std::string id =
        ref.id + "/" + std::to_string(instance.version) + "/" + std::to_string(number++);
    TRY_VOID(
        tx.Enqueue("insert into flow_outbox (region, id, kind, name, value, instance, body, at)"
                   " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                   {ref.region, id, static_cast<int64_t>(out.kind),
                    cover_->Seal("name", id, out.name), cover_->Seal("key", id, out.key), ref.id,
                    cover_->Seal("sent", id, ToText(json::value(body))), now}));
  }
  return {};
}

Result<InstanceRef> Runtime::BeginIn(store::Tx& tx, std::string_view region,
                                     const StartOptions& options, std::string& definition_id,
                                     std::string& body, std::uint32_t& version) {
  definition_id = options.definition;
  if (definition_id.empty()) {
    TRY(definition_id, LatestIn(tx, options.process));
  }
  TRY(auto definition, FindIn(tx, definition_id));
  StartRequest request;
  request.process = options.process;
  request.start_event = options.start_event;
  request.business_key = options.business_key;
  request.variables = options.variables;
  request.actor = options.actor;
  Effects effects;
  Time now = clock_.Now();
  TRY(Instance instance, ThreadEngine(options_.host).Start(*definition, request, now, effects));
  InstanceRef ref{std::string(region), options.id.empty() ? NewId(now) : options.id};
  body = instance.Encode();
  version = instance.version;
  TRY_VOID(Save(tx, ref, definition_id, *definition, instance, true, 0, body, effects));
  if (instance.ended()) body.clear();
  StepDone done;
  TRY_VOID(TakeFromInbox(tx, ref, effects, done));
  if (done.version != 0) body.clear();  // went on with a message
  return ref;
}

Result<InstanceRef> Runtime::StartIn(store::Tx& tx, std::string_view region,
                                     const StartOptions& options) {
  std::string definition;
  std::string body;
  std::uint32_t version = 0;
  return BeginIn(tx, region, options, definition, body, version);
}

Result<StepDone> Runtime::StepIn(store::Tx& tx, const InstanceRef& ref, const Command& command,
                                 bool remembered, std::string& definition_id, std::string& body) {
  Loaded loaded;
  if (remembered) {
    std::string bytes;
    {
      std::lock_guard lock(memory_mutex_);
      auto it = memory_.find(ref.region + "/" + ref.id);
      if (it != memory_.end()) {
        loaded.definition_id = it->second.definition;
        bytes = it->second.body;
      }
    }
    if (!bytes.empty()) {
      TRY(loaded.instance, Instance::Decode(bytes));
      TRY(loaded.definition, FindIn(tx, loaded.definition_id));
    }
  }
  if (!loaded.definition) {
    TRY(loaded, LoadIn(tx, ref));
  }
  Effects effects;
  auto old_version = loaded.instance.version;
  TRY_VOID(ThreadEngine(options_.host)
               .Apply(*loaded.definition, loaded.instance, command, clock_.Now(), effects));
  body = loaded.instance.Encode();
  definition_id = loaded.definition_id;
  TRY_VOID(Save(tx, ref, loaded.definition_id, *loaded.definition, loaded.instance, false,
                old_version, body, effects));
  StepDone done;
  done.version = loaded.instance.version;
  done.ended = effects.ended;
  done.out = std::move(effects.out);
  auto version = done.version;
  TRY_VOID(TakeFromInbox(tx, ref, effects, done));
  if (done.version != version) body.clear();  // went on with a message: read it next time
  return done;
}

Result<StepDone> Runtime::DoIn(store::Tx& tx, const InstanceRef& ref, const Command& command) {
  std::string definition;
  std::string body;
  // The caller's transaction may have changed the instance already, and may yet be undone.
  return StepIn(tx, ref, command, false, definition, body);
}

void Runtime::Remember(const InstanceRef& ref, std::string definition, std::string body,
                       std::uint32_t version) {
  constexpr std::size_t kMost = 100'000;
  std::lock_guard lock(memory_mutex_);
  if (memory_.size() > kMost) memory_.clear();
  auto& entry = memory_[ref.region + "/" + ref.id];
  if (entry.version >= version) return;
  entry = {std::move(definition), std::move(body), version};
}

void Runtime::Forget(const InstanceRef& ref) {
  std::lock_guard lock(memory_mutex_);
  memory_.erase(ref.region + "/" + ref.id);
}

Result<InstanceRef> Runtime::Start(std::string_view region, const StartOptions& options) {
  StartOptions fixed = options;
  if (fixed.id.empty()) fixed.id = NewId(clock_.Now());
  if (fixed.definition.empty()) {
    // The latest version is asked for once a second at most.
    std::lock_guard lock(mutex_);
    auto it = latest_.find(fixed.process);
    if (it != latest_.end() && clock_.Now() - it->second.second < std::chrono::seconds(1)) {
      fixed.definition = it->second.first;
    }
  }
  if (fixed.definition.empty()) {
    TRY(fixed.definition, Latest(fixed.process));
    std::lock_guard lock(mutex_);
    latest_[fixed.process] = {fixed.definition, clock_.Now()};
  }
  Result<InstanceRef> out = InstanceRef{};
  std::string definition;
  std::string body;
  std::uint32_t version = 0;
  TRY_VOID(store_.Command(region, [&](store::Tx& tx) -> Result<void> {
    out = BeginIn(tx, region, fixed, definition, body, version);
    if (!out) return Fail(out.error());
    return {};
  }));
  if (!body.empty()) Remember(*out, std::move(definition), std::move(body), version);
  return out;
}

namespace {
/// Somebody else has moved the instance since it was remembered.
bool IsStale(const Error& error) { return error.code() == "store.rows_changed_meanwhile"; }
/// What a remembered state refuses is asked of the stored one before anybody is told.
bool MayBeStale(const Error& error) { return IsStale(error) || error.code().starts_with("flow."); }
}  // namespace

Result<StepDone> Runtime::Do(const InstanceRef& instance, const Command& command) {
  for (bool remembered : {true, false}) {
    Result<StepDone> out = StepDone{};
    std::string definition;
    std::string body;
    auto committed = store_.Command(instance.region, [&](store::Tx& tx) -> Result<void> {
      out = StepIn(tx, instance, command, remembered, definition, body);
      if (!out) return Fail(out.error());
      return {};
    });
    if (committed) {
      if (body.empty() || out->ended) {
        Forget(instance);
      } else {
        Remember(instance, std::move(definition), std::move(body), out->version);
      }
      return out;
    }
    Forget(instance);
    if (!remembered || !MayBeStale(committed.error())) return Fail(committed.error());
  }
  return error::kNoSuchInstance({{"id", instance.id}});
}

void Runtime::Submit(const InstanceRef& instance, Command command,
                     std::function<void(Result<StepDone>)> done) {
  struct Task {
    InstanceRef instance;
    Command command;
    Result<StepDone> out = StepDone{};
  };
  auto task = std::make_shared<Task>();
  task->instance = instance;
  task->command = std::move(command);
  store_.Submit(
      instance.region,
      [this, task](store::Tx& tx) -> Result<void> {
        task->out = DoIn(tx, task->instance, task->command);
        if (!task->out) return Fail(task->out.error());
        return {};
      },
      [this, task, done = std::move(done)](Result<void> committed) {
        Forget(task->instance);
        if (!committed) {
          done(Fail(std::move(committed).error()));
        } else {
          done(std::move(task->out));
        }
      });
}

Result<std::pair<Instance, std::shared_ptr<const Definition>>> Runtime::Load(
    const InstanceRef& instance) {
  TRY(auto snapshot, store_.Read());
  TRY(auto loaded, LoadIn(*snapshot, instance));
  return std::pair(std::move(loaded.instance), std::move(loaded.definition));
}

}  // namespace city::flow
