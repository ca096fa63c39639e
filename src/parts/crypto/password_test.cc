// SPDX-License-Identifier: Apache-2.0
// Why: one-time codes against RFC 6238, passwords against their promises.
#include "parts/crypto/password.h"

#include <gtest/gtest.h>

#include "parts/crypto/bytes.h"
#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr PasswordCost kCheap{.memory_kib = 64, .passes = 1, .lanes = 1};

Time At(int64_t seconds) { return Time(std::chrono::seconds(seconds)); }

TEST(Password, IsKnownAgainByItsHashAlone) {
  const std::string hash = HashPassword("韶关-2026 pass", kCheap).value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << hash;
  EXPECT_TRUE(VerifyPassword(hash, "韶关-2026 pass"));
  EXPECT_FALSE(VerifyPassword(hash, "韶关-2026 pasS"));
  EXPECT_FALSE(VerifyPassword(hash, ""));
  EXPECT_NE(HashPassword("韶关-2026 pass", kCheap), hash);
}

TEST(Password, OfTheUsualCostIsNotCheap) {
  const std::string hash = HashPassword("p").value();
  EXPECT_TRUE(VerifyPassword(hash, "p"));
  EXPECT_FALSE(IsCheaperThan(hash));
  EXPECT_TRUE(IsCheaperThan(HashPassword("p", kCheap).value()));
}

TEST(Password, RefusesWhatIsEmptyOrTooLong) {
  for (const std::string& password : {std::string(), std::string(1025, 'x')}) {
    auto hash = HashPassword(password, kCheap);
    ASSERT_FALSE(hash);
    EXPECT_TRUE(hash.error().Is(error::kPasswordLength));
  }
  EXPECT_TRUE(HashPassword(std::string(1024, 'x'), kCheap));
}

TEST(Password, RefusesACostThatIsNone) {
  auto hash = HashPassword("p", {.memory_kib = 1, .passes = 0, .lanes = 0});
  ASSERT_FALSE(hash);
  EXPECT_TRUE(hash.error().Is(error::kFailed));
}

TEST(Password, IsNotKnownByADamagedOrRuinousHash) {
  for (std::string_view hash :
       {"", "x", "$argon2id$", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzYWx0$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(VerifyPassword(hash, "p")) << hash;
  }
}

TEST(Totp, FollowsTheExamplesOfTheStandard) {
  // RFC 6238, appendix B
  const std::string seed20 = "12345678901234567890";
  const std::string seed32 = "12345678901234567890123456789012";
  const std::string seed64 = seed20 + seed20 + seed20 + "1234";
  auto code = [](const std::string& seed, int64_t seconds, TotpHash hash) {
    return TotpCode(seed, TotpStep(At(seconds)), 8, hash);
  };
  EXPECT_EQ(code(seed20, 59, TotpHash::kSha1), "94287082");
  EXPECT_EQ(code(seed32, 59, TotpHash::kSha256), "46119246");
  EXPECT_EQ(code(seed64, 59, TotpHash::kSha512), "90693936");
  EXPECT_EQ(code(seed20, 1111111109, TotpHash::kSha1), "07081804");
  EXPECT_EQ(code(seed20, 20000000000, TotpHash::kSha1), "65353130");
}

TEST(Totp, AcceptsACodeOnceAndALittleEarlyOrLate) {
  const std::string secret = RandomBytes(20);
  const Time now = At(1'800'000'015);
  const int64_t step = TotpStep(now);
  EXPECT_EQ(CheckTotp(secret, TotpCode(secret, step), now), step);
  EXPECT_EQ(CheckTotp(secret, TotpCode(secret, step - 1), now), step - 1);
  EXPECT_EQ(CheckTotp(secret, TotpCode(secret, step + 1), now), step + 1);
  EXPECT_FALSE(CheckTotp(secret, TotpCode(secret, step - 2), now));
  EXPECT_FALSE(CheckTotp(secret, TotpCode(secret, step), now, step));
  EXPECT_FALSE(CheckTotp(secret, "", now));
}

TEST(Totp, NamesItselfForAnApp) {
  EXPECT_EQ(TotpAddress("12345678901234567890", "一网", "ming"),
            "otpauth://totp/%E4%B8%80%E7%BD%91:ming?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=%E4%B8%80%E7%BD%91&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace city::crypto
