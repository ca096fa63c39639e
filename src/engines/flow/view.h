// SPDX-License-Identifier: Apache-2.0
// What a screen shows of an instance: tokens on the diagram, variables, incidents, and its history
// step by step.
#pragma once

#include "base/json.h"
#include "engines/flow/definition.h"
#include "engines/flow/state.h"

namespace city::flow {

/// The instance for people: `process`, `state`, `businessKey`, `starter`, `started`,
/// `tokens` [{element, name, key, state, count}], `waits` [{element, kind, name, key, due}],
/// `incidents` [{element, key, code, message}], `tasks` [{element, key, seat, person, groups,
/// users, due}], `variables` (of the process).
json::object InstanceView(const Definition& definition, const Instance& instance);

/// One log line for replay: `what`, `element` and what else it says; null for lines that only keep
/// the books.
json::value LineView(const Definition& definition, const LogLine& line);

/// Tokens for each element after the first `lines` lines of a log: what a replay shows.
json::object TokensAfter(const Definition& definition, const std::vector<LogLine>& log,
                         std::size_t lines);

}  // namespace city::flow
