// SPDX-License-Identifier: Apache-2.0
// Both directions with a library of others in a browser (npm sm-crypto-v2 in Chromium): signatures,
// encryption, certificates, revocation, agreed keys. Each side judges what the other made.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "base/json.h"
#include "parts/crypto/certificate.h"
#include "parts/crypto/crypto.h"
#include "parts/crypto/der.h"
#include "parts/crypto/sm2_exchange.h"

namespace city::crypto {
namespace {

std::string Hex(std::string_view bytes) { return ToHex(bytes); }
/// d, from PKCS#8 of SM2: the octet string of 32 bytes.
std::string Scalar(const Sm2PrivateKey& key) {
  Secret der = key.ToDer();
  const size_t at = der.view().find(std::string_view("\x02\x01\x01\x04\x20", 5));
  return Hex(der.view().substr(at + 5, 32));
}

class SmInBrowser : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Time now = FromMicros(1'790'000'000'000'000);
    const auto order = [&](const char* name, const Sm2PrivateKey& key, CertificateUse use) {
      return CertificateOrder{.subject = {.organization = "明月市", .common_name = name},
                              .key = key.PublicKey(),
                              .use = use,
                              .from = now,
                              .to = now + std::chrono::hours(24 * 365),
                              .crl_address = "",
                              .status_address = ""};
    };
    const SignMessage by_root = [](std::string_view m) { return root_.Sign(m); };
    const Certificate authority =
        IssueCertificate(order("明月市根证书", root_, CertificateUse::kAuthority), nullptr, by_root)
            .value();
    user_ = IssueCertificate(order("审批专用章", ours_, CertificateUse::kSign), &authority, by_root)
                .value();
    const RevocationList list =
        IssueRevocationList(authority, {{user_->serial(), {now, 1}}, {"0a0b0c", {now, 5}}}, 7, now,
                            now + std::chrono::hours(24), by_root)
            .value();
    // What their key is to sign: the same bytes come back with their signature around them.
    std::string tbs_of_certificate, tbs_of_list;
    const auto keep = [](std::string& kept) {
      return [&kept](std::string_view m) -> Result<std::string> {
        kept = m;
        return root_.Sign(m);
      };
    };
    EXPECT_TRUE(IssueCertificate(order("他方签发", ours_, CertificateUse::kSign), &authority,
                                 keep(tbs_of_certificate)));
    EXPECT_TRUE(IssueRevocationList(authority, {{"77", {now, 1}}}, 8, now,
                                    now + std::chrono::hours(24), keep(tbs_of_list)));
    tbs_ = {tbs_of_certificate, tbs_of_list};

    json::array signed_by_us, encrypted, plain, tbs;
    for (const std::string& message : messages_)
      for (const std::string& id : ids_)
        signed_by_us.push_back(json::object{
            {"message", message}, {"id", id}, {"signature", Hex(*ours_.Sign(message, id))}});
    for (const std::string& each : messages_) {
      encrypted.push_back(json::string(Hex(*theirs_.PublicKey().Encrypt(each))));
      plain.push_back(json::string(each));
    }
    for (const std::string& each : tbs_) tbs.push_back(json::string(Hex(each)));
    const json::object questions{
        {"our_public", Hex(ours_.PublicKey().Point())},
        {"their_private", Scalar(theirs_)},
        {"their_public", Hex(theirs_.PublicKey().Point())},
        {"their_ephemeral", Scalar(their_ephemeral_)},
        {"their_ephemeral_public", Hex(their_ephemeral_.PublicKey().Point())},
        {"our_ephemeral_public", Hex(our_ephemeral_.PublicKey().Point())},
        {"id", std::string(kDefaultUserId)},
        {"signed", signed_by_us},
        {"encrypted", encrypted},
        {"plain", plain},
        {"authority", Hex(authority.der())},
        {"user", Hex(user_->der())},
        {"list", Hex(list.der)},
        {"tbs", tbs},
        {"secret", Hex(secret_)},
        {"iv", Hex(iv_)},
        {"sm4", Hex(Sm4CbcEncrypt(secret_, iv_, messages_[1]))}};
    const std::string path =
        (std::filesystem::temp_directory_path() / ("sm-in-browser-" + Hex(RandomBytes(8))))
            .string();
    std::ofstream(path) << ToText(questions);
    FILE* answer = popen(
        ("node '" CITY_SOURCE_DIR "/tests/standards/sm_in_browser.mjs' < '" + path + "'").c_str(),
        "r");
    ASSERT_NE(answer, nullptr);
    std::string text;
    char buffer[4096];
    for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, answer)) > 0;) text.append(buffer, n);
    EXPECT_EQ(pclose(answer), 0);
    std::filesystem::remove(path);
    auto parsed = ParseJson(text, {.max_bytes = 4u << 20});
    ASSERT_TRUE(parsed && parsed->is_object()) << text.substr(0, 500);
    answers_ = parsed->get_object();
  }

  static std::vector<bool> Verdicts(const char* name) {
    std::vector<bool> out;
    const json::array* list = ArrayAt(answers_, name);
    for (size_t i = 0; list != nullptr && i < list->size(); ++i)
      out.push_back((*list)[i].as_bool());
    return out;
  }
  static std::vector<std::string> Texts(const char* name) {
    std::vector<std::string> out;
    const json::array* list = ArrayAt(answers_, name);
    for (size_t i = 0; list != nullptr && i < list->size(); ++i)
      out.emplace_back((*list)[i].get_string());
    return out;
  }
  static std::string Bytes(const std::string& hex) { return FromHex(hex).value(); }

  static inline const Sm2PrivateKey root_ = Sm2PrivateKey::Generate(),
                                    ours_ = Sm2PrivateKey::Generate(),
                                    theirs_ = Sm2PrivateKey::Generate(),
                                    our_ephemeral_ = Sm2PrivateKey::Generate(),
                                    their_ephemeral_ = Sm2PrivateKey::Generate();
  static inline const std::vector<std::string> messages_{"a", "来自城市的消息 <&> 𠮷",
                                                         std::string(3000, 'x')};
  static inline const std::vector<std::string> ids_{std::string(kDefaultUserId), "ALICE@明月.cn"};
  static inline const std::string secret_ = "0123456789abcdef", iv_ = "fedcba9876543210";
  static inline std::vector<std::string> tbs_;
  static inline std::optional<Certificate> user_;
  static inline json::object answers_;
};

const std::vector<bool> kAllTrue(6, true), kAllFalse(6, false);

TEST_F(SmInBrowser, OurSignaturesHoldThereAndOnlyAsTheyWereMade) {
  EXPECT_EQ(Verdicts("verified"), kAllTrue);
  EXPECT_EQ(Verdicts("altered"), kAllFalse);
  EXPECT_EQ(Verdicts("other_id"), kAllFalse);
  EXPECT_EQ(Verdicts("other_key"), kAllFalse);
}

TEST_F(SmInBrowser, TheirSignaturesHoldHereAndOnlyAsTheyWereMade) {
  const std::vector<std::string> made = Texts("signed"), raw = Texts("raw");
  ASSERT_EQ(made.size(), messages_.size() * ids_.size());
  ASSERT_EQ(raw.size(), made.size());
  for (size_t i = 0; i < made.size(); ++i) {
    const std::string &message = messages_[i / ids_.size()], &id = ids_[i % ids_.size()];
    const Sm2PublicKey key = theirs_.PublicKey();
    EXPECT_TRUE(key.Verify(message, Bytes(made[i]), id)) << i;
    EXPECT_TRUE(key.Verify(message, DerFromRawSignature(Bytes(raw[i])).value(), id)) << i;
    EXPECT_FALSE(key.Verify(message + ".", Bytes(made[i]), id)) << i;
    EXPECT_FALSE(key.Verify(message, Bytes(made[i]), "somebody@else")) << i;
    EXPECT_FALSE(ours_.PublicKey().Verify(message, Bytes(made[i]), id)) << i;
  }
}

TEST_F(SmInBrowser, OpensWhatWeEncryptAndWeOpenWhatItEncrypts) {
  EXPECT_EQ(Texts("opened"), messages_);
  const std::vector<std::string> made = Texts("encrypted");
  ASSERT_EQ(made.size(), messages_.size());
  for (size_t i = 0; i < made.size(); ++i) {
    auto opened = ours_.Decrypt(Bytes(made[i]));
    ASSERT_TRUE(opened) << i;
    EXPECT_EQ(opened->view(), messages_[i]);
    EXPECT_FALSE(theirs_.Decrypt(Bytes(made[i]))) << i;
  }
}

TEST_F(SmInBrowser, ReadsOurCertificatesAndListAndFindsThemSigned) {
  EXPECT_EQ(Verdicts("certificates"), std::vector<bool>(4, true));
  EXPECT_EQ(Verdicts("bad_certificates"), std::vector<bool>(3, false));
  EXPECT_EQ(Verdicts("list"), std::vector<bool>(2, true));
  EXPECT_FALSE(BoolAt(answers_, "bad_list", true));
  const json::object* user = ObjectAt(answers_, "user");
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(TextAt(*user, "serial"), user_->serial());
  EXPECT_EQ(TextAt(*user, "name"), "审批专用章");
  EXPECT_EQ(TextAt(*user, "algorithm"), Hex(der::Oid("1.2.156.10197.1.501").substr(2)));
  const std::vector<std::string> revoked = Texts("revoked");
  EXPECT_EQ(std::set<std::string>(revoked.begin(), revoked.end()),
            (std::set<std::string>{"0a0b0c", user_->serial()}));
}

TEST_F(SmInBrowser, SignsCertificatesAndListsThatHoldHere) {
  const std::vector<std::string> made = Texts("tbs_signatures");
  ASSERT_EQ(made.size(), 2u);
  const std::string algorithm = der::Sequence({der::Oid("1.2.156.10197.1.501")});
  auto whole = [&](size_t i) {
    return der::Sequence({tbs_[i], algorithm, der::Bits(Bytes(made[i]))});
  };
  auto certificate = Certificate::Parse(whole(0));
  ASSERT_TRUE(certificate) << certificate.error().ToLine();
  EXPECT_EQ(certificate->common_name(), "他方签发");
  EXPECT_TRUE(certificate->SignedBy(theirs_.PublicKey()));
  EXPECT_FALSE(certificate->SignedBy(root_.PublicKey()));
  auto list = RevocationList::Parse(whole(1));
  ASSERT_TRUE(list) << list.error().ToLine();
  EXPECT_TRUE(list->revoked.contains("77"));
  EXPECT_TRUE(list->SignedBy(theirs_.PublicKey()));
  EXPECT_FALSE(list->SignedBy(root_.PublicKey()));
}

TEST_F(SmInBrowser, AgreesOnAKeyAsEitherSide) {
  const std::vector<std::string> shared = Texts("shared");
  ASSERT_EQ(shared.size(), 2u);
  for (auto [side, theirs] : {std::pair(Sm2Exchange::Side::kResponder, shared[0]),
                              std::pair(Sm2Exchange::Side::kInitiator, shared[1])}) {
    const Sm2Exchange exchange(side, ours_, our_ephemeral_);
    auto agreed = exchange.Agree(theirs_.PublicKey(), their_ephemeral_.PublicKey().Point(), 32);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(Hex(agreed->key.view()), theirs);
  }
}

TEST_F(SmInBrowser, HashesAndCiphersAlike) {
  const std::vector<std::string> hashes = Texts("sm3"), keyed = Texts("hmac");
  ASSERT_EQ(hashes.size(), messages_.size());
  for (size_t i = 0; i < hashes.size(); ++i) {
    EXPECT_EQ(hashes[i], ToHex(Sm3(messages_[i])));
    EXPECT_EQ(keyed[i], ToHex(HmacSm3(secret_, messages_[i])));
  }
  EXPECT_EQ(TextAt(answers_, "sm4"), messages_[1]);
}

}  // namespace
}  // namespace city::crypto
