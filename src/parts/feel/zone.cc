// SPDX-License-Identifier: Apache-2.0
// Reads TZif files (RFC 8536, version 2 and later) including the rule in their footer.
#include "parts/feel/zone.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "parts/feel/temporal.h"

namespace city::feel {
namespace {

constexpr size_t kMaxZones = 1024;
constexpr int64_t kDay = 86400;

struct DayRule {
  char kind = 0;  // 'M' month.week.day, 'J' day 1..365 without 29 February, '0' day 0..365
  int month = 0, week = 0, day = 0;
  int64_t seconds = 7200;
};

struct Zone {
  std::string name;
  std::vector<int64_t> at;      // instants from which offset[i + 1] holds
  std::vector<int32_t> offset;  // offset[0] holds before the first instant
  bool has_rule = false;
  int32_t standard = 0;
  int32_t summer = 0;
  bool has_summer = false;
  DayRule start, end;
};

int64_t Big(const std::string& s, size_t at, int bytes) {
  uint64_t v = 0;
  for (int i = 0; i < bytes; ++i)
    v = (v << 8) | static_cast<unsigned char>(s[at + static_cast<size_t>(i)]);
  if (bytes == 4) return static_cast<int32_t>(static_cast<uint32_t>(v));
  return static_cast<int64_t>(v);
}

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  bool Read(Zone& zone) {
    if (!Name()) return false;
    int64_t seconds = 0;
    if (!Clock(seconds)) return false;
    zone.standard = static_cast<int32_t>(-seconds);
    zone.has_rule = true;
    if (text_.empty()) return true;
    if (!Name()) return false;
    zone.summer = zone.standard + 3600;
    if (!text_.empty() && text_[0] != ',') {
      if (!Clock(seconds)) return false;
      zone.summer = static_cast<int32_t>(-seconds);
    }
    if (!Day(zone.start) || !Day(zone.end)) return false;
    zone.has_summer = true;
    return true;
  }

 private:
  bool Name() {
    size_t n = 0;
    if (!text_.empty() && text_[0] == '<') {
      n = text_.find('>');
      if (n == std::string_view::npos) return false;
      ++n;
    } else {
      while (n < text_.size() && ((text_[n] | 32) >= 'a' && (text_[n] | 32) <= 'z')) ++n;
    }
    if (n < 3) return false;
    text_.remove_prefix(n);
    return true;
  }
  bool Int(int& out) {
    size_t n = 0;
    int v = 0;
    while (n < text_.size() && text_[n] >= '0' && text_[n] <= '9' && n < 4)
      v = v * 10 + (text_[n++] - '0');
    if (n == 0) return false;
    text_.remove_prefix(n);
    out = v;
    return true;
  }
  bool Clock(int64_t& seconds) {
    bool negative = false;
    if (!text_.empty() && (text_[0] == '-' || text_[0] == '+')) {
      negative = text_[0] == '-';
      text_.remove_prefix(1);
    }
    int part = 0;
    if (!Int(part)) return false;
    seconds = part * 3600;
    for (int unit : {60, 1}) {
      if (text_.empty() || text_[0] != ':') break;
      text_.remove_prefix(1);
      if (!Int(part)) return false;
      seconds += part * unit;
    }
    if (negative) seconds = -seconds;
    return true;
  }
  bool Day(DayRule& rule) {
    if (text_.empty() || text_[0] != ',') return false;
    text_.remove_prefix(1);
    if (text_.empty()) return false;
    rule.kind = '0';
    if (text_[0] == 'M' || text_[0] == 'J') {
      rule.kind = text_[0];
      text_.remove_prefix(1);
    }
    if (rule.kind == 'M') {
      if (!Int(rule.month) || text_.empty()) return false;
      text_.remove_prefix(1);
      if (!Int(rule.week) || text_.empty()) return false;
      text_.remove_prefix(1);
      if (!Int(rule.day)) return false;
    } else if (!Int(rule.day)) {
      return false;
    }
    rule.seconds = 7200;
    if (!text_.empty() && text_[0] == '/') {
      text_.remove_prefix(1);
      return Clock(rule.seconds);
    }
    return true;
  }
  std::string_view text_;
};

/// Wall-clock seconds at which a yearly rule takes effect.
int64_t RuleSeconds(const DayRule& rule, int64_t year) {
  int64_t first = DaysFromCivil(year, 1, 1);
  int64_t day = first + rule.day;
  if (rule.kind == 'J') {
    day = first + rule.day - 1 + ((IsLeapYear(year) && rule.day >= 60) ? 1 : 0);
  } else if (rule.kind == 'M') {
    int64_t month = DaysFromCivil(year, rule.month, 1);
    int weekday = static_cast<int>(((month + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
    day = month + (rule.day - weekday + 7) % 7 + (rule.week - 1) * 7;
    if (day >= month + DaysInMonth(year, rule.month)) day -= 7;
  }
  return day * kDay + rule.seconds;
}

int32_t OffsetByRule(const Zone& zone, int64_t utc) {
  if (!zone.has_summer) return zone.standard;
  int64_t days = (utc + zone.standard) / kDay - ((utc + zone.standard) % kDay < 0 ? 1 : 0);
  int64_t year = CivilFromDays(days).year;
  int64_t start = RuleSeconds(zone.start, year) - zone.standard;
  int64_t end = RuleSeconds(zone.end, year) - zone.summer;
  bool summer = start < end ? (utc >= start && utc < end) : (utc >= start || utc < end);
  return summer ? zone.summer : zone.standard;
}

std::unique_ptr<Zone> Load(std::string_view name) {
  std::string path = "/usr/share/zoneinfo/" + std::string(name);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return nullptr;  // "Europe" is a folder
  std::ifstream file(path, std::ios::binary);
  if (!file) return nullptr;
  std::string s((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (s.size() < 44 || s.compare(0, 4, "TZif") != 0) return nullptr;
  auto zone = std::make_unique<Zone>();
  zone->name = name;
  size_t at = 0;
  int width = 4;
  int64_t leaps, isut, isstd, times, types, chars;
  auto header = [&] {
    isut = Big(s, at + 20, 4);
    isstd = Big(s, at + 24, 4);
    leaps = Big(s, at + 28, 4);
    times = Big(s, at + 32, 4);
    types = Big(s, at + 36, 4);
    chars = Big(s, at + 40, 4);
    at += 44;
    int64_t body = times * (width + 1) + types * 6 + chars + leaps * (width + 4) + isstd + isut;
    return times >= 0 && types > 0 && chars >= 0 && leaps >= 0 && body >= 0 &&
           at + static_cast<size_t>(body) <= s.size();
  };
  if (!header()) return nullptr;
  if (s[4] >= '2') {
    at += static_cast<size_t>(times * 5 + types * 6 + chars + leaps * 8 + isstd + isut);
    if (at + 44 > s.size()) return nullptr;
    width = 8;
    if (!header()) return nullptr;
  }
  size_t index = at + static_cast<size_t>(times * width);
  size_t kinds = index + static_cast<size_t>(times);
  auto offset_of = [&](int64_t type) {
    return static_cast<int32_t>(Big(s, kinds + static_cast<size_t>(type) * 6, 4));
  };
  zone->offset.push_back(offset_of(0));
  zone->standard = zone->offset[0];
  for (int64_t i = 0; i < times; ++i) {
    int64_t type = static_cast<unsigned char>(s[index + static_cast<size_t>(i)]);
    if (type >= types) return nullptr;
    zone->at.push_back(Big(s, at + static_cast<size_t>(i * width), width));
    zone->offset.push_back(offset_of(type));
    if (s[kinds + static_cast<size_t>(type) * 6 + 4] == 0) zone->standard = zone->offset.back();
  }
  size_t foot = s.find_last_of('\n', s.size() - 2);
  if (width == 8 && foot != std::string::npos && s.back() == '\n') {
    std::string rule = s.substr(foot + 1, s.size() - foot - 2);
    Zone copy = *zone;
    if (!rule.empty() && RuleReader(rule).Read(copy)) *zone = copy;
  }
  return zone;
}

struct Table {
  std::mutex lock;
  std::atomic<size_t> count{0};
  std::array<std::atomic<const Zone*>, kMaxZones> zones{};
};

Table& Zones() {
  static Table* table = new Table;  // lives as long as the process: values refer to it
  return *table;
}

bool IsSafeName(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/') return false;
  if (name.starts_with("right/") || name.starts_with("posix/")) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

}  // namespace

std::optional<uint16_t> FindZone(std::string_view name) {
  Table& table = Zones();
  size_t count = table.count.load(std::memory_order_acquire);
  for (size_t i = 0; i < count; ++i) {
    if (table.zones[i].load(std::memory_order_acquire)->name == name)
      return static_cast<uint16_t>(i);
  }
  if (!IsSafeName(name)) return std::nullopt;
  std::lock_guard guard(table.lock);
  count = table.count.load(std::memory_order_acquire);
  for (size_t i = 0; i < count; ++i) {
    if (table.zones[i].load(std::memory_order_acquire)->name == name)
      return static_cast<uint16_t>(i);
  }
  if (count >= kMaxZones) return std::nullopt;
  auto zone = Load(name);
  if (!zone) return std::nullopt;
  table.zones[count].store(zone.release(), std::memory_order_release);
  table.count.store(count + 1, std::memory_order_release);
  return static_cast<uint16_t>(count);
}

std::string_view ZoneName(uint16_t zone) {
  return Zones().zones[zone].load(std::memory_order_acquire)->name;
}

int32_t ZoneOffsetAt(uint16_t number, int64_t utc) {
  const Zone& zone = *Zones().zones[number].load(std::memory_order_acquire);
  if (zone.has_rule && (zone.at.empty() || utc >= zone.at.back())) return OffsetByRule(zone, utc);
  auto next = std::upper_bound(zone.at.begin(), zone.at.end(), utc);
  return zone.offset[static_cast<size_t>(next - zone.at.begin())];
}

int32_t ZoneOffsetForLocal(uint16_t zone, int64_t local) {
  int32_t before = ZoneOffsetAt(zone, local - kDay);
  int32_t after = ZoneOffsetAt(zone, local + kDay);
  if (before == after) return before;
  if (ZoneOffsetAt(zone, local - before) == before) return before;
  if (ZoneOffsetAt(zone, local - after) == after) return after;
  return before;
}

int32_t ZoneStandardOffset(uint16_t number) {
  return Zones().zones[number].load(std::memory_order_acquire)->standard;
}

}  // namespace city::feel
