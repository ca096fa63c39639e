// SPDX-License-Identifier: Apache-2.0
// Why: SM2 against the examples of GM/T 0003.5 and against another implementation's front door.
#include "parts/crypto/sm2.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "parts/crypto/errors.h"
#include "parts/crypto/sm2_exchange.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {
namespace {

std::string Hex(std::string_view text) { return FromHex(text).value(); }

// GM/T 0003.5-2012, A.2 and C.2: the key of both examples.
const std::string kScalar = Hex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
const std::string kPoint =
    Hex("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");

TEST(Sm2, HasThePublicKeyOfTheExample) {
  EXPECT_EQ(Sm2PrivateKey::FromScalar(kScalar)->PublicKey().Point(), kPoint);
}

TEST(Sm2, AcceptsTheSignatureOfTheExample) {
  // GM/T 0003.5-2012, A.2: message "message digest", the default identity.
  auto key = Sm2PublicKey::FromPoint(kPoint);
  auto signature =
      DerFromRawSignature(Hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                              "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"));
  EXPECT_TRUE(key->Verify("message digest", *signature));
  EXPECT_FALSE(key->Verify("message digesT", *signature));
  EXPECT_FALSE(key->Verify("message digest", *signature, "ALICE123@YAHOO.COM"));
  EXPECT_FALSE(key->Verify("message digest", *signature, ""));
}

TEST(Sm2, OpensTheCiphertextOfTheExample) {
  // GM/T 0003.5-2012, C.2, put into the encoding of GM/T 0009.
  const std::string x = "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73";
  const std::string y = "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0";
  const std::string hash = "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766";
  const std::string cipher = "21886ca989ca9c7d58087307ca93092d651efa";
  const std::string der = Hex("307c0220" + x + "022100" + y + "0420" + hash + "0413" + cipher);
  auto plain = Sm2PrivateKey::FromScalar(kScalar)->Decrypt(der);
  ASSERT_TRUE(plain) << plain.error().ToLine();
  EXPECT_EQ(plain->view(), "encryption standard");
}

TEST(Sm2, VerifiesWhatItSigned) {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  for (std::string_view message : {"", "a", "一网通办"}) {
    auto signature = key.Sign(message);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(key.PublicKey().Verify(message, *signature));
    EXPECT_FALSE(key.PublicKey().Verify(std::string(message) + " ", *signature));
    EXPECT_FALSE(Sm2PrivateKey::Generate().PublicKey().Verify(message, *signature));
    auto raw = RawFromDerSignature(*signature);
    ASSERT_TRUE(raw);
    EXPECT_EQ(DerFromRawSignature(*raw).value(), *signature);
  }
  EXPECT_NE(key.Sign("a").value(), key.Sign("a").value());
}

TEST(Sm2, SignsWhatWasHashedBefore) {
  const Sm2PrivateKey key = Sm2PrivateKey::Generate();
  const Digest z = Sm2IdentityHash(key.PublicKey(), kDefaultUserId);
  auto signature = key.SignDigest(Sm3Hasher().Update(View(z)).Update("message").Finish());
  ASSERT_TRUE(signature);
  EXPECT_TRUE(key.PublicKey().Verify("message", *signature));
  EXPECT_FALSE(key.PublicKey().Verify("another", *signature));
}

TEST(Sm2, RefusesEverySignatureWithAFlippedBit) {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  const std::string good = key.Sign("message").value();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(key.PublicKey().Verify("message", bad)) << i;
  }
  EXPECT_FALSE(key.PublicKey().Verify("message", ""));
  EXPECT_FALSE(key.PublicKey().Verify("message", good + "x"));
}

TEST(Sm2, OpensWhatItEncryptedAndNothingElse) {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  for (size_t size : {1, 32, 33, 5000}) {
    const std::string plain = RandomBytes(size);
    auto cipher = key.PublicKey().Encrypt(plain);
    ASSERT_TRUE(cipher) << cipher.error().ToLine();
    auto opened = key.Decrypt(*cipher);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(opened->view(), plain);
    std::string bad = *cipher;
    bad.back() = static_cast<char>(bad.back() ^ 1);
    auto refused = key.Decrypt(bad);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().Is(error::kAltered));
    EXPECT_FALSE(Sm2PrivateKey::Generate().Decrypt(*cipher));
  }
  EXPECT_FALSE(key.PublicKey().Encrypt(""));
  EXPECT_FALSE(key.Decrypt(""));
  EXPECT_FALSE(key.Decrypt("not DER"));
}

TEST(Sm2, ReadsBackTheKeysItWrites) {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  const Secret private_der = key.ToDer(), private_pem = key.ToPem();
  for (std::string_view text : {private_der.view(), private_pem.view()}) {
    auto read = Sm2PrivateKey::Parse(text);
    ASSERT_TRUE(read) << read.error().ToLine();
    EXPECT_EQ(read->PublicKey().Point(), key.PublicKey().Point());
  }
  for (const std::string& text : {key.PublicKey().ToDer(), key.PublicKey().ToPem()}) {
    auto read = Sm2PublicKey::Parse(text);
    ASSERT_TRUE(read) << read.error().ToLine();
    EXPECT_EQ(read->Point(), key.PublicKey().Point());
    EXPECT_EQ(read->Fingerprint(), key.PublicKey().Fingerprint());
  }
  EXPECT_EQ(Sm2PublicKey::FromPoint(key.PublicKey().Point())->Point(), key.PublicKey().Point());
}

TEST(Sm2, RefusesWhatIsNoKey) {
  std::string off_curve = kPoint;
  off_curve.back() = static_cast<char>(off_curve.back() ^ 1);
  EXPECT_FALSE(Sm2PublicKey::FromPoint(off_curve));
  EXPECT_FALSE(Sm2PublicKey::FromPoint(kPoint.substr(1)));
  EXPECT_FALSE(Sm2PublicKey::FromPoint(std::string(65, '\0')));
  EXPECT_FALSE(Sm2PrivateKey::FromScalar(std::string(32, '\0')));
  EXPECT_FALSE(Sm2PrivateKey::FromScalar(std::string(32, '\xff')));
  EXPECT_FALSE(Sm2PrivateKey::FromScalar("short"));
  auto key = Sm2PrivateKey::Parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  ASSERT_FALSE(key);
  EXPECT_TRUE(key.error().Is(error::kBadKey));
  EXPECT_FALSE(Sm2PublicKey::Parse(""));
  EXPECT_FALSE(RawFromDerSignature("x"));
  EXPECT_FALSE(DerFromRawSignature("x"));
}

// Both directions with the command line of OpenSSL.
class Sm2CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/yiwang-sm2-XXXXXX";
    folder_ = mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }
  bool OpenSsl(const std::string& words) const {
    return system(("cd " + folder_ + " && openssl " + words + " >out.txt 2>&1").c_str()) == 0;
  }

  std::string folder_;
};

TEST_F(Sm2CommandLine, VerifiesOurSignatureAndWeVerifyItsOwn) {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  Write("key.pem", key.ToPem().view());
  Write("pub.pem", key.PublicKey().ToPem());
  Write("message", "办件 2026-001");
  Write("ours.sig", key.Sign("办件 2026-001").value());
  const std::string identity = " -rawin -digest sm3 -pkeyopt distid:1234567812345678";
  EXPECT_TRUE(
      OpenSsl("pkeyutl -verify -pubin -inkey pub.pem -in message -sigfile ours.sig" + identity))
      << Read("out.txt");
  ASSERT_TRUE(OpenSsl("pkeyutl -sign -inkey key.pem -in message -out theirs.sig" + identity))
      << Read("out.txt");
  EXPECT_TRUE(key.PublicKey().Verify("办件 2026-001", Read("theirs.sig")));
}

TEST_F(Sm2CommandLine, OpensOurCiphertextAndWeOpenItsOwn) {
  ASSERT_TRUE(OpenSsl("genpkey -algorithm SM2 -out key.pem")) << Read("out.txt");
  auto key = Sm2PrivateKey::Parse(Read("key.pem"));
  ASSERT_TRUE(key) << key.error().ToLine();
  Write("pub.pem", key->PublicKey().ToPem());
  Write("ours.enc", key->PublicKey().Encrypt("秘密").value());
  ASSERT_TRUE(OpenSsl("pkeyutl -decrypt -inkey key.pem -in ours.enc -out ours.txt"))
      << Read("out.txt");
  EXPECT_EQ(Read("ours.txt"), "秘密");
  Write("plain", "密码");
  ASSERT_TRUE(OpenSsl("pkeyutl -encrypt -pubin -inkey pub.pem -in plain -out theirs.enc"))
      << Read("out.txt");
  auto opened = key->Decrypt(Read("theirs.enc"));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->view(), "密码");
}

}  // namespace
}  // namespace city::crypto
