// SPDX-License-Identifier: Apache-2.0
// Time as the city knows it: UTC inside, China time (+08:00, no summer time) for people.
#pragma once
#include <atomic>
#include <chrono>
#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace city {

/// A moment, UTC, in microseconds.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
/// A calendar day.
using Date = std::chrono::sys_days;

inline constexpr std::chrono::hours kChinaOffset{8};

/// Where "now" comes from; nobody reads the clock of the machine directly. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

/// The clock of the machine.
class SystemClock : public Clock {
 public:
  Time Now() const override;
};

/// A clock that stands still until it is moved: for stories, drills and tests.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start.time_since_epoch().count()) {}
  Time Now() const override { return Time(std::chrono::microseconds(now_.load())); }
  void Set(Time now) { now_.store(now.time_since_epoch().count()); }
  void Advance(std::chrono::microseconds by) { now_.fetch_add(by.count()); }

 private:
  std::atomic<int64_t> now_;
};

/// The machine's clock, shifted by an amount that may be changed: a demo city can be moved in time.
class ShiftedClock : public Clock {
 public:
  Time Now() const override;
  void ShiftBy(std::chrono::microseconds by) { shift_.fetch_add(by.count()); }
  std::chrono::microseconds shift() const { return std::chrono::microseconds(shift_.load()); }

 private:
  std::atomic<int64_t> shift_{0};
};

/// Microseconds since 1970-01-01T00:00:00Z, as stored.
inline int64_t ToMicros(Time time) { return time.time_since_epoch().count(); }
inline Time FromMicros(int64_t micros) { return Time(std::chrono::microseconds(micros)); }

/// "2026-01-31T08:00:00+08:00" (with ".123456" when there is a fraction and `fraction` is set).
std::string IsoChina(Time time, bool fraction = false);
/// "2026-01-31".
std::string IsoDate(Date date);
/// Day in China at that moment.
Date ChinaDate(Time time);
/// First moment of that day in China.
Time StartOfChinaDay(Date date);
/// Reads "2026-01-31T08:00:00[.frac][Z|±hh:mm]" (no zone: China) or a date (its first moment in
/// China). Years 0000 to 9999. Errors: base.bad_time.
Result<Time> ParseTime(std::string_view text);
/// Reads "2026-01-31". Errors: base.bad_time.
Result<Date> ParseDate(std::string_view text);
}  // namespace city
