// SPDX-License-Identifier: Apache-2.0
// What a screen shows of an instance: tokens on the diagram, variables, incidents, and its history
// step by step.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "engines/flow/definition.h"
#include "engines/flow/state.h"

namespace city::flow {

/// "running", "suspended", "completed" or "terminated".
const char* StateName(InstanceState state);

/// Tokens of an instance for each element, by BPMN id.
std::map<std::string, int> TokensOf(const Definition& definition, const Instance& instance);

/// The instance for people: `process`, `state`, `businessKey`, `starter`, `started`,
/// `tokens` [{element, name, key, state, count}], `waits` [{element, kind, name, key, due}],
/// `incidents` [{element, key, code, message}], `tasks` [{element, key, seat, person, groups,
/// users, due}], `variables` (of the process).
json::object InstanceView(const Definition& definition, const Instance& instance);

/// Variables of the process as its log leaves them, also when it has ended and its state is gone.
json::object VariablesAfter(const std::vector<LogLine>& log);

/// One log line for replay: `what`, `element` and what else it says; null for lines that only keep
/// the books.
json::value LineView(const Definition& definition, const LogLine& line);

/// Tokens for each element after the first `lines` lines of a log: what a replay shows.
json::object TokensAfter(const Definition& definition, const std::vector<LogLine>& log,
                         std::size_t lines);

/// What happened at one element, over many instances.
struct ElementStatistics {
  std::int64_t passed = 0;     ///< tokens that went through or came to rest here
  std::int64_t waiting = 0;    ///< here now
  std::int64_t cancelled = 0;  ///< left without being completed
  double mean_s = 0;           ///< seconds from entry to completion
  double p90_s = 0;
};

/// Adds up the logs of instances of one definition. Feed each log whole, then ask.
class StatisticsCollector {
 public:
  void Add(const std::vector<LogLine>& log);
  /// By BPMN id.
  std::map<std::string, ElementStatistics> Result(const Definition& definition) const;

 private:
  struct At {
    std::int64_t passed = 0;
    std::int64_t waiting = 0;
    std::int64_t cancelled = 0;
    std::vector<float> seconds;
  };
  std::map<Index, At> at_;
};

}  // namespace city::flow
