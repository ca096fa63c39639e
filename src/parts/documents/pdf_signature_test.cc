// SPDX-License-Identifier: Apache-2.0
// Why: a signed PDF stays sound, and every byte of it is covered.
#include "parts/documents/pdf_signature.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/seal_picture.h"
#include "parts/documents/testing/samples.h"

namespace city::documents {
namespace {

using testing::Folder;
using testing::SampleDocument;

const Time kNow = FromMicros(1'790'000'000'000'000);

// Stands for SignedData: a sequence with a long length.
std::string Value(std::string_view digest) {
  return std::string("\x30\x82\x01\x20", 4) + std::string(digest) + std::string(256, 's');
}

std::string Signed() {
  auto out = SignPdf(WritePdf(SampleDocument()).value(), "明月市市场监督管理局", kNow,
                     [](std::string_view digest) -> Result<std::string> { return Value(digest); });
  EXPECT_TRUE(out) << out.error().ToLine();
  return *out;
}

TEST(PdfSignature, LeavesTheDocumentSoundAndUnderIt) {
  const std::string plain = WritePdf(SampleDocument()).value();
  const std::string pdf = Signed();
  EXPECT_EQ(pdf.substr(0, plain.size()), plain);
  Folder folder;
  folder.Write("a.pdf", pdf);
  EXPECT_TRUE(folder.Run("qpdf --check a.pdf")) << folder.Read("out.txt");
  EXPECT_TRUE(folder.Run("pdftotext a.pdf text.txt"));
  EXPECT_NE(folder.Read("text.txt").find("91350100M000100Y43"), std::string::npos);
  ASSERT_TRUE(folder.Run("pdfsig -dump a.pdf || pdfsig a.pdf || true"));
  auto found = FindPdfSignature(pdf);
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE((*found)->covers_all);
  EXPECT_EQ((*found)->signed_data, Value((*found)->digest));
}

Result<std::string> MakeValue(std::string_view digest) { return Value(digest); }

// A page of 20 grey levels is enough to see where red is.
int RedPixels(const std::string& ppm, size_t from_row, size_t to_row) {
  std::istringstream head(ppm);
  std::string kind;
  size_t width = 0, height = 0, most = 0;
  head >> kind >> width >> height >> most;
  const size_t start = static_cast<size_t>(head.tellg()) + 1;
  int out = 0;
  for (size_t row = from_row * height / 100; row < to_row * height / 100; ++row)
    for (size_t x = 0; x < width; ++x) {
      const auto* pixel =
          reinterpret_cast<const unsigned char*>(ppm.data()) + start + (row * width + x) * 3;
      if (pixel[0] > 150 && pixel[1] < 120 && pixel[2] < 120) ++out;
    }
  return out;
}

TEST(PdfSignature, ShowsItsSealOnPagesOfOtherMakers) {
  Flow flow;
  ASSERT_TRUE(flow.Text("甲"));
  flow.NewPage();
  ASSERT_TRUE(flow.Text("乙"));
  Folder folder;
  folder.Write("a.pdf", WritePdf(flow.Finish().value()).value());
  const std::string png = SealPng({.name = "明月市市场监督管理局"}).value();
  const PdfStamp stamp{png, {{1, 130, 200, 42, 42}, {0, 130, 10, 42, 42}}};
  // As a table; with object streams, where the catalogue and the pages are packed; turned pages.
  for (const char* make : {"cp a.pdf b.pdf", "qpdf --object-streams=generate a.pdf b.pdf",
                           "qpdf --object-streams=generate --linearize a.pdf b.pdf",
                           "qpdf --rotate=+180 --object-streams=disable a.pdf b.pdf"}) {
    ASSERT_TRUE(folder.Run(make)) << folder.Read("out.txt");
    const std::string before = folder.Read("b.pdf");
    auto papers = PdfPapers(before);
    ASSERT_TRUE(papers) << make << papers.error().ToLine();
    ASSERT_EQ(papers->size(), 2U);
    EXPECT_NEAR(papers->at(0).width, 210, 0.1);
    auto pdf = SignPdf(before, "明月市市场监督管理局", kNow, MakeValue, &stamp);
    ASSERT_TRUE(pdf) << make << pdf.error().ToLine();
    EXPECT_EQ(pdf->substr(0, before.size()), before);
    folder.Write("c.pdf", *pdf);
    EXPECT_TRUE(folder.Run("qpdf --check c.pdf")) << make << folder.Read("out.txt");
    EXPECT_EQ(folder.Read("out.txt").find("WARNING"), std::string::npos) << folder.Read("out.txt");
    auto found = FindPdfSignature(*pdf);
    ASSERT_TRUE(found && *found);
    EXPECT_TRUE((*found)->covers_all);
    EXPECT_EQ((*found)->signed_data, Value((*found)->digest));
    // Page 2 has it from 200 mm to 242 mm of 297: between 67 and 82 of a hundred.
    ASSERT_TRUE(folder.Run("pdftoppm -r 40 c.pdf page")) << folder.Read("out.txt");
    const std::string second = folder.Read("page-2.ppm"), first = folder.Read("page-1.ppm");
    EXPECT_GT(RedPixels(second, 67, 82), 200) << make;
    EXPECT_EQ(RedPixels(second, 0, 66) + RedPixels(second, 83, 100), 0) << make;
    EXPECT_GT(RedPixels(first, 3, 18), 200) << make;
    EXPECT_EQ(RedPixels(first, 19, 100), 0) << make;
  }
}

TEST(PdfSignature, LaysItsSealOntoAPageThatLies) {
  Flow flow;
  ASSERT_TRUE(flow.Text("甲"));
  Folder folder;
  folder.Write("a.pdf", WritePdf(flow.Finish().value()).value());
  const std::string png = SealPng({.name = "明月市市场监督管理局"}).value();
  for (const char* turn : {"90", "270"}) {
    ASSERT_TRUE(folder.Run(std::string("qpdf --rotate=") + turn + " a.pdf b.pdf"));
    const std::string before = folder.Read("b.pdf");
    auto papers = PdfPapers(before);
    ASSERT_TRUE(papers);
    EXPECT_NEAR(papers->at(0).width, 297, 0.1);
    const PdfStamp stamp{png, {{0, 20, 150, 42, 42}}};
    folder.Write("c.pdf", SignPdf(before, "n", kNow, MakeValue, &stamp).value());
    ASSERT_TRUE(folder.Run("pdftoppm -r 40 c.pdf page"));
    const std::string page = folder.Read("page-1.ppm");
    EXPECT_GT(RedPixels(page, 71, 92), 200) << turn;  // 150 to 192 of 210
    EXPECT_EQ(RedPixels(page, 0, 70), 0) << turn;
  }
}

TEST(PdfSignature, RefusesAPageThatIsNotThereAndWhatIsEncrypted) {
  const std::string plain = WritePdf(SampleDocument()).value();
  const std::string png = SealPng({.name = "明月市市场监督管理局"}).value();
  const PdfStamp beyond{png, {{9, 0, 0, 42, 42}}}, none{"no picture", {{0, 0, 0, 42, 42}}};
  EXPECT_TRUE(SignPdf(plain, "n", kNow, MakeValue, &beyond).error().Is(error::kBadPdf));
  EXPECT_TRUE(SignPdf(plain, "n", kNow, MakeValue, &none).error().Is(error::kFailed));
  Folder folder;
  folder.Write("a.pdf", plain);
  ASSERT_TRUE(folder.Run("qpdf --encrypt u o 256 -- a.pdf b.pdf")) << folder.Read("out.txt");
  auto refused = SignPdf(folder.Read("b.pdf"), "n", kNow, MakeValue);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().SaysEn().find("encrypted"), std::string::npos);
}

TEST(PdfSignature, NoticesEveryChange) {
  const std::string pdf = Signed();
  for (size_t at = 0; at < pdf.size(); at += 101) {
    std::string bad = pdf;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    auto found = FindPdfSignature(bad);
    if (!found || !*found) continue;
    const bool same = (*found)->signed_data == Value((*found)->digest) && (*found)->covers_all;
    EXPECT_FALSE(same) << at;
  }
  auto longer = FindPdfSignature(pdf + "more");
  ASSERT_TRUE(longer && *longer);
  EXPECT_FALSE((*longer)->covers_all);
}

TEST(PdfSignature, IsNoneInAnUnsignedDocument) {
  auto found = FindPdfSignature(WritePdf(SampleDocument()).value());
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST(PdfSignature, RefusesWhatIsNoPdf) {
  auto make = [](std::string_view digest) -> Result<std::string> { return Value(digest); };
  for (std::string_view text : {"", "%PDF-1.5", "%PDF-1.5 trailer startxref", "text"}) {
    auto out = SignPdf(text, "n", kNow, make);
    ASSERT_FALSE(out);
    EXPECT_TRUE(out.error().Is(error::kBadPdf));
  }
  EXPECT_FALSE(SignPdf(Signed(), "n", kNow, make));  // one signature alone
  EXPECT_FALSE(FindPdfSignature("text"));
  EXPECT_FALSE(FindPdfSignature("%PDF-1.5 /ByteRange [0 5 99999 3]"));
}

}  // namespace
}  // namespace city::documents
