// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/credential.h"

#include <gtest/gtest.h>

#include "engines/certificates/errors.h"
#include "parts/crypto/crypto.h"

namespace city::certificates {
namespace {
class CredentialTest : public testing::Test {
 protected:
  std::string Made() {
    return *MakeCredential({{"identifier", "1.2"}, {"type", "card"}},
                           {{"name", "张三"}, {"id_number", "44020019900101000X"}, {"sex", "1"}},
                           "k", [this](std::string_view m) { return key_.Sign(m); });
  }
  crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::Generate();
};

TEST_F(CredentialTest, TellsOnlyTheDisclosedFields) {
  std::string shown = *Disclose(Made(), {"name"});
  auto read = VerifyCredential(shown, key_.PublicKey());
  ASSERT_TRUE(read);
  EXPECT_EQ(ToText(read->faces), "{\"name\":\"张三\"}");
  EXPECT_EQ(read->hidden, 2u);
  EXPECT_EQ(TextAt(read->facts, "type"), "card");
  // The rest cannot even be guessed from the digests: each has its salt.
  EXPECT_NE(Made(), Made());
}

TEST_F(CredentialTest, IsSignedByItsIssuerAlone) {
  EXPECT_TRUE(VerifyCredential(Made(), key_.PublicKey()));
  EXPECT_FALSE(VerifyCredential(Made(), crypto::Sm2PrivateKey::Generate().PublicKey()));
}

TEST_F(CredentialTest, RefusesEveryChangedSign) {
  std::string made = Made();
  for (size_t i = 0; i < made.size(); i += 7) {
    std::string bad = made;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    auto read = VerifyCredential(bad, key_.PublicKey());
    EXPECT_FALSE(read) << i;
  }
}

TEST_F(CredentialTest, RefusesAFieldThatWasNeverSigned) {
  std::string forged = Made() + "~" + crypto::ToBase64Url("[\"salt\",\"name\",\"李四\"]");
  EXPECT_FALSE(VerifyCredential(forged, key_.PublicKey()));
  EXPECT_FALSE(VerifyCredential("", key_.PublicKey()));
  EXPECT_FALSE(VerifyCredential("..~~", key_.PublicKey()));
}
}  // namespace
}  // namespace city::certificates
