// SPDX-License-Identifier: Apache-2.0
// Figures of reviews with their definitions. What nobody said is never counted as praise: services
// without a review are told apart, and a figure with assumed grades stands beside, under its own
// name.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace city::reviews {

/// What the figures need of one body (or of the whole).
struct Tally {
  int64_t services = 0;    ///< decided cases and served tickets that could be reviewed
  int64_t grades[6] = {};  ///< reviews that somebody gave, by grade 1 to 5; excluded ones not
  int64_t excluded = 0;    ///< stored, but upheld as malicious or mistaken
  int64_t corrected = 0;   ///< valid bad reviews replied to or closed
  int64_t late = 0;        ///< valid bad reviews past a limit
  int64_t called_back = 0;

  int64_t Given() const { return grades[1] + grades[2] + grades[3] + grades[4] + grades[5]; }
  int64_t Bad() const { return grades[4] + grades[5]; }
};

/// {given, bad, excluded, unrated, positive_share, active_share, corrected_share,
/// called_back_share, late, positive_share_if_unrated_count}. Shares are null where nothing is to
/// be divided.
json::object FiguresOf(const Tally& tally);
/// [{name, zh, en}]: how each figure is made.
json::array Definitions();
}  // namespace city::reviews
