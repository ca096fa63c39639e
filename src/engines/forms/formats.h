// SPDX-License-Identifier: Apache-2.0
// Formats that a form may ask of a text; the browser's twin is web/src/engines/forms/formats.ts.
#pragma once
#include <optional>
#include <string_view>

namespace city::forms {

/// Whether `text` is a day of the Gregorian calendar, written YYYY-MM-DD.
bool IsDate(std::string_view text);

/// Whether `text` is a citizen identity number of 18 signs: shape, birthday, check character.
/// Source: GB 11643-1999 (check by ISO 7064 MOD 11-2).
bool IsCitizenId(std::string_view text);

/// Whether `text` has the shape of a unified social credit code; the check sign is not looked at.
/// Source: GB 32100-2015.
bool HasCreditCodeShape(std::string_view text);

/// Whether the last sign of a code of that shape fits the rest (modulus 31). Some early codes that
/// are in force do not: a warning, never a refusal.
bool CreditCodeChecks(std::string_view text);

/// Whether `text` is a mobile number of the mainland, 11 digits.
bool IsMobile(std::string_view text);

/// Whether `text` has `format` (date, cn-id, cn-uscc, mobile); nothing when the format is unknown.
std::optional<bool> HasFormat(std::string_view format, std::string_view text);

}  // namespace city::forms
