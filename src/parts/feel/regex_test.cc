// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/regex.h"

#include <gtest/gtest.h>

#include <chrono>

#include "parts/feel/errors.h"

namespace city::feel {
namespace {

bool Found(std::string_view text, std::string_view pattern, std::string_view flags = "") {
  auto regex = Regex::Compile(pattern, flags);
  EXPECT_TRUE(regex) << pattern << (regex ? "" : regex.error().ToLine());
  return regex && (*regex)->Matches(text).value_or(false);
}

// Rules of XML Schema Part 2, appendix F, and of XPath functions 3.1, 5.6.
TEST(Regex, ReadsSchemaClasses) {
  EXPECT_TRUE(Found("b", "^[a-z-[aeiou]]$"));
  EXPECT_FALSE(Found("e", "^[a-z-[aeiou]]$"));
  EXPECT_TRUE(Found("明月", "^\\p{IsCJKUnifiedIdeographs}+$"));
  EXPECT_TRUE(Found("x", "^\\i\\c*$"));
  EXPECT_FALSE(Found("1", "^\\i\\c*$"));
  EXPECT_TRUE(Found("٣", "^\\d$"));
  EXPECT_TRUE(Found("x-", "^[\\w-]+$"));
  EXPECT_TRUE(Found("-", "^[^\\D]|-$"));
}

TEST(Regex, KnowsItsFlags) {
  EXPECT_FALSE(Found("a\nb", "a.b"));
  EXPECT_TRUE(Found("a\nb", "a.b", "s"));
  EXPECT_TRUE(Found("x\ny", "^y$", "m"));
  EXPECT_FALSE(Found("y\n", "^y$"));
  EXPECT_TRUE(Found("ABC", "abc", "i"));
  EXPECT_TRUE(Found("hello world", "he llo[ ]world", "x"));
  EXPECT_TRUE(Found("a.b(c", ".b(", "q"));
}

TEST(Regex, RefusesWhatTheStandardDoesNotHave) {
  for (const char* pattern : {"(?=a)", "(?<n>a)", "a{2,1}", "[a", "(a", "a)", "*a", "\\q", "[]",
                              "(a)\\2", "[\\1]", "a**", "\\p{Nope}", "\\p{IsNope}", "a\\"})
    EXPECT_FALSE(Regex::Compile(pattern, "")) << pattern;
  EXPECT_TRUE(Regex::Compile("a", "z").error().Is(error::kBadPattern));
}

TEST(Regex, GivesUpOnCatastrophicPatterns) {
  auto start = std::chrono::steady_clock::now();
  auto regex = *Regex::Compile("^(a+)+$", "");
  EXPECT_EQ(regex->Matches(std::string(60, 'a') + "!"), std::nullopt);
  auto replaced = regex->Replace(std::string(60, 'a') + "!", "x", 1000);
  ASSERT_FALSE(replaced);
  EXPECT_TRUE(replaced.error().Is(error::kLimit));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(Regex, ReplacesGroupsAndChecksTheReplacement) {
  auto regex = *Regex::Compile("(b)(r)?", "");
  EXPECT_EQ(*regex->Replace("abc abr", "[$1$2\\$]", 1000), "a[b$]c a[br$]");
  EXPECT_FALSE(regex->Replace("b", "$x", 1000));
  EXPECT_FALSE(regex->Replace("b", "\\n", 1000));
  EXPECT_FALSE((*Regex::Compile("x*", ""))->Replace("b", "y", 1000));
  EXPECT_TRUE(regex->Replace(std::string(1000, 'b'), "long text", 100).error().Is(error::kLimit));
}

TEST(Regex, SplitsAtMatches) {
  EXPECT_EQ(*(*Regex::Compile("[,;]\\s*", ""))->Split("a, b;c", 10),
            (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace city::feel
