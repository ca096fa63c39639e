// SPDX-License-Identifier: Apache-2.0
// Why: the picture of an organisation's round seal, drawn from its name.
#pragma once

#include <string>
#include <vector>

#include "parts/documents/page.h"

namespace city::documents {

/// A round seal: the name on an arc, a star in the middle, a line of text below it.
struct SealDesign {
  std::string name;      ///< 4 to 40 characters, along the upper arc
  std::string purpose;   ///< below the star, e.g. 行政审批专用章; may be empty
  double diameter = 42;  ///< mm
  Colour colour = kSealRed;
};

/// The seal's shapes with its centre at `x`, `y` mm. Errors: documents.failed for a name that does
/// not fit, documents.font_missing.
Result<std::vector<Shape>> DrawSeal(const SealDesign& design, double x, double y);

/// The seal as an SVG picture, without fonts.
Result<std::string> SealSvg(const SealDesign& design);
/// The seal as a PNG with a clear background, `pixels` wide.
Result<std::string> SealPng(const SealDesign& design, int pixels = 420);

}  // namespace city::documents
