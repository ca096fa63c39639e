// SPDX-License-Identifier: Apache-2.0
// What is encrypted and signed in a running city, with which algorithm and key, against the test
// points of GB/T 39786 level 3: found out from the city itself, not declared.
#pragma once
#include <string>

#include "model/city.h"

namespace city::model {

/// {systems: [{id, name, sealed_fields, …}], keys: […], points: [{area, point, state, evidence}]}.
/// State: "met", "partly", "not_met", or "operator" where the program cannot know.
/// `verify`: the whole audit log is checked as well, which takes seconds in a large city.
Result<json::object> Compliance(City& city, bool verify = false);
/// The same as a report: "pdf", "ofd" or "xlsx". Errors: ledger.not_found for another format.
Result<std::string> ComplianceReport(City& city, std::string_view format);
}  // namespace city::model
