// SPDX-License-Identifier: Apache-2.0
// Where machines are missing and which could be moved there: places by need, machines by use.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace city::fleet {

/// A village or town with the facts that the formula may use.
struct Place {
  std::string code, name;
  json::object facts;  ///< population, elderly, distance_km, cases …
  double need = 0;     ///< by the formula
};

/// A machine where it stands and how much it is used.
struct Machine {
  std::string id, code, name, division;
  double per_day = 0;  ///< sessions a day
};

/// How places are judged. Editable as a record (`fleet_setting`).
struct Rules {
  std::string formula;       ///< FEEL over the facts of a place, a number
  double least_need = 0;     ///< below it a place waits
  double least_per_day = 3;  ///< a machine used less may be moved
  size_t near_digits = 9;    ///< machines that share so many digits of the division are near
  size_t most_moves = 20;
};

struct Move {
  Machine machine;
  Place from, to;
  double gain = 0;  ///< need there minus need here
};

struct Advice {
  std::vector<Place> missing;  ///< places of need with no machine near, the neediest first
  std::vector<Move> moves;
};

/// Need of every place by the formula. Errors: fleet.formula_wrong.
Result<void> CountNeed(std::vector<Place>& places, const std::string& formula);
/// Places with need and no machine near; the least used machines are offered to the neediest, each
/// once, and only when the need there is higher than where the machine stands. Needs must be
/// counted. A place that gets a machine counts as served for the places near it.
Advice Advise(const std::vector<Place>& places, const std::vector<Machine>& machines,
              const Rules& rules);
}  // namespace city::fleet
