// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/seal_picture.h"

#include <cairo.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <numbers>

#include <fmt/format.h>

#include "parts/documents/errors.h"
#include "parts/documents/png.h"

namespace city::documents {
namespace {

constexpr double kPi = std::numbers::pi;

Shape Filled(Colour colour) {
  Shape out;
  out.fill = true;
  out.fill_colour = colour;
  return out;
}

// A circle of four curves.
void AddCircle(Shape& shape, double x, double y, double r) {
  constexpr double k = 0.5522847498;
  shape.steps.push_back({'M', {x + r}, {y}});
  shape.steps.push_back({'C', {x + r, x + k * r, x}, {y + k * r, y + r, y + r}});
  shape.steps.push_back({'C', {x - k * r, x - r, x - r}, {y + r, y + k * r, y}});
  shape.steps.push_back({'C', {x - r, x - k * r, x}, {y - k * r, y - r, y - r}});
  shape.steps.push_back({'C', {x + k * r, x + r, x + r}, {y - r, y - k * r, y}});
  shape.steps.push_back({'Z', {}, {}});
}

// A character with its middle at `x`, `y`, turned by `angle`, `width` wide and `height` high.
void AddCharacter(Shape& shape, const Font& font, char32_t c, double x, double y, double angle,
                  double width, double height) {
  const double sine = std::sin(angle), cosine = std::cos(angle);
  for (Font::Step step : font.Outline(c)) {
    for (int i = 0; i < 3; ++i) {
      // A square of 1000 whose middle lies 380 above the baseline.
      const double u = (step.x[i] - 500) / 1000 * width, v = -(step.y[i] - 380) / 1000 * height;
      step.x[i] = x + u * cosine - v * sine;
      step.y[i] = y + u * sine + v * cosine;
    }
    shape.steps.push_back(step);
  }
}

}  // namespace

Result<std::vector<Shape>> DrawSeal(const SealDesign& design, double x, double y) {
  TRY(const Font* font, Font::Of(Face::kSongBold));
  const std::u32string name = Characters(design.name);
  const std::u32string purpose = Characters(design.purpose);
  if (name.size() < 2 || name.size() > 40 || purpose.size() > 16) {
    return error::kFailed({{"reason", "a seal holds a name of 2 to 40 characters"}});
  }
  const double r = design.diameter / 2;
  std::vector<Shape> out;
  Shape ring;
  const double line = design.diameter * 0.028;
  AddCircle(ring, x, y, r - line / 2);
  ring.line_mm = line;
  ring.line_colour = design.colour;
  out.push_back(std::move(ring));

  Shape star = Filled(design.colour);
  const double outer = r * 0.34, inner = outer * 0.381966;
  for (int i = 0; i < 10; ++i) {
    const double angle = -kPi / 2 + i * kPi / 5, length = i % 2 == 0 ? outer : inner;
    star.steps.push_back(
        {i == 0 ? 'M' : 'L', {x + length * std::cos(angle)}, {y + length * std::sin(angle)}});
  }
  star.steps.push_back({'Z', {}, {}});
  out.push_back(std::move(star));

  // The name takes up to 270 degrees of the arc; a long one becomes narrower.
  const double height = r * 0.27, radius = r * 0.93 - line - height / 2;
  const double most = kPi * 1.5;
  const double wanted = height * 1.12 / radius;
  const auto count = static_cast<double>(name.size());
  const double each = std::min(wanted, most / count);
  const double width = std::min(height * 0.85, each * radius * 0.92);
  Shape letters = Filled(design.colour);
  for (size_t i = 0; i < name.size(); ++i) {
    const double angle = (static_cast<double>(i) - (count - 1) / 2) * each;
    AddCharacter(letters, *font, name[i], x + radius * std::sin(angle),
                 y - radius * std::cos(angle), angle, width, height);
  }
  if (!purpose.empty()) {
    const auto letters_below = static_cast<double>(purpose.size());
    const double low = r * 0.19, step = std::min(low * 1.05, r * 1.3 / letters_below);
    for (size_t i = 0; i < purpose.size(); ++i) {
      AddCharacter(letters, *font, purpose[i],
                   x + (static_cast<double>(i) - (letters_below - 1) / 2) * step, y + r * 0.58, 0,
                   std::min(low, step * 0.95), low);
    }
  }
  out.push_back(std::move(letters));
  return out;
}

Result<std::string> SealSvg(const SealDesign& design) {
  TRY(std::vector<Shape> shapes, DrawSeal(design, design.diameter / 2, design.diameter / 2));
  const std::string side = fmt::format("{:g}", design.diameter);
  const std::string colour =
      fmt::format("#{:02x}{:02x}{:02x}", design.colour.r, design.colour.g, design.colour.b);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}mm\" height=\"{0}mm\" "
      "viewBox=\"0 0 {0} {0}\">",
      side);
  for (const Shape& shape : shapes) {
    out += "<path d=\"";
    for (const Font::Step& step : shape.steps) {
      out += step.kind;
      const int points = step.kind == 'C' ? 3 : step.kind == 'Z' ? 0 : 1;
      for (int i = 0; i < points; ++i) out += fmt::format("{:.3f} {:.3f} ", step.x[i], step.y[i]);
    }
    out += shape.fill ? fmt::format("\" fill=\"{}\"/>", colour)
                      : fmt::format("\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.3f}\"/>",
                                    colour, shape.line_mm);
  }
  return out + "</svg>";
}

Result<std::string> SealPng(const SealDesign& design, int pixels) {
  TRY(std::vector<Shape> shapes, DrawSeal(design, design.diameter / 2, design.diameter / 2));
  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> image(
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, pixels, pixels), cairo_surface_destroy);
  std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo(cairo_create(image.get()), cairo_destroy);
  cairo_scale(cairo.get(), pixels / design.diameter, pixels / design.diameter);
  cairo_set_source_rgb(cairo.get(), design.colour.r / 255.0, design.colour.g / 255.0,
                       design.colour.b / 255.0);
  for (const Shape& shape : shapes) {
    cairo_new_path(cairo.get());
    for (const Font::Step& step : shape.steps) {
      if (step.kind == 'M') cairo_move_to(cairo.get(), step.x[0], step.y[0]);
      if (step.kind == 'L') cairo_line_to(cairo.get(), step.x[0], step.y[0]);
      if (step.kind == 'C') {
        cairo_curve_to(cairo.get(), step.x[0], step.y[0], step.x[1], step.y[1], step.x[2],
                       step.y[2]);
      }
      if (step.kind == 'Z') cairo_close_path(cairo.get());
    }
    cairo_set_line_width(cairo.get(), shape.line_mm);
    if (shape.fill) {
      cairo_fill(cairo.get());
    } else {
      cairo_stroke(cairo.get());
    }
  }
  cairo.reset();
  cairo_surface_flush(image.get());
  const unsigned char* data = cairo_image_surface_get_data(image.get());
  if (!data) return error::kFailed({{"reason", "seal picture"}});
  const int stride = cairo_image_surface_get_stride(image.get());
  std::string cover;
  cover.reserve(static_cast<size_t>(pixels) * static_cast<size_t>(pixels));
  for (int row = 0; row < pixels; ++row) {
    for (int column = 0; column < pixels; ++column) {
      uint32_t pixel;
      std::memcpy(&pixel, data + row * stride + column * 4, 4);
      cover += static_cast<char>(pixel >> 24);
    }
  }
  const uint8_t colour[3] = {static_cast<uint8_t>(design.colour.r),
                             static_cast<uint8_t>(design.colour.g),
                             static_cast<uint8_t>(design.colour.b)};
  return WriteTintedPng(pixels, pixels, colour, cover);
}

}  // namespace city::documents
