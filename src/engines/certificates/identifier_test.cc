// SPDX-License-Identifier: Apache-2.0
// The examples were issued by public bodies and carry their check characters.
#include "engines/certificates/identifier.h"

#include <gtest/gtest.h>

#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
TEST(Identifier, ReadsWhatPublicBodiesIssued) {
  for (const char* text :
       {"1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        "1.2.156.3005.2.11100000000013338W032.114402009900000171.SG20230000000001.001.7"}) {
    auto read = ParseIdentifier(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->ToText(), text);
  }
}

TEST(Identifier, RefusesAnAlteredSign) {
  std::string good = "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F";
  for (size_t i = 15; i < good.size(); ++i) {
    std::string bad = good;
    if (bad[i] == '.') continue;
    bad[i] = bad[i] == '7' ? '8' : '7';
    auto read = ParseIdentifier(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_TRUE(read.error().Is(error::kBadIdentifier));
  }
  EXPECT_FALSE(ParseIdentifier(""));
  EXPECT_FALSE(ParseIdentifier("1.2.156.3005.2......"));
}

TEST(Identifier, RaisesItsVersion) {
  Identifier one{"11100000000013338W032", "114402009900000171", "SG20230000000001", 1};
  Identifier two = one;
  two.version = 2;
  EXPECT_TRUE(one.ToText().ends_with(".001.7"));
  EXPECT_NE(one.ToText().back(), two.ToText().back());
  two.version = 1000;
  EXPECT_EQ(two.ToText(), "");
  EXPECT_FALSE(IdentifierCheck("a"));
}
}  // namespace
}  // namespace city::certificates
