// SPDX-License-Identifier: Apache-2.0
// Why: both engines bring their schema up to date by the same rule, on top of `Command`.
#pragma once

#include <span>
#include <string>

#include "parts/store/store.h"

namespace city::store::internal {

/// SM3 of `text`, 64 lower-case hex signs.
std::string Sm3Hex(std::string_view text);

/// What Store::Migrate promises. `before_each` runs first in every transaction (a lock, where
/// several programs may start at once).
Result<void> RunMigrations(Store& store, std::span<const Migration> steps,
                           std::string_view before_each);

}  // namespace city::store::internal
