// SPDX-License-Identifier: Apache-2.0
// Why: the measures of GB/T 9704 hold on the page.
#include "parts/documents/official_letter.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "parts/documents/flow.h"

namespace city::documents {
namespace {

OfficialLetter Sample() {
  OfficialLetter out;
  out.letterhead = "明月市人民政府办公室文件";
  out.number = "明府办〔2026〕1号";
  out.title = "关于印发明月市数字政府建设年度任务清单的通知";
  out.addressees = "各县（市、区）人民政府，市政府各部门、各直属机构";
  out.body = {"为推进数字政府建设，现将任务清单印发给你们，请认真组织实施。", "一、总体要求",
              "（一）坚持统一规划。", std::string("各单位应当")};
  for (int i = 0; i < 200; ++i) out.body.back() += "按照职责分工抓好落实，";
  out.attachments = {"任务清单", "责任分工"};
  out.issuer = "明月市人民政府办公室";
  out.date = Date(std::chrono::year(2026) / 1 / 31);
  out.seal = SealDesign{.name = "明月市人民政府办公室"};
  out.note = "此件公开发布";
  out.copies = "市委各部门，市人大常委会办公室，市政协办公室。";
  out.printer = "明月市人民政府办公室";
  out.printed = out.date;
  return out;
}

const TextRun* Find(const Page& page, std::u32string_view text) {
  for (const Item& item : page.items) {
    const auto* run = std::get_if<TextRun>(&item);
    if (run && run->text.find(text) != std::u32string::npos) return run;
  }
  return nullptr;
}

TEST(OfficialLetter, HoldsTwentyTwoLinesOfTwentyEightCharacters) {
  Document document = LayOutLetter(Sample()).value();
  ASSERT_GE(document.pages.size(), 4u);
  std::set<double> lines;
  for (const Item& item : document.pages[1].items) {
    const auto* run = std::get_if<TextRun>(&item);
    if (!run || run->text.find(U'—') != std::u32string::npos) continue;
    lines.insert(run->y);
    EXPECT_LE(run->text.size(), 28u);
  }
  EXPECT_EQ(lines.size(), 22u);
  if (const char* keep = std::getenv("CITY_KEEP")) {
    std::ofstream(std::string(keep) + "/letter.pdf", std::ios::binary)
        << WritePdf(document).value();
  }
}

TEST(OfficialLetter, PlacesTheLetterheadAndTheRedLine) {
  Document document = LayOutLetter(Sample()).value();
  const Page& page = document.pages[0];
  const TextRun* head = Find(page, U"文件");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->colour, kSealRed);
  EXPECT_GT(head->y, 37 + 35);
  const TextRun* number = Find(page, U"〔2026〕");
  ASSERT_TRUE(number);
  double red_line = 0;
  for (const Item& item : page.items) {
    const auto* shape = std::get_if<Shape>(&item);
    if (shape && shape->line_colour == kSealRed && shape->steps.size() == 2) {
      red_line = shape->steps[0].y[0];
      EXPECT_NEAR(shape->steps[1].x[0] - shape->steps[0].x[0], 156, 0.01);  // as wide as the text
    }
  }
  EXPECT_GT(red_line, number->y);
  const TextRun* title = Find(page, U"关于印发");
  ASSERT_TRUE(title);
  EXPECT_LT(red_line, title->y);
}

TEST(OfficialLetter, SetsHeadingsByTheirLevel) {
  Document document = LayOutLetter(Sample()).value();
  EXPECT_EQ(Find(document.pages[0], U"一、总体要求")->face, Face::kHei);
  EXPECT_EQ(Find(document.pages[0], U"（一）坚持")->face, Face::kSongBold);
  EXPECT_EQ(Find(document.pages[0], U"为推进")->face, Face::kSong);
}

TEST(OfficialLetter, EndsWithTheCopyListAtTheFoot) {
  Document document = LayOutLetter(Sample()).value();
  const TextRun* printed = Find(document.pages.back(), U"印发");
  ASSERT_TRUE(printed);
  EXPECT_GT(printed->y, 297 - 35 - 14 * kMmPerPoint * 1.5);
  EXPECT_LT(printed->y, 297 - 35);
  const TextRun* date = nullptr;
  for (const Page& page : document.pages) {
    if (const TextRun* run = Find(page, U"2026年1月31日"); run && run->size > 5) date = run;
  }
  ASSERT_TRUE(date);
}

TEST(OfficialLetter, LeavesOutWhatIsEmpty) {
  OfficialLetter letter;
  letter.title = "会议纪要";
  letter.body = {"一句话。"};
  Document document = LayOutLetter(letter).value();
  EXPECT_EQ(document.pages.size(), 1u);
  EXPECT_EQ(Find(document.pages[0], U"抄送"), nullptr);
  EXPECT_EQ(Find(document.pages[0], U"附件"), nullptr);
}

TEST(OfficialDate, IsWrittenWithoutLeadingNoughts) {
  EXPECT_EQ(OfficialDate(Date(std::chrono::year(2026) / 2 / 3)), "2026年2月3日");
}

}  // namespace
}  // namespace city::documents
