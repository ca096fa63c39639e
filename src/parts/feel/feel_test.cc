// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/feel.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "parts/feel/errors.h"

namespace city::feel {
namespace {

std::string Shown(std::string_view text, const Scope& scope = {}, std::vector<Value> inputs = {}) {
  auto expression = Compile(text, scope);
  if (!expression) return "refused: " + expression.error().SaysEn();
  return ToLiteral(Evaluate(*expression, std::span<const Value>(inputs)));
}

const ErrorRow* WhyNot(std::string_view text, const Scope& scope = {}) {
  auto expression = Compile(text, scope);
  return expression ? nullptr : expression.error().row;
}

/// The first diagnostic of an evaluation that gives null.
const ErrorRow* WhyNull(std::string_view text, Settings settings = {}, bool lenient = true) {
  Scope scope;
  scope.lenient = lenient;
  auto expression = Compile(text, scope);
  EXPECT_TRUE(expression) << text;
  Diagnostics diagnostics;
  EXPECT_TRUE(Evaluate(*expression, Value(), settings, &diagnostics).IsNull()) << text;
  return diagnostics.entries.empty() ? nullptr : diagnostics.entries[0].error.row;
}

TEST(Feel, FindsNamesWithSpacesAndSigns) {
  Scope scope;
  scope.Declare("monthly income")
      .Declare("monthly")
      .Declare("date-of-birth")
      .Declare("x")
      .Declare("y");
  std::vector<Value> inputs{Value::Of(10), Value::Of(1), Value::Of(7), Value::Of(3), Value::Of(4)};
  EXPECT_EQ(Shown("monthly income * 2", scope, inputs), "20");
  EXPECT_EQ(Shown("monthly  income+monthly", scope, inputs), "11");
  EXPECT_EQ(Shown("date-of-birth", scope, inputs), "7");
  EXPECT_EQ(Shown("x-y", scope, inputs), "-1");
}

TEST(Feel, FindsMembersByDeclaredTypeByWordsAndByLiteral) {
  Scope scope;
  scope.Declare("p", Type::ContextOf({{"a-b", nullptr}, {"a", nullptr}}));
  ContextBuilder builder;
  builder.Add("a-b", Value::Of(1));
  builder.Add("a", Value::Of(2));
  EXPECT_EQ(Shown("p.a-b + 10", scope, {builder.Build()}), "11");
  EXPECT_EQ(Shown("{first name: \"x\"}.first name"), "\"x\"");
  EXPECT_EQ(Shown("{\"a+b\": 5}.a+b"), "5");
}

TEST(Feel, TellsLineColumnAndWhatWasExpected) {
  auto expression = Compile("1 +\n  * 2", {});
  ASSERT_FALSE(expression);
  EXPECT_TRUE(expression.error().Is(error::kSyntax));
  EXPECT_EQ(expression.error().SaysEn(), "Line 2, column 3: expected an expression, found \"*\".");
  EXPECT_EQ(expression.error().SaysZh(), "第 2 行第 3 列：此处应为表达式，实际是 \"*\"。");
}

TEST(Feel, RefusesUnknownNamesArgumentsAndTypesWhenStrict) {
  EXPECT_EQ(WhyNot("incom + 1", Scope().Declare("income")), &error::kUnknownName);
  EXPECT_EQ(WhyNot("substring(\"a\")"), &error::kWrongArguments);
  EXPECT_EQ(WhyNot("1 instance of money"), &error::kUnknownType);
  EXPECT_EQ(WhyNot("@\"tomorrow\""), &error::kSyntax);
}

TEST(Feel, RefusesLongAndDeepTexts) {
  EXPECT_EQ(WhyNot(std::string(1u << 20, ' ')), &error::kTooLong);
  EXPECT_EQ(WhyNot(std::string(100'000, '(') + "1"), &error::kTooDeep);
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += "+1";
  EXPECT_EQ(WhyNot(sum), &error::kTooDeep);
  std::string any = "true";
  for (int i = 0; i < 5000; ++i) any += " and true";
  EXPECT_EQ(Shown(any), "true");
  EXPECT_EQ(Shown(std::string(10'001, '-') + "1"), "-1");
}

TEST(Feel, StopsAtItsLimits) {
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(WhyNull("for i in 1..10000, j in 1..10000 return i"), &error::kLimit);
  EXPECT_EQ(WhyNull("{f: function(n) f(n), r: f(1)}.r"), &error::kLimit);
  EXPECT_EQ(WhyNull("some i in 1..999999999999 satisfies false"), &error::kLimit);
  EXPECT_EQ(WhyNull("{d: function(s, n) if n = 0 then s else d(s + s, n - 1), r: d(\"x\", 40)}.r"),
            &error::kLimit);
  EXPECT_EQ(WhyNull("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a+)+$\")"),
            &error::kLimit);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Feel, ExplainsNullInWords) {
  EXPECT_EQ(WhyNull("1 + \"a\""), &error::kWrongType);
  EXPECT_EQ(WhyNull("1 / 0"), &error::kNoResult);
  EXPECT_EQ(WhyNull("{a: 1}.b"), &error::kNoMember);
  EXPECT_EQ(WhyNull("date(\"2026-02-30\")"), &error::kBadArgument);
  EXPECT_EQ(WhyNull("123(4)"), &error::kNotCallable);
  EXPECT_EQ(WhyNull("matches(\"a\", \"(\")"), &error::kBadPattern);
  EXPECT_EQ(WhyNull("{f: function(x) external {java: {class: \"a.B\", method signature: \"c()\"}}, "
                    "r: f(1)}.r"),
            &error::kExternalRefused);
}

TEST(Feel, SeesMembersOfItemsInsideFilters) {
  EXPECT_EQ(Shown("[{a: 1, n: 5}, {a: 2, n: 6}][a = 2].n"), "[6]");
  EXPECT_EQ(Shown("{limit: 1, r: [{a: 1}, {a: 2}][a > limit]}.r"), "[{a: 2}]");
  EXPECT_EQ(Shown("[{item: 1}, {item: 3}][item > 2]"), "[{item: 3}]");
  EXPECT_EQ(Shown("[[{b: 1}], [{b: 2}]][item[b = 2] != []]"), "[[{b: 2}]]");
  EXPECT_EQ(Shown("[1, 2, 3][-1]"), "3");
}

TEST(Feel, ClosesOverWhatAFunctionSees) {
  EXPECT_EQ(Shown("{k: 10, add: function(n) n + k, r: add(5)}.r"), "15");
  EXPECT_EQ(Shown("{make: function(k) function(n) n * k, triple: make(3), r: triple(4)}.r"), "12");
  EXPECT_EQ(Shown("for f in [function(x) x + 1, function(x) x * 10] return f(5)"), "[6, 50]");
}

TEST(Feel, CallsBuiltInFunctionsByNameEvenBesideAVariableOfThatName) {
  Scope scope;
  scope.Declare("date", Type::Of(Type::Form::kDate));
  EXPECT_EQ(Shown("date(\"2026-01-31\") > date", scope, {Value::Of(*ParseDate("2026-01-01"))}),
            "true");
  EXPECT_EQ(Shown("sort([\"bb\", \"a\"], function(x, y) string length(x) < string length(y))"),
            "[\"a\", \"bb\"]");
}

TEST(UnaryTests, JudgeTheTestedValue) {
  auto passes = [](const char* tests, Value v) {
    auto cell = Compile(tests, {}, Mode::kUnaryTests);
    EXPECT_TRUE(cell) << tests;
    return ToLiteral(feel::Test(*cell, v, {}));
  };
  EXPECT_EQ(passes("-", Value()), "true");
  EXPECT_EQ(passes("< 5, [10..20)", Value::Of(10)), "true");
  EXPECT_EQ(passes("< 5, [10..20)", Value::Of(20)), "false");
  EXPECT_EQ(passes("not(\"a\", \"b\")", Value::Of("c")), "true");
  EXPECT_EQ(passes("not(\"a\", \"b\")", Value::Of("a")), "false");
  EXPECT_EQ(passes("? > 1 and ? < 3", Value::Of(2)), "true");
  EXPECT_EQ(passes("true", Value::Of(false)), "false");
  EXPECT_EQ(passes("> 5", Value::Of("x")), "null");
  EXPECT_EQ(passes("[1, 2]", Value::Of(2)), "true");
}

TEST(UnaryTests, TellTheirShape) {
  auto shape = [](const char* tests) { return ShapeOf(*Compile(tests, {}, Mode::kUnaryTests)); };
  EXPECT_TRUE(shape("[1..5], > 9").closed);
  EXPECT_EQ(shape("[1..5], > 9").constants.size(), 3u);
  EXPECT_FALSE(shape("string length(?) > 3").closed);
}

TEST(Feel, EvaluatesOneExpressionOnManyThreads) {
  auto expression = *Compile("sum(for x in [1..10] return x * a.b)", Scope().Declare("a"));
  ContextBuilder builder;
  builder.Add("b", Value::Of(2));
  Value a = builder.Build();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i)
        ASSERT_EQ(Evaluate(expression, std::span<const Value>(&a, 1)).number(), Number(110));
    });
  for (auto& thread : threads) thread.join();
}

TEST(Feel, TakesTimeFromItsCaller) {
  Settings settings;
  settings.now = Time(std::chrono::microseconds(1'767'196'800'000'000));  // 2025-12-31T16:00:00Z
  auto now = Evaluate(*Compile("string(now())", {}), Value(), settings);
  EXPECT_EQ(ToText(now), "2026-01-01T00:00:00+08:00");
  EXPECT_EQ(ToText(Evaluate(*Compile("today()", {}), Value(), settings)), "2026-01-01");
}

TEST(Feel, NamesTheInputsItUses) {
  auto expression = *Compile("b + 1", Scope().Declare("a").Declare("b"));
  EXPECT_EQ(expression.used(), (std::vector<int>{1}));
  ContextBuilder builder;
  builder.Add("b", Value::Of(4));
  EXPECT_EQ(ToLiteral(Evaluate(expression, builder.Build())), "5");
}

}  // namespace
}  // namespace city::feel
