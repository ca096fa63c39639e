// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

namespace city {
namespace {
TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(LengthOf("韶关a𫓧"), 4u);
  EXPECT_EQ(LengthOf(""), 0u);
}
TEST(Text, ReadsBackWhatItWrites) {
  std::string text = "a〇é韶𫓧";
  EXPECT_EQ(FromCodePoints(CodePoints(text)), text);
}
TEST(Text, MarksBrokenBytesAndGoesOn) {
  EXPECT_FALSE(IsValidUtf8("a\xff"));
  EXPECT_FALSE(IsValidUtf8("\xe9\x9f"));      // cut in the middle
  EXPECT_FALSE(IsValidUtf8("\xc0\xaf"));      // overlong
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));  // a surrogate
  EXPECT_TRUE(IsValidUtf8("韶"));
  EXPECT_EQ(LengthOf("a\xff"
                     "b"),
            3u);
}
TEST(Trim, TakesOffIdeographicSpaceToo) { EXPECT_EQ(Trim("\u3000 \t韶关 \n\u3000"), "韶关"); }
TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(Split("a,,b", ',').size(), 3u);
  EXPECT_EQ(Split("", ',').size(), 1u);
}
TEST(ReplaceAll, ReplacesEachOnce) { EXPECT_EQ(ReplaceAll("aaa", "a", "aa"), "aaaaaa"); }
TEST(Join, PutsTheSeparatorBetween) { EXPECT_EQ(Join({"a", "b"}, "、"), "a、b"); }
TEST(LowerAscii, LeavesHanSigns) { EXPECT_EQ(LowerAscii("Ab韶"), "ab韶"); }
TEST(IsCjk, KnowsRareSigns) {
  EXPECT_TRUE(IsCjk(U'韶'));
  EXPECT_TRUE(IsCjk(U'〇'));
  EXPECT_TRUE(IsCjk(U'𫓧'));
  EXPECT_FALSE(IsCjk(U'a'));
}
}  // namespace
}  // namespace city
