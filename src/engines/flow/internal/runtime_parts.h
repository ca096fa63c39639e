// SPDX-License-Identifier: Apache-2.0
// What the files of the runtime share.
#pragma once

#include <memory>
#include <string>

#include "engines/flow/internal/cover.h"
#include "engines/flow/internal/start_timers.h"
#include "engines/flow/runtime.h"

namespace city::flow {

struct Runtime::Loaded {
  Instance instance;
  std::string definition_id;
  std::shared_ptr<const Definition> definition;
};

/// What a state or a line of the log is bound to: it cannot be put in the place of another.
inline std::string StepOf(const InstanceRef& ref, std::int64_t version) {
  return ref.region + "/" + ref.id + "/" + std::to_string(version);
}
/// What an incident is bound to.
inline std::string TaskOf(const InstanceRef& ref, Key task) {
  return ref.region + "/" + ref.id + "/" + std::to_string(task);
}

/// The engine of this thread for a host: engines keep buffers and are not shared.
Engine& ThreadEngine(Host* host);
/// Id of the latest file that holds a process.
Result<std::string> LatestIn(store::Reader& reader, std::string_view process);

}  // namespace city::flow
