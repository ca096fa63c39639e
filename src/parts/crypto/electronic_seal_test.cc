// SPDX-License-Identifier: Apache-2.0
// Why: seals say what the standard wants, and every check of a signature can fail by itself.
#include "parts/crypto/electronic_seal.h"

#include <gtest/gtest.h>

#include "parts/crypto/der.h"
#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"
#include "parts/crypto/testing/city_authority.h"

namespace city::crypto {
namespace {

using testing::CityAuthority;
using testing::Holder;
using testing::OpenSslFolder;

const Time kNow = CityAuthority::At(2026, 11, 23);
constexpr std::string_view kPath = "/Doc_0/Signs/Sign_0/Signature.xml";

class SealTest : public ::testing::Test {
 protected:
  SealFacts Facts() const {
    return {.id = "44020000000001",
            .name = "明月市市场监督管理局",
            .kind = SealKind::kBusiness,
            .users = {bureau_.certificate},
            .made_at = CityAuthority::At(2026, 2),
            .from = CityAuthority::At(2026, 2),
            .to = CityAuthority::At(2028, 2),
            .picture = "picture bytes"};
  }
  std::string Seal() const { return MakeSeal(Facts(), maker_.certificate, maker_.sign()).value(); }
  std::string Signed(const std::string& seal, Time at = kNow) const {
    return SignWithSeal(seal, hash_, kPath, at, bureau_.certificate, bureau_.sign()).value();
  }
  SealReport Check(std::string_view signature, std::span<const RevocationList> lists = {}) const {
    const Certificate others[] = {city_.issuing.certificate};
    const Certificate roots[] = {city_.root.certificate};
    return CheckSealSignature(signature, hash_, kPath, others, roots, lists);
  }
  // The names of the checks that did not pass.
  static std::string Failed(const SealReport& report) {
    std::string out;
    for (const SealCheck& check : report.checks) {
      if (!check.passed) out += (out.empty() ? "" : ", ") + check.name;
    }
    return out;
  }

  CityAuthority city_;
  Holder maker_ = CityAuthority::Make("制章中心", CertificateUse::kSign, &city_.issuing);
  Holder bureau_ =
      CityAuthority::Make("明月市市场监督管理局", CertificateUse::kSign, &city_.issuing);
  const std::string hash_{View(Sm3("Signature.xml"))};
};

TEST_F(SealTest, SaysWhatItIs) {
  auto seal = ReadSeal(Seal());
  ASSERT_TRUE(seal) << seal.error().ToLine();
  EXPECT_TRUE(seal->signed_by_maker);
  EXPECT_EQ(seal->facts.name, "明月市市场监督管理局");
  EXPECT_EQ(seal->facts.kind, SealKind::kBusiness);
  EXPECT_EQ(seal->facts.picture, "picture bytes");
  EXPECT_EQ(seal->facts.to, CityAuthority::At(2028, 2));
  EXPECT_EQ(seal->maker, maker_.certificate);
  EXPECT_EQ(seal->facts.users, std::vector<Certificate>{bureau_.certificate});
}

TEST_F(SealTest, PassesEveryCheckOfAGoodSignature) {
  SealReport report = Check(Signed(Seal()));
  EXPECT_EQ(Failed(report), "");
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(report.checks.size(), 8u);
  EXPECT_EQ(report.signed_at, kNow);
  EXPECT_EQ(report.signer->common_name(), "明月市市场监督管理局");
}

TEST_F(SealTest, IsSignedAsTheCommandLineVerifies) {
  // The parts are cut out by asn1parse; only OpenSSL judges.
  OpenSslFolder folder;
  folder.Write("value.der", Signed(Seal()));
  folder.Write("bureau.pem", bureau_.key.PublicKey().ToPem());
  ASSERT_TRUE(folder.Run("asn1parse -inform DER -in value.der")) << folder.Read("out.txt");
  // Children of the outer sequence stand at depth 1: TBS_Sign, certificate, algorithm, signature.
  std::istringstream lines(folder.Read("out.txt"));
  std::vector<std::pair<int, int>> parts;  // offset, header + length
  for (std::string line; std::getline(lines, line);) {
    int offset = 0, depth = 0, header = 0, length = 0;
    if (std::sscanf(line.c_str(), " %d:d=%d hl=%d l=%d", &offset, &depth, &header, &length) == 4 &&
        depth == 1) {
      parts.emplace_back(offset, header + length);
    }
  }
  ASSERT_EQ(parts.size(), 4u);
  const std::string value = folder.Read("value.der");
  auto cut = [&](size_t i) {
    return value.substr(static_cast<size_t>(parts[i].first), static_cast<size_t>(parts[i].second));
  };
  folder.Write("tbs", cut(0));
  const std::string bits = cut(3);
  folder.Write("signature", bits.substr(bits.find('\x30')));
  EXPECT_TRUE(
      folder.Run("pkeyutl -verify -pubin -inkey bureau.pem -in tbs -sigfile signature "
                 "-rawin -digest sm3 -pkeyopt distid:1234567812345678"))
      << folder.Read("out.txt");
}

TEST_F(SealTest, NamesTheCheckThatFailed) {
  const std::string good = Seal();
  const Certificate others[] = {city_.issuing.certificate};
  const Certificate roots[] = {city_.root.certificate};
  EXPECT_EQ(Failed(CheckSealSignature(Signed(good), View(Sm3("another")), kPath, others, roots)),
            "document");
  EXPECT_EQ(Failed(CheckSealSignature(Signed(good), hash_, "/elsewhere", others, roots)),
            "document");
  EXPECT_EQ(Failed(Check(Signed(good, CityAuthority::At(2029)))), "seal period");
  EXPECT_EQ(Failed(CheckSealSignature(Signed(good), hash_, kPath, others, {})), "maker, signer");
  EXPECT_EQ(Failed(Check("")), "structure");

  CityAuthority other;
  Holder stranger = CityAuthority::Make("制章中心", CertificateUse::kSign, &other.issuing);
  EXPECT_EQ(Failed(Check(Signed(MakeSeal(Facts(), stranger.certificate, stranger.sign()).value()))),
            "maker");
  EXPECT_EQ(Failed(Check(Signed(MakeSeal(Facts(), maker_.certificate, stranger.sign()).value()))),
            "seal signature");

  auto list = IssueRevocationList(city_.issuing.certificate,
                                  {{bureau_.certificate.serial(), {CityAuthority::At(2026, 5), 1}}},
                                  1, kNow, kNow, city_.issuing.sign());
  const RevocationList lists[] = {*list};
  EXPECT_EQ(Failed(Check(Signed(good), lists)), "signer");
  EXPECT_EQ(Failed(Check(Signed(good, CityAuthority::At(2026, 4)), lists)), "");
}

TEST_F(SealTest, RefusesAFlippedBitAnywhere) {
  const std::string good = Signed(Seal());
  for (size_t i = 0; i < good.size(); i += 7) {  // each takes six verifications
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(Check(bad).passed()) << i;
  }
}

TEST_F(SealTest, LetsOnlyItsUsersSign) {
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing);
  auto refused = SignWithSeal(Seal(), hash_, kPath, kNow, clerk.certificate, clerk.sign());
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(error::kBadSeal));
  SealFacts nobody = Facts();
  nobody.users.clear();
  EXPECT_FALSE(MakeSeal(nobody, maker_.certificate, maker_.sign()));
}

TEST_F(SealTest, CarriesATimeStamp) {
  Holder authority = CityAuthority::Make("时间戳", CertificateUse::kTimeStamp, &city_.issuing);
  const Time stamped = kNow + std::chrono::seconds(2);
  auto value =
      SignWithSeal(Seal(), hash_, kPath, kNow, bureau_.certificate, bureau_.sign(),
                   [&](std::string_view digest) -> Result<std::string> {
                     TRY(std::string response,
                         AnswerTimeStampRequest(TimeStampRequest(digest, ""), authority.certificate,
                                                stamped, authority.sign()));
                     return TokenOf(response);
                   });
  ASSERT_TRUE(value) << value.error().ToLine();
  SealReport report = Check(*value);
  EXPECT_EQ(Failed(report), "");
  EXPECT_TRUE(report.stamped);
  EXPECT_EQ(report.signed_at, stamped);
  // A stamp over something else does not count.
  auto other =
      SignWithSeal(Seal(), hash_, kPath, kNow, bureau_.certificate, bureau_.sign(),
                   [&](std::string_view) -> Result<std::string> {
                     TRY(std::string response,
                         AnswerTimeStampRequest(TimeStampRequest(View(Sm3("other")), ""),
                                                authority.certificate, stamped, authority.sign()));
                     return TokenOf(response);
                   });
  EXPECT_EQ(Failed(Check(*other)), "time stamp");
}

TEST_F(SealTest, InHandSignsWhateverIsAsLongOrNot) {
  auto hand = SealInHand::Take(ReadSeal(Seal()).value(), bureau_.certificate);
  ASSERT_TRUE(hand) << hand.error().ToLine();
  const SignDigest sign = [&](const Digest& e) { return bureau_.key.SignDigest(e); };
  for (int i = 0; i < 3; ++i) {
    auto usual = hand->Sign(hash_, kPath, kNow, sign);
    ASSERT_TRUE(usual);
    EXPECT_EQ(Failed(Check(*usual)), "");
  }
  // Another length of what follows the seal changes the length at the very beginning.
  const std::string long_path = "/Doc_0/Signs/Sign_1234567/Signature.xml";
  auto longer = hand->Sign(hash_, long_path, kNow, sign);
  ASSERT_TRUE(longer);
  EXPECT_EQ(Failed(Check(*longer)), "document");
  const Certificate others[] = {city_.issuing.certificate};
  const Certificate roots[] = {city_.root.certificate};
  EXPECT_TRUE(CheckSealSignature(*longer, hash_, long_path, others, roots).passed());
}

TEST_F(SealTest, InHandIsRefusedToOthers) {
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing);
  auto refused = SealInHand::Take(ReadSeal(Seal()).value(), clerk.certificate);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(error::kBadSeal));
}

TEST(Seal, OfAnotherVersionIsRefusedByName) {
  const std::string old = der::Sequence(
      {der::Sequence({der::Sequence({der::Ia5("ES"), der::Integer(1), der::Ia5("x")})})});
  auto seal = ReadSeal(old);
  ASSERT_FALSE(seal);
  EXPECT_NE(seal.error().SaysEn().find("version 1"), std::string::npos);
}

}  // namespace
}  // namespace city::crypto
