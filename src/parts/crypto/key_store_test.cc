// SPDX-License-Identifier: Apache-2.0
// Why: what the key store promises, in memory and across restarts.
#include "parts/crypto/key_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

const Time kNow = FromMicros(1'790'000'000'000'000);

class KeyStore : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/yiwang-keys-XXXXXX";
    folder_ = mkdtemp(name);
    path_ = folder_ + "/keys";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<KeyDevice> Open() {
    auto keys = OpenKeyStore(path_, master_);
    EXPECT_TRUE(keys) << keys.error().ToLine();
    return keys ? std::move(*keys) : nullptr;
  }
  std::string FileBytes() const {
    std::ifstream file(path_, std::ios::binary);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }

  std::string folder_, path_;
  Secret master_{RandomBytes(32)};
};

TEST_F(KeyStore, UsesItsKeysAgainAfterARestart) {
  std::string signature, sealed;
  Digest index;
  {
    auto keys = Open();
    ASSERT_TRUE(keys->Ensure("audit", Purpose::kSign, kNow));
    ASSERT_TRUE(keys->Ensure("fields", Purpose::kSeal, kNow));
    ASSERT_TRUE(keys->Ensure("find", Purpose::kIndex, kNow));
    ASSERT_TRUE(keys->Ensure("inbox", Purpose::kUnwrap, kNow));
    signature = keys->Sign("audit", "head").value();
    sealed = keys->Seal("fields", "449999196506150021", "person/1").value();
    index = keys->Index("find", "449999196506150021").value();
  }
  auto keys = Open();
  EXPECT_TRUE(keys->PublicKey("audit")->Verify("head", signature));
  EXPECT_EQ(keys->Open("fields", sealed, "person/1"), "449999196506150021");
  EXPECT_EQ(keys->Index("find", "449999196506150021"), index);
  EXPECT_NE(keys->Index("find", "449999199001010019"), index);
  auto cipher = keys->PublicKey("inbox")->Encrypt("to the city");
  EXPECT_EQ(keys->Unwrap("inbox", *cipher)->view(), "to the city");
  EXPECT_TRUE(keys->Ensure("audit", Purpose::kSign, kNow));
  ASSERT_EQ(keys->List().size(), 4u);
  EXPECT_EQ(keys->List()[0].name, "audit");
  EXPECT_EQ(keys->List()[0].made_at, kNow);
}

TEST_F(KeyStore, OpensWhatEarlierVersionsMadeUntilTheyAreDestroyed) {
  auto keys = Open();
  ASSERT_TRUE(keys->Ensure("fields", Purpose::kSeal, kNow));
  ASSERT_TRUE(keys->Ensure("audit", Purpose::kSign, kNow));
  ASSERT_TRUE(keys->Ensure("inbox", Purpose::kUnwrap, kNow));
  const std::string old = keys->Seal("fields", "x", "c").value();
  const std::string signature = keys->Sign("audit", "m").value();
  const std::string letter = keys->PublicKey("inbox")->Encrypt("m").value();
  EXPECT_EQ(keys->Rotate("fields", kNow), 2u);
  EXPECT_EQ(keys->Rotate("audit", kNow), 2u);
  EXPECT_EQ(keys->Rotate("inbox", kNow), 2u);
  EXPECT_EQ(keys->Open("fields", old, "c"), "x");
  EXPECT_EQ(Sealer::KeyNumberOf(keys->Seal("fields", "x", "c").value()), 2u);
  EXPECT_TRUE(keys->PublicKey("audit", 1)->Verify("m", signature));
  EXPECT_FALSE(keys->PublicKey("audit")->Verify("m", signature));
  EXPECT_TRUE(keys->Unwrap("inbox", letter));
  ASSERT_TRUE(keys->Destroy("fields", 1));
  auto gone = keys->Open("fields", old, "c");
  ASSERT_FALSE(gone);
  EXPECT_TRUE(gone.error().Is(error::kUnknownKey));
  EXPECT_FALSE(keys->Destroy("fields", 2));  // the present one stays
  keys.reset();
  keys = Open();
  EXPECT_FALSE(keys->Open("fields", old, "c"));
  EXPECT_EQ(keys->Rotate("fields", kNow), 3u);  // a number is never given twice
}

TEST_F(KeyStore, SignsForTheUsualUserAndForOthers) {
  auto keys = Open();
  ASSERT_TRUE(keys->Ensure("audit", Purpose::kSign, kNow));
  const Sm2PublicKey key = keys->PublicKey("audit").value();
  EXPECT_TRUE(key.Verify("m", keys->Sign("audit", "m").value()));
  const std::string other = keys->Sign("audit", "m", "ALICE123@YAHOO.COM").value();
  EXPECT_TRUE(key.Verify("m", other, "ALICE123@YAHOO.COM"));
  EXPECT_FALSE(key.Verify("m", other));
}

TEST_F(KeyStore, UsesAKeyForItsPurposeAlone) {
  auto keys = Open();
  ASSERT_TRUE(keys->Ensure("audit", Purpose::kSign, kNow));
  ASSERT_TRUE(keys->Ensure("rows", Purpose::kSeal, kNow));
  EXPECT_TRUE(keys->SignDigest("rows", Digest{}).error().Is(error::kUnknownKey));
  auto sealed = keys->Seal("audit", "x", "c");
  ASSERT_FALSE(sealed);
  EXPECT_TRUE(sealed.error().Is(error::kUnknownKey));
  EXPECT_FALSE(keys->Index("audit", "x"));
  EXPECT_FALSE(keys->Unwrap("audit", "x"));
  EXPECT_FALSE(keys->Sign("nobody", "x"));
  EXPECT_FALSE(keys->PublicKey("audit", 9));
  auto again = keys->Ensure("audit", Purpose::kSeal, kNow);
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().Is(error::kKeyExists));
}

TEST_F(KeyStore, TakesInAKeyMadeElsewhere) {
  auto keys = Open();
  Sm2PrivateKey pair = Sm2PrivateKey::Generate();
  EXPECT_EQ(keys->Import("seal-of-a-bureau", Purpose::kSign, pair.ToPem(), kNow), 1u);
  EXPECT_EQ(keys->PublicKey("seal-of-a-bureau")->Point(), pair.PublicKey().Point());
  auto wrong = keys->Import("fields", Purpose::kSeal, Secret(std::string("short")), kNow);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().Is(error::kBadKey));
}

TEST_F(KeyStore, ShowsNothingToWhoHasTheFileAlone) {
  {
    auto keys = Open();
    ASSERT_TRUE(keys->Import("k", Purpose::kSeal, Secret(std::string(32, 'K')), kNow));
  }
  const std::string bytes = FileBytes();
  EXPECT_EQ(bytes.find(std::string(8, 'K')), std::string::npos);
  EXPECT_EQ(bytes.find("4b4b4b4b"), std::string::npos);
  EXPECT_EQ(bytes.find("name"), std::string::npos);
  struct stat about {};
  ASSERT_EQ(stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(KeyStore, StaysLockedToAWrongMasterKeyAndWhenAltered) {
  { ASSERT_TRUE(Open()->Ensure("k", Purpose::kSeal, kNow)); }
  auto wrong = OpenKeyStore(path_, Secret(RandomBytes(32)));
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().Is(error::kKeyStoreLocked));
  const std::string good = FileBytes();
  for (size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    std::ofstream(path_, std::ios::binary) << bad;
    EXPECT_FALSE(OpenKeyStore(path_, master_)) << at;
  }
  std::ofstream(path_, std::ios::binary) << good;
  EXPECT_TRUE(OpenKeyStore(path_, master_));
}

TEST_F(KeyStore, LetsOneProgramInAtATime) {
  auto first = Open();
  auto second = OpenKeyStore(path_, master_);
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().Is(error::kKeyStoreFile));
}

TEST_F(KeyStore, OpensByAPassphrase) {
  Secret phrase = ReadMasterKey("correct horse battery\n").value();
  { ASSERT_TRUE(OpenKeyStore(path_, phrase).value()->Ensure("k", Purpose::kSign, kNow)); }
  EXPECT_TRUE(OpenKeyStore(path_, phrase));
  EXPECT_FALSE(OpenKeyStore(path_, ReadMasterKey("correct horse batterx").value()));
  EXPECT_EQ(ReadMasterKey(std::string(64, 'a') + "\n")->view(), std::string(32, '\xaa'));
  for (std::string_view text : {"", "short", "elevenbytes\n"}) {
    auto key = ReadMasterKey(text);
    ASSERT_FALSE(key);
    EXPECT_TRUE(key.error().Is(error::kBadKey));
  }
}

TEST_F(KeyStore, SaysWhenItsFolderIsMissing) {
  auto keys = OpenKeyStore(folder_ + "/missing/keys", master_);
  ASSERT_FALSE(keys);
  EXPECT_TRUE(keys.error().Is(error::kKeyStoreFile));
}

TEST(KeyStoreInMemory, WorksWithoutAFile) {
  auto keys = MakeKeyStoreInMemory();
  ASSERT_TRUE(keys->Ensure("k", Purpose::kSign, kNow));
  EXPECT_TRUE(keys->PublicKey("k")->Verify("m", keys->Sign("k", "m").value()));
}

}  // namespace
}  // namespace city::crypto
