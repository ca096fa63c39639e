// SPDX-License-Identifier: Apache-2.0
// Why: SM3 and its HMAC against the vectors of their standards.
#include "parts/crypto/sm3.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace city::crypto {
namespace {

std::string Repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Sm3, FollowsTheExamplesOfTheStandard) {
  // GM/T 0004-2012, A.1 and A.2
  EXPECT_EQ(ToHex(Sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(ToHex(Sm3(Repeated("abcd", 16))),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Sm3, IsTheSameInPieces) {
  const std::string text = Repeated("abcd", 16);
  Sm3Hasher hasher;
  for (int round = 0; round < 2; ++round) {  // the hasher begins anew after Finish
    for (char c : text) hasher.Update(std::string_view(&c, 1));
    EXPECT_EQ(hasher.Finish(), Sm3(text));
  }
  Sm3Hasher moved = std::move(hasher);
  EXPECT_EQ(moved.Update("abc").Finish(), Sm3("abc"));
  EXPECT_EQ(Sm3Hasher().Finish(), Sm3(""));
}

TEST(Sm3, ForkHasSeenTheSameAndGoesItsOwnWay) {
  Sm3Hasher hasher;
  const std::string start(100, 's');
  hasher.Update(start);
  Sm3Hasher fork = hasher.Fork();
  EXPECT_EQ(fork.Update("one").Finish(), Sm3(start + "one"));
  EXPECT_EQ(hasher.Update("two").Finish(), Sm3(start + "two"));
  EXPECT_EQ(fork.Update("three").Finish(), Sm3("three"));
}

TEST(HmacSm3, FollowsTheExamplesOfTheStandard) {
  // GM/T 0042-2015, D.3, first and last example
  const std::string text = Repeated("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 2);
  std::string key;
  for (int i = 1; i <= 32; ++i) key += static_cast<char>(i);
  EXPECT_EQ(ToHex(HmacSm3(key, text)),
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
}

TEST(HmacSm3, TakesAKeyLongerThanABlock) {
  // RFC 2104: such a key is hashed first.
  const std::string key(100, 'k');
  const Digest hashed = Sm3(key);
  EXPECT_EQ(HmacSm3(key, "data"), HmacSm3(View(hashed), "data"));
}

TEST(HmacSm3, HashesPartsAsOneFromManyThreads) {
  const HmacSm3Key key("key");
  const Digest whole = HmacSm3("key", "one two three");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) ASSERT_EQ(key.Of({"one ", "two ", "three"}), whole);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(DeriveKey, GivesEachPurposeItsOwn) {
  EXPECT_EQ(DeriveKey("key", "a").view(), DeriveKey("key", "a").view());
  EXPECT_NE(DeriveKey("key", "a").view(), DeriveKey("key", "b").view());
  EXPECT_NE(DeriveKey("key", "a").view(), DeriveKey("kez", "a").view());
  EXPECT_EQ(DeriveKey("key", "a").size(), 32u);
}

}  // namespace
}  // namespace city::crypto
