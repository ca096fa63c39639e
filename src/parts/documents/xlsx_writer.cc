// SPDX-License-Identifier: Apache-2.0
// Why: text stands inside its cells, not in a table of shared strings, so that nothing has to be
// kept until the end.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>

#include "parts/documents/errors.h"
#include "parts/documents/font.h"
#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/xlsx.h"

namespace city::documents {
namespace {

using internal::Escaped;
using internal::kXmlHead;

constexpr size_t kLongestText = 32767;
constexpr int64_t kExact = 999'999'999'999'999;
constexpr int kDayStyle = 1, kTitleStyle = 2;

std::string SheetName(std::string name) {
  for (char& c : name) {
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos) c = ' ';
  }
  std::u32string characters = Characters(name);
  if (characters.size() > 31) characters.resize(31);
  return characters.empty() ? "Sheet1" : Utf8(characters);
}

std::string Letters(size_t column) {
  std::string out;
  for (++column; column > 0; column = (column - 1) / 26) {
    out.insert(out.begin(), static_cast<char>('A' + (column - 1) % 26));
  }
  return out;
}

void AddText(std::string& out, std::string_view text, int style) {
  out += style ? fmt::format(FMT_COMPILE("<c t=\"inlineStr\" s=\"{}\">"), style)
               : std::string("<c t=\"inlineStr\">");
  out += "<is><t xml:space=\"preserve\">";
  if (text.size() > kLongestText) {
    std::u32string cut = Characters(text);
    if (cut.size() > kLongestText) cut.resize(kLongestText);
    out += Escaped(Utf8(cut));
  } else {
    out += Escaped(text);
  }
  out += "</t></is></c>";
}

void AddCell(std::string& out, const SheetCell& cell, int style) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    AddText(out, *text, style);
  } else if (const auto* number = std::get_if<int64_t>(&cell)) {
    if (*number > kExact || *number < -kExact) return AddText(out, std::to_string(*number), style);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("<c><v>{}</v></c>"), *number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    if (!std::isfinite(*real)) return AddText(out, "", style);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("<c><v>{}</v></c>"), *real);
  } else if (const auto* yes = std::get_if<bool>(&cell)) {
    out += *yes ? "<c t=\"b\"><v>1</v></c>" : "<c t=\"b\"><v>0</v></c>";
  } else if (const auto* day = std::get_if<Date>(&cell)) {
    // Day 25569 of the spreadsheet's calendar is 1970-01-01.
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("<c s=\"{}\"><v>{}</v></c>"), kDayStyle,
                   day->time_since_epoch().count() + 25569);
  } else {
    out += "<c/>";
  }
}

}  // namespace

XlsxWriter::XlsxWriter(Sink sink, std::string sheet, std::vector<Column> columns)
    : zip_(std::move(sink)), sheet_(SheetName(std::move(sheet))), columns_(std::move(columns)) {}

Result<void> XlsxWriter::Flush(size_t least) {
  if (held_.size() < least) return {};
  TRY_VOID(zip_.Write(held_));
  held_.clear();
  return {};
}

Result<void> XlsxWriter::Begin() {
  const std::string head(kXmlHead);
  auto part = [&](const char* path, const std::string& body) -> Result<void> {
    TRY_VOID(zip_.Begin(path));
    return zip_.Write(head + body);
  };
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const std::string types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  TRY_VOID(part("[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                "<Default Extension=\"rels\" "
                "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" +
                    types + "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" " +
                    "ContentType=\"" + types +
                    "worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" +
                    types + "styles+xml\"/></Types>"));
  const std::string relations =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  TRY_VOID(
      part("_rels/.rels", relations + "<Relationship Id=\"rId1\" Type=\"" + office +
                              "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
  TRY_VOID(part("xl/_rels/workbook.xml.rels",
                relations + "<Relationship Id=\"rId1\" Type=\"" + office +
                    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" "
                    "Type=\"" +
                    office + "/styles\" Target=\"styles.xml\"/></Relationships>"));
  TRY_VOID(part("xl/workbook.xml", "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + office +
                                       "\"><sheets><sheet name=\"" + Escaped(sheet_) +
                                       "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"));
  TRY_VOID(part(
      "xl/styles.xml",
      "<styleSheet xmlns=\"" + main +
          "\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
          "</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"等线\"/></font>"
          "<font><b/><sz val=\"11\"/><name val=\"等线\"/></font></fonts>"
          "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
          "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
          "<borders "
          "count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
          "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
          "</cellStyleXfs><cellXfs count=\"3\">"
          "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
          "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
          "applyNumberFormat=\"1\"/>"
          "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
          "applyFont=\"1\"/></cellXfs></styleSheet>"));
  TRY_VOID(zip_.Begin("xl/worksheets/sheet1.xml"));
  held_ = head + "<worksheet xmlns=\"" + main +
          "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
          "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>";
  for (size_t i = 0; i < columns_.size(); ++i) {
    held_ += fmt::format("<col min=\"{0}\" max=\"{0}\" width=\"{1}\" customWidth=\"1\"/>", i + 1,
                         columns_[i].width);
  }
  held_ += "</cols><sheetData><row>";
  for (const Column& column : columns_) AddText(held_, column.title, kTitleStyle);
  held_ += "</row>";
  row_ = 1;
  return {};
}

Result<void> XlsxWriter::Row(std::span<const SheetCell> cells) {
  if (row_ == 0) TRY_VOID(Begin());
  if (row_ >= kMostRows) return error::kTooManyRows;
  ++row_;
  held_ += "<row>";
  for (const SheetCell& cell : cells) AddCell(held_, cell, 0);
  held_ += "</row>";
  return Flush(1 << 16);
}

Result<void> XlsxWriter::Finish() {
  if (row_ == 0) TRY_VOID(Begin());
  held_ += "</sheetData>";
  if (!columns_.empty() && row_ > 1) {
    held_ += fmt::format("<autoFilter ref=\"A1:{}{}\"/>", Letters(columns_.size() - 1), row_);
  }
  held_ += "</worksheet>";
  TRY_VOID(Flush(0));
  return zip_.Finish();
}

}  // namespace city::documents
