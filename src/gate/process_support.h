// SPDX-License-Identifier: Apache-2.0
// What the routes of processes share: who may see an instance, acting on one with its audit line.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "engines/flow/runtime.h"
#include "gate/routes.h"

namespace city::gate {

/// Who draws, publishes and repairs processes.
std::vector<std::string> ProcessManagers();
/// Who may look at every instance.
std::vector<std::string> ProcessReaders();

/// An instance as a caller found it.
struct SeenInstance {
  flow::Actor actor;
  flow::InstanceItem item;
  flow::Instance instance;
  std::shared_ptr<const flow::Definition> definition;
};

/// The instance, when the caller has a part in it (started it, acts or acted in it, may take a step
/// of it, got a copy) or may look at all. Errors: gate.not_involved, which does not tell whether it
/// exists.
Result<SeenInstance> LookAt(const Surroundings& s, const ledger::Subject& who,
                            const std::string& id);

/// The reason in a body. Errors: gate.needs_reason.
Result<std::string> ReasonOf(const json::object& body);
/// The command that a body asks for.
flow::Command CommandOf(flow::Verb verb, const flow::Actor& actor, const json::object& body);

/// One command on an instance: step, audit line, part and notice to listeners, durable together.
Result<std::string> ActOn(const Surroundings& s, const Call& call, const flow::InstanceRef& ref,
                          const flow::Command& command);

/// A note in the audit log of something that was done to processes, inside a command.
ledger::AuditLine ProcessNote(const Surroundings& s, std::string act, std::string type,
                              std::string id, const json::object& detail);

/// An instance's view with people and groups in words.
Result<json::object> ViewOf(const Surroundings& s, const SeenInstance& seen);
/// Adds `<key>_name` beside each account key found under the given keys of the rows.
Result<void> NamePeople(const Surroundings& s, json::array& rows,
                        const std::vector<std::string>& keys);
/// Groups with their words.
json::array GroupsOf(const Surroundings& s, const json::array& groups);
/// A route of processes for these roles.
Route ProcessRoute(const char* method, const char* pattern, const char* operation, const char* zh,
                   const char* en, std::vector<std::string> roles);
/// A parameter that is not as it must be, with a hint in both languages.
Error WrongParameter(const char* name, const char* zh, const char* en);
/// A batch's result for each item, the misfits first; `done` names the count of the others.
json::object PerItem(const std::vector<flow::BatchItem>& items, std::string_view done);
/// ISO text of stored microseconds; null for none.
json::value WhenOf(int64_t micros);

void AddProcessVersionRoutes(Router& router, const Surroundings& s);
void AddProcessOutsideRoutes(Router& router, const Surroundings& s);
}  // namespace city::gate
