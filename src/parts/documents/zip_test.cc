// SPDX-License-Identifier: Apache-2.0
// Why: archives come back whole, and hostile ones are refused.
#include "parts/documents/zip.h"

#include <gtest/gtest.h>

#include "parts/documents/errors.h"

namespace city::documents {
namespace {

const Parts kParts{{"OFD.xml", "<a/>"},
                   {"Doc_0/二.xml", std::string(100'000, 'x')},
                   {"empty", ""},
                   {"bytes", std::string("\0\x01\xff", 3)}};

void Replace(std::string& bytes, std::string_view from, std::string_view to) {
  ASSERT_EQ(from.size(), to.size());
  for (size_t at = 0; (at = bytes.find(from, at)) != std::string::npos; at += to.size()) {
    bytes.replace(at, from.size(), to);
  }
}

TEST(Zip, ComesBackWhole) {
  const std::string zip = WriteZip(kParts);
  EXPECT_EQ(WriteZip(kParts), zip);
  auto reader = ZipReader::Open(zip);
  ASSERT_TRUE(reader) << reader.error().ToLine();
  EXPECT_EQ(reader->ReadAll().value(), kParts);
  EXPECT_TRUE(reader->Has("empty"));
  EXPECT_FALSE(reader->Read("missing"));
}

TEST(Zip, IsReadByAnotherProgram) {
  FILE* file = popen(
      "python3 -c 'import sys,zipfile,io; z=zipfile.ZipFile(io.BytesIO(sys.stdin."
      "buffer.read())); sys.exit(0 if z.testzip() is None and len(z.namelist())==4 "
      "else 1)'",
      "w");
  const std::string zip = WriteZip(kParts);
  fwrite(zip.data(), 1, zip.size(), file);
  EXPECT_EQ(pclose(file), 0);
}

TEST(ZipStream, WritesTheSameContentInPieces) {
  std::string zip;
  ZipStream stream([&](std::string_view bytes) -> Result<void> {
    zip += bytes;
    return {};
  });
  for (const auto& [path, bytes] : kParts) {
    ASSERT_TRUE(stream.Begin(path));
    for (size_t at = 0; at < bytes.size(); at += 777) {
      ASSERT_TRUE(stream.Write(std::string_view(bytes).substr(at, 777)));
    }
  }
  ASSERT_TRUE(stream.Finish());
  auto reader = ZipReader::Open(zip);
  ASSERT_TRUE(reader) << reader.error().ToLine();
  EXPECT_EQ(reader->ReadAll().value(), kParts);
}

TEST(Zip, RefusesPathsThatLeadElsewhere) {
  for (std::string_view path : {"../x.xml", "/abs.xml", "a/../../", "a\\..\\bc", "C:/x.xml"}) {
    const std::string name(path);
    auto reader = ZipReader::Open(WriteZip({{name, "x"}}));
    ASSERT_FALSE(reader) << path;
    EXPECT_TRUE(reader.error().Is(error::kBadZip));
  }
  std::string twice = WriteZip({{"aa", "1"}, {"bb", "2"}});
  Replace(twice, "bb", "aa");
  EXPECT_FALSE(ZipReader::Open(twice));
}

TEST(Zip, RefusesABomb) {
  const std::string zip = WriteZip({{"bomb", std::string(10'000'000, '\0')}});
  EXPECT_LT(zip.size(), 20'000u);
  ZipLimits limits{.parts = 10, .part_bytes = 1 << 20, .total_bytes = 100 << 20};
  auto reader = ZipReader::Open(zip, limits);
  ASSERT_TRUE(reader);
  auto bytes = reader->Read("bomb");
  ASSERT_FALSE(bytes);
  EXPECT_TRUE(bytes.error().Is(error::kZipTooLarge));
  limits.total_bytes = 1 << 20;
  EXPECT_TRUE(ZipReader::Open(zip, limits).error().Is(error::kZipTooLarge));
  limits = {.parts = 1};
  EXPECT_TRUE(ZipReader::Open(WriteZip(kParts), limits).error().Is(error::kZipTooLarge));
}

TEST(Zip, RefusesOneThatUnpacksToMoreThanItSays) {
  std::string zip = WriteZip({{"part", std::string(70'000, 'x')}});
  std::string size("\x70\x11\x01\x00", 4);  // 70000
  Replace(zip, size, std::string_view("\x10\x00\x00\x00", 4));
  auto reader = ZipReader::Open(zip);
  ASSERT_TRUE(reader);
  EXPECT_FALSE(reader->Read("part"));
}

TEST(Zip, NeverFailsOnDamage) {
  const std::string zip = WriteZip(kParts);
  for (size_t cut = 0; cut < zip.size(); cut += 3) {
    EXPECT_FALSE(ZipReader::Open(std::string_view(zip).substr(0, cut)));
  }
  for (size_t at = 0; at < zip.size(); ++at) {
    std::string bad = zip;
    bad[at] = static_cast<char>(bad[at] ^ 0x41);
    auto reader = ZipReader::Open(bad);
    if (!reader) continue;
    auto parts = reader->ReadAll();
    if (!parts) continue;
    // What is still read is what was written; only a date or a name can have changed.
    ASSERT_LE(parts->size(), kParts.size());
    for (size_t i = 0; parts->size() == kParts.size() && i < kParts.size(); ++i) {
      EXPECT_EQ(parts->at(i).second, kParts[i].second) << at;
    }
  }
}

}  // namespace
}  // namespace city::documents
