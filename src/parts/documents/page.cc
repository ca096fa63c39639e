// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/page.h"

namespace city::documents {

Result<TextRun> MakeRun(std::string_view text, double x, double y, double size, Face face,
                        Colour colour) {
  TRY(const Font* font, Font::Of(face));
  TextRun out{
      .x = x, .y = y, .size = size, .face = face, .colour = colour, .text = {}, .advances = {}};
  out.text = Characters(text);
  out.advances.reserve(out.text.size());
  for (char32_t c : out.text) out.advances.push_back(font->Advance(c) * size);
  return out;
}

Result<double> WidthOf(std::string_view text, double size, Face face) {
  TRY(const Font* font, Font::Of(face));
  double out = 0;
  for (char32_t c : Characters(text)) out += font->Advance(c) * size;
  return out;
}

Shape MakeRectangle(double x, double y, double width, double height, double line_mm,
                    Colour line_colour) {
  Shape out;
  out.steps = {{'M', {x}, {y}},
               {'L', {x + width}, {y}},
               {'L', {x + width}, {y + height}},
               {'L', {x}, {y + height}},
               {'Z', {}, {}}};
  out.line_mm = line_mm;
  out.line_colour = line_colour;
  return out;
}

Shape MakeLine(double x1, double y1, double x2, double y2, double line_mm, Colour colour) {
  Shape out;
  out.steps = {{'M', {x1}, {y1}}, {'L', {x2}, {y2}}};
  out.line_mm = line_mm;
  out.line_colour = colour;
  return out;
}

Shape ShapeOf(const QrMark& mark) {
  Shape out;
  out.fill = true;
  const double square = mark.square();
  for (int row = 0; row < mark.code.size; ++row) {
    for (int column = 0; column < mark.code.size; ++column) {
      if (!mark.code.At(column, row)) continue;
      int run = 1;
      while (column + run < mark.code.size && mark.code.At(column + run, row)) ++run;
      const double left = mark.x + (column + 4) * square, top = mark.y + (row + 4) * square;
      for (const Font::Step& step : MakeRectangle(left, top, run * square, square, 0).steps) {
        out.steps.push_back(step);
      }
      column += run - 1;
    }
  }
  return out;
}

}  // namespace city::documents
