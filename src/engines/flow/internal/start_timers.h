// SPDX-License-Identifier: Apache-2.0
// Due dates of timers that begin processes.
#pragma once

#include <cstdint>
#include <utility>

#include "engines/flow/definition.h"

namespace city::flow {

/// First moment of a start timer, and how often it fires (-1 for ever).
Result<std::pair<int64_t, int64_t>> FirstDue(const Definition& definition, const EventSpec& event,
                                             Time now);
/// The moment after `due` and what is left; 0 left: done.
Result<std::pair<int64_t, int64_t>> NextDue(const Definition& definition, const EventSpec& event,
                                            int64_t due, int64_t left, Time now);

}  // namespace city::flow
