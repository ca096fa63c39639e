// SPDX-License-Identifier: Apache-2.0
// For tests: models from a few words, and a world that checks its invariants after every command.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engines/flow/definition.h"
#include "engines/flow/document.h"
#include "engines/flow/engine.h"

namespace city::flow::testing {

/// Wraps process content into a BPMN file.
std::string Model(const std::string& content, const std::string& outside = {},
                  const std::string& process = "p");
/// `sequenceFlow` from a to b, with a condition when given.
std::string Flow(const std::string& a, const std::string& b, const std::string& condition = {});
/// Deploys or fails the test.
std::shared_ptr<const Definition> DeployModel(const std::string& xml);
/// Rules that stand against a deployment.
std::vector<std::string> Refusals(const std::string& xml);

/// One instance under test.
class World {
 public:
  explicit World(std::shared_ptr<const Definition> definition, Host* host = nullptr);
  void Start(const json::object& variables = {}, const std::string& starter = "applicant");
  /// Applies and checks: state = fold(log), rows = f(state), bytes read back.
  Result<void> Do(Command command);
  Result<void> Task(Verb verb, const std::string& person, const std::string& node,
                    const std::string& name = {}, std::vector<std::string> people = {});
  void Advance(std::chrono::microseconds by);
  /// Ids of elements with open task rows, sorted, once for each seat.
  std::vector<std::string> Tasks() const;
  /// People with an open seat at a node, sorted.
  std::vector<std::string> People(const std::string& node) const;
  std::vector<std::string> Rows(RowKind kind) const;
  Key KeyOf(const std::string& node) const;
  json::value Var(const std::string& name) const;
  /// Ids of elements that were entered or passed, in order.
  std::vector<std::string> Trace() const;
  bool Ended() const { return instance.ended(); }
  void Check();

  std::shared_ptr<const Definition> definition;
  Engine engine;
  Instance instance;
  Time now = FromMicros(1'767'225'600'000'000);  // 2026-01-01T08:00+08:00, a Thursday
  std::vector<LogLine> log;
  std::vector<Row> rows;
  std::vector<Outbound> out;

 private:
  void Absorb(Effects& effects);
};

}  // namespace city::flow::testing
