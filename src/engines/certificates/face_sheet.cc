// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/face_sheet.h"

#include "base/text.h"
#include "parts/crypto/crypto.h"
#include "parts/documents/flow.h"
#include "parts/documents/official_letter.h"

namespace city::certificates {
namespace {
using documents::Face;

struct Metrics {
  double unit;  ///< 1 on a sheet of A4 width, smaller on cards
  double margin, label_x, value_x, value_width, title_y, first_y, row;
};

Metrics MetricsOf(const CertificateType& type, size_t rows) {
  Metrics m{};
  m.unit = std::min(type.width / 297, type.height / 210);
  m.unit = std::max(m.unit, 0.42);
  m.margin = 12 * m.unit;
  m.label_x = m.margin + 16 * m.unit;
  m.value_x = m.label_x + 44 * m.unit;
  m.value_width = type.width - m.value_x - m.margin - 14 * m.unit;
  m.title_y = m.margin + 30 * m.unit;
  m.first_y = m.title_y + 24 * m.unit;
  double room = type.height - m.first_y - m.margin - 46 * m.unit;
  m.row = std::min(14 * m.unit, room / static_cast<double>(std::max<size_t>(rows, 1)));
  return m;
}

constexpr double kSealSide = 42;
double SealSide(const CertificateType& type) {
  return std::max(24.0, kSealSide * std::min(1.0, type.width / 250));
}

std::string DayWords(const std::string& day) {
  auto date = ParseDate(day);
  return date ? documents::OfficialDate(*date) : day;
}
}  // namespace

documents::Stamp SealPlace(const CertificateType& type) {
  double side = SealSide(type);
  double margin = 12 * std::max(0.42, std::min(type.width / 297, type.height / 210));
  return {0, type.width - margin - side - 14, type.height - margin - side - 2, side, side};
}

Result<documents::Document> LayOutSheet(const Sheet& sheet) {
  const CertificateType& type = *sheet.type;
  std::vector<const FaceField*> rows;
  for (const FaceField& field : type.fields)
    if (field.shown && sheet.faces.contains(field.name)) rows.push_back(&field);
  Metrics m = MetricsOf(type, rows.size() + 1);
  documents::Document out;
  out.width = type.width;
  out.height = type.height;
  out.title = type.label.zh;
  out.author = sheet.issuer;
  out.subject = sheet.identifier;
  out.made_at = sheet.issued_at;
  out.id = crypto::ToHex(crypto::Sm3(sheet.identifier)).substr(0, 32);
  for (const auto& [key, value] : sheet.metadata)
    out.facts.emplace_back(std::string(key), value.is_string()
                                                 ? std::string(value.get_string().c_str())
                                                 : ToText(value));
  out.pages.emplace_back();
  auto& items = out.pages.back().items;
  items.reserve(rows.size() * 2 + 16);
  auto frame = [&](double inset, double line) {
    items.push_back(documents::MakeRectangle(inset, inset, type.width - 2 * inset,
                                             type.height - 2 * inset, line, type.colour));
  };
  frame(m.margin * 0.6, 1.4 * m.unit);
  frame(m.margin * 0.6 + 2.2 * m.unit, 0.35);
  auto put = [&](std::string_view text, double x, double y, double size, Face face,
                 documents::Colour colour = documents::kBlack) -> Result<void> {
    TRY(documents::TextRun run, documents::MakeRun(text, x, y, size, face, colour));
    items.push_back(std::move(run));
    return {};
  };
  // Title in the middle, number at the right above the rows.
  double title = 15 * m.unit;
  TRY(double width, documents::WidthOf(type.label.zh, title, Face::kSongBold));
  double spread = LengthOf(type.label.zh) <= 5 ? 4 * m.unit : 0;
  size_t signs = LengthOf(type.label.zh);
  TRY(documents::TextRun heading,
      documents::MakeRun(type.label.zh,
                         (type.width - width - spread * static_cast<double>(signs - 1)) / 2,
                         m.title_y, title, Face::kSongBold, type.colour));
  for (double& advance : heading.advances) advance += spread;
  items.push_back(std::move(heading));
  double small = 3.9 * m.unit < 2.4 ? 2.4 : 3.9 * m.unit;
  std::string number = "证照编号：" + sheet.number;
  TRY(double number_width, documents::WidthOf(number, small, Face::kHei));
  TRY_VOID(put(number, type.width - m.margin - 14 * m.unit - number_width, m.title_y + 12 * m.unit,
               small, Face::kHei));
  double size = std::max(2.6, 5.2 * m.unit), y = m.first_y;
  auto row = [&](const std::string& label, const std::string& value) -> Result<void> {
    TRY_VOID(put(label, m.label_x, y, size, Face::kHei, type.colour));
    TRY(std::vector<documents::LaidLine> lines,
        documents::BreakLines(value, m.value_width, size, Face::kSong));
    double line_y = y;
    for (const documents::LaidLine& line : lines) {
      if (line.text.empty()) continue;
      TRY(documents::TextRun run,
          documents::MakeRun(documents::Utf8(line.text), m.value_x, line_y, size, Face::kSong));
      items.push_back(std::move(run));
      line_y += size * 1.35;
    }
    y = std::max(y + m.row, line_y + size * 0.5);
    return {};
  };
  for (const FaceField* field : rows) {
    std::string value(TextAt(sheet.faces, field->name));
    TRY_VOID(row(field->label.zh, field->day ? DayWords(value) : value));
  }
  if (!sheet.valid_from.empty())
    TRY_VOID(row("有效期", sheet.valid_to.empty() ? "自" + DayWords(sheet.valid_from) + "起长期有效"
                                                  : "自" + DayWords(sheet.valid_from) + "至" +
                                                        DayWords(sheet.valid_to)));
  // Code for checking a print, with the identifier below it.
  double side = std::max(17.0, 30 * m.unit), qr_y = type.height - m.margin - side - 7 * m.unit;
  TRY(documents::QrCode qr, documents::MakeQr(sheet.check_address));
  items.push_back(documents::QrMark{m.label_x, qr_y, side, std::move(qr)});
  double tiny = std::max(1.7, 2.6 * m.unit);
  TRY_VOID(put("扫码验证 · " + sheet.identifier, m.label_x, type.height - m.margin - 2.2 * m.unit,
               tiny, Face::kHei, {90, 90, 90}));
  documents::Stamp seal = SealPlace(type);
  double middle = seal.x + seal.width / 2;
  TRY(double issuer_width, documents::WidthOf(sheet.issuer, size, Face::kSong));
  std::string day = documents::OfficialDate(ChinaDate(sheet.issued_at));
  TRY(double day_width, documents::WidthOf(day, size, Face::kSong));
  double issuer_x =
      std::min(middle - issuer_width / 2, type.width - m.margin - 4 * m.unit - issuer_width);
  TRY_VOID(put(sheet.issuer, issuer_x, seal.y + seal.height * 0.52, size, Face::kSong));
  TRY_VOID(put(day, middle - day_width / 2, seal.y + seal.height * 0.52 + size * 1.7, size,
               Face::kSong));
  if (sheet.seal) {
    TRY(std::vector<documents::Shape> shapes,
        documents::DrawSeal(*sheet.seal, middle, seal.y + seal.height / 2));
    for (documents::Shape& shape : shapes) items.push_back(std::move(shape));
  }
  if (!sheet.note.empty()) {
    TRY(double note_width, documents::WidthOf(sheet.note, tiny, Face::kHei));
    TRY_VOID(put(sheet.note, (type.width - note_width) / 2, m.margin * 0.6 + 5.4 * m.unit, tiny,
                 Face::kHei, {160, 160, 160}));
  }
  return out;
}
}  // namespace city::certificates
