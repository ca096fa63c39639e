// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/type.h"

#include <gtest/gtest.h>

namespace city::feel {
namespace {

using Form = Type::Form;

TEST(Type, AcceptsAListOfOneForItsElementAndBack) {
  EXPECT_EQ(Coerce(Value::List({Value::Of(1)}), *Type::Of(Form::kNumber))->number(), Number(1));
  EXPECT_TRUE(Coerce(Value::Of(1), *Type::ListOf(Type::Of(Form::kNumber)))->IsList());
  EXPECT_FALSE(Coerce(Value::List({Value::Of(1), Value::Of(2)}), *Type::Of(Form::kNumber)));
  EXPECT_FALSE(Coerce(Value::Of("x"), *Type::ListOf(Type::Of(Form::kNumber))));
}

TEST(Type, TurnsADateIntoItsMidnightInUtc) {
  auto v = Coerce(Value::Of(*ParseDate("2026-01-31")), *Type::Of(Form::kDateTime));
  EXPECT_EQ(ToText(*v), "2026-01-31T00:00:00Z");
}

TEST(Type, WantsEveryDeclaredMember) {
  auto type = Type::ContextOf({{"a", Type::Of(Form::kNumber)}});
  ContextBuilder more;
  more.Add("a", Value::Of(1));
  more.Add("b", Value::Of(2));
  EXPECT_TRUE(Coerce(more.Build(), *type));
  ContextBuilder less;
  less.Add("b", Value::Of(2));
  EXPECT_FALSE(Coerce(less.Build(), *type));
}

TEST(Type, LetsNullThroughButDoesNotCallItAnInstance) {
  EXPECT_TRUE(Coerce(Value(), *Type::Of(Form::kNumber)));
  EXPECT_FALSE(IsInstance(Value(), *Type::Of(Form::kNumber)));
  EXPECT_FALSE(IsInstance(Value(), *Type::Of(Form::kAny)));
  EXPECT_TRUE(IsInstance(Value(), *Type::Of(Form::kNull)));
}

TEST(Type, ConformsFunctionsContravariantly) {
  auto function = [](TypePtr parameter, TypePtr result) {
    auto type = std::make_shared<Type>();
    type->form = Form::kFunction;
    type->parameters = {parameter};
    type->result = result;
    return type;
  };
  auto any = Type::Of(Form::kAny);
  auto number = Type::Of(Form::kNumber);
  EXPECT_TRUE(Conforms(function(any, number).get(), function(number, any).get()));
  EXPECT_FALSE(Conforms(function(number, number).get(), function(any, number).get()));
}

TEST(Type, AppliesItsOwnRule) {
  auto type = std::make_shared<Type>(*Type::Of(Form::kNumber));
  type->allowed = [](const Value& v) { return v.number() > Number(5); };
  EXPECT_TRUE(Accepts(*type, Value::Of(6)));
  EXPECT_FALSE(Accepts(*type, Value::Of(5)));
}

TEST(Type, KnowsTheNamesOfTheLanguageAndOfSchemas) {
  EXPECT_EQ(NamedType("days and time duration"), NamedType("dayTimeDuration"));
  EXPECT_EQ(NamedType("nothing"), nullptr);
}

}  // namespace
}  // namespace city::feel
