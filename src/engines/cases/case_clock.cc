// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/case_clock.h"

#include <algorithm>

namespace city::cases {

std::string_view LightName(Light light) {
  switch (light) {
    case Light::kNone:
      return "none";
    case Light::kGreen:
      return "green";
    case Light::kYellow:
      return "yellow";
    case Light::kRed:
      return "red";
  }
  return "none";
}

ClockState CountClock(const WorkDays& calendar, const ClockFacts& facts, Date today,
                      const LightRules& rules) {
  ClockState out;
  std::vector<Pause> pauses = facts.pauses;
  std::sort(pauses.begin(), pauses.end(),
            [](const Pause& a, const Pause& b) { return a.from < b.from; });
  for (const Pause& pause : pauses) out.paused = out.paused || pause.open;
  // A pause moves only a due day that it found still ahead: what was late stays late.
  auto due_after = [&](int days) {
    WorkDays::Day due = calendar.After(facts.accepted, days + facts.extension_days);
    for (const Pause& pause : pauses) {
      Date end = pause.open ? today : pause.to;
      if (pause.from >= due.date) break;
      if (end <= pause.from) continue;
      WorkDays::Day moved = calendar.After(due.date, calendar.Between(pause.from, end));
      due = {moved.date, due.estimated || moved.estimated};
    }
    return due;
  };
  WorkDays::Day legal = due_after(facts.legal_days);
  WorkDays::Day promised = due_after(facts.promised_days);
  out.legal_due = legal.date;
  out.promised_due = promised.date;
  out.estimated = legal.estimated || promised.estimated;
  out.days_left = calendar.Between(today, promised.date);
  int legal_left = calendar.Between(today, legal.date);
  if (out.paused) {
    out.light = Light::kNone;
  } else if (legal_left < 0 || out.days_left < -rules.red_days_over_promise) {
    out.light = Light::kRed;
  } else if (out.days_left < 0 || (out.days_left <= rules.yellow_days_left &&
                                   facts.promised_days > rules.yellow_days_left)) {
    out.light = Light::kYellow;
  } else {
    out.light = Light::kGreen;
  }
  return out;
}
}  // namespace city::cases
