// SPDX-License-Identifier: Apache-2.0
// What a model's tables and texts have to say about themselves before anybody publishes them.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "engines/decisions/checks.h"
#include "engines/decisions/model.h"

namespace city::decisions {

/// A model looked over: what will not work, and what its tables leave open or say twice.
struct Review {
  json::array problems;             // {element, line, code, says}
  json::array findings;             // {table, kind, severity, rules, rule_ids, example, says}
  std::vector<ErrorDetail> errors;  // what stands against publishing
};

Review LookOver(const Model& model);

/// Tables as a reader sees them: [{name, hit_policy, inputs, outputs, annotations, rules}].
json::array TablesOf(const Model& model);

json::object BothWords(std::string_view zh, std::string_view en);
std::string TextOf(const json::object& row, std::string_view key);

}  // namespace city::decisions
