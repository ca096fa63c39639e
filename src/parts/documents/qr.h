// SPDX-License-Identifier: Apache-2.0
// Why: QR codes (GB/T 18284, ISO/IEC 18004) on screens, certificates and prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city::documents {

/// How much of a code may be damaged and still be read: 7, 15, 25, 30 %.
enum class QrLevel { kLow, kMedium, kQuartile, kHigh };

/// The dark and light squares of a code, without the quiet zone around it.
struct QrCode {
  int size = 0;            ///< squares on a side, 21 to 177
  std::vector<bool> dark;  ///< row by row
  bool At(int x, int y) const { return dark[static_cast<size_t>(y * size + x)]; }
};

/// The code of `text` (as bytes). Errors: documents.qr_too_long (more than 2953 bytes at kLow).
Result<QrCode> MakeQr(std::string_view text, QrLevel level = QrLevel::kMedium);

/// An SVG picture of `size_px`, with the quiet zone of four squares.
std::string QrSvg(const QrCode& code, int size_px = 256);
/// A black and white PNG with `scale` pixels for a square, with the quiet zone.
std::string QrPng(const QrCode& code, int scale = 8);

}  // namespace city::documents
