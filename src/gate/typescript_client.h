// SPDX-License-Identifier: Apache-2.0
// The web app's client, made from the same description that everybody else gets.
#pragma once
#include <string>

#include "base/json.h"

namespace city::gate {

/// TypeScript of an OpenAPI description: one function an operation, named like it, that takes the
/// path's values, then the body, then query and the rest; the shapes of bodies; and `ApiPath`, the
/// type of every address that exists. Shapes of record types are left out: they belong to a city,
/// not to the program.
std::string TypeScriptClient(const json::object& api);
}  // namespace city::gate
