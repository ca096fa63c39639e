// SPDX-License-Identifier: Apache-2.0
// Why: bytes as X.690 gives them.
#include "parts/crypto/der.h"

#include <gtest/gtest.h>

#include "parts/crypto/bytes.h"
#include "parts/crypto/errors.h"

namespace city::crypto::der {
namespace {

TEST(Der, WritesTheShortestForms) {
  EXPECT_EQ(ToHex(Integer(0)), "020100");
  EXPECT_EQ(ToHex(Integer(127)), "02017f");
  EXPECT_EQ(ToHex(Integer(128)), "02020080");
  EXPECT_EQ(ToHex(Integer(-1)), "0201ff");
  EXPECT_EQ(ToHex(Integer(-129)), "0202ff7f");
  EXPECT_EQ(ToHex(BigInteger(std::string("\x00\x00\x80", 3))), "02020080");
  // X.690, 8.19.5: {2 999 3}
  EXPECT_EQ(ToHex(Oid("2.999.3")), "0603883703");
  EXPECT_EQ(ToHex(Oid("1.2.156.10197.1.501")), "06082a811ccf55018375");
  EXPECT_EQ(Tlv(kOctets, std::string(200, 'x')).substr(0, 3), "\x04\x81\xc8");
  EXPECT_EQ(Tlv(kOctets, std::string(300, 'x')).substr(0, 4), std::string("\x04\x82\x01\x2c"));
}

TEST(Der, ReadsBackWhatItWrote) {
  const Time at = Time(std::chrono::seconds(1'790'000'000));
  const std::string bytes =
      Sequence({Integer(-70000), Oid("2.999.3"), Bits("bits"), GeneralTime(at), CertificateTime(at),
                Explicit(1, Utf8("一")), Boolean(true), Null(), Set({Ia5("a"), Printable("b")})});
  Reader outer(bytes);
  Reader parts = outer.Enter(kSequence).value();
  EXPECT_TRUE(outer.Finish());
  EXPECT_EQ(parts.TakeInteger().value(), -70000);
  EXPECT_EQ(parts.TakeOid().value(), "2.999.3");
  EXPECT_EQ(parts.TakeBits().value(), "bits");
  EXPECT_EQ(parts.TakeTime().value(), at);
  EXPECT_EQ(parts.TakeTime().value(), at);
  EXPECT_EQ(parts.Enter(0xa1)->Take(kUtf8).value(), "一");
  EXPECT_EQ(parts.Take(kBoolean).value(), "\xff");
  EXPECT_TRUE(parts.Is(kNull));
  EXPECT_FALSE(parts.Finish());
}

TEST(Der, WritesYearsBeyondTheTwoDigits) {
  const Time late = std::chrono::sys_days(std::chrono::year(2050) / 1 / 1);
  EXPECT_EQ(CertificateTime(late).substr(2), "20500101000000Z");
  EXPECT_EQ(CertificateTime(late - std::chrono::seconds(1)).substr(2), "491231235959Z");
  const std::string early = Tlv(kUtcTime, "500101000000Z");
  EXPECT_EQ(Reader(early).TakeTime().value(),
            Time(std::chrono::sys_days(std::chrono::year(1950) / 1 / 1)));
}

TEST(Der, RefusesWhatIsNotDer) {
  for (std::string_view hex :
       {"", "02", "0280", "028100", "02817f", "0282007f01", "0205ff", "04847fffffff", "1f0100"}) {
    auto bytes = FromHex(hex);
    auto element = Reader(*bytes).Next();
    ASSERT_FALSE(element) << hex;
    EXPECT_TRUE(element.error().Is(error::kBadEncoding));
  }
  EXPECT_FALSE(Reader(FromHex("060180").value()).TakeOid());
  EXPECT_FALSE(Reader(FromHex("0209010203040506070809").value()).TakeInteger());
  EXPECT_FALSE(Reader(FromHex("03020780").value()).TakeBits());
  for (std::string_view text : {"20261332000000Z", "20260101000000", "2026010100000aZ"}) {
    EXPECT_FALSE(Reader(Tlv(kTime, text)).TakeTime()) << text;
  }
}

}  // namespace
}  // namespace city::crypto::der
