// SPDX-License-Identifier: Apache-2.0
// Why: what was made once is given again, and stays the same when it was forgotten in between.
#include "parts/documents/internal/embedded_font.h"

#include <gtest/gtest.h>

#include "parts/documents/internal/ofd_xml.h"

namespace city::documents::internal {
namespace {

TEST(EmbeddedFont, IsMadeOnceAndKnowsItsHash) {
  const auto first = EmbeddedFontOf(Face::kHei, U"证照7").value();
  EXPECT_EQ(first->sm3, Sm3Of(first->bytes));
  // Another number needs no other font.
  EXPECT_EQ(EmbeddedFontOf(Face::kHei, U"证照20").value(), first);
  EXPECT_EQ(EmbeddedFontOf(Face::kHei, U"证照A2").value(),
            EmbeddedFontOf(Face::kHei, U"照证7X").value());
  EXPECT_NE(EmbeddedFontOf(Face::kHei, U"证照").value()->bytes, first->bytes);
  EXPECT_NE(EmbeddedFontOf(Face::kSong, U"证照7").value()->bytes, first->bytes);
}

TEST(EmbeddedFont, IsTheSameAfterItWasForgotten) {
  const auto first = EmbeddedFontOf(Face::kHei, U"营").value();
  for (char32_t c = U'一'; c < U'一' + 400; ++c)
    ASSERT_TRUE(EmbeddedFontOf(Face::kHei, std::u32string(1, c)));
  const auto again = EmbeddedFontOf(Face::kHei, U"营").value();
  EXPECT_NE(again, first);
  EXPECT_EQ(again->bytes, first->bytes);
}

}  // namespace
}  // namespace city::documents::internal
