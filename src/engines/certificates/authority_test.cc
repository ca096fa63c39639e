// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/authority.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/ids.h"

namespace city::certificates {
namespace {
class AuthorityTest : public testing::Test {
 protected:
  ~AuthorityTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_ =
      (std::filesystem::temp_directory_path() / ("authority-" + NewId(SystemClock().Now())))
          .string();
  Time now_ = *ParseTime("2026-11-23T10:00:00");
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
};

TEST_F(AuthorityTest, IsTheSameAfterARestart) {
  auto first = *Authority::Open(folder_, *keys_, "明月市", now_);
  auto again = *Authority::Open(folder_, *keys_, "明月市", now_ + std::chrono::hours(24));
  EXPECT_EQ(first->root(), again->root());
  EXPECT_EQ(first->maker(), again->maker());
  auto strange = crypto::MakeKeyStoreInMemory();
  auto other = *Authority::Open(folder_, *strange, "明月市", now_);
  EXPECT_NE(first->root().key().Point(), other->root().key().Point());
}

TEST_F(AuthorityTest, CertifiesKeysThatCanBeRevoked) {
  auto authority = *Authority::Open(folder_, *keys_, "明月市", now_);
  ASSERT_TRUE(keys_->Ensure("seal-1", crypto::Purpose::kSign, now_));
  auto leaf = authority->Certify("seal-1", "明月市", "市场监管局", now_,
                                 now_ + std::chrono::hours(24 * 365));
  ASSERT_TRUE(leaf) << leaf.error().ToLine();
  const crypto::Certificate others[] = {authority->issuing()};
  const crypto::Certificate roots[] = {authority->root()};
  Time later = now_ + std::chrono::hours(2);
  EXPECT_TRUE(crypto::CheckChain(*leaf, others, roots, later));
  auto list = authority->Revocations({{leaf->serial(), {now_ + std::chrono::hours(1), 1}}}, now_);
  ASSERT_TRUE(list);
  const crypto::RevocationList lists[] = {*list};
  EXPECT_FALSE(crypto::CheckChain(*leaf, others, roots, later, lists));
  EXPECT_TRUE(crypto::CheckChain(*leaf, others, roots, now_, lists));
}

TEST_F(AuthorityTest, StampsTime) {
  auto authority = *Authority::Open(folder_, *keys_, "明月市", now_);
  crypto::Digest digest = crypto::Sm3("abc");
  auto token = authority->Stamp(crypto::View(digest), now_);
  ASSERT_TRUE(token) << token.error().ToLine();
  auto stamp = crypto::CheckTimeStamp(*token, crypto::View(digest));
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->at, now_);
}
}  // namespace
}  // namespace city::certificates
