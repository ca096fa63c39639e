// SPDX-License-Identifier: Apache-2.0
#include "gate/problem.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "gate/errors.h"

namespace city::gate {
namespace {
TEST(Problem, SaysWhatAndWhatNextInBothLanguages) {
  Error error{&error::kTooManyRequests,
              {{"seconds", "7"}},
              {{"/name", "required", "名称不能为空", "name is empty"}}};
  Response response = ProblemResponse(error);
  EXPECT_EQ(response.status, 429);
  json::value body = *ParseJson(response.body);
  const json::object& object = body.get_object();
  EXPECT_EQ(TextAt(object, "code"), "gate.too_many_requests");
  EXPECT_EQ(TextAt(*ObjectAt(object, "then"), "en"), "Try again in 7 seconds.");
  EXPECT_EQ(TextAt(ArrayAt(object, "errors")->at(0).get_object(), "pointer"), "/name");
  bool retry = false;
  for (const auto& [name, value] : response.headers)
    retry = retry || (name == "Retry-After" && value == "7");
  EXPECT_TRUE(retry);
}
TEST(Problem, ExplainsACodeWithoutItsValues) {
  Response page = ProblemPage(error::kTooManyRequests);
  EXPECT_TRUE(page.type.starts_with("text/html"));
  EXPECT_NE(page.body.find("gate.too_many_requests"), std::string::npos);
  EXPECT_NE(page.body.find("Try again in … seconds."), std::string::npos);
  EXPECT_EQ(page.body.find('{'), std::string::npos);
}
}  // namespace
}  // namespace city::gate
