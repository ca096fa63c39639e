// SPDX-License-Identifier: Apache-2.0
// The clock of a case: legal and promised due days in working days, pauses, extension, lights.
// Source: Administrative Licensing Law Art. 42, 45, 82; first day not counted.
#pragma once
#include <string>
#include <vector>

#include "base/time.h"
#include "base/work_days.h"

namespace city::cases {

enum class Light { kNone, kGreen, kYellow, kRed };
std::string_view LightName(Light light);

/// Time outside the limit: from the day after it begins to the day it ends.
struct Pause {
  Date from;
  Date to;  ///< equal to `from` while open
  bool open = false;
  std::string kind;  ///< hearing, inspection, expert review …
};

struct ClockFacts {
  Date accepted;
  int legal_days = 0;
  int promised_days = 0;
  int extension_days = 0;
  std::vector<Pause> pauses;
};

struct ClockState {
  Date legal_due;
  Date promised_due;
  bool estimated = false;  ///< counted through a year without a published calendar
  int days_left = 0;       ///< working days to the promised due day; negative once late
  bool paused = false;
  Light light = Light::kNone;
};

/// When yellow and red begin. Unconfirmed thresholds are settings.
struct LightRules {
  int yellow_days_left = 1;       ///< yellow at so many days left, and once the promise is broken
  int red_days_over_promise = 3;  ///< red beyond the legal limit or so many days over the promise
};

/// The clock as seen on `today`. Open pauses push both due days with every working day that passes.
ClockState CountClock(const WorkDays& calendar, const ClockFacts& facts, Date today,
                      const LightRules& rules = {});
}  // namespace city::cases
