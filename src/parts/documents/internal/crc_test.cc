// SPDX-License-Identifier: Apache-2.0
// Why: the fast way gives what the plain one gives, wherever a piece begins and ends.
#include "parts/documents/internal/crc.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace city::documents::internal {
namespace {

TEST(Crc, FollowsTheCheckValue) {
  // ISO 3309's check value, as catalogues of checksums list it.
  EXPECT_EQ(Crc32(0, "123456789"), 0xcbf43926U);
  EXPECT_EQ(Crc32(0, ""), 0U);
}

TEST(Crc, IsTheSameForEveryLengthAndPlace) {
  std::string bytes;
  uint32_t mixed = 12345;
  for (int i = 0; i < 1200; ++i) {
    mixed = mixed * 1664525 + 1013904223;
    bytes += static_cast<char>(mixed >> 24);
  }
  for (size_t from = 0; from < 20; ++from)
    for (size_t size = 0; from + size <= bytes.size(); size += 1 + size / 40) {
      const auto piece = std::string_view(bytes).substr(from, size);
      ASSERT_EQ(Crc32(mixed, piece),
                crc32_z(mixed, reinterpret_cast<const Bytef*>(piece.data()), piece.size()))
          << from << " " << size;
    }
}

TEST(Crc, GoesOnFromPieceToPiece) {
  const std::string bytes(1000, 'x');
  for (size_t cut : {0U, 1U, 63U, 64U, 65U, 500U, 1000U})
    EXPECT_EQ(Crc32(Crc32(0, std::string_view(bytes).substr(0, cut)),
                    std::string_view(bytes).substr(cut)),
              Crc32(0, bytes));
}

}  // namespace
}  // namespace city::documents::internal
