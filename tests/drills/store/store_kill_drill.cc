// SPDX-License-Identifier: Apache-2.0
// Why: an acknowledged command is never lost, however the program or its database ends. A child
// process works and tells its parent each command that was acknowledged; the parent kills it in the
// middle (for PostgreSQL also the server, with all its processes), opens the store again and looks.
//
//   store_kill_drill sqlite|postgres [ROUNDS]     default: 3 and 1; with CITY_LONG=1: 50 and 10
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "parts/store/store.h"
#include "parts/store/testing/throwaway_postgres.h"

namespace city::store {
namespace {

constexpr int kClients = 16;
constexpr int kShards = 4;
constexpr int64_t kPerRound = 100'000'000, kPerClient = 1'000'000;

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "store_kill_drill: %s\n", what.c_str());
  std::exit(1);
}

std::unique_ptr<Store> MustOpen(const std::string& url) {
  auto store = Open(url);
  if (!store) Die(store.error().ToLine());
  return std::move(*store);
}

// One command: a row, two entries that cancel each other out, and a counter of its shard.
Result<void> OneCommand(Tx& tx, int64_t id, int64_t shard) {
  TRY(int64_t made, tx.Execute("insert into command (id, shard) values ($1, $2)", {id, shard}));
  if (made != 1) return {};
  TRY_VOID(tx.Enqueue("insert into entry (command, amount) values ($1, $2)", {id, id}));
  TRY_VOID(tx.Enqueue("insert into entry (command, amount) values ($1, $2)", {id, -id}));
  TRY_VOID(tx.Enqueue("update counter set n = n + 1 where shard = $1", {shard}, 1));
  return {};
}

// The child: works until it is killed, and writes each acknowledged id to `out`.
[[noreturn]] void Work(const std::string& url, int round, int out) {
  auto store = MustOpen(url);
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      for (int64_t i = 0; i < kPerClient; ++i) {
        const int64_t id = round * kPerRound + c * kPerClient + i + 1;
        const int64_t shard = c % kShards;
        Result<void> done = store->Command(std::to_string(shard),
                                           [&](Tx& tx) { return OneCommand(tx, id, shard); });
        if (!done) Die("a command failed: " + done.error().ToLine());
        if (::write(out, &id, sizeof id) != sizeof id) _exit(0);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  _exit(0);
}

int64_t Number(Snapshot& snapshot, std::string_view sql) {
  auto rows = snapshot.Query(sql);
  if (!rows || !rows->Next()) Die("cannot read: " + std::string(sql));
  return rows->Int(0);
}

class Drill {
 public:
  Drill(bool postgres, unsigned seed) : postgres_(postgres), random_(seed) {
    if (postgres_) {
      server_ = std::make_unique<testing::ThrowawayPostgres>(
          testing::ThrowawayPostgres::Options{.durable = true, .settings = {}});
      if (!server_->problem().empty()) Die(server_->problem());
      url_ = server_->NewDatabase();
    } else {
      char name[] = "/var/tmp/yiwang-drill-XXXXXX";  // not in memory
      folder_ = mkdtemp(name);
      url_ = "sqlite:" + folder_ + "/city.db";
    }
    auto store = MustOpen(url_);
    Result<void> made = store->Command("", [](Tx& tx) {
      return tx.Script(
          "create table command (id bigint primary key, shard bigint not null);"
          "create table entry (command bigint not null, amount bigint not null);"
          "create table counter (shard bigint primary key, n bigint not null);"
          "insert into counter values (0, 0), (1, 0), (2, 0), (3, 0)");
    });
    if (!made) Die(made.error().ToLine());
  }

  ~Drill() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  void Round(int round) {
    int ends[2];
    if (::pipe(ends) != 0) Die("no pipe");
    ::fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      Work(url_, round, ends[1]);
    }
    ::close(ends[1]);
    // Its reader runs beside, so that the child never waits for the pipe.
    std::thread reader([&] {
      for (int64_t id; ::read(ends[0], &id, sizeof id) == sizeof id;) acknowledged_.insert(id);
    });
    Sleep(100, 500);
    if (postgres_ && round % 2 == 0) {
      // The server falls over under a program that lives on and must not lose or repeat anything.
      server_->Stop(SIGKILL);
      if (!server_->Start()) Die(server_->problem());
      Sleep(300, 600);
    }
    ::kill(child, SIGKILL);
    if (postgres_ && round % 2 == 1) server_->Stop(SIGKILL);  // and here both at once
    int status = 0;
    ::waitpid(child, &status, 0);
    reader.join();
    ::close(ends[0]);
    if (!WIFSIGNALED(status)) Die("the child ended by itself");
    if (postgres_ && round % 2 == 1 && !server_->Start()) Die(server_->problem());
    Look();
  }

  void Look() {
    auto store = MustOpen(url_);
    auto snapshot = store->Read();
    if (!snapshot) Die(snapshot.error().ToLine());
    std::set<int64_t> kept;
    auto rows = (*snapshot)->Query("select id from command");
    while (rows && rows->Next()) kept.insert(rows->Int(0));
    for (int64_t id : acknowledged_) {
      if (!kept.contains(id)) Die("acknowledged but lost: " + std::to_string(id));
    }
    const auto count = static_cast<int64_t>(kept.size());
    if (Number(**snapshot, "select count(*) from entry") != 2 * count ||
        Number(**snapshot, "select sum(amount) from entry") != 0 ||
        Number(**snapshot, "select count(distinct command) from entry") != count ||
        Number(**snapshot, "select sum(n) from counter") != count) {
      Die("a command was kept in part or twice");
    }
    if (!postgres_) {
      auto check = (*snapshot)->Query("select integrity_check from pragma_integrity_check");
      if (!check->Next() || check->Text(0) != "ok") Die("the file is damaged");
    }
    kept_ = count;
  }

  void Report(int rounds) const {
    std::printf("%s: %d kills, %zu commands acknowledged, %lld kept, 0 lost, 0 in part or twice\n",
                postgres_ ? "postgres" : "sqlite", rounds, acknowledged_.size(),
                static_cast<long long>(kept_));
  }

 private:
  void Sleep(int least_ms, int most_ms) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<>(least_ms, most_ms)(random_)));
  }

  const bool postgres_;
  std::mt19937 random_;
  std::unique_ptr<testing::ThrowawayPostgres> server_;
  std::string folder_, url_;
  std::set<int64_t> acknowledged_;
  int64_t kept_ = 0;
};

}  // namespace
}  // namespace city::store

int main(int argc, char** argv) {
  const std::string engine = argc > 1 ? argv[1] : "";
  if (engine != "sqlite" && engine != "postgres") {
    std::fprintf(stderr, "store_kill_drill sqlite|postgres [ROUNDS]\n");
    return 2;
  }
  const bool postgres = engine == "postgres";
  const char* wanted = std::getenv("CITY_LONG");
  const bool full = wanted && std::string(wanted) == "1";
  int rounds = postgres ? (full ? 10 : 1) : (full ? 50 : 3);
  if (argc > 2) rounds = std::atoi(argv[2]);
  city::store::Drill drill(postgres, std::random_device()());
  for (int round = 0; round < rounds; ++round) drill.Round(round);
  drill.Report(rounds);
  return 0;
}
