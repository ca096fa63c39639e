// SPDX-License-Identifier: Apache-2.0
// Why: backup and restore of PostgreSQL are done by its own programs.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace city::store::internal {

/// Runs a program of PostgreSQL (from PATH, else the newest one installed) and waits for it.
/// Errors: kBackupFailed with what it wrote on standard error.
Result<void> RunPgProgram(const std::string& program, const std::vector<std::string>& arguments);

/// Makes the empty file `path`, for its owner alone. Errors: kBackupExists, kBackupFailed.
Result<void> CreateNew(const std::string& path);

}  // namespace city::store::internal
