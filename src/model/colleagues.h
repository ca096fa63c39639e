// SPDX-License-Identifier: Apache-2.0
// What steps of cases and processes ask about officials: who they are, and who is away.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "parts/store/store.h"

namespace city::model {

/// Whether the account is an official who can act now.
Result<bool> IsOfficial(store::Reader& reader, const std::string& account);
/// Accounts for which this one acts on that day, as the posts of stand-ins say.
Result<std::vector<std::string>> StandsInFor(store::Reader& reader, const std::string& account,
                                             Date day);
}  // namespace city::model
