// SPDX-License-Identifier: Apache-2.0
#include "base/work_days.h"

#include <algorithm>

#include "base/errors.h"

namespace city {
using std::chrono::days;

Result<WorkDays> WorkDays::Read(const yaml::Node& node) {
  WorkDays out;
  auto read = [&](std::string_view key, std::set<Date>& into) -> Result<void> {
    const yaml::Node* list = node.Find(key);
    if (list == nullptr) return {};
    for (const yaml::Node& item : list->items) {
      TRY(Date date, ParseDate(item.text));
      into.insert(date);
    }
    return {};
  };
  if (const yaml::Node* years = node.Find("years"))
    for (const yaml::Node& year : years->items) out.years_.insert(std::atoi(year.text.c_str()));
  TRY_VOID(read("off", out.off_));
  TRY_VOID(read("on", out.on_));
  return out;
}

bool WorkDays::IsWorkDay(Date date) const {
  if (on_.contains(date)) return true;
  if (off_.contains(date)) return false;
  unsigned day = std::chrono::weekday(date).iso_encoding();
  return day <= 5;
}

bool WorkDays::IsPublished(Date date) const {
  return years_.contains(static_cast<int>(std::chrono::year_month_day(date).year()));
}

WorkDays::Day WorkDays::After(Date from, int count) const {
  Day out{from, count > 0 ? false : !IsPublished(from)};
  count = std::clamp(count, 0, 10'000);
  while (count > 0) {
    out.date += days(1);
    if (!IsPublished(out.date)) out.estimated = true;
    if (IsWorkDay(out.date)) --count;
  }
  return out;
}

int WorkDays::Between(Date from, Date to) const {
  if (to < from) return -Between(to, from);
  int count = 0;
  for (Date date = from + days(1); date <= to; date += days(1)) count += IsWorkDay(date) ? 1 : 0;
  return count;
}
}  // namespace city
