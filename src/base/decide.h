// SPDX-License-Identifier: Apache-2.0
// How engines ask for a decision without knowing who decides; the model supplies it.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace city {

/// An answer with what it rests on.
struct Decided {
  json::value value;
  std::string model, version;  ///< which rules, and their identity
  json::value trace;           ///< null unless asked for
};

/// Decides `decision` of `model` for `inputs` by name; inputs that are not given are null.
/// `explain`: with a trace. Threads: any.
using Decide = std::function<Result<Decided>(std::string_view model, std::string_view decision,
                                             const json::object& inputs, bool explain)>;
}  // namespace city
