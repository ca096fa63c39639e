// SPDX-License-Identifier: Apache-2.0
// Why: a code is drawn on every certificate, and choosing among its eight masks square by square
// took longer than signing; here whole lines are judged at once.
#pragma once

#include <optional>
#include <string_view>

#include "parts/documents/qr.h"

namespace city::documents::internal {

/// The smallest code of `text` as bytes; nothing when no version holds it. `mask`: 0 to 7, or -1
/// for the one with the least penalty. Source: ISO/IEC 18004:2015, 7.
std::optional<QrCode> EncodeQr(std::string_view text, QrLevel level, int mask = -1);

}  // namespace city::documents::internal
