// SPDX-License-Identifier: Apache-2.0
// Why: a detached signature belongs to one text and one signer.
#include "parts/crypto/signed_data.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"
#include "parts/crypto/testing/city_authority.h"

namespace city::crypto {
namespace {

using testing::CityAuthority;
using testing::Holder;
using testing::OpenSslFolder;

TEST(DetachedSignature, SaysWhoSignedAndWhen) {
  CityAuthority city;
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city.issuing);
  const Time now = CityAuthority::At(2026, 11, 23);
  const std::string digest(View(Sm3("a document")));
  auto made = SignDetached(digest, now, clerk.certificate, clerk.sign());
  ASSERT_TRUE(made) << made.error().ToLine();
  auto checked = CheckDetached(*made, digest);
  ASSERT_TRUE(checked) << checked.error().ToLine();
  EXPECT_EQ(checked->signer, clerk.certificate);
  EXPECT_EQ(checked->signed_at, now);
  auto other = CheckDetached(*made, View(Sm3("another")));
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().Is(error::kAltered));
  EXPECT_FALSE(CheckDetached("x", digest));
  // The command line reads its shape.
  OpenSslFolder folder;
  folder.Write("a.der", *made);
  EXPECT_TRUE(folder.Run("cms -cmsout -print -inform DER -in a.der")) << folder.Read("out.txt");
  EXPECT_NE(folder.Read("out.txt").find("signingTime"), std::string::npos);
}

TEST(DetachedSignature, IsRefusedWhenAnotherKeyMadeIt) {
  CityAuthority city;
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city.issuing);
  Holder other = CityAuthority::Make("other", CertificateUse::kSign, &city.issuing);
  const std::string digest(View(Sm3("a document")));
  auto made = SignDetached(digest, Time(), clerk.certificate, other.sign());
  auto checked = CheckDetached(*made, digest);
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().Is(error::kAltered));
}

}  // namespace
}  // namespace city::crypto
