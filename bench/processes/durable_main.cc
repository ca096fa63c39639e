// SPDX-License-Identifier: Apache-2.0
// Durable: steps acknowledged a second by 64 clients, beside bare commands of the same store.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engines/flow/runtime.h"
#include "ledger/ledger.h"
#include "parts/store/store.h"
#include "parts/store/testing/throwaway_postgres.h"

namespace {

using namespace city;        // NOLINT
using namespace city::flow;  // NOLINT

constexpr const char* kModel = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:bench">
<bpmn:process id="bench" isExecutable="true">
 <bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="choice" default="small"/>
 <bpmn:userTask id="check"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="=who"/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:userTask id="sign"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="=who"/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:endEvent id="end"/><bpmn:endEvent id="out"/>
 <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="choice"/>
 <bpmn:sequenceFlow id="f2" sourceRef="choice" targetRef="check">
  <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt; 100
  </bpmn:conditionExpression></bpmn:sequenceFlow>
 <bpmn:sequenceFlow id="small" sourceRef="choice" targetRef="out"/>
 <bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="sign"/>
 <bpmn:sequenceFlow id="f4" sourceRef="sign" targetRef="end"/>
</bpmn:process></bpmn:definitions>)";

constexpr std::int64_t kCounters = 100;
constexpr const char* kBareSchema =
    "create table cases (id bigint primary key, number text not null, region text not null,"
    " state text not null, holder text not null, updated_at bigint not null);"
    "create unique index cases_number on cases (number);"
    "create index cases_state on cases (region, state, updated_at);"
    "create index cases_holder on cases (holder, updated_at);"
    "create table forms (id bigint primary key, case_id bigint not null, body text not null);"
    "create table events (id bigint primary key, case_id bigint not null, what text not null,"
    " at bigint not null);"
    "create table counters (id bigint primary key, n bigint not null)";

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Figures {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

/// `clients` closed loops, each calling `step(client, round)` until the time is up.
template <class Step>
Figures Measure(int clients, double seconds, Step step) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  double begin = Seconds();
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      auto& own = times[static_cast<std::size_t>(c)];
      for (long round = 0; Seconds() - begin < seconds; ++round) {
        double at = Seconds();
        step(c, round);
        own.push_back(Seconds() - at);
      }
    });
  }
  for (auto& t : threads) t.join();
  double took = Seconds() - begin;
  std::vector<double> all;
  for (auto& own : times) all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return {};
  return {static_cast<double>(all.size()) / took, all[all.size() / 2] * 1000,
          all[all.size() * 99 / 100] * 1000};
}

}  // namespace

int main(int argc, char** argv) {
  std::string url = argc > 1 ? argv[1] : "";
  const double seconds = argc > 2 ? std::atof(argv[2]) : 5;
  const int clients = argc > 3 ? std::atoi(argv[3]) : 64;
  std::string folder;
  std::unique_ptr<store::testing::ThrowawayPostgres> server;
  if (url == "postgres") {
    server = std::make_unique<store::testing::ThrowawayPostgres>(
        store::testing::ThrowawayPostgres::Options{
            .durable = true,
            .settings = {"shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=30min"}});
    if (!server->problem().empty()) fmt::print("{}\n", server->problem());
    url = server->NewDatabase();
  }
  if (url.empty()) {
    char name[] = "/tmp/yiwang-bench-XXXXXX";
    folder = mkdtemp(name);
    url = "sqlite:" + folder + "/city.db";
  }
  auto opened = store::Open(url);
  if (!opened) {
    fmt::print("{}\n", opened.error().ToLine());
    return 1;
  }
  auto& store = **opened;
  SystemClock clock;
  auto migrated = store.Migrate(Runtime::Schema());
  if (!migrated) fmt::print("{}\n", migrated.error().ToLine());
  bool postgres = store.dialect() == store::Dialect::kPostgres;
  auto made = store.Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(tx.Script(kBareSchema));
    for (std::int64_t i = 0; i < kCounters; ++i) {
      TRY_VOID(tx.Execute("insert into counters values ($1, 0)", {i}));
    }
    return {};
  });
  if (!made) fmt::print("{}\n", made.error().ToLine());
  // With "sealed" as the fourth word states and logs lie encrypted, as in a city.
  std::unique_ptr<crypto::KeyDevice> keys = crypto::MakeKeyStoreInMemory();
  std::unique_ptr<ledger::Ledger> ledger;
  RuntimeOptions runtime_options;
  if (argc > 4 && std::string_view(argv[4]) == "sealed") {
    ledger = ledger::Ledger::Open(store, clock, keys.get()).value();
    runtime_options.vault = ledger->OpenVault({std::string(kVaultType)}).value();
  }
  Runtime runtime(store, clock, std::move(runtime_options));
  auto deployed = runtime.Deploy(kModel, {"root", {}, {}, true});
  if (!deployed) {
    fmt::print("{}\n", deployed.error().ToLine());
    return 1;
  }
  std::atomic<long> failed{0};
  // The ceiling: the bare command that bench/store measures, five statements.
  std::atomic<std::int64_t> next{0};
  const std::string body = "{\"name\":\"" + std::string(280, 'x') + "\"}";
  auto bare = [&](int c, long) {
    std::int64_t id = (++next) * kCounters + c % kCounters;
    auto done = store.Command(std::to_string(c), [&](store::Tx& tx) -> Result<void> {
      TRY_VOID(
          tx.Enqueue("insert into cases (id, number, region, state, holder, updated_at)"
                     " values ($1, $2, $3, 'submitted', $4, $5)",
                     {id, "N" + std::to_string(id), std::string("440200"),
                      "holder-" + std::to_string(id % 1000), id}));
      for (int form = 0; form < 2; ++form) {
        TRY_VOID(tx.Enqueue("insert into forms (id, case_id, body) values ($1, $2, $3)",
                            {id * 2 + form, id, body}));
      }
      TRY_VOID(
          tx.Enqueue("insert into events (id, case_id, what, at)"
                     " values ($1, $2, 'submitted', $3)",
                     {id, id, id}));
      return tx.Enqueue("update counters set n = n + 1 where id = $1", {id % kCounters});
    });
    if (!done) ++failed;
  };
  struct Client {
    InstanceRef ref;
    Key key = 0;
    int at = 0;
  };
  std::vector<Client> state(static_cast<std::size_t>(clients));
  auto step = [&](int c, long) {
    auto& own = state[static_cast<std::size_t>(c)];
    if (own.at == 0) {
      StartOptions options;
      options.definition = deployed->id;
      options.process = "bench";
      options.variables = {{"amount", 200}, {"who", "person-" + std::to_string(c)}};
      options.actor.id = "li";
      auto ref = runtime.Start(std::to_string(c), options);
      if (!ref) {
        ++failed;
        return;
      }
      own.ref = *ref;
      own.key = 2;  // the process is 1, its first task 2, the next 3
      own.at = 1;
      return;
    }
    Command command;
    command.verb = Verb::kComplete;
    command.key = own.key++;
    command.actor.id = "person-" + std::to_string(c);
    auto done = runtime.Do(own.ref, command);
    if (!done) ++failed;
    own.at = own.at == 1 ? 2 : 0;
  };
  std::vector<double> ratios;
  Figures best;
  for (int round = 0; round < 3; ++round) {
    auto b = Measure(clients, seconds, bare);
    auto f = Measure(clients, seconds, step);
    ratios.push_back(f.per_second / b.per_second);
    if (f.per_second > best.per_second) best = f;
    fmt::print(
        "bare {:.0f}/s p50 {:.2f} p99 {:.1f} ms · steps {:.0f}/s p50 {:.2f} p99 {:.1f} ms ·"
        " ratio {:.2f}\n",
        b.per_second, b.p50_ms, b.p99_ms, f.per_second, f.p50_ms, f.p99_ms, ratios.back());
  }
  std::sort(ratios.begin(), ratios.end());
  fmt::print(
      "{} clients, {}: best {:.0f} steps/s (three steps an instance), ratio {:.2f} (median),"
      " {} failed\n",
      clients, postgres ? "PostgreSQL" : "SQLite", best.per_second, ratios[1], failed.load());
  store.Close();
  opened->reset();
  if (!folder.empty()) std::filesystem::remove_all(folder);
  return failed == 0 ? 0 : 1;
}
