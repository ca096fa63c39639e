// SPDX-License-Identifier: Apache-2.0
// What the files of the runtime share.
#pragma once

#include <memory>
#include <string>

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

/// First moment of a start timer, and how often it fires (-1 for ever).
Result<std::pair<int64_t, int64_t>> FirstDue(const Definition& definition, const EventSpec& event,
                                             Time now);
/// The moment after `due` and what is left; 0 left: done.
Result<std::pair<int64_t, int64_t>> NextDue(const Definition& definition, const EventSpec& event,
                                            int64_t due, int64_t left, Time now);

}  // namespace city::flow
