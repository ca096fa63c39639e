// SPDX-License-Identifier: Apache-2.0
// What is different between two versions of a decision model, rule by rule.
#pragma once

#include "base/json.h"
#include "engines/decisions/model.h"

namespace city::decisions {

/// Differences as JSON: {same, elements: [{name, kind, change}], tables: [{name, change,
/// hit_policy, inputs, outputs, rules: [{change, before, after, cells: [{column, before,
/// after}]}]}]}. `change` is "same", "added", "removed" or "changed". Rules are known by their id,
/// otherwise by their text.
json::object Compare(const Model& before, const Model& after);

}  // namespace city::decisions
