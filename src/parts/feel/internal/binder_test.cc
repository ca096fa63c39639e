// SPDX-License-Identifier: Apache-2.0
#include "parts/feel/internal/binder.h"

#include <gtest/gtest.h>

namespace city::feel {
namespace {

TEST(NameBook, TakesTheLongestName) {
  NameBook book;
  book.Add("loan");
  book.Add("loan amount");
  auto tokens = *Tokenize("loan   amount + 1");
  size_t length = 0;
  EXPECT_EQ(book.Longest(tokens, 0, length)->name, "loan amount");
  EXPECT_EQ(length, 2u);
}

TEST(NameBook, WantsSignsWrittenAsDeclared) {
  NameBook book;
  book.Add("a-b");
  size_t length = 0;
  EXPECT_EQ(book.Longest(*Tokenize("a - b"), 0, length), nullptr);
  EXPECT_NE(book.Longest(*Tokenize("a-b"), 0, length), nullptr);
}

TEST(Binder, CapturesAnOuterNameOnce) {
  Scope scope;
  Program program;
  Binder binder(scope, program);
  binder.Declare("k", nullptr);
  binder.BeginFunction();
  TypePtr type;
  EXPECT_EQ(binder.Resolve("k", 0, type)->op, Op::kCapture);
  EXPECT_EQ(binder.Resolve("k", 0, type)->slot, 0);
  EXPECT_EQ(binder.EndFunction().captures.size(), 1u);
  EXPECT_EQ(binder.Resolve("nobody", 0, type), nullptr);
}

}  // namespace
}  // namespace city::feel
