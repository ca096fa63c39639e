// SPDX-License-Identifier: Apache-2.0
// Why: what stands on the pages, placed to the tenth of a millimetre, before it becomes PDF or OFD;
// both are written from the same pages and look alike.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "parts/documents/font.h"
#include "parts/documents/qr.h"

namespace city::documents {

/// Red, green, blue: 0 to 255.
struct Colour {
  int r = 0, g = 0, b = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};
inline constexpr Colour kBlack{0, 0, 0};
/// The red of official letterheads and seals.
inline constexpr Colour kSealRed{220, 20, 20};

/// Characters on one baseline. All lengths in mm; x to the right, y downwards from the top left.
struct TextRun {
  double x = 0, y = 0;  ///< pen at the start, on the baseline
  double size = 0;      ///< of the type, mm
  Face face = Face::kSong;
  Colour colour;
  std::u32string text;
  std::vector<double> advances;  ///< to the next character, one for each
};

/// A drawn shape: M, L, C (three points), Z; absolute mm.
struct Shape {
  std::vector<Font::Step> steps;
  bool fill = false;
  Colour fill_colour;
  double line_mm = 0;  ///< 0: no line
  Colour line_colour;
};

/// A PNG in a box.
struct Picture {
  double x = 0, y = 0, width = 0, height = 0;
  std::string png;
};

/// A QR code in a square of `side` mm, its quiet zone included.
struct QrMark {
  double x = 0, y = 0, side = 0;
  QrCode code;
  /// Side of one of its squares, mm.
  double square() const { return side / (code.size + 8); }
};

using Item = std::variant<TextRun, Shape, Picture, QrMark>;

struct Page {
  std::vector<Item> items;
};

/// A file that travels inside the document.
struct Attachment {
  std::string name;
  std::string bytes;
};

/// A document ready to be written.
struct Document {
  double width = 210, height = 297;  ///< mm
  std::vector<Page> pages;
  std::string title, author, subject;
  Time made_at{};
  std::string id;                                          ///< 32 hex signs; OFD's DocID
  std::vector<std::pair<std::string, std::string>> facts;  ///< named values for programs
  std::vector<Attachment> attachments;
};

/// A run of `text` with the font's own advances; `x`, `y`: pen on the baseline.
Result<TextRun> MakeRun(std::string_view text, double x, double y, double size,
                        Face face = Face::kSong, Colour colour = kBlack);
/// How wide `text` is at `size`, mm.
Result<double> WidthOf(std::string_view text, double size, Face face = Face::kSong);

/// A rectangle; `line_mm` 0 and `fill` for a filled one.
Shape MakeRectangle(double x, double y, double width, double height, double line_mm,
                    Colour line_colour = kBlack);
/// A line.
Shape MakeLine(double x1, double y1, double x2, double y2, double line_mm, Colour colour = kBlack);
/// The dark squares of a mark, each stretch of them in a row as a filled rectangle.
Shape ShapeOf(const QrMark& mark);

/// PDF 1.7 of the document with its fonts embedded; the same document always gives the same bytes.
Result<std::string> WritePdf(const Document& document);

}  // namespace city::documents
