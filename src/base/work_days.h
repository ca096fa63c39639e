// SPDX-License-Identifier: Apache-2.0
// Working days as published: weekends and holidays off, make-up days on. A year without a published
// calendar is counted by weekdays alone and flagged, never guessed silently.
#pragma once
#include <set>
#include <string>

#include "base/time.h"
#include "base/yaml.h"

namespace city {

/// A calendar of working days. Immutable once made. Threads: any.
class WorkDays {
 public:
  /// A day reached by counting; `estimated` when it lies, or was counted through, a year without a
  /// published calendar.
  struct Day {
    Date date;
    bool estimated = false;
  };

  /// Weekdays only; every year is unpublished.
  WorkDays() = default;
  /// Reads { years: [2025, …], off: [2025-01-01, …], on: [2025-01-26, …] }. Errors: base.bad_yaml,
  /// base.bad_time.
  static Result<WorkDays> Read(const yaml::Node& node);

  bool IsWorkDay(Date date) const;
  bool IsPublished(Date date) const;
  /// The `count`th working day after `from` (the day itself is not counted; 0 gives `from`).
  /// `count`: 0 to 10,000.
  Day After(Date from, int count) const;
  /// Working days after `from` up to and including `to`; negative when `to` lies before.
  int Between(Date from, Date to) const;
  const std::set<int>& years() const { return years_; }
  const std::set<Date>& off() const { return off_; }
  const std::set<Date>& on() const { return on_; }

 private:
  std::set<int> years_;
  std::set<Date> off_, on_;
};
}  // namespace city
