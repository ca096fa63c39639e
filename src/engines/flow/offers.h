// SPDX-License-Identifier: Apache-2.0
// The "may I?" check for a screen: all that somebody may do with a seat of a user task now.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engines/flow/engine.h"

namespace city::flow {

/// Verbs that act on a seat, in the order in which a screen shows them.
std::span<const Verb> SeatVerbs();

struct Offer {
  Verb verb = Verb::kNothing;
  std::optional<Error> refused;  ///< why not; empty: allowed
};
/// Each verb of SeatVerbs for this actor. People, steps and reasons are taken as given.
std::vector<Offer> OffersOf(const Definition& definition, const Instance& instance, Key key,
                            std::uint32_t seat, const Actor& actor);

/// Where a task may be returned to.
struct ReturnChoice {
  std::string target;  ///< "previous", "applicant" or the id of a step
  std::string name;    ///< of the step; empty for the first two
};
std::vector<ReturnChoice> ReturnsOf(const Definition& definition, const Instance& instance, Key key,
                                    std::uint32_t seat, const Actor& actor);

/// The seat of a task; null when there is none.
const Seat* SeatOf(const Instance& instance, Key key, std::uint32_t id);
/// "pending", "open", "approved", "rejected", "removed" or "answered".
const char* SeatStateName(SeatState state);
/// "model", "before", "after", "beside" or "consult".
const char* SeatOriginName(SeatOrigin origin);

}  // namespace city::flow
