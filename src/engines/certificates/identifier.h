// SPDX-License-Identifier: Apache-2.0
// Why: every certificate has one name in the whole country (GB/T 36904-2018).
//   1.2.156.3005.2 . type code, 21 . issuer code, 18 or 6 . serial . version, 3 . check, 1
// The check character is ISO/IEC 7064 MOD 37,36 over all parts but the root, without the dots.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace city::certificates {

/// Root of all certificate identifiers.
inline constexpr std::string_view kIdentifierRoot = "1.2.156.3005.2";

/// Check character over digits and upper-case letters; nothing for other signs.
/// Source: ISO/IEC 7064 (GB/T 17710), MOD 37,36.
std::optional<char> IdentifierCheck(std::string_view body);

/// The parts of an identifier.
struct Identifier {
  std::string type_code;    ///< 21 signs: credit code of the defining authority and 3 digits
  std::string issuer_code;  ///< credit code, or the division of a body that has none
  std::string serial;       ///< up to 32 digits and upper-case letters
  int version = 1;          ///< 1 to 999; a change or renewal raises it
  /// With root, dots and check character. Parts that are malformed give an empty text.
  std::string ToText() const;
};

/// Reads an identifier. Errors: certificates.bad_identifier, also for a wrong check character.
Result<Identifier> ParseIdentifier(std::string_view text);
}  // namespace city::certificates
