// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/value.h"

#include <gtest/gtest.h>

#include <thread>

namespace city::feel {
namespace {

TEST(Value, IsTwentyFourBytes) { EXPECT_EQ(sizeof(Value), 24u); }

TEST(Value, SharesItsObjectBetweenThreads) {
  Value list = Value::List({Value::Of("a"), Value::Of(1)});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([list] {
      for (int i = 0; i < 10000; ++i) {
        Value copy = list;
        Value item = copy.items()[0];
        ASSERT_EQ(item.text(), "a");
      }
    });
  for (auto& thread : threads) thread.join();
}

TEST(Value, FindsMembersInSmallAndLargeContexts) {
  for (int size : {0, 1, 11, 12, 500}) {
    ContextBuilder builder;
    for (int i = 0; i < size; ++i) builder.Add("key" + std::to_string(i), Value::Of(i));
    Value context = builder.Build();
    for (int i = 0; i < size; ++i)
      EXPECT_EQ(context.context().Find("key" + std::to_string(i))->number(), Number(i));
    EXPECT_EQ(context.context().Find("other"), nullptr);
  }
}

TEST(Value, RemembersWhereAMemberLay) {
  ContextBuilder builder;
  builder.Add("a", Value::Of(1));
  builder.Add("b", Value::Of(2));
  Value context = builder.Build();
  std::atomic<uint32_t> hint{0};
  EXPECT_EQ(context.context().Find("b", hint)->number(), Number(2));
  EXPECT_EQ(hint.load(), 1u);
  EXPECT_EQ(context.context().Find("b", hint)->number(), Number(2));
}

// The forms of string(): DMN 1.5, 10.3.4.1.
TEST(Value, PrintsAsFeelPrints) {
  ContextBuilder builder;
  builder.Add("a", Value::Of("x\"y"));
  builder.Add("b c", Value());
  builder.Add("{", Value::Of(true));
  EXPECT_EQ(ToText(builder.Build()), "{a: \"x\\\"y\", b c: null, \"{\": true}");
  EXPECT_EQ(ToText(Value::Of("bare")), "bare");
  EXPECT_EQ(ToLiteral(Value::Of(*ParseDate("2026-01-31"))), "@\"2026-01-31\"");
  EXPECT_EQ(ToText(Value::Of(Range{Range::Form::kLess, false, false, Value(), Value::Of(5)})),
            "(< 5)");
}

TEST(Value, StopsPrintingAtItsLimit) {
  EXPECT_LT(ToText(Value::List(std::vector<Value>(1000, Value::Of("text"))), 100).size(), 200u);
}

}  // namespace
}  // namespace city::feel
