// SPDX-License-Identifier: Apache-2.0
// Why: text, tables and pictures that run down the pages by themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parts/documents/page.h"

namespace city::documents {

enum class Align { kLeft, kCentre, kRight, kJustify };

/// Type of 三号, 小四 and so on is given in points; one point is 0.3528 mm.
inline constexpr double kMmPerPoint = 25.4 / 72;

/// How a paragraph looks.
struct TextStyle {
  Face face = Face::kSong;
  double points = 12;
  Align align = Align::kJustify;
  double line_height = 1.6;      ///< times the size
  double first_indent = 0;       ///< characters
  double left = 0, right = 0;    ///< characters
  double before = 0, after = 0;  ///< mm
  Colour colour;
};

/// One cell of a table.
struct Cell {
  std::string text;
  int span = 1;  ///< columns
  Align align = Align::kLeft;
  bool bold = false;
};

/// How a table looks.
struct TableStyle {
  std::vector<double> widths;  ///< shares of the line, one for each column
  int header_rows = 1;         ///< repeated on every page
  TextStyle text{.points = 10.5, .align = Align::kLeft, .line_height = 1.4};
  double padding = 1.2;  ///< mm
  double line_mm = 0.2;
};

/// What stands under each page.
enum class PageNumbers {
  kNone,
  kOfTotal,   ///< 第 1 页 共 3 页, centred
  kOfficial,  ///< — 1 —, to the right on odd pages and to the left on even ones (GB/T 9704, 7.5)
};

/// Size and margins in mm; the defaults are those of an official document on A4.
struct PageSetup {
  double width = 210, height = 297;
  double top = 37, bottom = 35, left = 28, right = 26;
  PageNumbers numbers = PageNumbers::kOfTotal;
};

/// Characters of one line, ready to be placed.
struct LaidLine {
  std::u32string text;
  std::vector<double> advances;
  double width = 0;
  bool last = false;  ///< of its paragraph
};

/// Breaks `text` into lines of `width` mm. No line begins with a closing mark or ends with an
/// opening one (GB/T 15834, 5.1), Latin words stay whole where they fit; '\n' begins a new line.
Result<std::vector<LaidLine>> BreakLines(std::string_view text, double width, double size,
                                         Face face, double first_indent_mm = 0);

/// A document that fills from the top. Threads: one.
class Flow {
 public:
  explicit Flow(PageSetup setup = {});

  Result<void> Text(std::string_view text, const TextStyle& style = {});
  /// A table over the whole line. A row that does not fit goes to the next page; one higher than a
  /// page is divided. Errors: documents.failed when spans do not add up to the columns.
  Result<void> Table(const std::vector<std::vector<Cell>>& rows, const TableStyle& style);
  void PlacePicture(std::string png, double width, double height, Align align = Align::kCentre);
  void PlaceQr(const QrCode& code, double side, Align align = Align::kRight);
  void Rule(double line_mm = 0.35, Colour colour = kBlack);
  void Space(double mm);
  void NewPage();
  /// Makes sure that `mm` are left on the page.
  void Need(double mm);

  /// Distance of the pen from the top, mm.
  double y() const { return y_; }
  void MoveTo(double y) { y_ = y; }
  double left() const { return setup_.left; }
  double line_width() const { return setup_.width - setup_.left - setup_.right; }
  /// Puts something at a place of its own on the present page.
  void Place(Item item) { document_.pages.back().items.push_back(std::move(item)); }
  size_t page_count() const { return document_.pages.size(); }

  /// The document with its page numbers. The flow is empty afterwards.
  Result<Document> Finish();

 private:
  double Bottom() const { return setup_.height - setup_.bottom; }
  double LeftOf(double width, Align align) const;
  Result<void> PlaceLine(const LaidLine& line, double x, double width, double size, double height,
                         const TextStyle& style, Align align);

  const PageSetup setup_;
  Document document_;
  double y_;
};

}  // namespace city::documents
