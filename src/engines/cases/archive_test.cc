// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/archive.h"

#include <gtest/gtest.h>

#include "parts/documents/zip.h"

namespace city::cases {
namespace {
/// A package as Pack writes it, signed by a key of its own.
struct Packed {
  documents::Parts parts;
  std::string key;
};
Packed Package() {
  auto keys = crypto::MakeKeyStoreInMemory();
  EXPECT_TRUE(keys->Ensure(kArchiveKey, crypto::Purpose::kSign, {}));
  documents::Parts parts{{"case.json", R"({"number":"1"})"}, {"papers/01.pdf", "%PDF"}};
  json::array list;
  for (const auto& [path, bytes] : parts)
    list.push_back(json::object{{"path", path}, {"sm3", crypto::ToHex(crypto::Sm3(bytes))}});
  std::string manifest = ToText(json::object{{"format", "city-case-archive-1"},
                                             {"number", "44020020260302"},
                                             {"item_name", "item"},
                                             {"parts", std::move(list)}});
  auto signature = keys->Sign(kArchiveKey, manifest);
  EXPECT_TRUE(signature);
  std::string key = crypto::ToHex(keys->PublicKey(kArchiveKey)->Point());
  parts.insert(parts.begin(),
               {{"manifest.json", manifest},
                {"manifest.sig",
                 ToText(json::object{{"key", key}, {"signature", crypto::ToHex(*signature)}})}});
  return {std::move(parts), std::move(key)};
}
ArchiveReport Check(const Packed& packed, std::string_view key = {}) {
  return VerifyArchive(documents::WriteZip(packed.parts), key);
}

TEST(CaseArchive, IsGoodWhenEveryPartIsAsItWas) {
  Packed packed = Package();
  ArchiveReport report = Check(packed, packed.key);
  EXPECT_TRUE(report.good) << report.broken << " " << report.why_en;
  EXPECT_EQ(report.parts, 2);
  EXPECT_EQ(report.number, "44020020260302");
}
TEST(CaseArchive, NamesTheFirstPartThatWasChanged) {
  Packed packed = Package();
  packed.parts[3].second += "x";
  EXPECT_EQ(Check(packed).broken, "papers/01.pdf");
  packed.parts[2].second += " ";
  EXPECT_EQ(Check(packed).broken, "case.json");
}
TEST(CaseArchive, NamesAPartThatIsMissingAndOneThatWasAdded) {
  Packed packed = Package();
  packed.parts.pop_back();
  EXPECT_EQ(Check(packed).broken, "papers/01.pdf");
  packed = Package();
  packed.parts.emplace_back("more.txt", "x");
  EXPECT_EQ(Check(packed).broken, "more.txt");
}
TEST(CaseArchive, IsBrokenWhenItsListWasChangedAfterItWasSealed) {
  Packed packed = Package();
  size_t at = packed.parts[0].second.find("item_name");
  packed.parts[0].second.replace(at, 4, "iten");
  EXPECT_EQ(Check(packed).broken, "manifest.json");
}
TEST(CaseArchive, IsRefusedWhenAnotherKeySealedIt) {
  EXPECT_EQ(Check(Package(), Package().key).broken, "manifest.sig");
}
TEST(CaseArchive, SaysWhyWhenItIsNoPackageAtAll) {
  EXPECT_EQ(VerifyArchive("").broken, "zip");
  EXPECT_EQ(VerifyArchive("no archive").broken, "zip");
  EXPECT_EQ(VerifyArchive(documents::WriteZip({{"a", "b"}})).broken, "manifest.json");
}
}  // namespace
}  // namespace city::cases
