// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/internal/logic.h"

#include <gtest/gtest.h>

#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

std::string Boxed(const std::string& xml) {
  return "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>" + xml + "</decision>";
}
std::string Text(const std::string& text) {
  return "<literalExpression><text>" + text + "</text></literalExpression>";
}

TEST(Logic, GivesNullWhenAConditionIsNoBoolean) {
  auto value = [](const std::string& xml) { return Decide(*Load(Boxed(xml)), "d"); };
  EXPECT_EQ(
      value("<filter><in>" + Text("[1]") + "</in><match>" + Text("\"x\"") + "</match></filter>"),
      "null");
  EXPECT_EQ(value("<some iteratorVariable=\"i\"><in>" + Text("[1]") + "</in><satisfies>" +
                  Text("i") + "</satisfies></some>"),
            "null");
  EXPECT_EQ(value("<conditional><if>" + Text("1") + "</if><then>" + Text("1") + "</then><else>" +
                  Text("2") + "</else></conditional>"),
            "null");
}

TEST(Logic, LetsAFunctionOutliveItsRun) {
  auto model = Load(Boxed("<functionDefinition><formalParameter name=\"x\"/>" + Text("x * 2") +
                          "</functionDefinition>"));
  Value function = model->Decide("d", Value())->value;
  model.reset();
  feel::Settings settings;
  feel::CallFrame frame(settings, nullptr);
  Value argument = Value::Of(21);
  EXPECT_EQ(feel::ToLiteral(frame.Call(function, std::span<const Value>(&argument, 1))), "42");
}

}  // namespace
}  // namespace city::decisions
