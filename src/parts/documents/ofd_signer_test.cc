// SPDX-License-Identifier: Apache-2.0
// Why: every change to a signed document is found and named.
#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/ofd.h"
#include "parts/documents/testing/samples.h"

namespace city::documents {
namespace {

using testing::SampleDocument;

SigningOrder Order(bool lock = true) {
  SigningOrder out;
  out.signed_at = FromMicros(1'790'000'000'000'000);
  out.stamps = {{.page = 1, .x = 130, .y = 200, .width = 42, .height = 42}};
  out.lock = lock;
  return out;
}

// Stands for the seal: remembers what it was given.
Result<std::string> Make(std::string_view hash, std::string_view property) {
  return "value:" + std::string(hash) + std::string(property);
}

TEST(OfdSigner, CoversEveryFile) {
  const std::string ofd = SignOfd(WriteOfd(SampleDocument()).value(), Order(), Make).value();
  auto checked = CheckOfdSignatures(ofd);
  ASSERT_TRUE(checked) << checked.error().ToLine();
  ASSERT_EQ(checked->size(), 1u);
  const OfdSignature& one = checked->front();
  EXPECT_TRUE(one.intact());
  EXPECT_EQ(one.property_info, "/Doc_0/Signs/Sign_0/Signature.xml");
  EXPECT_EQ(one.signed_value, "value:" + one.data_hash + one.property_info);
  ASSERT_EQ(one.stamps.size(), 1u);
  EXPECT_EQ(one.stamps[0].page, 1);
  EXPECT_DOUBLE_EQ(one.stamps[0].x, 130);
  EXPECT_TRUE(HasPlainContainer(ofd));
  EXPECT_TRUE(ReadOfdText(ofd));
}

TEST(OfdSigner, NamesThePartInWhichAByteWasFlipped) {
  const std::string ofd = SignOfd(WriteOfd(SampleDocument()).value(), Order(), Make).value();
  const Parts good = ZipReader::Open(ofd)->ReadAll().value();
  for (size_t i = 0; i < good.size(); ++i) {
    Parts bad = good;
    const std::string path = bad[i].first;
    std::string& bytes = bad[i].second;
    // A digit of text or an odd byte: files must stay readable for the change to be subtle.
    size_t at = bytes.find_last_of("0123456789");
    if (at == std::string::npos) at = bytes.size() / 2;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    auto checked = CheckOfdSignatures(WriteZip(bad));
    if (path.ends_with("Signature.xml") || path.ends_with("SignedValue.dat")) {
      // These two are what the seal itself signs.
      if (checked && checked->size() == 1 && checked->front().intact()) {
        const OfdSignature& one = checked->front();
        EXPECT_NE(one.signed_value, "value:" + one.data_hash + one.property_info) << path;
      }
      continue;
    }
    if (!checked) {
      // A damaged way to the signatures leads to a part that is not there.
      if (path == "OFD.xml" || path.ends_with("Signatures.xml")) continue;
      EXPECT_NE(checked.error().SaysEn().find(path), std::string::npos) << path;
      continue;
    }
    if (checked->empty()) continue;  // the mark in OFD.xml itself, asked below
    EXPECT_EQ(checked->front().changed, std::vector<std::string>{path}) << path;
  }
}

TEST(OfdSigner, NoticesFilesThatWereAddedOrTaken) {
  const std::string ofd = SignOfd(WriteOfd(SampleDocument()).value(), Order(), Make).value();
  Parts more = ZipReader::Open(ofd)->ReadAll().value();
  more.emplace_back("Doc_0/Res/new.xml", "<x/>");
  EXPECT_EQ(CheckOfdSignatures(WriteZip(more))->front().unprotected,
            std::vector<std::string>{"Doc_0/Res/new.xml"});
  Parts less = ZipReader::Open(ofd)->ReadAll().value();
  std::erase_if(less, [](const auto& part) { return part.first.ends_with(".png"); });
  EXPECT_EQ(CheckOfdSignatures(WriteZip(less))->front().missing,
            std::vector<std::string>{"Doc_0/Res/image_0.png"});
}

TEST(OfdSigner, AddsASecondSignatureUnlessTheFirstLocks) {
  const std::string plain = WriteOfd(SampleDocument()).value();
  const std::string open = SignOfd(plain, Order(false), Make).value();
  const std::string both = SignOfd(open, Order(true), Make).value();
  auto checked = CheckOfdSignatures(both);
  ASSERT_TRUE(checked) << checked.error().ToLine();
  ASSERT_EQ(checked->size(), 2u);
  EXPECT_TRUE(checked->at(0).intact());
  EXPECT_TRUE(checked->at(1).intact());
  auto third = SignOfd(both, Order(), Make);
  ASSERT_FALSE(third);
  EXPECT_TRUE(third.error().Is(error::kBadOfd));
}

TEST(OfdSigner, RefusesAStampOnAPageThatIsNot) {
  SigningOrder order = Order();
  order.stamps[0].page = 9;
  EXPECT_FALSE(SignOfd(WriteOfd(SampleDocument()).value(), order, Make));
}

}  // namespace
}  // namespace city::documents
