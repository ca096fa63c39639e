// SPDX-License-Identifier: Apache-2.0
// Why: the two sub-commands that keep a city safe from its own disk.
#pragma once

#include "server/commands.h"

namespace city::server {

/// `yiwang backup --store URL [--files FOLDER] TARGET`. Answers the exit code.
int RunBackup(Arguments arguments);

/// `yiwang restore SOURCE --store URL [--files FOLDER]`, or `yiwang restore --check SOURCE`.
int RunRestore(Arguments arguments);

}  // namespace city::server
