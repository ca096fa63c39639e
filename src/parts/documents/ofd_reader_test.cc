// SPDX-License-Identifier: Apache-2.0
// Why: what was written reads back; what is damaged is refused with the name of the part.
#include <gtest/gtest.h>

#include "parts/documents/errors.h"
#include "parts/documents/ofd.h"
#include "parts/documents/testing/samples.h"

namespace city::documents {
namespace {

using testing::SampleDocument;

TEST(OfdReader, ReadsTextAndFactsBack) {
  const Document document = SampleDocument();
  const std::string ofd = WriteOfd(document).value();
  auto text = ReadOfdText(ofd);
  ASSERT_TRUE(text) << text.error().ToLine();
  ASSERT_EQ(text->size(), document.pages.size());
  for (const char* wanted : {"营业执照（样本） Sample", "91350100M000100Y43", "明月茶业有限公司"}) {
    EXPECT_NE(text->at(0).find(wanted), std::string::npos) << wanted;
  }
  EXPECT_EQ(ReadOfdFacts(ofd).value(), document.facts);
}

TEST(OfdReader, RefusesWhatIsNoOfd) {
  EXPECT_TRUE(ReadOfdText("no zip").error().Is(error::kBadZip));
  auto empty = ReadOfdText(WriteZip({{"a", "b"}}));
  ASSERT_FALSE(empty);
  EXPECT_TRUE(empty.error().Is(error::kBadOfd));
  EXPECT_NE(empty.error().SaysEn().find("OFD.xml"), std::string::npos);
  // An external entity is not followed.
  auto entity = ReadOfdText(WriteZip(
      {{"OFD.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"}}));
  EXPECT_FALSE(entity);
}

TEST(OfdReader, HashesAPartOnceHoweverOftenItIsNamed) {
  auto package = [](int references) {
    std::string named;
    for (int i = 0; i < references; ++i)
      named += "<Reference FileRef=\"/big\"><CheckValue>AAAA</CheckValue></Reference>";
    return WriteZip(
        {{"OFD.xml",
          "<OFD><DocBody><DocRoot>d.xml</DocRoot><Signatures>s.xml</Signatures></DocBody></OFD>"},
         {"d.xml", "<D><Pages/></D>"},
         {"s.xml", "<S><Signature ID=\"1\" BaseLoc=\"x.xml\"/></S>"},
         {"x.xml", "<Signature><SignedInfo><References CheckMethod=\"SM3\">" + named +
                       "</References></SignedInfo><SignedValue>v.dat</SignedValue></Signature>"},
         {"v.dat", "v"},
         {"big", std::string(8 << 20, 'b')}});
  };
  // 64 GB of hashing if each reference had its own.
  auto found = CheckOfdSignatures(package(8000));
  ASSERT_TRUE(found) << found.error().ToLine();
  EXPECT_EQ(found->at(0).changed.size(), 8000U);
  auto refused = CheckOfdSignatures(package(9000));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().SaysEn().find("too many references"), std::string::npos);
}

TEST(OfdReader, FindsNoSignatureInAnUnsignedDocument) {
  EXPECT_TRUE(CheckOfdSignatures(WriteOfd(SampleDocument()).value())->empty());
}

}  // namespace
}  // namespace city::documents
