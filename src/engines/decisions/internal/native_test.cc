// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/native.h"

#include <gtest/gtest.h>

namespace city::decisions {
namespace {

using feel::Value;

std::string Call(const char* owner, const char* method, std::vector<Value> arguments) {
  feel::ContextBuilder inner;
  inner.Add("class", Value::Of(owner));
  inner.Add("method signature", Value::Of(method));
  feel::ContextBuilder outer;
  outer.Add("java", inner.Build());
  auto native = NativeFunction(outer.Build());
  if (!native) return "refused";
  feel::Settings settings;
  feel::CallFrame frame(settings, nullptr);
  return feel::ToLiteral(native(arguments, frame));
}

TEST(NativeFunctions, AreOnAList) {
  EXPECT_EQ(Call("java.lang.Math", "max(int, int)", {Value::Of(3), Value::Of(5)}), "5");
  EXPECT_EQ(Call("java.lang.Math", "sqrt(double)", {Value::Of(16)}), "4");
  EXPECT_EQ(Call("java.lang.Integer", "valueOf(java.lang.String)", {Value::Of("12")}), "12");
  EXPECT_EQ(Call("java.lang.Byte", "valueOf(byte)", {Value::Of(300)}), "null");
}

TEST(NativeFunctions, RefuseEveryOtherName) {
  EXPECT_EQ(Call("java.lang.Runtime", "exec(java.lang.String)", {Value::Of("x")}), "refused");
  EXPECT_EQ(Call("java.lang.Math", "random()", {}), "refused");
  EXPECT_FALSE(NativeFunction(Value::Of(1)));
}

}  // namespace
}  // namespace city::decisions
