// SPDX-License-Identifier: Apache-2.0
// Formats against published examples; the shared examples file holds the rest.
#include "engines/forms/formats.h"

#include <gtest/gtest.h>

namespace city::forms {
namespace {

TEST(Formats, TakeTheExampleOfTheIdentityNumberStandard) {
  EXPECT_TRUE(IsCitizenId("11010519491231002X"));  // GB 11643-1999, 5.2
  EXPECT_TRUE(IsCitizenId("11010519491231002x"));
  EXPECT_FALSE(IsCitizenId("110105194912310021"));
  EXPECT_FALSE(IsCitizenId("11010519491331002X"));
  EXPECT_FALSE(IsCitizenId(""));
}

TEST(Formats, TellShapeFromCheckSignOfCreditCodes) {
  EXPECT_TRUE(HasCreditCodeShape("91350100M000100Y43"));  // GB 32100-2015, annex
  EXPECT_TRUE(CreditCodeChecks("91350100M000100Y43"));
  EXPECT_TRUE(HasCreditCodeShape("91350100M0001TGQXM"));  // an early code in force
  EXPECT_FALSE(CreditCodeChecks("91350100M0001TGQXM"));
  EXPECT_FALSE(HasCreditCodeShape("91350100I000100Y43"));
  EXPECT_FALSE(CreditCodeChecks("short"));
}

TEST(Formats, KnowLeapYears) {
  EXPECT_TRUE(IsDate("2000-02-29"));
  EXPECT_FALSE(IsDate("1900-02-29"));
  EXPECT_FALSE(IsDate("2023-2-01"));
  EXPECT_FALSE(IsDate("2023-02-0a"));
}

TEST(Formats, RefuseShortMobileNumbers) {
  EXPECT_TRUE(IsMobile("13800138000"));
  EXPECT_FALSE(IsMobile("1380013800"));
  EXPECT_FALSE(IsMobile("12800138000"));
}

TEST(Formats, SayNothingOfAnUnknownName) { EXPECT_FALSE(HasFormat("ipv9", "").has_value()); }

}  // namespace
}  // namespace city::forms
