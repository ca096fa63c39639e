// SPDX-License-Identifier: Apache-2.0
// What the files of the runtime share.
#pragma once

#include <memory>
#include <string>

#include "engines/flow/internal/start_timers.h"
#include "engines/flow/runtime.h"

namespace city::flow {

struct Runtime::Loaded {
  Instance instance;
  std::string definition_id;
  std::shared_ptr<const Definition> definition;
};

/// The engine of this thread for a host: engines keep buffers and are not shared.
Engine& ThreadEngine(Host* host);
/// Id of the latest file that holds a process.
Result<std::string> LatestIn(store::Reader& reader, std::string_view process);

}  // namespace city::flow
