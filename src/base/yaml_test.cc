// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <gtest/gtest.h>

#include "base/errors.h"

namespace city::yaml {
namespace {
TEST(Yaml, RemembersLines) {
  Node root = *Parse("a: 1\nb:\n  - x\n  - {c: 二}\n", "f.yaml");
  EXPECT_EQ(root.Find("b")->items[1].Find("c")->text, "二");
  EXPECT_EQ(root.Find("b")->items[1].Place(), "f.yaml:4");
  EXPECT_EQ(root.Int("a"), 1);
}
TEST(Yaml, TellsPlainValuesFromQuotedOnes) {
  EXPECT_EQ(ToText(Parse("[1, \"1\", true, 'true', 007, 1.5, ~]", "f")->ToJson()),
            R"([1,"1",true,"true","007",1.5E0,null])");
}
TEST(Yaml, SaysWhereItIsBroken) {
  Error error = Parse("a: 1\nb: [1, 2\nc: 3\n", "f.yaml").error();
  EXPECT_TRUE(error.Is(error::kBadYaml));
  EXPECT_NE(error.SaysEn().find("f.yaml, line"), std::string::npos);
}
TEST(Yaml, RefusesAKeyThatStandsTwice) { EXPECT_FALSE(Parse("a: 1\na: 2\n", "f")); }
TEST(Yaml, RefusesABombOfAliases) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    std::string p = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + p;
    for (int k = 0; k < 9; ++k) text += "," + p;
    text += "]\n";
  }
  EXPECT_TRUE(Parse(text, "f").error().Is(error::kBadYaml));
}
TEST(Yaml, RefusesWhatIsNotUtf8) {
  EXPECT_FALSE(Parse("a: \xff", "f"));
  EXPECT_FALSE(Parse("\xff\xfe\x61", "f"));
  // Four bytes that a guess takes for UTF-32, and a half of a pair in it.
  EXPECT_FALSE(Parse(std::string("a\0\0\0:\0\0\0 \0\0\0\0\xd8\0\0", 16), "f"));
}
TEST(Yaml, RefusesAnEscapeThatIsNoUtf8) {
  EXPECT_FALSE(Parse(R"("\N")", "f"));
  EXPECT_FALSE(Parse(R"(a: "x\_")", "f"));
  EXPECT_EQ(Parse(R"("\x41\u4e00")", "f")->text, "A一");
}
TEST(Yaml, FindsARepeatedKeyInAVeryLongMap) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(Parse(text, "f")->entries.size(), 40'000u);
  EXPECT_FALSE(Parse(text + "k0: 1\n", "f"));
}
TEST(Yaml, RefusesDeepNesting) { EXPECT_FALSE(Parse(std::string(5000, '['), "f")); }
TEST(Yaml, SaysThatAFileIsMissing) {
  EXPECT_TRUE(Load("/nonexistent/x.yaml").error().Is(error::kFileUnreadable));
}
}  // namespace
}  // namespace city::yaml
