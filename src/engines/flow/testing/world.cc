// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/testing/world.h"

#include <algorithm>

namespace city::flow::testing {

std::string Model(const std::string& content, const std::string& outside,
                  const std::string& process) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 xmlns:city="https://yiwang.dev/bpmn/1" targetNamespace="urn:test">)" +
         outside + "<bpmn:process id=\"" + process + "\" isExecutable=\"true\">" + content +
         "</bpmn:process></bpmn:definitions>";
}

std::string Flow(const std::string& a, const std::string& b, const std::string& condition) {
  std::string out = "<bpmn:sequenceFlow id=\"" + a + "-" + b + "\" sourceRef=\"" + a +
                    "\" targetRef=\"" + b + "\"";
  if (condition.empty()) return out + "/>";
  return out +
         "><bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\"><![CDATA[=" + condition +
         "]]></bpmn:conditionExpression></bpmn:sequenceFlow>";
}

std::shared_ptr<const Definition> DeployModel(const std::string& xml) {
  auto document = Document::Load(xml);
  EXPECT_TRUE(document) << (document ? "" : document.error().ToLine());
  auto definition = Deploy(**document);
  EXPECT_TRUE(definition) << (definition ? "" : definition.error().ToLine());
  return definition ? *definition : nullptr;
}

std::vector<std::string> Refusals(const std::string& xml) {
  auto document = Document::Load(xml);
  std::vector<std::string> out;
  if (!document) return {std::string(document.error().code())};
  auto definition = Deploy(**document);
  if (definition) return out;
  for (const auto& d : definition.error().details) out.push_back(d.pointer + " " + d.keyword);
  return out;
}

World::World(std::shared_ptr<const Definition> d, Host* host)
    : definition(std::move(d)), engine(host) {}

void World::Start(const json::object& variables, const std::string& starter) {
  StartRequest request;
  request.variables = variables;
  request.actor.id = starter;
  Effects effects;
  auto started = engine.Start(*definition, request, now, effects);
  ASSERT_TRUE(started) << started.error().ToLine();
  instance = std::move(*started);
  Absorb(effects);
}

Result<void> World::Do(Command command) {
  Effects effects;
  std::string before = instance.Encode();
  auto done = engine.Apply(*definition, instance, command, now, effects);
  if (!done) {
    EXPECT_EQ(before, instance.Encode()) << "a refused command left a trace";
    return done;
  }
  Absorb(effects);
  return {};
}

Result<void> World::Task(Verb verb, const std::string& person, const std::string& node_id,
                         const std::string& name, std::vector<std::string> people) {
  Command command;
  command.verb = verb;
  command.name = name;
  command.people = std::move(people);
  command.actor.id = person;
  command.reason = "because";
  Row found;
  for (const auto& row : rows) {
    if (row.kind != RowKind::kTask || definition->node(row.node).id != node_id) continue;
    if (found.key == 0 || row.value == person) found = row;
  }
  command.key = found.key;
  command.seat = found.part;
  return Do(std::move(command));
}

void World::Advance(std::chrono::microseconds by) {
  now += by;
  Command command;
  command.verb = Verb::kFireTimers;
  auto done = Do(std::move(command));
  EXPECT_TRUE(done);
}

void World::Absorb(Effects& effects) {
  for (auto& change : effects.rows) {
    if (change.add) {
      rows.push_back(change.row);
      continue;
    }
    auto it = std::find(rows.begin(), rows.end(), change.row);
    EXPECT_NE(it, rows.end()) << "a row was removed that was not there";
    if (it != rows.end()) rows.erase(it);
  }
  std::move(effects.log.begin(), effects.log.end(), std::back_inserter(log));
  std::move(effects.out.begin(), effects.out.end(), std::back_inserter(out));
  Check();
}

void World::Check() {
  std::string bytes = instance.Encode();
  Instance folded;
  for (const auto& line : log) Fold(folded, line);
  EXPECT_EQ(folded.Encode(), bytes) << "state is not the fold of its log";
  auto log_bytes = EncodeLog(log);
  auto lines = DecodeLog(log_bytes);
  ASSERT_TRUE(lines);
  EXPECT_EQ(EncodeLog(*lines), log_bytes);
  auto again = Instance::Decode(bytes);
  ASSERT_TRUE(again) << again.error().ToLine();
  EXPECT_EQ(again->Encode(), bytes);
  auto wanted = RowsOf(*definition, *again);
  auto have = rows;
  std::sort(have.begin(), have.end());
  EXPECT_TRUE(wanted == have) << "index rows differ from the state";
  for (const auto& live : instance.lives) EXPECT_EQ(live.moving, 0U);
}

std::vector<std::string> World::Tasks() const {
  std::vector<std::string> out;
  for (const auto& row : rows) {
    if (row.kind == RowKind::kTask) out.push_back(definition->node(row.node).id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> World::People(const std::string& node_id) const {
  std::vector<std::string> out;
  for (const auto& row : rows) {
    if (row.kind == RowKind::kTask && definition->node(row.node).id == node_id) {
      out.push_back(row.value);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> World::Rows(RowKind kind) const {
  std::vector<std::string> out;
  for (const auto& row : rows) {
    if (row.kind == kind) out.push_back(row.name + (row.value.empty() ? "" : "=" + row.value));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Key World::KeyOf(const std::string& node_id) const {
  for (const auto& live : instance.lives) {
    if (definition->node(live.node).id == node_id && !live.body) return live.key;
  }
  return 0;
}

json::value World::Var(const std::string& name) const {
  // Also readable after the end: the log remembers.
  json::value out;
  for (const auto& line : log) {
    if (line.kind == LogKind::kVariable && line.name == name) out = line.value;
  }
  return out;
}

std::vector<std::string> World::Trace() const {
  std::vector<std::string> out;
  for (const auto& line : log) {
    if (line.kind == LogKind::kEntered || line.kind == LogKind::kPassed) {
      out.push_back(definition->node(line.node).id);
    }
  }
  return out;
}

}  // namespace city::flow::testing
