// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace city {
namespace {
TEST(Log, WritesOneJsonLineAnEvent) {
  testing::internal::CaptureStderr();
  LogInfo("started", {{"port", "8080"}, {"words", "引号\"与换行\n"}});
  std::string line = testing::internal::GetCapturedStderr();
  ASSERT_EQ(line.find('\n'), line.size() - 1);
  json::value value = *ParseJson(line.substr(0, line.size() - 1));
  EXPECT_EQ(TextAt(value.get_object(), "what"), "started");
  EXPECT_EQ(TextAt(value.get_object(), "words"), "引号\"与换行\n");
}
TEST(Log, DropsLinesBelowItsLevel) {
  SetLogLevel(LogLevel::kError);
  testing::internal::CaptureStderr();
  LogInfo("not seen");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  SetLogLevel(LogLevel::kInfo);
}
}  // namespace
}  // namespace city
