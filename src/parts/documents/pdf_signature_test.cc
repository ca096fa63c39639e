// SPDX-License-Identifier: Apache-2.0
// Why: a signed PDF stays sound, and every byte of it is covered.
#include "parts/documents/pdf_signature.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"
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

TEST(PdfSignature, RefusesWhatIsNoPdfOfOurs) {
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
