// SPDX-License-Identifier: Apache-2.0
// A process tried out before it is published: chosen inputs, chosen answers, a clock that is moved;
// nothing of it reaches the store.
#pragma once

#include <memory>

#include "base/json.h"
#include "engines/flow/engine.h"

namespace city::flow {

/// Runs a script and answers what happened after each of its steps. Pure but for `host`.
///
/// `script`: `process` (id; optional with one process), `variables` (object), `start` (ISO moment,
/// else `now`), `steps` (at most 500), each with `do`:
///   `complete` `element` [`outcome`] [`variables`] [`person`] — whoever has it signs
///   `verb` `verb` `element` [`name` `people` `reason` `person`] — any other verb of a task
///   `job` `element` [`variables` | `fails` (why) | `error` (code)] — the outside world answers
///   `message` `name` [`key`] [`variables`]
///   `advance` `minutes` | `hours` | `days` | `to` (ISO moment) — the clock runs, timers fire
/// The answer: `steps` [{`ok`, `problem` {zh, en}, `now`, `tokens` {element: count}, `state`}]
/// (the first is the start), `instance` (as InstanceView, of the first instance), `log` (lines as
/// LineView), `now`.
/// A step that is refused is reported and changes nothing; those after it still run.
/// Errors: kInvalidInput `flow.bad_simulation`; those of Engine::Start.
Result<json::object> Simulate(std::shared_ptr<const Definition> definition, Host* host,
                              const json::object& script, Time now);

}  // namespace city::flow
