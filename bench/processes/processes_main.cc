// SPDX-License-Identifier: Apache-2.0
// In memory, one core: start -> exclusive gateway with condition -> two user tasks -> end.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "engines/flow/definition.h"
#include "engines/flow/document.h"
#include "engines/flow/engine.h"

namespace {

using namespace city;        // NOLINT
using namespace city::flow;  // NOLINT

constexpr const char* kModel = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:bench">
<bpmn:process id="bench" isExecutable="true">
 <bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="choice" default="small"/>
 <bpmn:userTask id="check"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="li"/>
 </bpmn:extensionElements></bpmn:userTask>
 <bpmn:userTask id="sign"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="li"/>
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

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Key TaskKey(const Effects& effects) {
  for (const auto& change : effects.rows) {
    if (change.add && change.row.kind == RowKind::kTask) return change.row.key;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::atol(argv[1]) : 200'000;
  auto document = Document::Load(kModel);
  if (!document) return 1;
  auto definition = Deploy(**document);
  if (!definition) {
    fmt::print("{}\n", definition.error().ToLine());
    return 1;
  }
  Engine engine;
  Effects effects;
  StartRequest request;
  request.actor.id = "li";
  request.variables = {{"amount", 200}};
  Command complete;
  complete.verb = Verb::kComplete;
  complete.actor.id = "li";
  std::vector<double> rounds;
  std::size_t lines = 0;
  for (int round = 0; round < 5; ++round) {
    double begin = Seconds();
    for (long i = 0; i < count; ++i) {
      effects.Clear();
      auto instance = engine.Start(**definition, request, FromMicros(i), effects);
      if (!instance) return 1;
      for (int step = 0; step < 2; ++step) {
        complete.key = TaskKey(effects);
        effects.Clear();
        if (!engine.Apply(**definition, *instance, complete, FromMicros(i), effects)) return 1;
        lines += effects.log.size();
      }
      if (!effects.ended) return 1;
    }
    rounds.push_back(static_cast<double>(count) / (Seconds() - begin));
  }
  std::sort(rounds.begin(), rounds.end());
  fmt::print(
      "in memory: {:.0f} instances/s (median of 5; {:.0f}–{:.0f}), {:.0f} steps/s, {} log lines\n",
      rounds[2], rounds.front(), rounds.back(), rounds[2] * 3, lines);

  // With the state saved as bytes at each wait, and read back for each command.
  double begin = Seconds();
  for (long i = 0; i < count; ++i) {
    effects.Clear();
    auto instance = engine.Start(**definition, request, FromMicros(i), effects);
    std::string bytes = instance->Encode();
    std::string log = EncodeLog(effects.log);
    for (int step = 0; step < 2; ++step) {
      complete.key = TaskKey(effects);
      effects.Clear();
      auto again = Instance::Decode(bytes);
      if (!again || !engine.Apply(**definition, *again, complete, FromMicros(i), effects)) return 1;
      bytes = again->Encode();
      log += EncodeLog(effects.log);
    }
  }
  fmt::print("state and log as bytes at each wait: {:.0f} instances/s\n",
             static_cast<double>(count) / (Seconds() - begin));

  effects.Clear();
  auto waiting = engine.Start(**definition, request, FromMicros(0), effects);
  auto bytes = waiting->Encode();
  fmt::print("waiting instance: {} bytes of state (variables included), {} bytes of log\n",
             bytes.size(), EncodeLog(effects.log).size());
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const long many = 200'000;
  std::vector<Instance> live;
  live.reserve(static_cast<std::size_t>(many));
  for (long i = 0; i < many; ++i) {
    effects.Clear();
    live.push_back(std::move(*engine.Start(**definition, request, FromMicros(0), effects)));
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  fmt::print("waiting instance in memory: {} bytes\n",
             (after.ru_maxrss - before.ru_maxrss) * 1024 / many);
  return 0;
}
