// SPDX-License-Identifier: Apache-2.0
// Why: see the header.
#include "parts/documents/flow.h"

#include <algorithm>
#include <cmath>

#include "parts/documents/errors.h"

namespace city::documents {
namespace {

constexpr std::u32string_view kNotAtStart = U"，。、；：？！）》】」』”’〉〕…—·,.;:?!)]}%‰℃°";
constexpr std::u32string_view kNotAtEnd = U"（《【「『“‘〈〔([{￥$";

bool IsWide(char32_t c) { return c >= 0x2e80; }
bool In(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }

// Whether a line may end between `before` and `after`.
bool MayBreak(char32_t before, char32_t after) {
  if (In(kNotAtStart, after) || In(kNotAtEnd, before)) return false;
  if (before == U' ') return true;
  if (after == U' ') return false;
  return IsWide(before) || IsWide(after) || before == U'-' || before == U'/';
}

TextStyle WithFace(TextStyle style, Face face) {
  style.face = face;
  return style;
}

}  // namespace

Result<std::vector<LaidLine>> BreakLines(std::string_view text, double width, double size,
                                         Face face, double first_indent_mm) {
  TRY(const Font* font, Font::Of(face));
  std::vector<LaidLine> out;
  const std::u32string all = Characters(text);
  size_t start = 0;
  bool first = true;
  for (;;) {
    const size_t end = std::min(all.find(U'\n', start), all.size());
    size_t at = start;
    do {
      const double room = width - (first ? first_indent_mm : 0);
      LaidLine line;
      size_t next = at, good = at;
      for (; next < end; ++next) {
        const char32_t c = all[next] == U'\t' ? U' ' : all[next];
        if (c < 0x20) continue;
        const double advance = font->Advance(c) * size;
        // A blank may hang over the edge.
        if (line.width + advance > room + 1e-6 && next > at && c != U' ') break;
        if (next > at && MayBreak(all[next - 1], c)) good = next;
        line.text += c;
        line.advances.push_back(advance);
        line.width += advance;
      }
      if (next < end) {
        // Back to the last place where a line may end; a word longer than the line is cut.
        size_t cut = MayBreak(all[next - 1], all[next]) ? next : good;
        if (cut == at) cut = next;
        const size_t surplus = next - cut;
        for (size_t i = 0; i < surplus && !line.text.empty(); ++i) {
          line.width -= line.advances.back();
          line.text.pop_back();
          line.advances.pop_back();
        }
        next = cut;
      }
      while (!line.text.empty() && line.text.back() == U' ') {
        line.width -= line.advances.back();
        line.text.pop_back();
        line.advances.pop_back();
      }
      at = next;
      line.last = at >= end;
      out.push_back(std::move(line));
      first = false;
    } while (at < end);
    if (end >= all.size()) break;
    start = end + 1;
  }
  return out;
}

Flow::Flow(PageSetup setup) : setup_(setup), y_(setup.top) {
  document_.width = setup.width;
  document_.height = setup.height;
  document_.pages.emplace_back();
}

void Flow::NewPage() {
  document_.pages.emplace_back();
  y_ = setup_.top;
}

void Flow::Need(double mm) {
  if (y_ + mm > Bottom() + 1e-6 && y_ > setup_.top) NewPage();
}

void Flow::Space(double mm) {
  if (y_ > setup_.top) y_ += mm;
}

double Flow::LeftOf(double width, Align align) const {
  if (align == Align::kCentre) return setup_.left + (line_width() - width) / 2;
  if (align == Align::kRight) return setup_.left + line_width() - width;
  return setup_.left;
}

Result<void> Flow::PlaceLine(const LaidLine& line, double x, double width, double size,
                             double height, const TextStyle& style, Align align) {
  if (line.text.empty()) return {};
  TRY(const Font* font, Font::Of(style.face));
  TextRun run{.x = x,
              .y = 0,
              .size = size,
              .face = style.face,
              .colour = style.colour,
              .text = line.text,
              .advances = line.advances};
  const double spare = width - line.width;
  if (align == Align::kCentre) run.x += spare / 2;
  if (align == Align::kRight) run.x += spare;
  if (align == Align::kJustify && !line.last && run.text.size() > 1 && spare > 0 &&
      spare < width / 4) {
    const double each = spare / static_cast<double>(run.text.size() - 1);
    for (size_t i = 0; i + 1 < run.advances.size(); ++i) run.advances[i] += each;
  }
  // The characters stand in the middle of the line's height.
  const double body = (font->ascent() + font->descent()) * size;
  run.y = y_ + (height - body) / 2 + font->ascent() * size;
  Place(std::move(run));
  return {};
}

Result<void> Flow::Text(std::string_view text, const TextStyle& style) {
  const double size = style.points * kMmPerPoint;
  const double height = size * style.line_height;
  const double left = style.left * size;
  const double width = line_width() - left - style.right * size;
  const double indent = style.first_indent * size;
  TRY(std::vector<LaidLine> lines, BreakLines(text, width, size, style.face, indent));
  if (style.align == Align::kCentre && lines.size() > 1 && text.find('\n') == text.npos) {
    // A title of several lines looks best when they are about as long.
    double total = 0;
    for (const LaidLine& line : lines) total += line.width;
    const double even = total / static_cast<double>(lines.size()) + size * 1.5;
    TRY(std::vector<LaidLine> balanced, BreakLines(text, std::min(even, width), size, style.face));
    if (balanced.size() == lines.size()) lines = std::move(balanced);
  }
  Space(style.before);
  bool first = true;
  for (const LaidLine& line : lines) {
    Need(height);
    const double shift = first ? indent : 0;
    TRY_VOID(PlaceLine(line, setup_.left + left + shift, width - shift, size, height, style,
                       style.align));
    y_ += height;
    first = false;
  }
  Space(style.after);
  return {};
}

Result<void> Flow::Table(const std::vector<std::vector<Cell>>& rows, const TableStyle& style) {
  double shares = 0;
  for (double width : style.widths) shares += width;
  if (shares <= 0) return error::kFailed({{"reason", "a table without columns"}});
  std::vector<double> edges{setup_.left};
  for (double width : style.widths) edges.push_back(edges.back() + width / shares * line_width());
  const double size = style.text.points * kMmPerPoint;
  const double height = size * style.text.line_height;

  struct LaidCell {
    size_t from, to;
    Align align;
    Face face;
    std::vector<LaidLine> lines;
  };
  auto bold = [](Face face) {
    return face == Face::kSong ? Face::kSongBold : face == Face::kHei ? Face::kHeiBold : face;
  };
  auto lay = [&](const std::vector<Cell>& row) -> Result<std::vector<LaidCell>> {
    std::vector<LaidCell> out;
    size_t column = 0;
    for (const Cell& cell : row) {
      const size_t to = column + static_cast<size_t>(std::max(1, cell.span));
      if (to >= edges.size()) return error::kFailed({{"reason", "a row with too many columns"}});
      LaidCell laid{
          column, to, cell.align, cell.bold ? bold(style.text.face) : style.text.face, {}};
      TRY(laid.lines,
          BreakLines(cell.text, edges[to] - edges[column] - 2 * style.padding, size, laid.face));
      out.push_back(std::move(laid));
      column = to;
    }
    if (column + 1 != edges.size()) return error::kFailed({{"reason", "a row with few columns"}});
    return out;
  };
  // Draws lines `begin` to `end` of a row's cells, and the frame around them.
  auto draw = [&](const std::vector<LaidCell>& row, size_t begin, size_t end) -> Result<void> {
    const double row_height = static_cast<double>(end - begin) * height + 2 * style.padding;
    const double top = y_;
    for (const LaidCell& cell : row) {
      Place(MakeRectangle(edges[cell.from], top, edges[cell.to] - edges[cell.from], row_height,
                          style.line_mm));
      const size_t last = std::min(end, cell.lines.size());
      const double used = last > begin ? static_cast<double>(last - begin) * height : 0;
      y_ = top + (row_height - used) / 2;
      for (size_t i = begin; i < last; ++i) {
        TRY_VOID(PlaceLine(cell.lines[i], edges[cell.from] + style.padding,
                           edges[cell.to] - edges[cell.from] - 2 * style.padding, size, height,
                           WithFace(style.text, cell.face), cell.align));
        y_ += height;
      }
    }
    y_ = top + row_height;
    return {};
  };
  auto lines_of = [](const std::vector<LaidCell>& row) {
    size_t out = 1;
    for (const LaidCell& cell : row) out = std::max(out, cell.lines.size());
    return out;
  };

  std::vector<std::vector<LaidCell>> head;
  double head_height = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    TRY(std::vector<LaidCell> row, lay(rows[i]));
    const size_t lines = lines_of(row);
    const double row_height = static_cast<double>(lines) * height + 2 * style.padding;
    const bool is_head = i < static_cast<size_t>(std::max(0, style.header_rows));
    auto next_page = [&]() -> Result<void> {
      NewPage();
      for (const auto& head_row : head) TRY_VOID(draw(head_row, 0, lines_of(head_row)));
      return {};
    };
    if (y_ + row_height > Bottom() + 1e-6 && y_ > setup_.top + head_height + 1e-6) {
      TRY_VOID(next_page());
    }
    size_t begin = 0;
    while (begin < lines) {
      const double room = Bottom() - y_ - 2 * style.padding;
      const auto fitting = static_cast<size_t>(std::max(1.0, std::floor(room / height + 1e-6)));
      const size_t end = std::min(lines, begin + fitting);
      TRY_VOID(draw(row, begin, end));
      begin = end;
      if (begin < lines) TRY_VOID(next_page());
    }
    if (is_head) {
      head_height += row_height;
      head.push_back(std::move(row));
    }
  }
  return {};
}

void Flow::PlacePicture(std::string png, double width, double height, Align align) {
  Need(height);
  Place(Picture{LeftOf(width, align), y_, width, height, std::move(png)});
  y_ += height;
}

void Flow::PlaceQr(const QrCode& code, double side, Align align) {
  Need(side);
  Place(QrMark{LeftOf(side, align), y_, side, code});
  y_ += side;
}

void Flow::Rule(double line_mm, Colour colour) {
  Place(MakeLine(setup_.left, y_, setup_.left + line_width(), y_, line_mm, colour));
}

Result<Document> Flow::Finish() {
  const size_t count = document_.pages.size();
  for (size_t i = 0; i < count && setup_.numbers != PageNumbers::kNone; ++i) {
    const bool official = setup_.numbers == PageNumbers::kOfficial;
    const std::string number = std::to_string(i + 1);
    const std::string text = official ? "— " + number + " —"
                                      : "第 " + number + " 页 共 " + std::to_string(count) + " 页";
    const double size = (official ? 14 : 9) * kMmPerPoint;
    TRY(double width, WidthOf(text, size));
    double x = setup_.left + (line_width() - width) / 2;
    if (official) x = i % 2 == 0 ? setup_.left + line_width() - width - size : setup_.left + size;
    // The edge of the text area and the number's line are 7 mm apart.
    TRY(TextRun run, MakeRun(text, x, Bottom() + 7 + size, size));
    document_.pages[i].items.push_back(std::move(run));
  }
  Document out = std::move(document_);
  document_ = {};
  document_.pages.emplace_back();
  return out;
}

}  // namespace city::documents
