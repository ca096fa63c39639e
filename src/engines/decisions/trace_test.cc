// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/trace.h"

#include <gtest/gtest.h>

#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using feel::Value;

TEST(Trace, ExplainsRulesAndLegalBasis) {
  auto model = Load(FeeTable("hitPolicy=\"FIRST\""));
  DecideOptions options;
  options.trace = true;
  auto outcome = model->Decide("fee", Inputs({{"days late", Value::Of(3)}}), options);
  ASSERT_TRUE(outcome->trace);
  std::string zh = Explain(*outcome->trace, Language::kChinese);
  EXPECT_NE(zh.find("规则 2 命中，fee = 10"), std::string::npos) << zh;
  EXPECT_NE(zh.find("规则 1 未命中：Days 为 3，要求 <= 0"), std::string::npos) << zh;
  EXPECT_NE(zh.find("basis: Art. 2"), std::string::npos) << zh;
  std::string en = Explain(*outcome->trace, Language::kEnglish);
  EXPECT_NE(en.find("rule 1 does not match: Days is 3, wanted <= 0"), std::string::npos) << en;
  json::value stored = ToJson(*outcome->trace);
  EXPECT_EQ(stored.at("version"), json::value(model->version()));
  EXPECT_EQ(stored.at("decisions").at(0).at("tables").at(0).at("rules").at(1).at("matched"),
            json::value(true));
}

}  // namespace
}  // namespace city::decisions
