// SPDX-License-Identifier: Apache-2.0
// Functions of other languages that models call by name and that we carry natively.
#pragma once

#include <functional>
#include <span>

#include "parts/feel/feel.h"

namespace city::decisions {

/// The native function for `{java: {class: …, "method signature": …}}`, or nothing: every name that
/// is not on the list is refused. Source: DMN 1.5, 10.3.2.11.
std::function<feel::Value(std::span<const feel::Value>, feel::CallFrame&)> NativeFunction(
    const feel::Value& declaration);

}  // namespace city::decisions
