// SPDX-License-Identifier: Apache-2.0
// Drill: kill -9 under load, many times. No acknowledged step may be lost, none may run twice, and
// every instance must be the fold of its log with exactly its index rows. On PostgreSQL the server
// with all its processes is killed too, every third time.
//
//   process_kill_drill sqlite|postgres [ROUNDS]     default: 10; with CITY_LONG=1: 100 and 40
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "engines/flow/runtime.h"
#include "parts/store/store.h"
#include "parts/store/testing/throwaway_postgres.h"

namespace {

using namespace city;        // NOLINT
using namespace city::flow;  // NOLINT

constexpr const char* kModel = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:drill">
<bpmn:process id="drill" isExecutable="true"><bpmn:startEvent id="s"/>
 <bpmn:parallelGateway id="f"/><bpmn:userTask id="a"><bpmn:extensionElements>
 <zeebe:assignmentDefinition assignee="li"/></bpmn:extensionElements></bpmn:userTask>
 <bpmn:userTask id="b"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="li"/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:serviceTask id="call"><bpmn:extensionElements><zeebe:taskDefinition type="call"/>
 </bpmn:extensionElements></bpmn:serviceTask>
 <bpmn:parallelGateway id="j"/><bpmn:endEvent id="e"/>
 <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="f"/>
 <bpmn:sequenceFlow id="f2" sourceRef="f" targetRef="a"/>
 <bpmn:sequenceFlow id="f3" sourceRef="f" targetRef="b"/>
 <bpmn:sequenceFlow id="f4" sourceRef="a" targetRef="call"/>
 <bpmn:sequenceFlow id="f5" sourceRef="call" targetRef="j"/>
 <bpmn:sequenceFlow id="f6" sourceRef="b" targetRef="j"/>
 <bpmn:sequenceFlow id="f7" sourceRef="j" targetRef="e"/>
</bpmn:process></bpmn:definitions>)";

constexpr int kClients = 16;

struct Ack {
  char id[40];
  std::uint32_t version;
};

/// Works until it is killed; tells each acknowledged step through the pipe.
[[noreturn]] void Work(const std::string& url, int pipe) {
  auto store = store::Open(url);
  if (!store) _exit(3);
  SystemClock clock;
  Runtime runtime(**store, clock);
  auto deployed = runtime.Deploy(kModel, {"root", {}, {}, true});
  if (!deployed) _exit(4);
  auto tell = [&](const InstanceRef& ref, std::uint32_t version) {
    Ack ack{};
    std::strncpy(ack.id, ref.id.c_str(), sizeof ack.id - 1);
    ack.version = version;
    if (write(pipe, &ack, sizeof ack) != sizeof ack) _exit(5);
  };
  std::vector<std::thread> threads;
  for (int c = 0; c < kClients; ++c) {
    threads.emplace_back([&, c] {
      std::string region = std::to_string(c % 4);
      while (true) {
        StartOptions options;
        options.process = "drill";
        options.actor.id = "li";
        auto ref = runtime.Start(region, options);
        if (!ref) continue;
        tell(*ref, 1);
        // Keys of the first tasks are 2 and 3, the job's is 4.
        for (auto [key, verb] : {std::pair(2U, Verb::kComplete), std::pair(3U, Verb::kComplete),
                                 std::pair(4U, Verb::kCompleteJob)}) {
          Command command;
          command.verb = verb;
          command.key = key;
          command.actor.id = "li";
          auto done = runtime.Do(*ref, command);
          if (done) tell(*ref, done->version);
        }
      }
    });
  }
  for (auto& t : threads) t.join();
  _exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  std::string engine = argc > 1 ? argv[1] : "sqlite";
  const char* given = std::getenv("CITY_LONG");
  bool full = given != nullptr && std::string(given) == "1";
  int rounds = argc > 2 ? std::atoi(argv[2]) : !full ? 10 : engine == "sqlite" ? 100 : 40;
  std::string folder;
  std::string url;
  std::unique_ptr<store::testing::ThrowawayPostgres> server;
  if (engine == "postgres") {
    server = std::make_unique<store::testing::ThrowawayPostgres>(
        store::testing::ThrowawayPostgres::Options{.durable = true});
    if (!server->problem().empty()) {
      fmt::print("{}\n", server->problem());
      return 1;
    }
    url = server->NewDatabase();
  } else {
    char name[] = "/tmp/yiwang-drill-XXXXXX";
    folder = mkdtemp(name);
    url = "sqlite:" + folder + "/city.db";
  }
  {
    auto store = store::Open(url);
    if (!store || !(*store)->Migrate(Runtime::Schema())) return 1;
  }
  SeededRandom random(static_cast<std::uint64_t>(getpid()));
  std::map<std::string, std::uint32_t> acknowledged;
  std::map<std::string, std::uint32_t> all;
  long lost = 0;
  long unsound = 0;
  long checked = 0;
  for (int round = 0; round < rounds; ++round) {
    int ends[2];
    if (pipe(ends) != 0) return 1;
    pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      Work(url, ends[1]);
    }
    close(ends[1]);
    std::thread killer([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(150 + random.Below(350)));
      if (server && round % 3 == 2) server->Stop(SIGKILL);
      kill(child, SIGKILL);
    });
    std::map<std::string, std::uint32_t> fresh;
    Ack ack{};
    std::size_t have = 0;
    while (true) {
      auto n = read(ends[0], reinterpret_cast<char*>(&ack) + have, sizeof ack - have);
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
      if (have < sizeof ack) continue;
      have = 0;
      auto& version = fresh[ack.id];
      version = std::max(version, ack.version);
    }
    close(ends[0]);
    killer.join();
    int status = 0;
    waitpid(child, &status, 0);
    bool without_server = server && round % 3 == 2;  // then it may give up by itself
    if (WIFEXITED(status) && !without_server) {
      fmt::print("the worker ended by itself: {}\n", WEXITSTATUS(status));
      return 1;
    }
    if (server && round % 3 == 2) server->Start();
    auto store = store::Open(url);
    if (!store) {
      fmt::print("{}\n", store.error().ToLine());
      return 1;
    }
    SystemClock clock;
    Runtime runtime(**store, clock);
    std::map<std::string, std::pair<std::string, std::uint32_t>> stored;
    {
      auto snapshot = (*store)->Read();
      auto rows = (*snapshot)->Query("select id, region, version from flow_instance");
      while (rows && rows->Next()) {
        stored[std::string(rows->Text(0))] = {std::string(rows->Text(1)),
                                              static_cast<std::uint32_t>(rows->Int(2))};
      }
    }
    for (const auto& [id, version] : fresh) {
      ++checked;
      auto it = stored.find(id);
      if (it == stored.end() || it->second.second < version) ++lost;
      acknowledged[id] = version;
    }
    for (const auto& [id, place] : stored) {
      auto before = all.find(id);
      if (before != all.end()) continue;
      all[id] = place.second;
      auto problem = runtime.Verify({place.first, id});
      if (!problem || !problem->empty()) {
        ++unsound;
        fmt::print("{}: {}\n", id, problem ? *problem : problem.error().ToLine());
      }
    }
    (*store)->Close();
  }
  fmt::print(
      "{}, {} kills: {} instances, {} with acknowledged steps checked, {} lost, {} unsound\n",
      engine, rounds, all.size(), checked, lost, unsound);
  if (!folder.empty()) std::filesystem::remove_all(folder);
  return lost == 0 && unsound == 0 ? 0 : 1;
}
