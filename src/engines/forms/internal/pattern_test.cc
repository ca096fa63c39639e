// SPDX-License-Identifier: Apache-2.0
// Patterns that a browser and PCRE2 must read alike.
#include "engines/forms/internal/pattern.h"

#include <gtest/gtest.h>

namespace city::forms {
namespace {

bool Matches(std::string_view pattern, std::string_view subject) {
  Patterns patterns;
  return patterns.Add(pattern) && patterns.Match(pattern, subject);
}

TEST(Patterns, CountCodePointsNotBytes) {
  EXPECT_TRUE(Matches("^.{2}$", "中文"));
  EXPECT_FALSE(Matches("^.{2}$", "中"));
}

TEST(Patterns, ReadBrowserEscapes) {
  EXPECT_TRUE(Matches("^[\\u4e00-\\u9fa5]+$", "中文"));
  EXPECT_TRUE(Matches("^\\u{20BB7}$", "𠮷"));
  EXPECT_TRUE(Matches("^\\p{Script=Han}+$", "漢字"));
}

TEST(Patterns, EndOnlyAtTheVeryEnd) { EXPECT_FALSE(Matches("^a$", "a\n")); }

TEST(Patterns, RefuseVerbsThatLiftBounds) {
  Patterns patterns;
  EXPECT_FALSE(patterns.Add("(*LIMIT_MATCH=4000000000)a"));
  EXPECT_FALSE(patterns.Add("("));
  EXPECT_FALSE(patterns.Match("never added", "x"));
}

TEST(Patterns, GiveUpOnCatastrophicBacktracking) {
  EXPECT_FALSE(Matches("^(a+)+$", std::string(64, 'a') + "!"));
}

}  // namespace
}  // namespace city::forms
