// SPDX-License-Identifier: Apache-2.0
// Why: our codes are square for square those of another encoder with the same mask.
#include "parts/documents/internal/qr_encoder.h"

#include <gtest/gtest.h>
#include <qrencode.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace city::documents::internal {
namespace {

constexpr QRecLevel kTheirs[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};

/// Masks with which our code is theirs.
std::string SameMasks(const std::string& text, int level) {
  std::unique_ptr<QRcode, void (*)(QRcode*)> theirs(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), 0, kTheirs[level]),
      QRcode_free);
  if (!theirs) return "none";
  std::string out;
  for (int mask = 0; mask < 8; ++mask) {
    const auto ours = EncodeQr(text, static_cast<QrLevel>(level), mask);
    if (!ours) return "refused";
    if (ours->size != theirs->width) return "size " + std::to_string(ours->size);
    bool same = true;
    for (int i = 0; i < ours->size * ours->size; ++i)
      same = same && ours->dark[static_cast<size_t>(i)] == ((theirs->data[i] & 1) != 0);
    if (same) out += std::to_string(mask);
  }
  return out;
}

TEST(QrEncoder, AgreesWithAnotherForEveryVersionAndLevel) {
  for (int level = 0; level < 4; ++level) {
    int size = 0, versions = 0;
    std::string text;
    while (true) {
      text += static_cast<char>(text.size() * 7 + 33);
      const auto code = EncodeQr(text, static_cast<QrLevel>(level));
      if (!code) break;
      if (code->size == size) continue;
      // The first text that needs this version; the one before was the last that fits.
      EXPECT_EQ(SameMasks(text, level).size(), 1u) << level << ' ' << text.size();
      if (text.size() > 1) {
        EXPECT_EQ(SameMasks(text.substr(1), level).size(), 1u) << level << ' ' << text.size();
      }
      size = code->size;
      ++versions;
    }
    EXPECT_EQ(versions, 40) << level;
    EXPECT_EQ(SameMasks(text, level), "none");
  }
}

/// 7.8.3.1 square by square: what the code costs, all beyond its edge being light.
int Cost(const QrCode& code) {
  const int n = code.size;
  int out = 0, dark = 0;
  auto at = [&](int x, int y, bool turned) {
    if (x < 0 || y < 0 || x >= n || y >= n) return false;
    return turned ? code.At(y, x) : code.At(x, y);
  };
  for (bool turned : {false, true})
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n;) {
        int run = 1;
        while (x + run < n && at(x + run, y, turned) == at(x, y, turned)) ++run;
        if (run >= 5) out += run - 2;
        x += run;
      }
      for (int x = 0; x < n; ++x) {
        bool core = true, before = true, after = true;
        for (int i = 0; i < 7; ++i) core = core && at(x + i, y, turned) == (i != 1 && i != 5);
        for (int i = 1; i <= 4; ++i) {
          before = before && !at(x - i, y, turned);
          after = after && !at(x + 6 + i, y, turned);
        }
        if (core && x + 6 < n) out += 40 * (before + after);
      }
    }
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x) {
      dark += code.At(x, y);
      if (x + 1 < n && y + 1 < n && code.At(x, y) == code.At(x + 1, y) &&
          code.At(x, y) == code.At(x, y + 1) && code.At(x, y) == code.At(x + 1, y + 1))
        out += 3;
    }
  return out + std::abs(dark * 20 - n * n * 10) / (n * n) * 10;
}

TEST(QrEncoder, ChoosesTheMaskThatCostsLeast) {
  for (size_t size : {3u, 40u, 62u, 150u, 230u, 400u, 1500u}) {
    std::string text(size, 'x');
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * i * 31 + size);
    const auto chosen = EncodeQr(text, QrLevel::kMedium);
    ASSERT_TRUE(chosen);
    int least = 1 << 30;
    for (int mask = 0; mask < 8; ++mask)
      least = std::min(least, Cost(*EncodeQr(text, QrLevel::kMedium, mask)));
    EXPECT_EQ(Cost(*chosen), least) << size;
  }
}

}  // namespace
}  // namespace city::documents::internal
