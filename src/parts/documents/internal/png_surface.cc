// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/internal/png_surface.h"

#include "parts/documents/errors.h"

namespace city::documents::internal {

Result<PngSurface> ReadPng(std::string_view png) {
  struct Source {
    std::string_view left;
  } source{png};
  PngSurface image(cairo_image_surface_create_from_png_stream(
                       [](void* closure, unsigned char* data, unsigned length) {
                         auto* from = static_cast<Source*>(closure);
                         if (from->left.size() < length) return CAIRO_STATUS_READ_ERROR;
                         from->left.copy(reinterpret_cast<char*>(data), length);
                         from->left.remove_prefix(length);
                         return CAIRO_STATUS_SUCCESS;
                       },
                       &source),
                   cairo_surface_destroy);
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) {
    return error::kFailed({{"reason", "a picture is no PNG"}});
  }
  return image;
}

}  // namespace city::documents::internal
