// SPDX-License-Identifier: Apache-2.0
// Why: our pictures are read by others.
#include "parts/documents/png.h"

#include <cairo.h>
#include <gtest/gtest.h>

namespace city::documents {
namespace {

struct Source {
  std::string_view left;
};

cairo_status_t Take(void* closure, unsigned char* data, unsigned length) {
  auto* source = static_cast<Source*>(closure);
  if (source->left.size() < length) return CAIRO_STATUS_READ_ERROR;
  source->left.copy(reinterpret_cast<char*>(data), length);
  source->left.remove_prefix(length);
  return CAIRO_STATUS_SUCCESS;
}

TEST(Png, IsReadByAnotherLibrary) {
  const std::string pixels("\xff\x00\x00\xff\x00\xff\x00\xff\x00\x00\xff\xff", 12);
  const std::string png = WritePng(3, 1, pixels);
  Source source{png};
  cairo_surface_t* image = cairo_image_surface_create_from_png_stream(Take, &source);
  ASSERT_EQ(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
  EXPECT_EQ(cairo_image_surface_get_width(image), 3);
  const auto* data = reinterpret_cast<const uint32_t*>(cairo_image_surface_get_data(image));
  EXPECT_EQ(data[0] & 0xffffff, 0xff0000u);
  EXPECT_EQ(data[1] & 0xffffff, 0x00ff00u);
  EXPECT_EQ(data[2] & 0xffffff, 0x0000ffu);
  cairo_surface_destroy(image);
}

TEST(Png, OfOneColourIsReadByAnotherLibrary) {
  const std::string png =
      WriteTintedPng(3, 2, {200, 0, 100}, std::string_view("\xff\x00\x80\x00\xff\xff", 6));
  Source source{png};
  cairo_surface_t* image = cairo_image_surface_create_from_png_stream(Take, &source);
  ASSERT_EQ(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
  const int words = cairo_image_surface_get_stride(image) / 4;
  const auto* data = reinterpret_cast<const uint32_t*>(cairo_image_surface_get_data(image));
  EXPECT_EQ(data[0], 0xffc80064u);
  EXPECT_EQ(data[1], 0u);
  EXPECT_EQ(data[2] >> 24, 0xaau);  // half, in steps of a third
  EXPECT_EQ(data[words], 0u);
  EXPECT_EQ(data[words + 2], 0xffc80064u);
  cairo_surface_destroy(image);
}

TEST(Png, TellsItsSizeFromItsHead) {
  int width = 0, height = 0;
  EXPECT_TRUE(PngSize(WriteGreyPng(7, 5, std::string(35, 'x')), width, height));
  EXPECT_EQ(width, 7);
  EXPECT_EQ(height, 5);
  EXPECT_FALSE(PngSize("", width, height));
  EXPECT_FALSE(PngSize("no picture at all, but long enough", width, height));
}

}  // namespace
}  // namespace city::documents
