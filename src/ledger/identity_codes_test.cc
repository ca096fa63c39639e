// SPDX-License-Identifier: Apache-2.0
#include "ledger/identity_codes.h"

#include <gtest/gtest.h>

namespace city::ledger {
namespace {
TEST(CitizenId, HasTheCheckCharacterOfTheStandard) {
  // The example of GB 11643-1999, annex: 11010519491231002X and 440524188001010014.
  EXPECT_EQ(CitizenIdCheckCharacter("11010519491231002"), 'X');
  EXPECT_TRUE(IsCitizenId("11010519491231002X"));
  EXPECT_TRUE(IsCitizenId("440524188001010014"));
}
TEST(CitizenId, IsRefusedWhenAnythingIsOff) {
  EXPECT_FALSE(IsCitizenId("110105194912310021"));
  EXPECT_FALSE(IsCitizenId("11010519491331002X"));
  EXPECT_FALSE(IsCitizenId(""));
  EXPECT_FALSE(IsCitizenId("11010519491231002x"));
}
TEST(CreditCode, HasTheCheckCharactersOfTheStandards) {
  // Worked by hand: sum 1640, 1640 mod 31 = 28, 31 - 28 = 3; inner sum 139, mod 11 = 7, 11 - 7 = 4.
  EXPECT_EQ(CreditCodeCheckCharacter("91350100M000100Y4"), '3');
  EXPECT_EQ(OrganisationCodeCheckCharacter("M000100Y"), '4');
  EXPECT_EQ(CheckCreditCode("91350100M000100Y43"), CreditCodeState::kGood);
  EXPECT_EQ(CheckCreditCode("91440200MADEM0011P"), CreditCodeState::kGood);
}
TEST(CreditCode, ThatFailsItsCheckIsAWarningNotAWall) {
  EXPECT_EQ(CheckCreditCode("91350100M0001TGQXM"), CreditCodeState::kCheckFails);
}
TEST(CreditCode, RefusesALetterOutsideTheAlphabet) {
  EXPECT_EQ(CheckCreditCode("91350100I000100Y43"), CreditCodeState::kMalformed);
  EXPECT_EQ(CreditCodeCheckCharacter("91350100I000100Y4"), 0);
}
TEST(Mobile, IsElevenDigits) {
  EXPECT_TRUE(IsMobile("13800000000"));
  EXPECT_FALSE(IsMobile("12800000000"));
  EXPECT_FALSE(IsMobile("1380000000"));
}
TEST(Division, PrefixIsWhatPlacesInsideShare) {
  EXPECT_EQ(DivisionPrefix("440200"), "4402");
  EXPECT_EQ(DivisionPrefix("440000"), "44");
  EXPECT_EQ(DivisionPrefix("440203"), "440203");
  EXPECT_EQ(DivisionPrefix("440203001"), "440203001");
  EXPECT_EQ(DivisionPrefix("440203001000"), "440203001");
  EXPECT_FALSE(IsDivisionCode("4402"));
}
}  // namespace
}  // namespace city::ledger
