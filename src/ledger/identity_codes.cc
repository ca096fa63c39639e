// SPDX-License-Identifier: Apache-2.0
#include "ledger/identity_codes.h"

#include <array>

#include "base/time.h"

namespace city::ledger {
namespace {
bool AllDigits(std::string_view text) {
  for (char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
}  // namespace

char CitizenIdCheckCharacter(std::string_view body) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (body.size() != 17 || !AllDigits(body)) return 0;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) sum += (body[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

bool IsCitizenId(std::string_view text) {
  if (text.size() != 18) return false;
  char check = CitizenIdCheckCharacter(text.substr(0, 17));
  if (check == 0 || check != text[17]) return false;
  std::string birth = std::string(text.substr(6, 4)) + "-" + std::string(text.substr(10, 2)) + "-" +
                      std::string(text.substr(12, 2));
  return ParseDate(birth).has_value() && birth >= "1850";
}

char CreditCodeCheckCharacter(std::string_view body) {
  constexpr std::array<int, 17> kWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                            29, 25, 13, 8,  24, 10, 30, 28};
  if (body.size() != 17) return 0;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) {
    size_t value = kCreditAlphabet.find(body[i]);
    if (value == std::string_view::npos) return 0;
    sum += static_cast<int>(value) * kWeights[i];
  }
  return kCreditAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
}

char OrganisationCodeCheckCharacter(std::string_view body) {
  constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  if (body.size() != 8) return 0;
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) {
    char c = body[i];
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
    if (value < 0) return 0;
    sum += value * kWeights[i];
  }
  int check = 11 - sum % 11;
  return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

CreditCodeState CheckCreditCode(std::string_view text) {
  if (text.size() != 18) return CreditCodeState::kMalformed;
  for (char c : text)
    if (kCreditAlphabet.find(c) == std::string_view::npos) return CreditCodeState::kMalformed;
  if (!AllDigits(text.substr(2, 6))) return CreditCodeState::kMalformed;
  if (CreditCodeCheckCharacter(text.substr(0, 17)) != text[17]) return CreditCodeState::kCheckFails;
  if (OrganisationCodeCheckCharacter(text.substr(8, 8)) != text[16])
    return CreditCodeState::kCheckFails;
  return CreditCodeState::kGood;
}

bool IsMobile(std::string_view text) {
  return text.size() == 11 && AllDigits(text) && text[0] == '1' && text[1] >= '3';
}

bool IsDivisionCode(std::string_view text) {
  return (text.size() == 6 || text.size() == 9 || text.size() == 12) && AllDigits(text);
}

std::string_view DivisionPrefix(std::string_view code) {
  if (code.size() == 12 && code.substr(9) == "000") code = code.substr(0, 9);
  if (code.size() == 9 && code.substr(6) == "000") code = code.substr(0, 6);
  if (code.size() == 6 && code.substr(4) == "00") code = code.substr(0, 4);
  if (code.size() == 4 && code.substr(2) == "00") code = code.substr(0, 2);
  if (code == "00") return {};
  return code;
}
}  // namespace city::ledger
