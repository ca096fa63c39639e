// SPDX-License-Identifier: Apache-2.0
// Why: the command line asks for stamps and reads ours; a changed one is found out.
#include "parts/crypto/time_stamp.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"
#include "parts/crypto/sm3.h"
#include "parts/crypto/testing/city_authority.h"

namespace city::crypto {
namespace {

using testing::CityAuthority;
using testing::Holder;
using testing::OpenSslFolder;

const Time kNow = CityAuthority::At(2026, 11, 23);

class TimeStampTest : public ::testing::Test {
 protected:
  CityAuthority city_;
  Holder authority_ =
      CityAuthority::Make("明月市时间戳", CertificateUse::kTimeStamp, &city_.issuing);
  const std::string digest_{View(Sm3("a document"))};
};

TEST_F(TimeStampTest, SaysWhenSomethingExisted) {
  auto response = AnswerTimeStampRequest(TimeStampRequest(digest_, "12345678"),
                                         authority_.certificate, kNow, authority_.sign());
  ASSERT_TRUE(response) << response.error().ToLine();
  auto stamp = CheckTimeStamp(TokenOf(*response).value(), digest_);
  ASSERT_TRUE(stamp) << stamp.error().ToLine();
  EXPECT_EQ(stamp->at, kNow);
  EXPECT_EQ(stamp->signer, authority_.certificate);
  EXPECT_EQ(stamp->nonce, std::string("\x02\x08") + "12345678");
  auto other = CheckTimeStamp(TokenOf(*response).value(), View(Sm3("another")));
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().Is(error::kAltered));
}

TEST_F(TimeStampTest, IsReadByTheCommandLine) {
  OpenSslFolder folder;
  folder.Write("document", "a document");
  ASSERT_TRUE(folder.Run("ts -query -data document -sm3 -cert -out request.tsq"))
      << folder.Read("out.txt");
  auto response = AnswerTimeStampRequest(folder.Read("request.tsq"), authority_.certificate, kNow,
                                         authority_.sign());
  ASSERT_TRUE(response) << response.error().ToLine();
  folder.Write("response.tsr", *response);
  ASSERT_TRUE(folder.Run("ts -reply -in response.tsr -text")) << folder.Read("out.txt");
  const std::string text = folder.Read("out.txt");
  EXPECT_NE(text.find("Status: Granted."), std::string::npos) << text;
  EXPECT_NE(text.find("Hash Algorithm: sm3"), std::string::npos) << text;
  EXPECT_NE(text.find("Nov 23 00:00:00 2026 GMT"), std::string::npos) << text;
  EXPECT_TRUE(CheckTimeStamp(TokenOf(*response).value(), digest_));
}

TEST_F(TimeStampTest, NeverSurvivesAFlippedBit) {
  auto response = AnswerTimeStampRequest(TimeStampRequest(digest_, ""), authority_.certificate,
                                         kNow, authority_.sign());
  const std::string token = TokenOf(*response).value();
  int survived = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    auto stamp = CheckTimeStamp(bad, digest_);
    // What is not signed (the names of algorithms around it, the certificate's own signature) may
    // change without changing what the stamp says; who it names is then not trusted.
    if (stamp) {
      ++survived;
      EXPECT_EQ(stamp->at, kNow);
      EXPECT_EQ(stamp->digest, digest_);
    }
  }
  EXPECT_LT(survived, static_cast<int>(token.size()) * 3 / 4);
}

TEST_F(TimeStampTest, RefusesOtherHashesAndOtherSigners) {
  OpenSslFolder folder;
  folder.Write("document", "a document");
  ASSERT_TRUE(folder.Run("ts -query -data document -sha256 -out request.tsq"));
  EXPECT_FALSE(AnswerTimeStampRequest(folder.Read("request.tsq"), authority_.certificate, kNow,
                                      authority_.sign()));
  EXPECT_FALSE(AnswerTimeStampRequest("x", authority_.certificate, kNow, authority_.sign()));
  Holder clerk = CityAuthority::Make("clerk", CertificateUse::kSign, &city_.issuing);
  auto response =
      AnswerTimeStampRequest(TimeStampRequest(digest_, ""), clerk.certificate, kNow, clerk.sign());
  EXPECT_FALSE(CheckTimeStamp(TokenOf(*response).value(), digest_));
  EXPECT_FALSE(TokenOf("x"));
}

}  // namespace
}  // namespace city::crypto
