// SPDX-License-Identifier: Apache-2.0
#include "gate/http.h"

#include <gtest/gtest.h>

namespace city::gate {
namespace {
TEST(Target, IsSplitAndDecoded) {
  std::string path;
  Pairs query;
  ASSERT_TRUE(ParseTarget("/api/items?q=%E9%9F%B6%E5%85%B3&a=1+2&b", path, query));
  EXPECT_EQ(path, "/api/items");
  EXPECT_EQ(query, (Pairs{{"q", "韶关"}, {"a", "1 2"}, {"b", ""}}));
}
TEST(Target, IsRefusedWhenBroken) {
  std::string path;
  Pairs query;
  for (const char* target : {"/a%", "/a%2", "/a%zz", "/a%00b", "", "a", "/a?x=%ff"})
    EXPECT_FALSE(ParseTarget(target, path, query)) << target;
}
TEST(Request, FindsItsCookie) {
  Request request;
  request.headers = {{"cookie", "a=1; session=xyz ; sessionx=2"}};
  EXPECT_EQ(request.Cookie("session"), "xyz");
  EXPECT_EQ(request.Cookie("b"), "");
}
}  // namespace
}  // namespace city::gate
