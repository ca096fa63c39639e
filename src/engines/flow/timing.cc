// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/timing.h"

#include <array>
#include <bitset>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "engines/flow/errors.h"

namespace city::flow {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kMost = 400 * 366 * kDay;  // four hundred years bound every period

bool Digits(std::string_view s, std::int64_t& out) {
  if (s.empty() || s.size() > 12) return false;
  auto r = std::from_chars(s.data(), s.data() + s.size(), out);
  return r.ec == std::errc() && r.ptr == s.data() + s.size() && s.front() != '-';
}

}  // namespace

Result<Time> ParseMoment(std::string_view text) {
  auto t = ParseTime(Trim(text));
  if (!t) return error::kBadTime({{"text", std::string(text)}});
  return *t;
}

Result<Period> ParsePeriod(std::string_view text) {
  auto bad = [&] { return error::kBadTime({{"text", std::string(text)}}); };
  auto s = Trim(text);
  if (s.empty() || s.front() != 'P' || s.size() < 3) return bad();
  s.remove_prefix(1);
  Period out;
  bool clock = false;
  int rank = -1;  // units come in order, each once
  while (!s.empty()) {
    if (s.front() == 'T') {
      if (clock || s.size() == 1) return bad();
      clock = true;
      s.remove_prefix(1);
      continue;
    }
    auto end = s.find_first_not_of("0123456789.,");
    if (end == s.npos || end == 0) return bad();
    auto number = s.substr(0, end);
    char unit = s[end];
    s.remove_prefix(end + 1);
    std::int64_t whole = 0;
    std::int64_t fraction = 0;  // millionths
    auto dot = number.find_first_of(".,");
    if (!Digits(number.substr(0, dot), whole)) return bad();
    if (dot != number.npos) {
      if (unit != 'S' || !clock) return bad();
      auto part = std::string(number.substr(dot + 1));
      if (part.empty()) return bad();
      part.resize(6, '0');
      if (!Digits(part, fraction)) return bad();
    }
    int order = 0;
    std::int64_t scale = 0;
    switch (unit) {
      case 'Y':
        order = 0;
        break;
      case 'M':
        order = clock ? 5 : 1;
        scale = 60 * kSecond;
        break;
      case 'W':
        order = 2;
        scale = 7 * kDay;
        break;
      case 'D':
        order = 3;
        scale = kDay;
        break;
      case 'H':
        order = 4;
        scale = 3600 * kSecond;
        break;
      case 'S':
        order = 6;
        scale = kSecond;
        break;
      default:
        return bad();
    }
    if ((order >= 4) != clock || order <= rank) return bad();
    rank = order;
    if (order == 0 || order == 1) {
      if (whole > 4800) return bad();
      out.months += whole * (order == 0 ? 12 : 1);
    } else {
      if (whole > kMost / scale) return bad();
      out.micros += whole * scale + fraction;
    }
  }
  if (rank < 0) return bad();
  return out;
}

Result<Cycle> ParseCycle(std::string_view text) {
  auto bad = [&] { return error::kBadTime({{"text", std::string(text)}}); };
  auto s = Trim(text);
  if (s.empty()) return bad();
  Cycle out;
  if (s.front() != 'R') {
    TRY(auto next, NextCron(s, FromMicros(0)));
    (void)next;
    out.cron = std::string(s);
    return out;
  }
  auto parts = Split(s, '/');
  if (parts.size() < 2 || parts.size() > 3) return bad();
  auto count = parts[0].substr(1);
  if (!count.empty() && count != "-1" && !Digits(count, out.times)) return bad();
  if (parts.size() == 2) {
    TRY(out.period, ParsePeriod(parts[1]));
  } else if (!parts[1].empty() && parts[1].front() == 'P') {
    TRY(out.period, ParsePeriod(parts[1]));
    TRY(Time end, ParseMoment(parts[2]));
    out.end = end;
  } else {
    if (!parts[1].empty()) {
      TRY(Time start, ParseMoment(parts[1]));
      out.start = start;
    }
    TRY(out.period, ParsePeriod(parts[2]));
  }
  if (out.period.months == 0 && out.period.micros == 0 && out.times < 0) return bad();
  return out;
}

Time Add(Time from, const Period& period) {
  using namespace std::chrono;
  Time at = from;
  if (period.months != 0) {
    auto local = from + kChinaOffset;
    auto day = floor<days>(local);
    year_month_day date{day};
    auto moved = date.year() / date.month() + months(period.months);
    year_month_day target = moved / date.day();
    if (!target.ok()) target = year_month_day(moved / last);
    at = Time(sys_days(target).time_since_epoch()) + (local - day) - kChinaOffset;
  }
  return at + microseconds(period.micros);
}

Result<Time> NextCron(std::string_view cron, Time after) {
  auto bad = [&] { return error::kBadTime({{"text", std::string(cron)}}); };
  std::vector<std::string_view> fields;
  for (auto f : Split(Trim(cron), ' ')) {
    if (!f.empty()) fields.push_back(f);
  }
  if (fields.size() == 5) fields.insert(fields.begin(), "0");
  if (fields.size() == 7) fields.pop_back();
  if (fields.size() != 6) return bad();
  constexpr std::array<std::pair<int, int>, 6> kRange = {
      {{0, 59}, {0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}};
  std::array<std::bitset<64>, 6> sets;
  for (std::size_t i = 0; i < 6; ++i) {
    auto [low, high] = kRange[i];
    for (auto part : Split(fields[i], ',')) {
      std::int64_t step = 1;
      auto slash = part.find('/');
      if (slash != part.npos && (!Digits(part.substr(slash + 1), step) || step < 1)) return bad();
      auto body = part.substr(0, slash);
      std::int64_t from = low;
      std::int64_t to = high;
      if (body != "*" && body != "?") {
        auto dash = body.find('-');
        if (!Digits(body.substr(0, dash), from)) return bad();
        to = slash != part.npos ? high : from;
        if (dash != body.npos && !Digits(body.substr(dash + 1), to)) return bad();
      }
      if (from < low || to > high || from > to) return bad();
      for (std::int64_t v = from; v <= to; v += step) sets[i].set(static_cast<std::size_t>(v));
    }
  }
  if (sets[5].test(7)) sets[5].set(0);
  bool any_day = fields[3] == "*" || fields[3] == "?";
  bool any_weekday = fields[5] == "*" || fields[5] == "?";
  using namespace std::chrono;
  auto local = floor<seconds>(after + kChinaOffset) + seconds(1);
  auto first_day = floor<days>(local);
  for (int d = 0; d < 4 * 366; ++d) {
    auto day = first_day + days(d);
    year_month_day date{day};
    auto weekday_index = weekday(day).c_encoding();
    bool on_day = sets[3].test(static_cast<unsigned>(date.day()));
    bool on_weekday = sets[5].test(weekday_index);
    bool fits = any_day ? on_weekday : any_weekday ? on_day : (on_day || on_weekday);
    if (!sets[4].test(static_cast<unsigned>(date.month())) || !fits) continue;
    auto from = d == 0 ? local - day : seconds(0);
    for (int h = 0; h < 24; ++h) {
      if (!sets[2].test(static_cast<std::size_t>(h)) || hours(h + 1) <= from) continue;
      for (int m = 0; m < 60; ++m) {
        if (!sets[1].test(static_cast<std::size_t>(m))) continue;
        if (hours(h) + minutes(m + 1) <= from) continue;
        for (int sec = 0; sec < 60; ++sec) {
          auto at = hours(h) + minutes(m) + seconds(sec);
          if (!sets[0].test(static_cast<std::size_t>(sec)) || at < from) continue;
          return Time(day.time_since_epoch()) + at - kChinaOffset;
        }
      }
    }
  }
  return error::kBadTime({{"text", std::string(cron)}});
}

}  // namespace city::flow
