// SPDX-License-Identifier: Apache-2.0
// Why: text forms against the vectors of RFC 4648, 10.
#include "parts/crypto/bytes.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

constexpr std::pair<std::string_view, std::string_view> kBase64Vectors[] = {{"", ""},
                                                                            {"f", "Zg=="},
                                                                            {"fo", "Zm8="},
                                                                            {"foo", "Zm9v"},
                                                                            {"foob", "Zm9vYg=="},
                                                                            {"fooba", "Zm9vYmE="},
                                                                            {"foobar", "Zm9vYmFy"}};
constexpr std::pair<std::string_view, std::string_view> kBase32Vectors[] = {
    {"", ""},
    {"f", "MY"},
    {"fo", "MZXQ"},
    {"foo", "MZXW6"},
    {"foob", "MZXW6YQ"},
    {"fooba", "MZXW6YTB"},
    {"foobar", "MZXW6YTBOI"}};

TEST(Encoding, FollowsTheVectorsOfTheStandard) {
  for (auto [plain, text] : kBase64Vectors) {
    EXPECT_EQ(ToBase64(plain), text);
    EXPECT_EQ(FromBase64(text), plain);
  }
  for (auto [plain, text] : kBase32Vectors) {
    EXPECT_EQ(ToBase32(plain), text);
    EXPECT_EQ(FromBase32(text), plain);
  }
  EXPECT_EQ(ToHex("foobar"), "666f6f626172");
  EXPECT_EQ(FromHex("666F6f626172"), "foobar");
  EXPECT_EQ(ToBase64Url("\xfb\xff"), "-_8");
  EXPECT_EQ(FromBase64Url("-_8"), "\xfb\xff");
}

TEST(Encoding, RefusesWhatIsDamaged) {
  for (std::string_view text : {"Zg=", "Zg", "Z===", "Zh==", "Zm9v!mFy", "Zm 9", "====", "-_8="}) {
    auto bytes = FromBase64(text);
    ASSERT_FALSE(bytes) << text;
    EXPECT_TRUE(bytes.error().Is(error::kBadEncoding));
  }
  for (std::string_view text : {"0", "0g", "abc"}) EXPECT_FALSE(FromHex(text)) << text;
  for (std::string_view text : {"M", "M1", "MZ"}) EXPECT_FALSE(FromBase32(text)) << text;
}

TEST(Secret, LeavesNothingBehindWhenItMoves) {
  Secret first(std::string("short"));
  Secret second = std::move(first);
  EXPECT_EQ(second.view(), "short");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
  Secret copy = second.Copy();
  second = Secret(std::string("other"));
  EXPECT_EQ(copy.view(), "short");
}

TEST(Secret, IsOverwrittenByWipe) {
  std::string text = "a secret that is longer than the small buffer of a string";
  const char* where = text.data();
  Wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string(where, 8), std::string(8, '\0'));
}

TEST(RandomBytes, AreAsManyAsAskedAndNeverTheSame) {
  EXPECT_EQ(RandomBytes(0).size(), 0u);
  EXPECT_EQ(RandomBytes(33).size(), 33u);
  EXPECT_NE(RandomBytes(16), RandomBytes(16));
}

TEST(EqualInConstantTime, ComparesLengthAndBytes) {
  EXPECT_TRUE(EqualInConstantTime("same", "same"));
  EXPECT_FALSE(EqualInConstantTime("same", "sane"));
  EXPECT_FALSE(EqualInConstantTime("same", "sam"));
  EXPECT_TRUE(EqualInConstantTime("", ""));
}

}  // namespace
}  // namespace city::crypto
