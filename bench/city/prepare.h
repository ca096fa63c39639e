// SPDX-License-Identifier: Apache-2.0
// Fills a stopped demo city with what the measurement needs and nobody would click together.
#pragma once
#include <cstdint>
#include <string>

#include "model/city.h"

namespace city::bench {

/// Opens the city that lies in a folder, as `serve` would.
Result<std::unique_ptr<model::City>> OpenCity(const std::string& folder, const Clock& clock);

/// Gives accounts to `count` generated persons, and officials (a handler, a reviewer and an
/// approver for each body with published items, and `clerks` clerks). Writes who they are into
/// FOLDER/bench-people.json; does nothing when that is there.
Result<void> MakePeople(const std::string& folder, int count, int clerks);

struct PastWish {
  int64_t rows = 1'000'000;  ///< cases there shall be
  double whole = 0.01;       ///< share of the copies with all that the page of a case reads
  int days = 1095;           ///< over which they are spread, ending a fortnight ago
};
/// Copies the cases of a demo city until there are `rows`, sealing each copy for its own key, and
/// writes a sample of whole ones into FOLDER/bench-past.json. The city must be stopped.
Result<void> MakePast(const std::string& folder, const PastWish& wish);
}  // namespace city::bench
