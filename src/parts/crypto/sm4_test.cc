// SPDX-License-Identifier: Apache-2.0
// Why: SM4 against its standard, and sealing against every small change.
#include "parts/crypto/sm4.h"

#include <gtest/gtest.h>

#include "parts/crypto/errors.h"

namespace city::crypto {
namespace {

std::string Hex(std::string_view text) { return FromHex(text).value(); }

// GM/T 0002-2012, A.1: key and plaintext are the same bytes.
const std::string kKey = Hex("0123456789abcdeffedcba9876543210");

TEST(Sm4, FollowsTheFirstExampleOfTheStandard) {
  // The key stream of counter mode is the cipher of the counter.
  EXPECT_EQ(ToHex(Sm4Ctr(kKey, kKey, std::string(16, '\0'))), "681edf34d206965e86b3e94f536e4246");
}

TEST(Sm4, FollowsTheMillionfoldExampleOfTheStandard) {
  std::string block = kKey;
  const std::string zeros(16, '\0');
  for (int i = 0; i < 1'000'000; ++i) block = Sm4Ctr(kKey, block, zeros);
  EXPECT_EQ(ToHex(block), "595298c7c6fd271f0402f804c33d3f66");
}

TEST(Sm4, CountsUpInCounterModeAsTheDraftSays) {
  // draft-ribose-cfrg-sm4-10, A.2.5.1
  EXPECT_EQ(ToHex(Sm4Ctr(kKey, Hex("000102030405060708090a0b0c0d0e0f"),
                         Hex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                             "eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb"))),
            "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
            "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514");
}

TEST(Sm4, OpensItsOwnBlockChains) {
  const std::string iv = RandomBytes(16);
  for (size_t size : {0, 1, 15, 16, 17, 1000}) {
    const std::string plain = RandomBytes(size);
    std::string cipher = Sm4CbcEncrypt(kKey, iv, plain);
    EXPECT_EQ(cipher.size(), size / 16 * 16 + 16);
    EXPECT_EQ(Sm4CbcDecrypt(kKey, iv, cipher), plain);
    EXPECT_FALSE(Sm4CbcDecrypt(kKey, iv, cipher.substr(1)));
  }
}

TEST(Sealer, OpensWhatItSealedInTheSamePlaceAlone) {
  const Sealer sealer(RandomBytes(32), 7);
  for (std::string_view plain : {"", "449999196506150021", "韶关市浈江区"}) {
    const std::string sealed = sealer.Seal(plain, "person.id_number/1");
    EXPECT_EQ(sealed.size(), plain.size() + Sealer::kOverhead);
    EXPECT_EQ(sealer.Open(sealed, "person.id_number/1"), plain);
    EXPECT_NE(sealer.Seal(plain, "person.id_number/1"), sealed);
    EXPECT_EQ(Sealer::KeyNumberOf(sealed), 7u);
    auto moved = sealer.Open(sealed, "person.id_number/2");
    ASSERT_FALSE(moved);
    EXPECT_TRUE(moved.error().Is(error::kAltered));
    EXPECT_FALSE(Sealer(RandomBytes(32), 7).Open(sealed, "person.id_number/1"));
  }
}

TEST(Sealer, RefusesEveryFlippedBitAndEveryCut) {
  const Sealer sealer(RandomBytes(32));
  const std::string sealed = sealer.Seal("plain text", "place");
  for (size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string bad = sealed;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ 1 << i % 8);
    EXPECT_FALSE(sealer.Open(bad, "place")) << i;
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(sealer.Open(sealed.substr(0, size), "place")) << size;
  }
  EXPECT_FALSE(sealer.Open(sealed + "x", "place"));
}

std::string SealedFile(const Sealer& sealer, std::string_view plain, size_t piece) {
  std::string out;
  FileSealer file(sealer, "attachment/1", [&](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  });
  for (size_t at = 0; at < plain.size(); at += piece) {
    EXPECT_TRUE(file.Update(plain.substr(at, piece)));
  }
  EXPECT_TRUE(file.Finish());
  return out;
}

Result<std::string> OpenedFile(const Sealer& sealer, std::string_view sealed, size_t piece,
                               std::string_view context = "attachment/1") {
  std::string out;
  FileOpener file(sealer, context, [&](std::string_view bytes) -> Result<void> {
    out += bytes;
    return {};
  });
  for (size_t at = 0; at < sealed.size(); at += piece) {
    TRY_VOID(file.Update(sealed.substr(at, piece)));
  }
  TRY_VOID(file.Finish());
  return out;
}

TEST(FileSealer, OpensFilesOfEverySizeInPiecesOfEverySize) {
  const Sealer sealer(RandomBytes(32), 3);
  for (size_t size : {0, 1, 65535, 65536, 65537, 131072, 200000}) {
    const std::string plain = RandomBytes(size);
    for (size_t piece : {4096, 65536, 1 << 20}) {
      const std::string sealed = SealedFile(sealer, plain, piece);
      EXPECT_EQ(OpenedFile(sealer, sealed, 5000), plain) << size << " " << piece;
      EXPECT_EQ(OpenedFile(sealer, sealed, 1 << 20), plain) << size << " " << piece;
      EXPECT_EQ(Sealer::KeyNumberOf(sealed), 3u);
    }
  }
}

TEST(FileSealer, NoticesCutsSwapsAndChanges) {
  const Sealer sealer(RandomBytes(32));
  const std::string sealed = SealedFile(sealer, RandomBytes(200000), 65536);
  constexpr size_t kChunk = 65536 + 32;
  for (size_t cut :
       {0ul, 10ul, 24ul, 24 + kChunk, 24 + 2 * kChunk, 24 + 3 * kChunk, sealed.size() - 1}) {
    EXPECT_FALSE(OpenedFile(sealer, sealed.substr(0, cut), 4096)) << cut;
  }
  std::string swapped = sealed.substr(0, 24) + sealed.substr(24 + kChunk, kChunk) +
                        sealed.substr(24, kChunk) + sealed.substr(24 + 2 * kChunk);
  EXPECT_FALSE(OpenedFile(sealer, swapped, 4096));
  for (size_t at = 0; at < sealed.size(); at += 997) {
    std::string bad = sealed;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    EXPECT_FALSE(OpenedFile(sealer, bad, 1 << 20)) << at;
  }
  EXPECT_FALSE(OpenedFile(sealer, sealed, 4096, "attachment/2"));
}

}  // namespace
}  // namespace city::crypto
