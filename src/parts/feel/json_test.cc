// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "parts/feel/errors.h"
#include "parts/feel/feel.h"

namespace city::feel {
namespace {

TEST(FeelJson, ComesBackAsItWent) {
  for (const char* text :
       {R"({"a":1,"b":[true,null,"x"],"c":{"d":0.1}})", "-9223372036854775807", "[]", "\"明月\""}) {
    json::value value = *ParseJson(text);
    EXPECT_EQ(ToJson(FromJson(value)), value) << text;
  }
}

TEST(FeelJson, ReadsTextsAsTheTypeWants) {
  auto type = Type::ContextOf({{"born", Type::Of(Type::Form::kDate)},
                               {"sums", Type::ListOf(Type::Of(Type::Form::kNumber))}});
  auto value = FromJson(*ParseJson(R"({"born":"2000-02-29","sums":[1,"2.50"],"more":"x"})"), *type);
  ASSERT_TRUE(value) << value.error().ToLine();
  EXPECT_EQ(ToText(*value), "{born: 2000-02-29, sums: [1, 2.50], more: \"x\"}");
}

TEST(FeelJson, PointsAtTheWrongValue) {
  auto type = Type::ContextOf({{"sums", Type::ListOf(Type::Of(Type::Form::kNumber))}});
  auto value = FromJson(*ParseJson(R"({"sums":[1,"two"]})"), *type);
  ASSERT_FALSE(value);
  EXPECT_TRUE(value.error().Is(error::kBadJson));
  EXPECT_NE(value.error().SaysEn().find("/sums/1"), std::string::npos);
}

TEST(FeelJson, WritesNumbersAsIntegerOrNearestDouble) {
  EXPECT_EQ(ToJson(Value::Of(*Number::Parse("12.00"))), json::value(12));
  EXPECT_EQ(ToJson(Value::Of(*Number::Parse("0.1"))), json::value(0.1));
  EXPECT_EQ(ToJson(Value::Of(*Number::Parse("1e300"))), json::value(1e300));
}

}  // namespace
}  // namespace city::feel
