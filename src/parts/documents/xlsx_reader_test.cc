// SPDX-License-Identifier: Apache-2.0
// Why: workbooks as other programs write them: shared text, dates by style, gaps; and hostile ones.
#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/xlsx.h"

namespace city::documents {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string Workbook(const std::string& sheet, const std::string& strings = "",
                     const std::string& properties = "") {
  Parts parts{
      {"xl/workbook.xml", "<workbook xmlns:r=\"x\">" + properties +
                              "<sheets><sheet name=\"a\" r:id=\"rId7\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId7\" "
       "Target=\"/xl/worksheets/x.xml\"/></Relationships>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"170\" "
       "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;"
       "\"/><numFmt numFmtId=\"171\" formatCode=\"0.00&quot;day&quot;\"/></numFmts><cellXfs>"
       "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"170\"/>"
       "<xf numFmtId=\"171\"/></cellXfs></styleSheet>"},
      {"xl/worksheets/x.xml", sheet}};
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", strings);
  return WriteZip(parts);
}

Result<Rows> ReadAll(const std::string& xlsx) {
  Rows out;
  TRY_VOID(ReadXlsx(xlsx, [&](int64_t, std::vector<std::string>& cells) -> Result<void> {
    out.push_back(cells);
    return {};
  }));
  return out;
}

TEST(XlsxReader, ReadsSharedTextGapsAndKinds) {
  auto rows = ReadAll(Workbook(
      "<x:worksheet xmlns:x=\"y\"><x:sheetData><x:row r=\"2\"><x:c r=\"B2\" t=\"s\"><x:v>1</x:v>"
      "</x:c><x:c r=\"D2\" t=\"b\"><x:v>1</x:v></x:c></x:row><x:row r=\"5\"><x:c r=\"A5\" "
      "t=\"str\"><x:f>A1&amp;\"&gt;\"</x:f><x:v>f&lt;&#20108;</x:v></x:c><x:c r=\"B5\"/></x:row>"
      "</x:sheetData></x:worksheet>",
      "<sst><si><t>zero</t></si><si><r><t>一</t></r><r><t xml:space=\"preserve\"> 网</t></r>"
      "<rPh><t>yi</t></rPh></si></sst>"));
  ASSERT_TRUE(rows) << rows.error().ToLine();
  EXPECT_EQ(*rows, (Rows{{"", "一 网", "", "TRUE"}, {"f<二"}}));
}

TEST(XlsxReader, ShowsDaysByTheirStyle) {
  const std::string sheet =
      "<worksheet><sheetData><row><c s=\"0\"><v>45292</v></c><c s=\"1\"><v>45292</v></c>"
      "<c s=\"2\"><v>45292.75</v></c><c s=\"3\"><v>1</v></c><c s=\"4\"><v>1.5</v></c>"
      "</row></sheetData></worksheet>";
  // Serial 45292 is 2024-01-01 and 1 is 1900-01-01 (ECMA-376-1, 18.17.4.1).
  EXPECT_EQ(ReadAll(Workbook(sheet)).value(),
            (Rows{{"45292", "2024-01-01", "2024-01-01 18:00:00", "1900-01-01", "1.5"}}));
  // In the calendar of 1904 the same number is 1462 days later.
  EXPECT_EQ(ReadAll(Workbook(sheet, "", "<workbookPr date1904=\"1\"/>")).value()[0][1],
            "2028-01-02");
}

TEST(XlsxReader, RefusesWhatIsDamagedOrHostile) {
  for (const std::string& sheet :
       {std::string("<worksheet><sheetData><row r=\"0\">"),
        std::string(
            "<worksheet><sheetData><row><c t=\"s\"><v>9</v></c></row></sheetData></worksheet>"),
        std::string("<worksheet><sheetData><row><c r=\"ZZZZZ1\"><v>9</v></c></row></sheetData>"),
        std::string("<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet/>"),
        std::string("<worksheet><sheetData><row r=\"3\"/><row r=\"2\"/></sheetData></worksheet>"),
        std::string("</worksheet>"), std::string("<worksheet><row")}) {
    auto rows = ReadAll(Workbook(sheet));
    EXPECT_FALSE(rows) << sheet;
  }
  EXPECT_TRUE(ReadAll(WriteZip({{"a", "b"}})).error().Is(error::kBadSpreadsheet));
  EXPECT_TRUE(ReadAll("no zip").error().Is(error::kBadZip));
}

}  // namespace
}  // namespace city::documents
