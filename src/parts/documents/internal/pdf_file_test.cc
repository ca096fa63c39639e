// SPDX-License-Identifier: Apache-2.0
// Why: objects are found as the standard lays them down, and hostile files end in an error.
#include "parts/documents/internal/pdf_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parts/documents/errors.h"

namespace city::documents::internal {
namespace {

TEST(PdfValue, EndsWhereTheStandardSays) {
  // ISO 32000-1, 7.3: names, strings with brackets and escapes, hexadecimal, references.
  const std::string_view text =
      "<< /A (a(b\\)c)d) /B <48 49> /C [1 2 0 R /D <<>>] % note >>\n /E 3 0 R /F true /G -1.5>>";
  auto value = PdfValueAt(text, 0);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->second, text.size());
  EXPECT_EQ(PdfEntry(text, "A"), "(a(b\\)c)d)");
  EXPECT_EQ(PdfEntry(text, "B"), "<48 49>");
  EXPECT_EQ(PdfArray(*PdfEntry(text, "C")),
            (std::vector<std::string_view>{"1", "2 0 R", "/D", "<<>>"}));
  EXPECT_EQ(PdfReference(*PdfEntry(text, "E")), 3U);
  EXPECT_FALSE(PdfReference(*PdfEntry(text, "F")));
  EXPECT_EQ(PdfEntry(text, "G"), "-1.5");
  EXPECT_FALSE(PdfEntry(text, "D"));  // stands deeper
}

TEST(PdfValue, IsNoneOfWhatDoesNotEnd) {
  for (std::string_view text : {"", "(", "<<", "[1", "<4", ")", "<< /A", "<< 1 2 >", "(\\"})
    EXPECT_FALSE(PdfValueAt(text, 0)) << text;
  EXPECT_FALSE(PdfValueAt(std::string(1000, '['), 0));
}

// A file of `objects` (from number 1) with a table.
std::string File(const std::vector<std::string>& objects, const std::string& trailer) {
  std::string out = "%PDF-1.4\n", table;
  for (size_t i = 0; i < objects.size(); ++i) {
    table += fmt::format("{:010} 00000 n \n", out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const size_t at = out.size();
  return out + fmt::format(
                   "xref\n0 {}\n0000000000 65535 f \n{}trailer\n<< /Size {} {} >>\n"
                   "startxref\n{}\n%%EOF\n",
                   objects.size() + 1, table, objects.size() + 1, trailer, at);
}

TEST(PdfFile, PassesOnWhatPagesInherit) {
  const std::string pdf =
      File({"<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Kids [3 0 R 4 0 R] /MediaBox [0 0 300 400] /Rotate 90 >>", "<< /Type /Page >>",
            "<< /Kids [5 0 R] /MediaBox 6 0 R /Rotate -90 >>",
            "<< /Type /Page /CropBox [10 20 110 220] >>", "[0 0 500 600]"},
           "/Root 1 0 R");
  auto file = PdfFile::Open(pdf);
  ASSERT_TRUE(file) << file.error().ToLine();
  auto pages = file->Pages();
  ASSERT_TRUE(pages) << pages.error().ToLine();
  ASSERT_EQ(pages->size(), 2U);
  EXPECT_EQ(pages->at(0).number, 3U);
  EXPECT_EQ(pages->at(0).box[2], 300);
  EXPECT_EQ(pages->at(0).rotate, 90);
  EXPECT_EQ(pages->at(1).number, 5U);
  EXPECT_EQ(pages->at(1).box[1], 20);
  EXPECT_EQ(pages->at(1).rotate, 270);
  EXPECT_EQ(file->next_number(), 7U);
  EXPECT_FALSE(file->by_streams());
}

TEST(PdfFile, RefusesPagesThatComeBackToThemselves) {
  const std::string pdf =
      File({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [2 0 R] >>"}, "/Root 1 0 R");
  EXPECT_TRUE(PdfFile::Open(pdf)->Pages().error().Is(error::kBadPdf));
}

TEST(PdfFile, EndsWithSectionsThatComeBackToThemselves) {
  std::string pdf = File({"<< /Type /Catalog >>"}, "/Root 1 0 R /Prev 0000000");
  const std::string at = pdf.substr(pdf.rfind("startxref\n") + 10, 2);
  pdf.replace(pdf.find("/Prev 0000000") + 6, 7, "00000" + at);
  auto file = PdfFile::Open(pdf);
  ASSERT_TRUE(file) << file.error().ToLine();
  EXPECT_EQ(file->Object(1).value(), "<< /Type /Catalog >>");
}

TEST(PdfFile, RefusesToReadOneLargeObjectAThousandTimes) {
  // A thousand numbers lead to one object of a megabyte: four times the file and what may be
  // unpacked is the limit.
  std::string pdf = "%PDF-1.4\n1 0 obj\n<< /Pages 2 0 R >>\nendobj\n";
  const size_t kids_at = pdf.size();
  std::string kids;
  for (int i = 3; i < 1003; ++i) kids += fmt::format("{} 0 R ", i);
  pdf += "2 0 obj\n<< /Kids [" + kids + "] >>\nendobj\n";
  const size_t large_at = pdf.size();
  pdf += "3 0 obj\n<< /X (" + std::string(1 << 20, 'x') + ") >>\nendobj\n";
  const size_t table_at = pdf.size();
  pdf += fmt::format("xref\n1 1002\n{:010} 00000 n \n{:010} 00000 n \n", 9, kids_at);
  for (int i = 0; i < 1000; ++i) pdf += fmt::format("{:010} 00000 n \n", large_at);
  pdf += fmt::format("trailer\n<< /Size 1003 /Root 1 0 R >>\nstartxref\n{}\n", table_at);
  auto file = PdfFile::Open(pdf);
  ASSERT_TRUE(file) << file.error().ToLine();
  auto pages = file->Pages();
  ASSERT_FALSE(pages);
  EXPECT_NE(pages.error().SaysEn().find("too much work"), std::string::npos);
}

}  // namespace
}  // namespace city::documents::internal
