// SPDX-License-Identifier: Apache-2.0
// A small world in memory around the engine: instances, messages, signals and a clock that is
// moved. For trying a process before it is published, and for conformance suites.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engines/flow/engine.h"
#include "engines/flow/inbox.h"

namespace city::flow {

class Simulator {
 public:
  /// What a worker does with a job: the answer after some time, or nothing at all.
  struct Work {
    std::chrono::microseconds takes{0};
    json::object variables;
    std::string error;  ///< BPMN error code instead of success
  };
  using Worker = std::function<std::optional<Work>(const Row& job, Time now)>;

  Simulator(std::shared_ptr<const Definition> definition, Host* host, Time start);

  /// Number of the new instance. Errors: as Engine::Start.
  Result<std::size_t> Start(const std::string& process, const json::object& variables);
  /// From now on the timers of its start events begin instances with these variables.
  void Arm(const std::string& process, const json::object& variables);
  /// Errors: as Engine::Apply.
  Result<void> Apply(std::size_t instance, const Command& command);
  /// A message from outside; kept for `ttl` when nobody waits.
  void Publish(Message message, std::chrono::microseconds ttl);
  void set_worker(Worker worker) { worker_ = std::move(worker); }
  /// Lets the clock run to the next timer or job until nothing is left or `until` is reached.
  void RunUntil(Time until);
  /// As RunUntil, and then it is `until`, whatever happened.
  void MoveTo(Time until) {
    RunUntil(until);
    if (now_ < until) now_ = until;
  }

  Time now() const { return now_; }
  const std::vector<Instance>& instances() const { return instances_; }
  const std::vector<Row>& rows(std::size_t instance) const { return rows_[instance]; }
  const std::vector<LogLine>& log(std::size_t instance) const { return logs_[instance]; }
  const std::vector<Outbound>& sent() const { return sent_; }
  const Definition& definition() const { return *definition_; }

 private:
  void Absorb(std::size_t instance, Effects effects);
  void Deliver();
  bool DeliverMessage(const Message& message);
  void Begin(Index start_event, const json::object& variables);

  struct Due {
    std::size_t instance;
    Key key;
    Work work;
  };

  struct StartTimer {
    Index node;
    const EventSpec* event;
    std::int64_t due;
    std::int64_t left;
    json::object variables;
  };

  std::shared_ptr<const Definition> definition_;
  Engine engine_;
  Time now_;
  std::vector<Instance> instances_;
  std::vector<std::vector<Row>> rows_;
  std::vector<std::vector<LogLine>> logs_;
  std::vector<Outbound> sent_;
  std::vector<std::pair<std::size_t, Outbound>> posted_;
  std::multimap<Time, Due> jobs_;
  std::vector<StartTimer> start_timers_;
  Inbox inbox_;
  Worker worker_;
  bool delivering_ = false;
};

}  // namespace city::flow
