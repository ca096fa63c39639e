// SPDX-License-Identifier: Apache-2.0
// The inputs of a decision: from JSON under their declared types, and as questions of a form.
#pragma once

#include <string_view>

#include "base/json.h"
#include "engines/decisions/model.h"

namespace city::decisions {

/// The inputs of a decision from a JSON object, each under the type that the model declares;
/// members that the model does not know are kept as they are.
/// Errors: feel.bad_json with the JSON pointer.
Result<feel::Value> InputsFrom(const Model& model, std::string_view decision,
                               const json::object& given);

/// The questions that a form asks before a decision can be tried, made from the model and its
/// tables: [{name, label, type, description, options[]}]. `options` are the constants that
/// the rules compare with.
json::array QuestionsOf(const Model& model, std::string_view decision);

/// The decision that answers for a model: the named one, otherwise the last that no other needs.
/// Empty when the model has none.
std::string MainDecision(const Model& model, std::string_view wanted = {});

}  // namespace city::decisions
