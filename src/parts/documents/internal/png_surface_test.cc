// SPDX-License-Identifier: Apache-2.0
// Why: pixels come back as they were written, and what is no PNG is refused.
#include "parts/documents/internal/png_surface.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/png.h"

namespace city::documents::internal {
namespace {

TEST(PngSurface, HasThePixelsOfThePicture) {
  const std::string rgba("\xff\x00\x00\xff\x00\x00\xff\xff", 8);  // red, blue
  auto surface = ReadPng(WritePng(2, 1, rgba));
  ASSERT_TRUE(surface) << surface.error().ToLine();
  ASSERT_EQ(cairo_image_surface_get_width(surface->get()), 2);
  ASSERT_EQ(cairo_image_surface_get_height(surface->get()), 1);
  const auto* pixels =
      reinterpret_cast<const uint32_t*>(cairo_image_surface_get_data(surface->get()));
  EXPECT_EQ(pixels[0] & 0xffffff, 0xff0000U);
  EXPECT_EQ(pixels[1] & 0xffffff, 0x0000ffU);
}

TEST(PngSurface, IsNoneOfOtherBytes) {
  for (std::string_view bytes : {"", "no picture", "\x89PNG\r\n\x1a\n"}) {
    auto surface = ReadPng(bytes);
    ASSERT_FALSE(surface);
    EXPECT_TRUE(surface.error().Is(error::kFailed));
  }
}

}  // namespace
}  // namespace city::documents::internal
