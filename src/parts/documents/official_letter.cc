// SPDX-License-Identifier: Apache-2.0
// Why: see the header. Clause numbers in comments are those of GB/T 9704-2012.
#include "parts/documents/official_letter.h"

#include <fmt/format.h>

#include "parts/documents/flow.h"

namespace city::documents {
namespace {

// 5.2.2, 5.2.3: size 3 (16 points), 22 lines on the 225 mm of the text area.
constexpr double kPoints = 16;
constexpr double kLine = 225.0 / 22;
constexpr double kSize = kPoints * kMmPerPoint;

TextStyle Body() { return {.points = kPoints, .line_height = kLine / kSize, .first_indent = 2}; }

bool StartsHeading(const std::string& paragraph, bool second) {
  const std::u32string text = Characters(paragraph.substr(0, 24));
  constexpr std::u32string_view kNumbers = U"一二三四五六七八九十";
  size_t at = second ? 1 : 0;
  if (second && (text.empty() || text[0] != U'（')) return false;
  const size_t first = at;
  while (at < text.size() && kNumbers.find(text[at]) != std::u32string_view::npos) ++at;
  return at > first && at < text.size() && text[at] == (second ? U'）' : U'、');
}

}  // namespace

std::string OfficialDate(Date date) {
  const std::chrono::year_month_day day(date);
  return fmt::format("{}年{}月{}日", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

Result<Document> LayOutLetter(const OfficialLetter& letter) {
  Flow flow({.numbers = PageNumbers::kOfficial});
  const double right = flow.left() + flow.line_width();

  // 7.2.1 to 7.2.3: copy number, secrecy, urgency at the upper left.
  for (const std::string* mark : {&letter.copy_number, &letter.secrecy, &letter.urgency}) {
    TextStyle style = Body();
    style.first_indent = 0;
    style.face = mark == &letter.copy_number ? Face::kSong : Face::kHei;
    if (!mark->empty()) TRY_VOID(flow.Text(*mark, style));
  }
  // 7.2.4: the letterhead's upper edge is 35 mm below the text area's.
  if (!letter.letterhead.empty()) {
    double points = 48;
    TRY(double width, WidthOf(letter.letterhead, points * kMmPerPoint, Face::kSongBold));
    if (width > flow.line_width()) points *= flow.line_width() / width;
    flow.MoveTo(37 + 35);
    TRY_VOID(flow.Text(letter.letterhead, {.face = Face::kSongBold,
                                           .points = points * 0.98,
                                           .align = Align::kCentre,
                                           .line_height = 1.3,
                                           .colour = kSealRed}));
    // 7.2.5, 7.2.6: the number two lines below; with a signer, left and right.
    flow.Space(2 * kLine);
    TextStyle number = Body();
    number.first_indent = 0;
    number.align = Align::kCentre;
    const double line = flow.y();
    if (!letter.signer.empty()) {
      number.align = Align::kLeft;
      number.left = number.right = 1;
    }
    TRY_VOID(flow.Text(letter.number, number));
    if (!letter.signer.empty()) {
      flow.MoveTo(line);
      number.align = Align::kRight;
      TRY_VOID(flow.Text("签发人：" + letter.signer, number));
    }
    // 7.2.7: a red line 4 mm below.
    flow.Space(4);
    flow.Rule(0.7, kSealRed);
  }
  // 7.3.1: the title two lines below the red line, size 2.
  flow.Space(2 * kLine);
  TRY_VOID(flow.Text(
      letter.title,
      {.face = Face::kSongBold, .points = 22, .align = Align::kCentre, .line_height = 1.4}));
  flow.Space(kLine);
  if (!letter.addressees.empty()) {
    TextStyle style = Body();
    style.first_indent = 0;
    TRY_VOID(flow.Text(letter.addressees + "：", style));
  }
  for (const std::string& paragraph : letter.body) {
    TextStyle style = Body();
    if (StartsHeading(paragraph, false)) style.face = Face::kHei;
    if (StartsHeading(paragraph, true)) style.face = Face::kSongBold;
    TRY_VOID(flow.Text(paragraph, style));
  }
  // 7.3.4: one line below the body, two characters in; several are numbered.
  if (!letter.attachments.empty()) {
    flow.Space(kLine);
    for (size_t i = 0; i < letter.attachments.size(); ++i) {
      TextStyle style = Body();
      const bool several = letter.attachments.size() > 1;
      const std::string number = several ? std::to_string(i + 1) + ". " : "";
      style.first_indent = i == 0 ? 2 : 5;
      TRY_VOID(flow.Text((i == 0 ? "附件：" : "") + number + letter.attachments[i], style));
    }
  }
  // 7.3.5: issuer and date towards the right, the seal over both; four characters of margin.
  if (!letter.issuer.empty()) {
    const double seal = letter.seal ? letter.seal->diameter : 0;
    flow.Space(std::max(2 * kLine, seal * 0.45));
    flow.Need(std::max(2 * kLine, seal * 0.6));
    const std::string date = OfficialDate(letter.date);
    TRY(double date_width, WidthOf(date, kSize));
    TRY(double issuer_width, WidthOf(letter.issuer, kSize));
    const double widest = std::max(date_width, issuer_width);
    const double middle = right - 4 * kSize - widest / 2;
    const double first = flow.y() + kSize, second = first + kLine;
    TRY(TextRun issuer, MakeRun(letter.issuer, middle - issuer_width / 2, first, kSize));
    TRY(TextRun dated, MakeRun(date, middle - date_width / 2, second, kSize));
    flow.Place(std::move(issuer));
    flow.Place(std::move(dated));
    if (letter.seal) {
      // 7.3.5.1: the seal's lower arc covers the date.
      TRY(std::vector<Shape> shapes, DrawSeal(*letter.seal, middle, second - seal * 0.3));
      for (Shape& shape : shapes) flow.Place(std::move(shape));
    }
    flow.MoveTo(second + kLine - kSize);
  }
  if (!letter.note.empty()) {
    TRY_VOID(flow.Text("（" + letter.note + "）", Body()));
  }
  // 7.4: at the foot of the last page, size 4, between lines of 0.35 mm.
  if (!letter.copies.empty() || !letter.printer.empty()) {
    constexpr double kSmall = 14;
    constexpr double kSmallLine = kSmall * kMmPerPoint * 1.5;
    const double width = flow.line_width() - 2 * kSmall * kMmPerPoint;
    TRY(std::vector<LaidLine> copies,
        BreakLines("抄送：" + letter.copies, width, kSmall * kMmPerPoint, Face::kSong));
    const bool with_copies = !letter.copies.empty(), with_printer = !letter.printer.empty();
    const double height = (with_copies ? static_cast<double>(copies.size()) * kSmallLine : 0) +
                          (with_printer ? kSmallLine : 0);
    const double top = 297 - 35 - height;
    flow.Need(height + kLine);
    flow.MoveTo(top);
    const TextStyle style{.points = kSmall, .line_height = 1.5, .left = 1, .right = 1};
    flow.Rule(0.35);
    if (with_copies) {
      TRY_VOID(flow.Text("抄送：" + letter.copies, style));
      flow.Rule(with_printer ? 0.25 : 0.35);
    }
    if (with_printer) {
      TRY_VOID(flow.Text(letter.printer, style));
      flow.MoveTo(flow.y() - kSmallLine);
      TextStyle to_the_right = style;
      to_the_right.align = Align::kRight;
      TRY_VOID(flow.Text(OfficialDate(letter.printed) + "印发", to_the_right));
      flow.Rule(0.35);
    }
  }
  TRY(Document out, flow.Finish());
  out.title = letter.title;
  out.author = letter.issuer;
  out.subject = letter.number;
  return out;
}

}  // namespace city::documents
