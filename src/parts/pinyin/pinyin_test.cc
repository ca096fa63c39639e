// SPDX-License-Identifier: Apache-2.0
#include "parts/pinyin/pinyin.h"

#include <gtest/gtest.h>

namespace city::pinyin {
namespace {
using Texts = std::vector<std::string>;
TEST(Pinyin, GivesOneSyllableForEachSign) {
  EXPECT_EQ(Sounds().Syllables("社保卡"), (Texts{"she", "bao", "ka"}));
}
TEST(Pinyin, LeavesOtherSignsInLowerCase) {
  EXPECT_EQ(Sounds().Syllables("A证1"), (Texts{"a", "zheng", "1"}));
}
TEST(Pinyin, TakesBrokenTextWithoutHarm) {
  EXPECT_TRUE(Sounds().Syllables("").empty());
  EXPECT_EQ(Sounds().Syllables("\xE7\xA4").size(), 1u);  // a sign cut short
}
}  // namespace
}  // namespace city::pinyin
