// SPDX-License-Identifier: Apache-2.0
// Why: answers what the store costs over its engines. See README.md.
//
//   store_bench [sqlite] [postgres] [--rounds N] [--seconds S] [--clients N] [--folder PATH]
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "parts/store/store.h"
#include "parts/store/testing/throwaway_postgres.h"

namespace city::store {
namespace {

using Steady = std::chrono::steady_clock;

struct Options {
  bool sqlite = false, postgres = false;
  int rounds = 5, clients = 64, writers = 0;
  double seconds = 3;
  std::string folder = "/var/tmp";
};

constexpr int64_t kCounters = 100;

constexpr const char* kSchema =
    "create table cases (id bigint primary key, number text not null, region text not null, "
    "  state text not null, holder text not null, updated_at bigint not null);"
    "create unique index cases_number on cases (number);"
    "create index cases_state on cases (region, state, updated_at);"
    "create index cases_holder on cases (holder, updated_at);"
    "create table forms (id bigint primary key, case_id bigint not null, body text not null);"
    "create table events (id bigint primary key, case_id bigint not null, what text not null, "
    "  at bigint not null);"
    "create table counters (id bigint primary key, n bigint not null);";

constexpr const char* kStatements[5] = {
    "insert into cases (id, number, region, state, holder, updated_at) "
    "values ($1, $2, $3, 'submitted', $4, $5)",
    "insert into forms (id, case_id, body) values ($1, $2, $3)",
    "insert into forms (id, case_id, body) values ($1, $2, $3)",
    "insert into events (id, case_id, what, at) values ($1, $2, 'submitted', $3)",
    "update counters set n = n + 1 where id = $1",
};

const std::string kBody = "{\"name\":\"" + std::string(280, 'x') + "\"}";

// What differs between commands.
struct Case {
  int64_t id;
  std::string number, region, holder;
  int64_t at;
};

Case CaseOf(int64_t id) {
  // Keys rise, as UUIDv7 keys do; holders and numbers are spread.
  uint64_t mixed = static_cast<uint64_t>(id) * 0x9e3779b97f4a7c15ull;
  return {id, "YW" + std::to_string(mixed), "4402" + std::to_string(mixed % 10),
          "h" + std::to_string(mixed % 100'000), 1'790'000'000'000'000 + id};
}

struct Figures {
  double rate = 0, p50_ms = 0, p99_ms = 0;
};

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "store_bench: %s\n", what.c_str());
  std::exit(1);
}

// ---- the bare loop -------------------------------------------------------------------------

void Must(int code, sqlite3* db) {
  if (code != SQLITE_OK && code != SQLITE_DONE) Die(sqlite3_errmsg(db));
}

double BareLoop(const std::string& path, const Options& options) {
  sqlite3* db = nullptr;
  Must(sqlite3_open_v2(path.c_str(), &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr),
       db);
  const std::string setup =
      "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=8000;"
      "pragma cache_size=-65536; pragma mmap_size=1073741824; pragma foreign_keys=on;";
  Must(sqlite3_exec(db, (setup + kSchema).c_str(), nullptr, nullptr, nullptr), db);
  for (int64_t i = 0; i < kCounters; ++i) {
    const std::string sql = "insert into counters values (" + std::to_string(i) + ", 0)";
    Must(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), db);
  }
  sqlite3_stmt *begin, *commit, *statements[5];
  auto prepare = [&](const char* sql, sqlite3_stmt** out) {
    Must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, nullptr), db);
  };
  prepare("begin immediate", &begin);
  prepare("commit", &commit);
  for (int i = 0; i < 5; ++i) prepare(kStatements[i], &statements[i]);
  auto step = [&](sqlite3_stmt* statement) {
    Must(sqlite3_step(statement), db);
    sqlite3_reset(statement);
  };
  auto text = [](sqlite3_stmt* statement, int slot, const std::string& value) {
    sqlite3_bind_text(statement, slot, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  };
  int64_t id = 0;
  const auto start = Steady::now();
  const auto end = start + std::chrono::duration<double>(options.seconds);
  while (Steady::now() < end) {
    step(begin);
    for (int n = 0; n < options.clients; ++n) {
      const Case one = CaseOf(++id);
      sqlite3_bind_int64(statements[0], 1, one.id);
      text(statements[0], 2, one.number);
      text(statements[0], 3, one.region);
      text(statements[0], 4, one.holder);
      sqlite3_bind_int64(statements[0], 5, one.at);
      step(statements[0]);
      for (int form = 0; form < 2; ++form) {
        sqlite3_bind_int64(statements[1 + form], 1, one.id * 2 + form);
        sqlite3_bind_int64(statements[1 + form], 2, one.id);
        text(statements[1 + form], 3, kBody);
        step(statements[1 + form]);
      }
      sqlite3_bind_int64(statements[3], 1, one.id);
      sqlite3_bind_int64(statements[3], 2, one.id);
      sqlite3_bind_int64(statements[3], 3, one.at);
      step(statements[3]);
      sqlite3_bind_int64(statements[4], 1, one.id % kCounters);
      step(statements[4]);
    }
    step(commit);
  }
  const double elapsed = std::chrono::duration<double>(Steady::now() - start).count();
  sqlite3_finalize(begin);
  sqlite3_finalize(commit);
  for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  sqlite3_close(db);
  return static_cast<double>(id) / elapsed;
}

// ---- the store -----------------------------------------------------------------------------

Result<void> OneCommand(Tx& tx, const Case& one) {
  const Value a[] = {one.id, one.number, one.region, one.holder, one.at};
  TRY_VOID(tx.Enqueue(kStatements[0], a));
  for (int64_t form = 0; form < 2; ++form) {
    const Value b[] = {one.id * 2 + form, one.id, kBody};
    TRY_VOID(tx.Enqueue(kStatements[1], b));
  }
  const Value c[] = {one.id, one.id, one.at};
  TRY_VOID(tx.Enqueue(kStatements[3], c));
  const Value d[] = {one.id % kCounters};
  return tx.Enqueue(kStatements[4], d);
}

Figures Clients(Store& store, const Options& options) {
  Result<void> made = store.Command("", [](Tx& tx) -> Result<void> {
    TRY_VOID(tx.Script(kSchema));
    for (int64_t i = 0; i < kCounters; ++i) {
      TRY_VOID(tx.Execute("insert into counters values ($1, 0)", {i}));
    }
    return {};
  });
  if (!made) Die(made.error().ToLine());
  std::atomic<int64_t> next{0};
  std::atomic<bool> stop{false};
  std::vector<std::vector<float>> latencies(static_cast<size_t>(options.clients));
  std::vector<std::thread> threads;
  const auto start = Steady::now();
  for (int c = 0; c < options.clients; ++c) {
    threads.emplace_back([&, c] {
      auto& mine = latencies[static_cast<size_t>(c)];
      const std::string shard = std::to_string(c);
      while (!stop.load(std::memory_order_relaxed)) {
        const auto begun = Steady::now();
        // The counter is of the client's own shard, as regions are.
        const int64_t id = (++next) * kCounters + c % kCounters;
        const Case one = CaseOf(id);
        Result<void> done = store.Command(shard, [&](Tx& tx) { return OneCommand(tx, one); });
        if (!done) Die(done.error().ToLine());
        mine.push_back(std::chrono::duration<float, std::milli>(Steady::now() - begun).count());
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double elapsed = std::chrono::duration<double>(Steady::now() - start).count();
  std::vector<float> all;
  for (const auto& mine : latencies) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) Die("no command was done");
  return {static_cast<double>(all.size()) / elapsed, all[all.size() / 2],
          all[all.size() * 99 / 100]};
}

void Line(const char* name, const Figures& figures, double other, const char* other_name,
          double per_group) {
  std::printf(
      "  %s %7.0f cmd/s  p50 %5.1f ms  p99 %5.1f ms  %4.0f per commit | %s %7.0f | ratio %.2f\n",
      name, figures.rate, figures.p50_ms, figures.p99_ms, per_group, other_name, other,
      figures.rate / other);
  std::fflush(stdout);
}

double PerGroup(const Store& store) {
  const Stats stats = store.stats();
  return static_cast<double>(stats.commands) /
         static_cast<double>(std::max<uint64_t>(1, stats.groups));
}

void RunSqlite(const Options& options) {
  std::printf("SQLite, synchronous=FULL, %d clients, %g s a round\n", options.clients,
              options.seconds);
  std::vector<double> ratios, rates, p50, p99;
  for (int round = 0; round < options.rounds; ++round) {
    std::string folder = options.folder + "/yiwang-bench-XXXXXX";
    if (!mkdtemp(folder.data())) Die("no folder");
    Figures ours;
    double per_group = 0, bare = 0;
    auto run_bare = [&] { bare = BareLoop(folder + "/bare.db", options); };
    auto run_ours = [&] {
      auto store = OpenSqlite(folder + "/ours.db");
      if (!store) Die(store.error().ToLine());
      ours = Clients(**store, options);
      per_group = PerGroup(**store);
    };
    if (round % 2 == 0) {
      run_bare();
      run_ours();
    } else {
      run_ours();
      run_bare();
    }
    std::filesystem::remove_all(folder);
    Line("store", ours, bare, "bare loop", per_group);
    ratios.push_back(ours.rate / bare);
    rates.push_back(ours.rate);
    p50.push_back(ours.p50_ms);
    p99.push_back(ours.p99_ms);
  }
  std::printf(
      "SQLite median: %.0f cmd/s, p50 %.1f ms, p99 %.1f ms, ratio to the bare loop %.2f "
      "(goal 0.7)\n",
      Median(rates), Median(p50), Median(p99), Median(ratios));
}

// ---- pgbench -------------------------------------------------------------------------------

double PgBench(const testing::ThrowawayPostgres& server, const std::string& url, int clients,
               const Options& options) {
  const std::string script = server.socket_folder() + "/script.sql";
  std::ofstream(script)
      // Keys rise and everything else is spread, as in CaseOf; a client keeps n between its runs.
      << "\\set n :n + 1\n\\set id :n * 100 + :client_id\n"
         "\\set one :id * 2\n\\set two :id * 2 + 1\n"
         "\\set number hash(:id)\n\\set holder random(1, 100000)\n"
         "begin;\n"
         "insert into cases (id, number, region, state, holder, updated_at) values (:id, "
         "'YW' || :number, '44021', 'submitted', 'h' || :holder, :id);\n"
         "insert into forms (id, case_id, body) values (:one, :id, '"
      << kBody << "');\ninsert into forms (id, case_id, body) values (:two, :id, '" << kBody
      << "');\n"
         "insert into events (id, case_id, what, at) values (:id, :id, 'submitted', :id);\n"
         "update counters set n = n + 1 where id = :client_id;\n"
         "end;\n";
  const std::string command =
      server.bin() + "/pgbench -n -M prepared -j 2 -D n=" + std::to_string(clients * 1'000'000) +
      " -c " + std::to_string(clients) + " -T " +
      std::to_string(std::max(1, static_cast<int>(options.seconds))) + " -f " + script + " '" +
      url + "' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) Die("pgbench does not start");
  double rate = 0;
  std::string said;
  for (char line[512]; fgets(line, sizeof line, pipe);) {
    said += line;
    std::sscanf(line, "tps = %lf", &rate);
  }
  if (pclose(pipe) != 0 || rate == 0) Die("pgbench: " + said);
  return rate;
}

void RunPostgres(const Options& options) {
  std::printf("PostgreSQL, fsync on, %d clients, %g s a round\n", options.clients, options.seconds);
  testing::ThrowawayPostgres server(
      {.durable = true,
       .settings = {"shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=30min"}});
  if (!server.problem().empty()) Die(server.problem());
  std::vector<double> ratios, rates, p50, p99;
  for (int round = 0; round < options.rounds; ++round) {
    Figures ours;
    double per_group = 0, bench = 0;
    const std::string url = server.NewDatabase(), other = server.NewDatabase();
    {
      PostgresOptions settings;
      if (options.writers) settings.writers = options.writers;
      auto store = OpenPostgres(url, settings);
      if (!store) Die(store.error().ToLine());
      ours = Clients(**store, options);
      per_group = PerGroup(**store);
    }
    {
      auto store = OpenPostgres(other);
      if (!store) Die(store.error().ToLine());
      Options empty = options;
      empty.clients = 1;
      empty.seconds = 0.01;
      Clients(**store, empty);  // makes the tables
    }
    bench = std::max(PgBench(server, other, 16, options),
                     PgBench(server, other, options.clients, options));
    Line("store", ours, bench, "pgbench", per_group);
    ratios.push_back(ours.rate / bench);
    rates.push_back(ours.rate);
    p50.push_back(ours.p50_ms);
    p99.push_back(ours.p99_ms);
  }
  std::printf(
      "PostgreSQL median: %.0f cmd/s, p50 %.1f ms, p99 %.1f ms, ratio to pgbench %.2f "
      "(goal 1.5)\n",
      Median(rates), Median(p50), Median(p99), Median(ratios));
}

}  // namespace
}  // namespace city::store

int main(int argc, char** argv) {
  city::store::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "sqlite") {
      options.sqlite = true;
    } else if (word == "postgres") {
      options.postgres = true;
    } else if (word == "--rounds" && more) {
      options.rounds = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--clients" && more) {
      options.clients = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--writers" && more) {
      options.writers = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--seconds" && more) {
      options.seconds = std::atof(argv[++i]);
    } else if (word == "--folder" && more) {
      options.folder = argv[++i];
    } else {
      std::fprintf(stderr,
                   "store_bench [sqlite] [postgres] [--rounds N] [--seconds S] [--clients N] "
                   "[--writers N] [--folder PATH]\n");
      return 2;
    }
  }
  if (!options.sqlite && !options.postgres) options.sqlite = options.postgres = true;
  if (options.sqlite) city::store::RunSqlite(options);
  if (options.postgres) city::store::RunPostgres(options);
  return 0;
}
