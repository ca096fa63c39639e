// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/internal/lexer.h"

#include <gtest/gtest.h>

namespace city::feel {
namespace {

std::string Words(std::string_view source) {
  std::string out;
  auto tokens = Tokenize(source);
  if (!tokens) return "refused";
  for (const Token& token : *tokens)
    if (token.kind != TokenKind::kEnd) out += (out.empty() ? "" : "|") + std::string(token.text);
  return out;
}

TEST(Lexer, SplitsNumbersRangesAndNames) {
  EXPECT_EQ(Words("1..2"), "1|..|2");
  EXPECT_EQ(Words("1.5e-3+.5"), "1.5e-3|+|.5");
  EXPECT_EQ(Words("月收入>=1"), "月收入|>=|1");
  EXPECT_EQ(Words("?>1"), "?|>|1");
  EXPECT_EQ(Words("a1 b_2"), "a1|b_2");
}

TEST(Lexer, ReadsEscapes) {
  EXPECT_EQ(Unescape(R"("a\"\\\n\t\u4e2d\uD83D\uDC0E\U01F40E\d")"), "a\"\\\n\t中🐎🐎\\d");
  EXPECT_EQ(Unescape(R"("\u12")"), "\\u12");
}

TEST(Lexer, NormalizesNames) {
  EXPECT_EQ(NormalizeName("  a \t b\xe3\x80\x80"
                          "c "),
            "a b c");
}

TEST(Lexer, CountsColumnsInCodePoints) {
  auto place = PlaceOf("月\n收入 x", 10);
  EXPECT_EQ(place[0].second, "2");
  EXPECT_EQ(place[1].second, "3");
}

}  // namespace
}  // namespace city::feel
