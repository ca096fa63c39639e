// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/case_clock.h"

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
  int paused_days = 0;
  for (const Pause& pause : facts.pauses) {
    Date end = pause.open ? today : pause.to;
    if (end > pause.from) paused_days += calendar.Between(pause.from, end);
    out.paused = out.paused || pause.open;
  }
  int extra = paused_days + facts.extension_days;
  WorkDays::Day legal = calendar.After(facts.accepted, facts.legal_days + extra);
  WorkDays::Day promised = calendar.After(facts.accepted, facts.promised_days + extra);
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
