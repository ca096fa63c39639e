// SPDX-License-Identifier: Apache-2.0
// Why: lines break where the rules of Chinese text allow it, tables where rows end.
#include "parts/documents/flow.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"

namespace city::documents {
namespace {

// Lines of a column that is `characters` wide.
std::vector<std::string> Lines(std::string_view text, double characters, double indent = 0) {
  std::vector<std::string> out;
  auto lines = BreakLines(text, characters, 1, Face::kSong, indent);
  for (const LaidLine& line : *lines) {
    out.push_back(Utf8(line.text));
  }
  return out;
}

using Strings = std::vector<std::string>;

TEST(Lines, BreakBetweenChineseCharacters) {
  EXPECT_EQ(Lines("一二三四五六七", 3), (Strings{"一二三", "四五六", "七"}));
  EXPECT_EQ(Lines("一二三四五六七", 3, 2), (Strings{"一", "二三四", "五六七"}));
}

TEST(Lines, NeverBeginWithAClosingMarkOrEndWithAnOpeningOne) {
  EXPECT_EQ(Lines("一二三。四五", 3), (Strings{"一二", "三。四", "五"}));
  EXPECT_EQ(Lines("一二（三四）", 3), (Strings{"一二", "（三", "四）"}));
  EXPECT_EQ(Lines("一二三》，四", 3), (Strings{"一二", "三》，", "四"}));
}

TEST(Lines, KeepWordsWholeWhereTheyFit) {
  EXPECT_EQ(Lines("the city runs", 4), (Strings{"the city", "runs"}));
  EXPECT_EQ(Lines("一二 government", 6), (Strings{"一二", "government"}));
  auto cut = Lines("abcdefghijklmnopqrstuvwxyz", 3);
  EXPECT_GT(cut.size(), 3u);  // a word longer than the line has to be cut
}

TEST(Lines, BeginAnewAtALineEnd) {
  EXPECT_EQ(Lines("一\n\n二", 5), (Strings{"一", "", "二"}));
  EXPECT_EQ(Lines("", 5), (Strings{""}));
}

TEST(Lines, NeverLoseACharacter) {
  const std::string text =
      "依据《中华人民共和国行政许可法》第三十八条、ISO 9001:2015 与 GB/T 9704—2012，"
      "现予核准（编号：SG-2026-0001）。";
  for (double width = 1; width < 30; width += 0.7) {
    std::string all;
    for (const std::string& line : Lines(text, width)) all += line;
    std::string wanted = text;
    std::erase(wanted, ' ');
    std::erase(all, ' ');
    EXPECT_EQ(all, wanted) << width;
  }
}

size_t TextRuns(const Page& page) {
  size_t out = 0;
  for (const Item& item : page.items) out += std::holds_alternative<TextRun>(item);
  return out;
}

TEST(Flow, RepeatsTheHeadOfATableOnEachPage) {
  Flow flow({.numbers = PageNumbers::kNone});
  std::vector<std::vector<Cell>> rows{{{.text = "头"}, {.text = "部"}}};
  for (int i = 0; i < 100; ++i) rows.push_back({{.text = "一"}, {.text = "二"}});
  TableStyle style;
  style.widths = {1, 1};
  ASSERT_TRUE(flow.Table(rows, style));
  Document document = flow.Finish().value();
  ASSERT_GE(document.pages.size(), 3u);
  size_t cells = 0;
  for (const Page& page : document.pages) {
    const TextRun& first = std::get<TextRun>(page.items[1]);
    EXPECT_EQ(first.text, U"头");
    cells += TextRuns(page);
  }
  EXPECT_EQ(cells, 200 + 2 * document.pages.size());
}

TEST(Flow, DividesARowThatIsHigherThanAPage) {
  Flow flow({.numbers = PageNumbers::kNone});
  std::string high;
  for (int i = 0; i < 120; ++i) high += "行\n";
  TableStyle style;
  style.widths = {1};
  style.header_rows = 0;
  ASSERT_TRUE(flow.Table({{{.text = high}}}, style));
  Document document = flow.Finish().value();
  size_t lines = 0;
  for (const Page& page : document.pages) {
    lines += TextRuns(page);
    for (const Item& item : page.items) {
      if (const auto* run = std::get_if<TextRun>(&item)) {
        EXPECT_LT(run->y, 297 - 35 + 0.01);
      }
    }
  }
  EXPECT_EQ(lines, 120u);
  EXPECT_GE(document.pages.size(), 2u);
}

TEST(Flow, RefusesRowsThatDoNotFitTheColumns) {
  Flow flow;
  TableStyle style;
  style.widths = {1, 1};
  EXPECT_TRUE(flow.Table({{{.text = "a", .span = 2}}}, style));
  for (const std::vector<Cell>& row :
       {std::vector<Cell>{{.text = "a"}}, std::vector<Cell>{{.text = "a", .span = 3}}}) {
    auto result = flow.Table({row}, style);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().Is(error::kFailed));
  }
}

TEST(Flow, PutsOfficialPageNumbersOutside) {
  // GB/T 9704-2012, 7.5: single pages right, double pages left, one character from the edge.
  Flow flow({.numbers = PageNumbers::kOfficial});
  flow.NewPage();
  Document document = flow.Finish().value();
  const auto& right = std::get<TextRun>(document.pages[0].items.back());
  const auto& left = std::get<TextRun>(document.pages[1].items.back());
  EXPECT_EQ(right.text, U"— 1 —");
  EXPECT_GT(right.x, 105);
  EXPECT_NEAR(left.x, 28 + 14 * kMmPerPoint, 0.01);
}

TEST(Flow, JustifiesAllLinesButTheLast) {
  Flow flow({.numbers = PageNumbers::kNone});
  ASSERT_TRUE(flow.Text(
      "政务服务事项 abc 政务服务事项政务服务事项政务服务，事项政务服务事项政务服务事项政务"
      "服务事项政务服务事项",
      {.points = 12}));
  Document document = flow.Finish().value();
  auto end = [&](size_t i) {
    const auto& run = std::get<TextRun>(document.pages[0].items[i]);
    double x = run.x;
    for (double advance : run.advances) x += advance;
    return x;
  };
  EXPECT_NEAR(end(0), 210 - 26, 0.01);
  EXPECT_LT(end(1), 210 - 26 - 1);
}

}  // namespace
}  // namespace city::documents
