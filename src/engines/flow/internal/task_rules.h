// SPDX-License-Identifier: Apache-2.0
// Questions about user tasks that both the rights check and the verbs ask.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engines/flow/engine.h"

namespace city::flow {

/// Is the actor that person, or their stand-in?
bool ActsFor(const Actor& actor, std::string_view person);
/// May the actor take a seat that nobody has?
bool IsCandidate(const Actor& actor, const Seat& seat);
const Seat* FindSeat(const Live& live, std::uint32_t id);
/// Level (live thing) among the ancestors of `from` whose node holds `target`; 0: none. `branch` is
/// the child of that level on the way down to `from`.
Key LevelFor(const Definition& definition, const Instance& instance, Key from, Index target,
             Key* branch);
/// Target of a return from the task `from`: applicant, previous or the id of a step; kNone when
/// there is none.
Index ReturnTarget(const Definition& definition, const Instance& instance, Key from,
                   std::string_view where);
/// The step that the actor may still take back; null when there is none. `live` gets what runs now
/// because of it.
const Step* Withdrawable(const Definition& definition, const Instance& instance, const Actor& actor,
                         std::string_view step, std::vector<Key>* downstream);
/// What a signing has come to: 0 open, 1 approved, -1 refused.
int SigningResult(const SigningRule& rule, const std::vector<Seat>& seats);

}  // namespace city::flow
