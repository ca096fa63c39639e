// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <fmt/format.h>

#include "base/errors.h"

namespace city {
namespace {
using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::year_month_day;

/// Reads exactly `count` digits at `at`; -1 when there are fewer.
int Digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}
}  // namespace

Time SystemClock::Now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

Time ShiftedClock::Now() const { return SystemClock().Now() + shift(); }

namespace {
// Rows carry several moments each, so these digits are set without a format string.
void AppendDigits(std::string& out, int64_t number, int width) {
  char digits[20];
  for (int i = width; i-- > 0; number /= 10) digits[i] = static_cast<char>('0' + number % 10);
  out.append(digits, static_cast<size_t>(width));
}

void AppendDate(std::string& out, Date date) {
  year_month_day ymd{date};
  int year = static_cast<int>(ymd.year());
  if (year < 0 || year > 9999) {
    out += fmt::format("{:04}", year);
  } else {
    AppendDigits(out, year, 4);
  }
  out += '-';
  AppendDigits(out, static_cast<unsigned>(ymd.month()), 2);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(ymd.day()), 2);
}
}  // namespace

std::string IsoDate(Date date) {
  std::string out;
  AppendDate(out, date);
  return out;
}

Date ChinaDate(Time time) { return floor<days>(time + kChinaOffset); }

Time StartOfChinaDay(Date date) { return Time(date) - kChinaOffset; }

std::string IsoChina(Time time, bool fraction) {
  Time local = time + kChinaOffset;
  Date day = floor<days>(local);
  auto rest = local - day;
  auto whole = floor<seconds>(rest);
  int64_t s = whole.count();
  std::string out;
  out.reserve(32);
  AppendDate(out, day);
  out += 'T';
  AppendDigits(out, s / 3600, 2);
  out += ':';
  AppendDigits(out, s / 60 % 60, 2);
  out += ':';
  AppendDigits(out, s % 60, 2);
  int64_t micros = (rest - whole).count();
  if (fraction && micros != 0) {
    out += '.';
    AppendDigits(out, micros, 6);
  }
  out += "+08:00";
  return out;
}

Result<Date> ParseDate(std::string_view text) {
  auto bad = [&] { return error::kBadTime({{"text", std::string(text.substr(0, 40))}}); };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return bad();
  int y = Digits(text, 0, 4), m = Digits(text, 5, 2), d = Digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return bad();
  year_month_day ymd{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                     std::chrono::day(static_cast<unsigned>(d))};
  if (!ymd.ok()) return bad();
  return Date(ymd);
}

Result<Time> ParseTime(std::string_view text) {
  auto bad = [&] { return error::kBadTime({{"text", std::string(text.substr(0, 40))}}); };
  if (text.size() < 10) return bad();
  TRY(Date day, ParseDate(text.substr(0, 10)));
  if (text.size() == 10) return StartOfChinaDay(day);
  if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') return bad();
  int h = Digits(text, 11, 2), m = Digits(text, 14, 2), s = 0;
  size_t at = 16;
  if (at < text.size() && text[at] == ':') {
    s = Digits(text, 17, 2);
    at = 19;
  }
  if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return bad();
  int64_t micros = 0;
  if (at < text.size() && text[at] == '.') {
    int64_t unit = 100'000;
    size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      micros += (text[at] - '0') * unit;
    if (at == first) return bad();
  }
  std::chrono::minutes offset = kChinaOffset;
  if (at < text.size()) {
    if (text[at] == 'Z' && at + 1 == text.size()) {
      offset = std::chrono::minutes(0);
    } else if ((text[at] == '+' || text[at] == '-') && at + 6 == text.size() &&
               text[at + 3] == ':') {
      int oh = Digits(text, at + 1, 2), om = Digits(text, at + 4, 2);
      if (oh < 0 || oh > 18 || om < 0 || om > 59) return bad();
      offset = std::chrono::minutes(oh * 60 + om);
      if (text[at] == '-') offset = -offset;
    } else {
      return bad();
    }
  }
  return Time(day) + std::chrono::hours(h) + std::chrono::minutes(m) + seconds(s) +
         microseconds(micros) - offset;
}
}  // namespace city
