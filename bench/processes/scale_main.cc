// SPDX-License-Identifier: Apache-2.0
// Many waiting instances: does starting up, listing tasks, firing timers or migrating slow down?
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "engines/flow/runtime.h"
#include "parts/store/store.h"

namespace {

using namespace city;        // NOLINT
using namespace city::flow;  // NOLINT

std::string Model(const std::string& more) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:scale">
<bpmn:process id="scale" isExecutable="true"><bpmn:startEvent id="s"/>
 <bpmn:userTask id="a"><bpmn:extensionElements>
 <zeebe:assignmentDefinition assignee="=who"/></bpmn:extensionElements></bpmn:userTask>)" +
         more + R"(<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
 <bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e"/></bpmn:process></bpmn:definitions>)";
}

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

const std::string kTimer =
    R"(<bpmn:boundaryEvent id="t" attachedToRef="a" cancelActivity="false">
 <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>
 </bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="e2"/>
 <bpmn:sequenceFlow id="f3" sourceRef="t" targetRef="e2"/>)";

double ListP95(Runtime& runtime) {
  SeededRandom random(5);
  std::vector<double> times;
  for (int i = 0; i < 400; ++i) {
    TaskQuery query;
    auto person = random.Below(5000);
    query.region = std::to_string(person % 8);
    query.person = "person-" + std::to_string(person);
    query.limit = 20;
    double begin = Now();
    auto tasks = runtime.Tasks(query);
    times.push_back((Now() - begin) * 1000);
    if (!tasks || tasks->empty()) fmt::print("a list came back empty\n");
  }
  std::sort(times.begin(), times.end());
  return times[times.size() * 95 / 100];
}

void StartMany(Runtime& runtime, long count) {
  std::atomic<long> next{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 64; ++t) {
    threads.emplace_back([&] {
      for (long i = next++; i < count; i = next++) {
        StartOptions options;
        options.process = "scale";
        options.variables = {{"who", "person-" + std::to_string(i % 5000)}};
        auto done = runtime.Start(std::to_string(i % 8), options);
        if (!done) fmt::print("{}\n", done.error().ToLine());
      }
    });
  }
  for (auto& t : threads) t.join();
}

}  // namespace

int main(int argc, char** argv) {
  long waiting = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  long timers = argc > 2 ? std::atol(argv[2]) : 100'000;
  char name[] = "/tmp/yiwang-scale-XXXXXX";
  std::string folder = mkdtemp(name);
  std::string url = "sqlite:" + folder + "/city.db";
  ManualClock clock(FromMicros(1'767'225'600'000'000));
  Actor root{"root", {}, {}, true};
  {
    auto store = store::Open(url);
    if (!store || !(*store)->Migrate(Runtime::Schema())) return 1;
    Runtime runtime(**store, clock);
    if (!runtime.Deploy(Model(""), root)) return 1;
    StartMany(runtime, 10'000);
    fmt::print("task list p95 with 10,000 waiting: {:.2f} ms\n", ListP95(runtime));
    double begin = Now();
    StartMany(runtime, waiting - 10'000);
    double took = Now() - begin;
    fmt::print("{} waiting: {:.0f} starts/s; task list p95 {:.2f} ms; {} MB on disk\n", waiting,
               static_cast<double>(waiting - 10'000) / took, ListP95(runtime),
               std::filesystem::file_size(folder + "/city.db") >> 20);
    (*store)->Close();
  }
  double begin = Now();
  auto store = store::Open(url);
  Runtime runtime(**store, clock);
  auto first = runtime.FireDue(10);
  fmt::print("start-up with {} waiting: {:.0f} ms to the first look at timers ({} due)\n", waiting,
             (Now() - begin) * 1000, first ? *first : -1);
  auto old = runtime.Latest("scale");
  auto deployed = runtime.Deploy(Model(kTimer), root);
  if (!deployed || !old) return 1;
  StartMany(runtime, timers);
  clock.Advance(std::chrono::hours(2));
  // Other work goes on while the timers drain.
  std::atomic<bool> stop{false};
  std::vector<double> beside;
  std::thread other([&] {
    while (!stop) {
      StartOptions options;
      options.process = "scale";
      options.variables = {{"who", "beside"}};
      double at = Now();
      auto done = runtime.Start("0", options);
      if (done) beside.push_back((Now() - at) * 1000);
    }
  });
  begin = Now();
  long fired = 0;
  while (true) {
    auto n = runtime.FireDue(1000);
    if (!n) {
      fmt::print("{}\n", n.error().ToLine());
      break;
    }
    if (*n == 0) break;
    fired += *n;
  }
  double took = Now() - begin;
  stop = true;
  other.join();
  std::sort(beside.begin(), beside.end());
  fmt::print("{} timers due after downtime: {:.0f}/s; other steps beside: {}, p99 {:.1f} ms\n",
             fired, static_cast<double>(fired) / took, beside.size(),
             beside.empty() ? 0 : beside[beside.size() * 99 / 100]);
  begin = Now();
  auto report = runtime.Migrate(*old, deployed->id, {}, root, true, 10'000);
  double dry = Now() - begin;
  begin = Now();
  auto moved = runtime.Migrate(*old, deployed->id, {}, root, false, 10'000);
  took = Now() - begin;
  long misfits = 0;
  for (const auto& item : *moved) misfits += item.error ? 1 : 0;
  fmt::print("migration of {} instances: dry run {:.1f} s, real {:.1f} s, {} refused\n",
             moved->size(), dry, took, misfits);
  (*store)->Close();
  std::filesystem::remove_all(folder);
  return 0;
}
