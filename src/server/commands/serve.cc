// SPDX-License-Identifier: Apache-2.0
// `yiwang serve`: the city behind HTTP, until it is told to stop.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/log.h"
#include "gate/gate.h"
#include "model/case_care.h"
#include "model/city.h"
#include "model/demo.h"
#include "server/commands.h"
#include "server/options.h"

namespace city::server {
namespace {
/// Asks for the first administrator on the terminal, or takes it from the environment.
Result<void> FirstAdministrator(model::City& city) {
  TRY(bool filled, city.HasAccounts());
  if (filled) return {};
  std::string name, password;
  if (const char* given = std::getenv("YIWANG_ADMIN")) name = given;
  if (const char* given = std::getenv("YIWANG_ADMIN_PASSWORD")) password = given;
  while (name.empty() || password.empty() || !city.accounts().CheckPassword(name, password)) {
    if (!isatty(STDIN_FILENO)) {
      fmt::print(stderr,
                 "还没有管理员。请设置 YIWANG_ADMIN 和 YIWANG_ADMIN_PASSWORD（至少 10 "
                 "位）后启动，或加 --demo。\n"
                 "There is no administrator yet. Set YIWANG_ADMIN and YIWANG_ADMIN_PASSWORD (10 "
                 "signs or more) and start, or add --demo.\n");
      std::exit(2);
    }
    std::cout << "管理员用户名 / administrator's user name: " << std::flush;
    if (!std::getline(std::cin, name)) std::exit(2);
    password = getpass("密码（至少 10 位）/ password (10 signs or more): ");
    if (auto good = city.accounts().CheckPassword(name, password); !good)
      fmt::print("{}\n", good.error().ToLine());
  }
  TRY(std::string hash, crypto::HashPassword(password));
  const model::Organisation& root = city.place().organisations.front();
  TRY_VOID(city.ledger().Command(
      {ledger::System("first start"), city.place().code, {}, {}},
      [&](ledger::Writer& writer) -> Result<std::string> {
        json::object account{
            {"username", name}, {"name", name}, {"kind", "official"}, {"organisation", root.id}};
        return city.AddAccount(writer, account, hash, "administrator", root.id, root.region, false);
      }));
  return {};
}

void PrintDemo(const model::Place& place, uint16_t port) {
  fmt::print("\n演示城市（人物和办件均为虚构）/ demo city (everybody in it is fictitious)\n");
  for (const model::DemoAccount& each : model::DemoAccounts(place))
    fmt::print("  {:<18} {}  {}（{}）\n", each.username, each.password, each.name, each.post);
  fmt::print(
      "\n  市民门户 / citizens      http://127.0.0.1:{0}/\n  工作台 / officials       "
      "http://127.0.0.1:{0}/workbench/\n  接口说明 / interface     "
      "http://127.0.0.1:{0}/api/openapi.json\n\n",
      port);
}
}  // namespace

int RunServe(Arguments arguments) {
  Options options(arguments);
  gate::GateOptions gate_options;
  gate_options.http.address = options.Text("--address", "127.0.0.1");
  gate_options.http.port = static_cast<uint16_t>(options.Number("--port", 8080));
  gate_options.http.io_threads = static_cast<int>(options.Number("--io-threads", 2));
  gate_options.http.workers = static_cast<int>(options.Number("--workers", 32));
  gate_options.web_folder = options.Text("--web", "web/dist");
  gate_options.demo = options.Has("--demo");
  gate_options.secure_cookies = options.Has("--behind-tls");
  if (options.Has("--no-limits")) {
    gate_options.reads_per_second = gate_options.writes_per_second =
        gate_options.signins_per_minute = 1e9;
    gate_options.read_burst = gate_options.write_burst = 1e9;
  }
  model::CityOptions city_options = CityOptionsFrom(options);
  city_options.demo = gate_options.demo;
  if (!options.Check(
          "yiwang serve [--demo] [--port N] [--data FOLDER] [--store URL] [--city "
          "FOLDER] [--place NAME] [--web FOLDER] [--address A] [--behind-tls] [--scanner PROGRAM] "
          "[--janus URL]"))
    return 2;

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  ShiftedClock clock;
  if (gate_options.demo)
    gate_options.move_clock = [&clock](std::chrono::microseconds by) -> Result<void> {
      clock.ShiftBy(by);
      return {};
    };
  auto city = model::City::Open(city_options, clock);
  if (!city) {
    fmt::print(stderr, "{}\n", city.error().ToLine());
    return 1;
  }
  Result<void> filled =
      gate_options.demo ? model::FillDemo(**city,
                                          [](const std::string& what, double part) {
                                            fmt::print("\r  {:<40} {:>3.0f} %", what, part * 100);
                                            if (part >= 1) fmt::print("\n");
                                            std::fflush(stdout);
                                          })
                        : FirstAdministrator(**city);
  if (!filled) {
    fmt::print(stderr, "\n{}\n", filled.error().ToLine());
    return 1;
  }
  gate::Gate gate(**city, gate_options);
  if (auto started = gate.Start(); !started) {
    fmt::print(stderr, "{}\n", started.error().ToLine());
    return 1;
  }
  model::Housekeeper housekeeper(**city, std::chrono::minutes(10));
  housekeeper.Start();
  if (gate_options.demo) PrintDemo((*city)->place(), gate.port());
  fmt::print("ready on port {}\n", gate.port());
  std::fflush(stdout);
  int got = 0;
  sigwait(&signals, &got);
  LogInfo("stopping", {{"signal", std::to_string(got)}});
  housekeeper.Stop();
  gate.Stop();
  if (auto sealed = (*city)->SealAudit(); !sealed)
    LogWarning("audit not sealed", {{"why", sealed.error().ToLine()}});
  return 0;
}
}  // namespace city::server
