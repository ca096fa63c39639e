// SPDX-License-Identifier: Apache-2.0
// Decision models as a city's files bring them: NAME.dmn, with NAME.yaml beside it for its names,
// purpose, legal basis and test cases.
#pragma once
#include <vector>

#include "engines/decisions/rulebook.h"
#include "model/model.h"

namespace city::model {

/// The models of all systems, each checked and tested as before a publication. `now` is the time of
/// the tests. Errors: model.faults with one detail for each finding.
Result<std::vector<decisions::FileModel>> ReadDecisionFiles(const Model& model, Time now);
}  // namespace city::model
