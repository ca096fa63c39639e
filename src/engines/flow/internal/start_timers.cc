// SPDX-License-Identifier: Apache-2.0
// Due dates of timers that begin processes.
#include "engines/flow/internal/start_timers.h"

#include "engines/flow/errors.h"

namespace city::flow {
namespace {

Result<std::string> TimeText(const Definition& definition, const EventSpec& event, Time now) {
  if (event.expression == kNone) return event.time;
  TRY(auto value, definition.expression(event.expression).Evaluate({}, now));
  if (!value.is_string()) return error::kBadTime({{"text", ToText(value)}});
  return std::string(value.get_string());
}

}  // namespace

Result<std::pair<int64_t, int64_t>> FirstDue(const Definition& definition, const EventSpec& event,
                                             Time now) {
  TRY(auto text, TimeText(definition, event, now));
  if (event.timer == TimerKind::kDate) {
    TRY(Time at, ParseMoment(text));
    return std::pair<int64_t, int64_t>(ToMicros(at), 1);
  }
  if (event.timer == TimerKind::kPeriod) {
    TRY(auto period, ParsePeriod(text));
    return std::pair<int64_t, int64_t>(ToMicros(Add(now, period)), 1);
  }
  TRY(auto cycle, ParseCycle(text));
  if (!cycle.cron.empty()) {
    TRY(Time next, NextCron(cycle.cron, now));
    return std::pair<int64_t, int64_t>(ToMicros(next), -1);
  }
  Time first = cycle.start ? *cycle.start : Add(now, cycle.period);
  return std::pair<int64_t, int64_t>(ToMicros(first), cycle.times);
}

Result<std::pair<int64_t, int64_t>> NextDue(const Definition& definition, const EventSpec& event,
                                            int64_t due, int64_t left, Time now) {
  if (event.timer != TimerKind::kCycle || left == 1) return std::pair<int64_t, int64_t>(0, 0);
  TRY(auto text, TimeText(definition, event, now));
  TRY(auto cycle, ParseCycle(text));
  if (!cycle.cron.empty()) {
    TRY(Time next, NextCron(cycle.cron, now));
    return std::pair<int64_t, int64_t>(ToMicros(next), left);
  }
  // Starts that were missed while nothing ran are one start.
  while (due <= ToMicros(now) && left != 0) {
    if (left > 0) --left;
    auto next = ToMicros(Add(FromMicros(due), cycle.period));
    if (next <= due) break;
    due = next;
  }
  if (cycle.end && due > ToMicros(*cycle.end)) left = 0;
  return std::pair<int64_t, int64_t>(due, left);
}

}  // namespace city::flow
