// SPDX-License-Identifier: Apache-2.0
// Why: the command line asks about certificates and understands our answers.
#include <gtest/gtest.h>

#include "parts/crypto/certificate.h"
#include "parts/crypto/der.h"
#include "parts/crypto/testing/city_authority.h"

namespace city::crypto {
namespace {

using testing::CityAuthority;
using testing::Holder;
using testing::OpenSslFolder;

TEST(StatusAnswer, IsUnderstoodByTheCommandLine) {
  CityAuthority city;
  const Time now = std::chrono::floor<std::chrono::seconds>(SystemClock().Now());
  Holder good = CityAuthority::Make("good", CertificateUse::kSign, &city.issuing);
  Holder gone = CityAuthority::Make("gone", CertificateUse::kSign, &city.issuing);
  Holder unknown = CityAuthority::Make("unknown", CertificateUse::kSign, &city.issuing);
  OpenSslFolder folder;
  folder.Write("issuing.pem", city.issuing.certificate.ToPem());
  std::string cases;
  for (const auto& [name, holder] :
       {std::pair("good", &good), {"gone", &gone}, {"unknown", &unknown}}) {
    folder.Write(std::string(name) + ".pem", holder->certificate.ToPem());
    cases += std::string(" -cert ") + name + ".pem";
  }
  for (const char* hash : {"-sha1", "-sha256"}) {
    ASSERT_TRUE(folder.Run("ocsp -issuer issuing.pem " + std::string(hash) + cases +
                           " -reqout request.der"))
        << folder.Read("out.txt");
    auto answer = AnswerStatusRequest(
        folder.Read("request.der"), city.issuing.certificate, city.issuing.certificate, now,
        [&](const std::string& serial) -> std::optional<Revocation> {
          if (serial == good.certificate.serial()) return Revocation{Time::max()};
          if (serial == gone.certificate.serial()) return Revocation{now, 1};
          return std::nullopt;
        },
        city.issuing.sign());
    ASSERT_TRUE(answer) << answer.error().ToLine();
    folder.Write("answer.der", *answer);
    folder.Run("ocsp -issuer issuing.pem " + std::string(hash) + cases +
               " -respin answer.der -noverify -resp_text");
    const std::string text = folder.Read("out.txt");
    for (const char* wanted :
         {"good.pem: good", "gone.pem: revoked", "unknown.pem: unknown", "keyCompromise"}) {
      EXPECT_NE(text.find(wanted), std::string::npos) << wanted << text;
    }
    EXPECT_NE(text.find("OCSP Nonce"), std::string::npos) << text;
  }
}

TEST(StatusAnswer, CarriesTheSignatureOfItsAuthority) {
  CityAuthority city;
  // A question without a list of certificates is none.
  for (std::string_view bytes :
       {std::string_view(), std::string_view("x"), std::string_view("\x30\x02\x30\x00", 4)}) {
    EXPECT_FALSE(AnswerStatusRequest(
        bytes, city.issuing.certificate, city.issuing.certificate, Time(),
        [](const std::string&) { return std::nullopt; }, city.issuing.sign()));
  }
  const std::string empty = der::Sequence({der::Sequence({der::Sequence({})})});
  auto answer = AnswerStatusRequest(
      empty, city.issuing.certificate, city.issuing.certificate, Time(),
      [](const std::string&) { return std::nullopt; }, city.issuing.sign());
  ASSERT_TRUE(answer);
  der::Reader outer(*answer);
  der::Reader response = outer.Enter(der::kSequence).value();
  ASSERT_TRUE(response.Next());
  der::Reader bytes = response.Enter(0xa0)->Enter(der::kSequence).value();
  ASSERT_TRUE(bytes.TakeOid());
  der::Reader basic = der::Reader(bytes.Take(der::kOctets).value()).Enter(der::kSequence).value();
  auto data = basic.Next();
  ASSERT_TRUE(basic.Next());
  auto signature = basic.TakeBits();
  EXPECT_TRUE(city.issuing.key.PublicKey().Verify(data->whole, *signature));
}

}  // namespace
}  // namespace city::crypto
