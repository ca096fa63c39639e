// SPDX-License-Identifier: Apache-2.0
// Why: our PDF is sound, readable and always the same.
#include <gtest/gtest.h>

#include <thread>

#include "parts/documents/testing/samples.h"

namespace city::documents {
namespace {

using testing::Folder;
using testing::SampleDocument;

TEST(Pdf, IsSoundAndItsTextReadsBack) {
  auto pdf = WritePdf(SampleDocument());
  ASSERT_TRUE(pdf) << pdf.error().ToLine();
  Folder folder;
  folder.Write("a.pdf", *pdf);
  EXPECT_TRUE(folder.Run("qpdf --check a.pdf")) << folder.Read("out.txt");
  ASSERT_TRUE(folder.Run("pdftotext -layout a.pdf text.txt")) << folder.Read("out.txt");
  std::string text = folder.Read("text.txt");
  std::erase(text, ' ');  // how many blanks a gap is worth is the reader's guess
  for (const char* wanted : {"营业执照（样本）Sample", "91350100M000100Y43", "明月茶业有限公司",
                             "5个工作日", "第2页共2页"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n" << text;
  }
  ASSERT_TRUE(folder.Run("pdffonts a.pdf"));
  const std::string fonts = folder.Read("out.txt");
  EXPECT_NE(fonts.find("NotoSerifCJK"), std::string::npos) << fonts;
  EXPECT_EQ(fonts.find(" no  no "), std::string::npos) << fonts;  // embedded, as subsets
  EXPECT_LT(pdf->size(), 300'000u);
  if (const char* keep = std::getenv("CITY_KEEP")) {
    std::ofstream(std::string(keep) + "/sample.pdf", std::ios::binary) << *pdf;
  }
}

TEST(Pdf, IsTheSameForTheSameDocument) {
  const std::string first = WritePdf(SampleDocument()).value();
  EXPECT_EQ(WritePdf(SampleDocument()).value(), first);
  Document later = SampleDocument();
  later.made_at += std::chrono::hours(24);
  EXPECT_NE(WritePdf(later).value(), first);
}

TEST(Pdf, IsWrittenByManyThreadsAtOnce) {
  const Document document = SampleDocument();
  const std::string wanted = WritePdf(document).value();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 3; ++k) EXPECT_EQ(WritePdf(document).value(), wanted);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Pdf, RefusesAPictureThatIsNone) {
  Document document;
  document.pages.push_back({{Picture{0, 0, 10, 10, "not a picture"}}});
  EXPECT_FALSE(WritePdf(document));
}

}  // namespace
}  // namespace city::documents
