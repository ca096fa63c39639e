// SPDX-License-Identifier: Apache-2.0
// Codes with check characters that identify persons, organisations and places.
#pragma once
#include <string_view>

#include "base/result.h"

namespace city::ledger {

/// Whether a resident identity number is well formed: 17 digits and a check character, a real birth
/// date. Source: GB 11643-1999 (ISO 7064 MOD 11-2).
bool IsCitizenId(std::string_view text);
/// Check character for the first 17 digits of a resident identity number; 0 when they are no
/// digits.
char CitizenIdCheckCharacter(std::string_view body);

/// What is known of a unified social credit code. A failed check is a warning: early codes that
/// fail it are valid.
enum class CreditCodeState { kGood, kCheckFails, kMalformed };
/// Source: GB 32100-2015 (modulus 31) and GB 11714 (modulus 11) inside it.
CreditCodeState CheckCreditCode(std::string_view text);
/// Check character of a unified social credit code for its first 17 characters; 0 when one lies
/// outside the 31-sign alphabet. Source: GB 32100-2015.
char CreditCodeCheckCharacter(std::string_view body);
/// Check character of an organisation code for its first 8 characters; 0 when malformed. Source: GB
/// 11714-1997.
char OrganisationCodeCheckCharacter(std::string_view body);

/// A mainland mobile number: 11 digits, 1 and 3-9 first.
bool IsMobile(std::string_view text);
/// 6 (county), 9 (town) or 12 (village) digits of GB/T 2260 and GB/T 10114.
bool IsDivisionCode(std::string_view text);
/// Digits of a division code that all places inside share: "4402" for 440200, "440203" for 440203.
std::string_view DivisionPrefix(std::string_view code);
}  // namespace city::ledger
