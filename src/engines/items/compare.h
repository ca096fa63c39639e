// SPDX-License-Identifier: Apache-2.0
// The same item as several bodies implement it: side by side, and what differs (one standard at
// every level).
#pragma once
#include "base/json.h"
#include "ledger/ledger.h"

namespace city::items {

/// {basic_code, name, model: row, bodies: [{region, region_name, body, item, differs: [field]}],
/// fields: [field]}. The model is the highest level's item; every county is listed, also without
/// one. Errors: items.unknown_basic_code.
Result<json::object> Compare(store::Reader& reader, const ledger::Catalogue& catalogue,
                             const std::string& basic_code);

/// {checked, bodies, gaps: [{region, region_name, basic_code, name, kind, ours, theirs}]} over all
/// items of the basic catalogue that counties exercise; `region` empty: all counties. Kinds:
/// missing, name, type, basis, limit, visits, materials.
Result<json::object> Gaps(store::Reader& reader, const ledger::Catalogue& catalogue,
                          const std::string& region);
}  // namespace city::items
