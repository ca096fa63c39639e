// SPDX-License-Identifier: Apache-2.0
// A bundle is one root and authorities below it, nothing else.
#include "engines/certificates/trusted_roots.h"

#include <gtest/gtest.h>

#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
using crypto::Certificate;
using crypto::CertificateUse;

const Time kNow = *ParseTime("2026-03-02T09:00:00+08:00");

struct Maker {
  crypto::Sm2PrivateKey pair = crypto::Sm2PrivateKey::Generate();
  crypto::SignMessage Sign() const {
    return [this](std::string_view message) { return pair.Sign(message); };
  }
  Certificate Issue(const std::string& name, CertificateUse use, const Certificate* issuer,
                    const Maker& by, int days = 100) const {
    crypto::CertificateOrder order{.subject = {.organization = "他市", .common_name = name},
                                   .key = pair.PublicKey(),
                                   .use = use,
                                   .from = kNow - std::chrono::hours(24),
                                   .to = kNow + std::chrono::hours(24 * days),
                                   .crl_address = "",
                                   .status_address = ""};
    return *crypto::IssueCertificate(order, issuer, by.Sign());
  }
};

struct Bundle : testing::Test {
  Maker root_key, below_key, leaf_key;
  Certificate root = root_key.Issue("根", CertificateUse::kAuthority, nullptr, root_key);
  Certificate below = below_key.Issue("签发", CertificateUse::kAuthority, &root, root_key);
  Certificate leaf = leaf_key.Issue("印章", CertificateUse::kSign, &below, below_key);
};

TEST_F(Bundle, IsARootAndWhatLiesBelowIt) {
  auto read = ReadBundle(below.ToPem() + root.ToPem(), kNow);
  ASSERT_TRUE(read) << read.error().ToLine();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->front(), root);
}

TEST_F(Bundle, NeedsItsRoot) {
  auto read = ReadBundle(below.ToPem(), kNow);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().Is(error::kRootWrong));
  EXPECT_FALSE(ReadBundle("", kNow));
  EXPECT_FALSE(ReadBundle("-----BEGIN CERTIFICATE-----\nAAAA", kNow));
}

TEST_F(Bundle, HoldsOneRootOnly) {
  Maker other;
  Certificate second = other.Issue("另一根", CertificateUse::kAuthority, nullptr, other);
  EXPECT_FALSE(ReadBundle(root.ToPem() + second.ToPem(), kNow));
}

TEST_F(Bundle, HoldsNoCertificateThatIsNoAuthority) {
  EXPECT_FALSE(ReadBundle(root.ToPem() + below.ToPem() + leaf.ToPem(), kNow));
}

TEST_F(Bundle, HoldsNothingOfAnotherRoot) {
  Maker other, under;
  Certificate second = other.Issue("另一根", CertificateUse::kAuthority, nullptr, other);
  Certificate stranger = under.Issue("签发", CertificateUse::kAuthority, &second, other);
  EXPECT_FALSE(ReadBundle(root.ToPem() + stranger.ToPem(), kNow));
}

TEST_F(Bundle, IsValidNow) {
  EXPECT_FALSE(ReadBundle(root.ToPem(), kNow + std::chrono::hours(24 * 101)));
  EXPECT_FALSE(ReadBundle(root.ToPem(), kNow - std::chrono::hours(24 * 2)));
}
}  // namespace
}  // namespace city::certificates
