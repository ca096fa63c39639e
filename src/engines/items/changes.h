// SPDX-License-Identifier: Apache-2.0
// Who is told when an item changes: those with a draft or an open case of it.
#pragma once
#include "ledger/ledger.h"

namespace city::items {

/// Writes a message to each affected account, inside the command that changed the item. Only
/// changes that matter to applicants count (limits, materials, fees, visits, form, state). Answers
/// how many were told.
Result<int> TellAffected(ledger::Writer& writer, const json::object& before,
                         const json::object& after);
}  // namespace city::items
