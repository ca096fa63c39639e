// SPDX-License-Identifier: Apache-2.0
// Keys made by the program: UUID version 7 (RFC 9562), which sort by the time they were made.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace city {

/// 128 bits, compared as bytes.
struct Uuid {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
  /// "0190f3c2-…", lower case, 36 signs.
  std::string ToText() const;
};

/// Reads the 36-sign form, any letter case. Errors: base.bad_id.
Result<Uuid> ParseUuid(std::string_view text);
/// Whether `text` has the 36-sign form.
bool IsUuid(std::string_view text);
/// A new version-7 key; keys of one process rise strictly, also within a millisecond. Thread-safe.
Uuid NewUuid(Time now);
/// The same as text.
std::string NewId(Time now);
}  // namespace city
