// SPDX-License-Identifier: Apache-2.0
// Shapes and check characters, by hand: no regular expression, no allocation.
#include "engines/forms/formats.h"

#include <algorithm>
#include <array>

namespace city::forms {
namespace {

constexpr std::string_view kCreditSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool IsDigit(char sign) { return sign >= '0' && sign <= '9'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

int Number(std::string_view digits) {
  int number = 0;
  for (char digit : digits) number = number * 10 + (digit - '0');
  return number;
}

bool DayExists(int year, int month, int day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = text.substr(0, 4), month = text.substr(5, 2), day = text.substr(8, 2);
  if (!AllDigits(year) || !AllDigits(month) || !AllDigits(day)) return false;
  return DayExists(Number(year), Number(month), Number(day));
}

bool IsCitizenId(std::string_view text) {
  if (text.size() != 18 || !AllDigits(text.substr(0, 17)) || text[0] == '0') return false;
  const char last = text[17] == 'x' ? 'X' : text[17];
  if (!IsDigit(last) && last != 'X') return false;
  const int year = Number(text.substr(6, 4));
  if (year < 1800 || !DayExists(year, Number(text.substr(10, 2)), Number(text.substr(12, 2)))) {
    return false;
  }
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t at = 0; at < kWeights.size(); ++at) sum += kWeights[at] * (text[at] - '0');
  return std::string_view("10X98765432")[static_cast<size_t>(sum % 11)] == last;
}

bool HasCreditCodeShape(std::string_view text) {
  if (text.size() != 18) return false;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool region = at >= 2 && at < 8;
    if (region ? !IsDigit(text[at]) : kCreditSigns.find(text[at]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool CreditCodeChecks(std::string_view text) {
  if (text.size() != 18) return false;
  size_t sum = 0;
  size_t weight = 1;
  for (size_t at = 0; at < 17; ++at) {
    const size_t value = kCreditSigns.find(text[at]);
    if (value == std::string_view::npos) return false;
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return kCreditSigns[(31 - sum % 31) % 31] == text[17];
}

bool IsMobile(std::string_view text) {
  return text.size() == 11 && AllDigits(text) && text[0] == '1' && text[1] >= '3';
}

std::optional<bool> HasFormat(std::string_view format, std::string_view text) {
  if (format == "date") return IsDate(text);
  if (format == "cn-id") return IsCitizenId(text);
  if (format == "cn-uscc") return HasCreditCodeShape(text);
  if (format == "mobile") return IsMobile(text);
  return std::nullopt;
}

}  // namespace city::forms
