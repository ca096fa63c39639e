// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/qr.h"

#include "parts/documents/errors.h"
#include "parts/documents/internal/qr_encoder.h"
#include "parts/documents/png.h"

namespace city::documents {
namespace {

constexpr int kQuiet = 4;

}  // namespace

Result<QrCode> MakeQr(std::string_view text, QrLevel level) {
  if (text.empty()) return error::kFailed({{"reason", "a QR code of nothing"}});
  std::optional<QrCode> made = internal::EncodeQr(text, level);
  if (!made) return error::kQrTooLong;
  return std::move(*made);
}

std::string QrSvg(const QrCode& code, int size_px) {
  const std::string side = std::to_string(code.size + 2 * kQuiet);
  const std::string pixels = std::to_string(size_px);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + pixels + "\" height=\"" +
                    pixels + "\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" +
                    side + "H0z\"/><path d=\"";
  for (int y = 0; y < code.size; ++y) {
    for (int x = 0; x < code.size; ++x) {
      if (!code.At(x, y)) continue;
      int run = 1;
      while (x + run < code.size && code.At(x + run, y)) ++run;
      out += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h" +
             std::to_string(run) + "v1h-" + std::to_string(run) + "z";
      x += run - 1;
    }
  }
  return out + "\"/></svg>";
}

std::string QrPng(const QrCode& code, int scale) {
  const int side = (code.size + 2 * kQuiet) * scale;
  std::string grey(static_cast<size_t>(side) * static_cast<size_t>(side), '\xff');
  for (int y = 0; y < code.size * scale; ++y) {
    for (int x = 0; x < code.size * scale; ++x) {
      if (!code.At(x / scale, y / scale)) continue;
      grey[static_cast<size_t>((y + kQuiet * scale) * side + x + kQuiet * scale)] = '\0';
    }
  }
  return WriteGreyPng(side, side, grey);
}

}  // namespace city::documents
