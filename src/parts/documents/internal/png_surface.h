// SPDX-License-Identifier: Apache-2.0
// Why: a PNG is read the same way for pages and for seals on foreign pages.
#pragma once

#include <cairo.h>

#include <memory>
#include <string_view>

#include "base/result.h"

namespace city::documents::internal {

using PngSurface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;

/// The pixels of a PNG. Errors: documents.failed.
Result<PngSurface> ReadPng(std::string_view png);

}  // namespace city::documents::internal
