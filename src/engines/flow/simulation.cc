// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/simulation.h"

#include <algorithm>

#include "engines/flow/errors.h"
#include "engines/flow/simulator.h"
#include "engines/flow/view.h"

namespace city::flow {
namespace {

constexpr std::size_t kMaxSteps = 500;
constexpr std::int64_t kMaxMinutes = 60LL * 24 * 366 * 10;

Error Refused(std::string what) {
  return Error{&error::kBadSimulation, {{"what", std::move(what)}}, {}};
}

class Trial {
 public:
  Trial(Simulator& simulator, const Definition& definition)
      : simulator_(simulator), definition_(definition) {}

  Result<void> Do(const json::object& step) {
    std::string_view what = TextAt(step, "do");
    if (what == "complete" || what == "verb") return Task(step, what == "complete");
    if (what == "job") return Job(step);
    if (what == "message") {
      Message message;
      message.name = std::string(TextAt(step, "name"));
      message.key = std::string(TextAt(step, "key"));
      message.variables = VariablesOf(step);
      simulator_.Publish(std::move(message), std::chrono::hours(24));
      return {};
    }
    if (what == "advance") return Advance(step);
    return Fail(Refused(std::string(what)));
  }

 private:
  static json::object VariablesOf(const json::object& step) {
    const json::object* found = ObjectAt(step, "variables");
    return found != nullptr ? *found : json::object();
  }
  /// The first waiting row of a kind at an element, in any instance.
  const Row* Find(RowKind kind, std::string_view element, std::string_view person,
                  std::size_t* instance) const {
    for (std::size_t i = 0; i < simulator_.instances().size(); ++i) {
      for (const Row& row : simulator_.rows(i)) {
        if (row.kind != kind || row.node == kNone || definition_.node(row.node).id != element) {
          continue;
        }
        if (!person.empty() && row.value != person &&
            std::find(row.groups.begin(), row.groups.end(), person) == row.groups.end()) {
          continue;
        }
        *instance = i;
        return &row;
      }
    }
    return nullptr;
  }
  Result<void> Task(const json::object& step, bool complete) {
    std::string element(TextAt(step, "element"));
    std::size_t instance = 0;
    const Row* found = Find(RowKind::kTask, element, TextAt(step, "person"), &instance);
    if (found == nullptr) return Fail(Refused(element));
    Row row = *found;
    Command command;
    command.key = row.key;
    command.seat = row.part;
    command.actor.id = !row.value.empty()    ? row.value
                       : !row.users.empty()  ? row.users.front()
                       : !row.groups.empty() ? row.groups.front()
                                             : "somebody";
    command.actor.groups = row.groups;
    command.variables = VariablesOf(step);
    command.reason = std::string(TextAt(step, "reason"));
    command.name = std::string(TextAt(step, complete ? "outcome" : "name"));
    if (const json::array* people = ArrayAt(step, "people")) {
      for (const json::value& each : *people) {
        if (each.is_string()) command.people.emplace_back(each.get_string());
      }
    }
    command.verb = Verb::kComplete;
    if (!complete) {
      TRY(command.verb, VerbNamed(TextAt(step, "verb")));
      command.actor.administrator = true;
    }
    if (row.value.empty() && command.verb != Verb::kClaim) {
      Command claim;
      claim.verb = Verb::kClaim;
      claim.key = row.key;
      claim.seat = row.part;
      claim.actor = command.actor;
      TRY_VOID(simulator_.Apply(instance, claim));
    }
    return simulator_.Apply(instance, command);
  }
  Result<void> Job(const json::object& step) {
    std::string element(TextAt(step, "element"));
    std::size_t instance = 0;
    const Row* found = Find(RowKind::kJob, element, {}, &instance);
    if (found == nullptr) return Fail(Refused(element));
    Command command;
    command.key = found->key;
    command.verb = Verb::kCompleteJob;
    command.variables = VariablesOf(step);
    if (std::string_view why = TextAt(step, "fails"); !why.empty()) {
      command.verb = Verb::kFailJob;
      command.reason = std::string(why);
    } else if (std::string_view code = TextAt(step, "error"); !code.empty()) {
      command.verb = Verb::kThrowError;
      command.name = std::string(code);
    }
    return simulator_.Apply(instance, command);
  }
  Result<void> Advance(const json::object& step) {
    if (std::string_view to = TextAt(step, "to"); !to.empty()) {
      TRY(Time until, ParseTime(to));
      if (until < simulator_.now()) return Fail(Refused(std::string(to)));
      simulator_.MoveTo(until);
      return {};
    }
    std::int64_t minutes = 0;
    for (auto [name, factor] :
         {std::pair("minutes", 1), std::pair("hours", 60), std::pair("days", 1440)}) {
      const json::value* value = step.if_contains(name);
      if (value == nullptr || !value->is_int64()) continue;
      if (value->get_int64() < 0 || value->get_int64() > kMaxMinutes) {
        return Fail(Refused(name));
      }
      minutes += value->get_int64() * factor;
    }
    if (minutes <= 0 || minutes > kMaxMinutes) return Fail(Refused("advance"));
    simulator_.MoveTo(simulator_.now() + std::chrono::minutes(minutes));
    return {};
  }

  Simulator& simulator_;
  const Definition& definition_;
};

}  // namespace

Result<json::object> Simulate(std::shared_ptr<const Definition> definition, Host* host,
                              const json::object& script, Time now) {
  if (std::string_view start = TextAt(script, "start"); !start.empty()) {
    TRY(now, ParseTime(start));
  }
  const json::array* steps = ArrayAt(script, "steps");
  if (steps != nullptr && steps->size() > kMaxSteps) return Fail(Refused("steps"));
  Simulator simulator(definition, host, now);
  json::object variables;
  if (const json::object* given = ObjectAt(script, "variables")) variables = *given;
  std::string process(TextAt(script, "process"));
  if (process.empty() && !definition->processes.empty()) {
    process = definition->node(definition->processes.front()).id;
  }
  TRY_VOID(simulator.Start(process, variables));
  json::array done;
  auto report = [&](const Error* problem) {
    json::object row{{"ok", problem == nullptr}, {"now", IsoChina(simulator.now(), true)}};
    if (problem != nullptr) {
      row["problem"] = json::object{{"zh", problem->SaysZh()}, {"en", problem->SaysEn()}};
    }
    json::object tokens;
    for (const auto& instance : simulator.instances()) {
      for (const auto& [element, count] : TokensOf(*definition, instance)) {
        const json::value* before = tokens.if_contains(element);
        tokens[element] = count + (before != nullptr ? before->as_int64() : 0);
      }
    }
    row["tokens"] = std::move(tokens);
    row["state"] = StateName(simulator.instances().front().state);
    done.push_back(std::move(row));
  };
  report(nullptr);
  Trial trial(simulator, *definition);
  if (steps != nullptr) {
    for (const json::value& step : *steps) {
      if (!step.is_object()) return Fail(Refused("steps"));
      auto outcome = trial.Do(step.get_object());
      report(outcome ? nullptr : &outcome.error());
    }
  }
  json::array log;
  for (const LogLine& line : simulator.log(0)) {
    json::value view = LineView(*definition, line);
    if (!view.is_null()) log.push_back(std::move(view));
  }
  json::object view = InstanceView(*definition, simulator.instances().front());
  view["variables"] = VariablesAfter(simulator.log(0));
  return json::object{{"steps", std::move(done)},
                      {"instance", std::move(view)},
                      {"instances", simulator.instances().size()},
                      {"log", std::move(log)},
                      {"now", IsoChina(simulator.now(), true)}};
}

}  // namespace city::flow
