// SPDX-License-Identifier: Apache-2.0
#include "engines/exchange/message.h"

#include <gtest/gtest.h>

#include "base/ids.h"
#include "base/text.h"
#include "engines/exchange/errors.h"

namespace city::exchange {
namespace {
class MessageTest : public testing::Test {
 protected:
  MessageTest() {
    EXPECT_TRUE(keys_->Ensure("sign", crypto::Purpose::kSign, now_));
    EXPECT_TRUE(keys_->Ensure("open", crypto::Purpose::kUnwrap, now_));
    message_.from = "440200";
    message_.to = "440900";
    message_.id = NewId(now_);
    message_.sequence = 7;
    message_.kind = "case";
    message_.issued_at = now_;
    message_.nonce = crypto::ToHex(crypto::RandomBytes(16));
    EXPECT_TRUE(SealBody(message_, "{\"name\":\"李明\"}", *keys_->PublicKey("open")));
    EXPECT_TRUE(Sign(message_, [&](std::string_view text) { return keys_->Sign("sign", text); }));
  }
  Time now_ = *ParseTime("2026-03-02T09:00:00.000123");
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
  Message message_;
};

TEST_F(MessageTest, ComesBackAsItWasSent) {
  auto read = ReadMessage(ToText(message_));
  ASSERT_TRUE(read) << read.error().ToLine();
  EXPECT_TRUE(IsSignedBy(*read, *keys_->PublicKey("sign")));
  EXPECT_EQ(*OpenBody(*read, *keys_, "open"), "{\"name\":\"李明\"}");
  EXPECT_EQ(read->issued_at, now_);
}
TEST_F(MessageTest, ShowsNothingOfItsBody) {
  EXPECT_EQ(ToText(message_).find("李明"), std::string::npos);
}
TEST_F(MessageTest, IsNotSignedOnceAnythingWasAltered) {
  const crypto::Sm2PublicKey key = *keys_->PublicKey("sign");
  std::vector<std::function<void(Message&)>> ways{
      [](Message& m) { m.from = "440300"; },
      [](Message& m) { m.to = "440300"; },
      [](Message& m) { m.id[0] = m.id[0] == '0' ? '1' : '0'; },
      [](Message& m) { ++m.sequence; },
      [](Message& m) { m.kind = "state"; },
      [](Message& m) { m.about = "x"; },
      [](Message& m) { m.issued_at += kChinaOffset; },
      [](Message& m) { m.nonce[0] = m.nonce[0] == '0' ? '1' : '0'; },
      [](Message& m) { m.data[8] = m.data[8] == 'A' ? 'B' : 'A'; },
      [](Message& m) { m.key[8] = m.key[8] == 'A' ? 'B' : 'A'; }};
  for (const auto& alter : ways) {
    Message other = message_;
    alter(other);
    EXPECT_FALSE(IsSignedBy(other, key));
  }
}
TEST_F(MessageTest, SealsItsBodyForThisMessageAlone) {
  Message other = message_;
  other.id = NewId(now_);
  EXPECT_FALSE(OpenBody(other, *keys_, "open"));
}
TEST_F(MessageTest, IsRefusedWhenItsShapeIsAnother) {
  const std::string good = ToText(message_);
  for (const std::string& bad :
       {std::string(), std::string("[]"), std::string("{}"),
        ReplaceAll(good, "\"form\"", "\"from2\""),
        ReplaceAll(good, "\"sequence\":7", "\"sequence\":0"),
        ReplaceAll(good, "\"sequence\":7", "\"sequence\":7.5"),
        ReplaceAll(good, "\"to\":\"440900\"", "\"to\":\"x\""),
        ReplaceAll(good, "\"about\":\"\"", "\"about\":\"\",\"more\":\"\""),
        ReplaceAll(good, "000123Z", "000123+00:00"), ReplaceAll(good, "000123Z", "0001230Z")}) {
    auto read = ReadMessage(bad);
    EXPECT_TRUE(!read && read.error().Is(error::kUnreadable)) << bad.substr(0, 200);
  }
}
TEST(CanonicalJson, IsTheSameForTheSameValue) {
  EXPECT_EQ(
      CanonicalJson(*ParseJson("{ \"b\": [1, {\"d\":\"\\u4e2d\", \"c\":null}], \"a\": true }")),
      "{\"a\":true,\"b\":[1,{\"c\":null,\"d\":\"中\"}]}");
}
}  // namespace
}  // namespace city::exchange
