// SPDX-License-Identifier: Apache-2.0
// Why: the exchange against the example of GM/T 0003.5, B.2.
#include "parts/crypto/sm2_exchange.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

Sm2PrivateKey Key(std::string_view hex) {
  return Sm2PrivateKey::FromScalar(FromHex(hex).value()).value();
}

class ExchangeOfTheExample : public ::testing::Test {
 protected:
  const Sm2PrivateKey a_ = Key("81eb26e941bb5af16df116495f90695272ae2cd63d6c4ae1678418be48230029");
  const Sm2PrivateKey b_ = Key("785129917d45a9ea5437a59356b82338eaadda6ceb199088f14ae10defa229b5");
  const Sm2Exchange first_{Sm2Exchange::Side::kInitiator, a_,
                           Key("d4de15474db74d06491c440d305e012400990f3e390c7e87153c12db2ea60bb3")};
  const Sm2Exchange second_{
      Sm2Exchange::Side::kResponder, b_,
      Key("7e07124814b309489125eaed101113164ebf0f3458c5bd88335c1f9d596243d6")};
};

TEST_F(ExchangeOfTheExample, GivesBothSidesTheKeyOfTheStandard) {
  auto at_first = first_.Agree(b_.PublicKey(), second_.EphemeralPoint(), 16);
  auto at_second = second_.Agree(a_.PublicKey(), first_.EphemeralPoint(), 16);
  ASSERT_TRUE(at_first) << at_first.error().ToLine();
  ASSERT_TRUE(at_second) << at_second.error().ToLine();
  EXPECT_EQ(ToHex(at_first->key.view()), "6c89347354de2484c60b4ab1fde4c6e5");
  EXPECT_EQ(at_second->key.view(), at_first->key.view());
  EXPECT_EQ(ToHex(at_second->own_proof),
            "d3a0fe15dee185ceae907a6b595cc32a266ed7b3367e9983a896dc32fa20f8eb");
  EXPECT_EQ(ToHex(at_first->own_proof),
            "18c7894b3816df16cf07b05c5ec0bef5d655d58f779cc1b400a4f3884644db88");
  EXPECT_EQ(at_first->peer_proof, at_second->own_proof);
  EXPECT_EQ(at_second->peer_proof, at_first->own_proof);
}

TEST_F(ExchangeOfTheExample, GivesDifferentKeysToWhoTakesTheOtherForSomebodyElse) {
  auto at_first = first_.Agree(b_.PublicKey(), second_.EphemeralPoint(), 32, "somebody else");
  auto at_second = second_.Agree(a_.PublicKey(), first_.EphemeralPoint(), 32);
  EXPECT_NE(at_first->key.view(), at_second->key.view());
  EXPECT_NE(at_first->peer_proof, at_second->own_proof);
}

TEST_F(ExchangeOfTheExample, RefusesAPointOffTheCurve) {
  std::string point = second_.EphemeralPoint();
  point.back() = static_cast<char>(point.back() ^ 1);
  auto refused = first_.Agree(b_.PublicKey(), point, 16);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(error::kBadKey));
  EXPECT_FALSE(first_.Agree(b_.PublicKey(), second_.EphemeralPoint(), 0));
}

TEST(Sm2IdentityHash, IsThatOfTheStandard) {
  // GM/T 0003.5-2012, A.2
  auto key = Sm2PublicKey::FromPoint(
      FromHex("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
              "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
          .value());
  EXPECT_EQ(ToHex(Sm2IdentityHash(*key, kDefaultUserId)),
            "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3");
}

}  // namespace
}  // namespace city::crypto
