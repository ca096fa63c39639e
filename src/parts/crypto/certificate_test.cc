// SPDX-License-Identifier: Apache-2.0
// Why: our certificates and lists are those that OpenSSL's command line reads and verifies.
#include "parts/crypto/certificate.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"
#include "parts/crypto/testing/city_authority.h"

namespace city::crypto {
namespace {

using testing::CityAuthority;
using testing::Holder;
using testing::OpenSslFolder;

const Time kNow = CityAuthority::At(2026, 11, 23);
constexpr const char* kIdentity = " -vfyopt distid:1234567812345678 ";

TEST(Certificate, IsVerifiedByTheCommandLine) {
  CityAuthority city;
  Holder clerk = CityAuthority::Make("窗口一", CertificateUse::kSign, &city.issuing);
  OpenSslFolder folder;
  folder.Write("root.pem", city.root.certificate.ToPem());
  folder.Write("issuing.pem", city.issuing.certificate.ToPem());
  folder.Write("clerk.pem", clerk.certificate.ToPem());
  // The tool tells the signer's identity to the first certificate alone, so one step at a time.
  const std::string verify = std::string("verify -x509_strict -attime 1790000000") + kIdentity;
  EXPECT_TRUE(folder.Run(verify + "-CAfile root.pem issuing.pem")) << folder.Read("out.txt");
  EXPECT_TRUE(folder.Run(verify + "-partial_chain -CAfile issuing.pem clerk.pem"))
      << folder.Read("out.txt");
  ASSERT_TRUE(folder.Run("x509 -in clerk.pem -noout -text -nameopt utf8,sep_comma_plus_space"));
  const std::string text = folder.Read("out.txt");
  for (const char* wanted : {"窗口一", "Digital Signature, Non Repudiation", "CA:FALSE",
                             "http://ca.example/list.crl", "http://ca.example/status"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << text;
  }
}

TEST(Certificate, MadeByTheCommandLineIsVerifiedHere) {
  OpenSslFolder folder;
  ASSERT_TRUE(folder.Run("ecparam -name SM2 -genkey -noout -out ca.key"));
  ASSERT_TRUE(
      folder.Run("req -x509 -new -key ca.key -sm3 -sigopt distid:1234567812345678 -utf8 "
                 "-subj /C=CN/O=other/CN=root -days 30 -out ca.pem"))
      << folder.Read("out.txt");
  auto root = Certificate::Parse(folder.Read("ca.pem"));
  ASSERT_TRUE(root) << root.error().ToLine();
  EXPECT_TRUE(root->SignedBy(root->key()));
  EXPECT_EQ(root->common_name(), "root");
  EXPECT_TRUE(root->is_authority());
}

TEST(Certificate, TellsWhatItIs) {
  CityAuthority city;
  EXPECT_EQ(city.issuing.certificate.subject(), "C=CN, O=明月市, CN=明月市签发机构");
  EXPECT_EQ(city.issuing.certificate.issuer_der(), city.root.certificate.subject_der());
  EXPECT_EQ(city.issuing.certificate.from(), CityAuthority::At(2026));
  EXPECT_EQ(city.issuing.certificate.serial().size(), 32u);
  const struct {
    CertificateUse use;
    bool authority, sign, encrypt, stamp, status;
  } kUses[] = {{CertificateUse::kSign, false, true, false, false, false},
               {CertificateUse::kEncrypt, false, false, true, false, false},
               {CertificateUse::kTimeStamp, false, false, false, true, false},
               {CertificateUse::kStatus, false, false, false, false, true},
               {CertificateUse::kAuthority, true, false, false, false, false}};
  for (const auto& row : kUses) {
    Holder one = CityAuthority::Make("one", row.use, &city.issuing);
    EXPECT_EQ(one.certificate.Allows(CertificateUse::kAuthority), row.authority);
    EXPECT_EQ(one.certificate.Allows(CertificateUse::kSign), row.sign);
    EXPECT_EQ(one.certificate.Allows(CertificateUse::kEncrypt), row.encrypt);
    EXPECT_EQ(one.certificate.Allows(CertificateUse::kTimeStamp), row.stamp);
    EXPECT_EQ(one.certificate.Allows(CertificateUse::kStatus), row.status);
    EXPECT_EQ(Certificate::Parse(one.certificate.ToPem()).value(), one.certificate);
  }
}

TEST(Certificate, IsRefusedWhenItIsNoneOrNotOfSm2) {
  for (std::string_view text : {"", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END"}) {
    auto certificate = Certificate::Parse(text);
    EXPECT_FALSE(certificate);
  }
  OpenSslFolder folder;
  ASSERT_TRUE(
      folder.Run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                 "-keyout k -subj /CN=p256 -out c.pem"));
  auto other = Certificate::Parse(folder.Read("c.pem"));
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().Is(error::kBadCertificate));
  CityAuthority city;
  std::string der = city.root.certificate.der();
  EXPECT_FALSE(Certificate::Parse(der + "x"));
  CertificateOrder nameless{.subject = {}, .key = city.root.key.PublicKey()};
  EXPECT_FALSE(IssueCertificate(nameless, nullptr, city.root.sign()));
}

class ChainTest : public ::testing::Test {
 protected:
  Result<void> Check(const Certificate& leaf, Time at = kNow,
                     std::span<const RevocationList> lists = {}) {
    const Certificate others[] = {city_.issuing.certificate};
    const Certificate roots[] = {city_.root.certificate};
    return CheckChain(leaf, others, roots, at, lists);
  }
  static std::string Reason(const Result<void>& result) {
    if (result) return "trusted";
    EXPECT_TRUE(result.error().Is(error::kUntrusted));
    return result.error().SaysEn();
  }
  CityAuthority city_;
};

TEST_F(ChainTest, TrustsWhatARootStandsBehind) {
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing);
  EXPECT_EQ(Reason(Check(clerk.certificate)), "trusted");
  EXPECT_EQ(Reason(Check(city_.issuing.certificate)), "trusted");
  EXPECT_EQ(Reason(Check(city_.root.certificate)), "trusted");
}

TEST_F(ChainTest, SaysWhyItDoesNotTrust) {
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing,
                                     CityAuthority::At(2026), CityAuthority::At(2027));
  EXPECT_NE(Reason(Check(clerk.certificate, CityAuthority::At(2025))).find("not valid yet"),
            std::string::npos);
  EXPECT_NE(Reason(Check(clerk.certificate, CityAuthority::At(2028))).find("expired"),
            std::string::npos);
  Holder below = CityAuthority::Make("below", CertificateUse::kSign, &clerk);
  const Certificate others[] = {city_.issuing.certificate, clerk.certificate};
  const Certificate roots[] = {city_.root.certificate};
  EXPECT_NE(Reason(CheckChain(below.certificate, others, roots, kNow)).find("authority"),
            std::string::npos);
  CityAuthority other;  // the same names, other keys
  Holder stranger = CityAuthority::Make("clerk", CertificateUse::kSign, &other.issuing);
  EXPECT_NE(Reason(Check(stranger.certificate)).find("no trusted authority"), std::string::npos);
}

TEST_F(ChainTest, HeedsARevocationFromItsMomentOn) {
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing);
  const Time revoked = CityAuthority::At(2026, 6);
  auto list =
      IssueRevocationList(city_.issuing.certificate, {{clerk.certificate.serial(), {revoked, 1}}},
                          7, kNow, kNow + std::chrono::hours(24), city_.issuing.sign());
  ASSERT_TRUE(list) << list.error().ToLine();
  const RevocationList lists[] = {*list};
  EXPECT_NE(Reason(Check(clerk.certificate, kNow, lists)).find("revoked"), std::string::npos);
  EXPECT_EQ(Reason(Check(clerk.certificate, revoked - std::chrono::seconds(1), lists)), "trusted");
  // A list that somebody else signed says nothing.
  CityAuthority other;
  auto forged =
      IssueRevocationList(city_.issuing.certificate, {{clerk.certificate.serial(), {revoked, 1}}},
                          8, kNow, kNow + std::chrono::hours(24), other.issuing.sign());
  const RevocationList forged_lists[] = {*forged};
  EXPECT_EQ(Reason(Check(clerk.certificate, kNow, forged_lists)), "trusted");
}

TEST(RevocationList, IsReadBackAndByTheCommandLine) {
  CityAuthority city;
  const std::string serial = city.issuing.certificate.serial();
  auto list = IssueRevocationList(city.root.certificate,
                                  {{serial, {CityAuthority::At(2026, 3), 4}}, {"05", {kNow, 0}}},
                                  42, kNow, kNow + std::chrono::hours(24), city.root.sign());
  ASSERT_TRUE(list) << list.error().ToLine();
  EXPECT_EQ(list->number, 42);
  EXPECT_EQ(list->revoked.size(), 2u);
  EXPECT_EQ(list->revoked[serial].reason, 4);
  EXPECT_EQ(list->revoked[serial].at, CityAuthority::At(2026, 3));
  EXPECT_TRUE(list->SignedBy(city.root.key.PublicKey()));
  EXPECT_FALSE(list->SignedBy(city.issuing.key.PublicKey()));
  auto again = RevocationList::Parse(list->ToPem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->der, list->der);
  OpenSslFolder folder;
  folder.Write("list.pem", list->ToPem());
  ASSERT_TRUE(folder.Run("crl -in list.pem -noout -text")) << folder.Read("out.txt");
  const std::string text = folder.Read("out.txt");
  EXPECT_NE(text.find("Superseded"), std::string::npos) << text;
  EXPECT_NE(text.find("CRL Number"), std::string::npos) << text;
  auto empty = IssueRevocationList(city.root.certificate, {}, 1, kNow, kNow, city.root.sign());
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->revoked.empty());
  EXPECT_FALSE(RevocationList::Parse("x"));
}

TEST(RevocationList, MadeByTheCommandLineIsReadHere) {
  OpenSslFolder folder;
  const std::string id = " -sigopt distid:1234567812345678 ";
  ASSERT_TRUE(folder.Run("ecparam -name SM2 -genkey -noout -out ca.key"));
  ASSERT_TRUE(folder.Run("req -x509 -new -key ca.key -sm3" + id +
                         "-subj /C=CN/O=other/CN=root -days 30 -out ca.pem"))
      << folder.Read("out.txt");
  folder.Write("ca.cnf",
               "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\n"
               "default_md=sm3\ndefault_crl_days=7\n");
  folder.Write("number", "2A\n");
  folder.Write("index.txt",
               "R\t361231000000Z\t261101000000Z,keyCompromise\tA1B2\tunknown\t/CN=gone\n");
  ASSERT_TRUE(
      folder.Run("ca -gencrl -config ca.cnf -keyfile ca.key -cert ca.pem" + id + "-out list.pem"))
      << folder.Read("out.txt");
  auto root = Certificate::Parse(folder.Read("ca.pem"));
  auto list = RevocationList::Parse(folder.Read("list.pem"));
  ASSERT_TRUE(root);
  ASSERT_TRUE(list) << list.error().ToLine();
  EXPECT_TRUE(list->SignedBy(root->key()));
  EXPECT_FALSE(list->SignedBy(Sm2PrivateKey::Generate().PublicKey()));
  EXPECT_EQ(list->issuer_der, root->subject_der());
  EXPECT_EQ(list->number, 42);
  ASSERT_TRUE(list->revoked.contains("a1b2"));
  EXPECT_EQ(list->revoked["a1b2"].reason, 1);
  EXPECT_EQ(list->revoked["a1b2"].at, CityAuthority::At(2026, 11));
}

}  // namespace
}  // namespace city::crypto
