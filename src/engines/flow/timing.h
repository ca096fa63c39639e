// SPDX-License-Identifier: Apache-2.0
// Moments, periods and cycles as ISO 8601 writes them, and calendars of working time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace city::flow {

/// A period such as P1M2DT3H: months by the calendar, the rest exact. Negative periods are refused.
struct Period {
  std::int64_t months = 0;
  std::int64_t micros = 0;
  std::int64_t working_days = 0;  ///< written `P5W` with unit `city:unit="working-days"` elsewhere
  bool operator==(const Period&) const = default;
};

/// A cycle: R[n]/[start/]period, or a cron line of five or six fields.
struct Cycle {
  std::int64_t times = -1;  ///< -1: for ever. `R4/…` fires four times.
  Period period;
  std::optional<Time> start;
  std::optional<Time> end;
  std::string cron;  ///< empty unless the text is a cron line
};

/// A moment in ISO 8601 (no zone: China time). Errors: kInvalidInput.
Result<Time> ParseMoment(std::string_view text);
/// A period in ISO 8601. Errors: kInvalidInput.
Result<Period> ParsePeriod(std::string_view text);
/// A cycle in ISO 8601 or cron. Errors: kInvalidInput.
Result<Cycle> ParseCycle(std::string_view text);

/// `from` plus a period; a month too short for the day ends on its last day.
Time Add(Time from, const Period& period);
/// First moment after `after` that a cron line (5 or 6 fields, China time) names. Errors:
/// kInvalidInput when the line is no cron line; kNotFound when none lies within four years.
Result<Time> NextCron(std::string_view cron, Time after);

/// Working time, supplied by the model: holidays and office hours are values of a place.
class WorkingCalendar {
 public:
  virtual ~WorkingCalendar() = default;
  /// The moment `days` working days after `from`, by the calendar `name` (empty: the default).
  virtual Result<Time> AddWorkingDays(std::string_view name, Time from, int days) const = 0;
};

}  // namespace city::flow
