// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gtest/gtest.h>

#include "base/errors.h"

namespace city {
namespace {
TEST(Json, EscapesWhereverTheCharacterStands) {
  for (size_t length = 1; length < 40; ++length)
    for (size_t at = 0; at < length; ++at)
      for (int c = 0; c < 256; ++c) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(c);
        std::string out;
        AppendJsonString(out, text);
        bool special = c < 0x20 || c == '"' || c == '\\';
        EXPECT_EQ(out.size() == length + 2, !special) << length << " " << at << " " << c;
        if (c < 0x80) {
          auto back = ParseJson(out);
          ASSERT_TRUE(back) << out;
          EXPECT_EQ(back->as_string(), text);
        }
      }
}

TEST(Json, ReadsWhatItWrites) {
  EXPECT_EQ(ToText(*ParseJson(R"({"a":[1,"二",null,true]})")), R"({"a":[1,"二",null,true]})");
}
TEST(Json, RefusesTextAfterTheValue) { EXPECT_TRUE(ParseJson("1 2").error().Is(error::kBadJson)); }
TEST(Json, RefusesAnEmptyText) { EXPECT_TRUE(ParseJson("").error().Is(error::kBadJson)); }
TEST(Json, RefusesNestingBeyondTheLimit) {
  EXPECT_TRUE(ParseJson(std::string(40, '[') + std::string(40, ']')).error().Is(error::kBadJson));
}
TEST(Json, RefusesATextBeyondTheLimit) {
  EXPECT_TRUE(ParseJson("\"aaaaaaaa\"", {.max_bytes = 5}).error().Is(error::kTooLarge));
}
TEST(Json, RefusesBrokenUtf8) { EXPECT_FALSE(ParseJson("\"\xff\"")); }
TEST(Json, RefusesANumberThatNoDoubleHolds) {
  EXPECT_TRUE(ParseJson(R"({"a":[1e400]})").error().Is(error::kBadJson));
  EXPECT_TRUE(ParseJson("-1e400").error().Is(error::kBadJson));
  EXPECT_EQ(ToText(*ParseJson("1e308")), "1E308");
}
TEST(Json, QuotesControlSigns) {
  std::string out;
  AppendJsonString(out, "a\"\\\n\x01二");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001二\"");
}
TEST(Json, ReadsMembersWithAFallback) {
  json::value value = *ParseJson(R"({"n":3.0,"t":"x","b":true,"o":{},"l":[]})");
  const json::object& object = value.get_object();
  EXPECT_EQ(IntAt(object, "n"), 3);
  EXPECT_EQ(IntAt(object, "t", 7), 7);
  EXPECT_EQ(TextAt(object, "t"), "x");
  EXPECT_TRUE(BoolAt(object, "b"));
  EXPECT_NE(ObjectAt(object, "o"), nullptr);
  EXPECT_EQ(ArrayAt(object, "o"), nullptr);
}
}  // namespace
}  // namespace city
