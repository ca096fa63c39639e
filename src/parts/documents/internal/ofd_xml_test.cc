// SPDX-License-Identifier: Apache-2.0
// Why: the small tools of the OFD writer and reader.
#include "parts/documents/internal/ofd_xml.h"

#include <gtest/gtest.h>

namespace city::documents::internal {
namespace {

TEST(OfdXml, EscapesTheSignsOfXml) {
  EXPECT_EQ(Escaped("a<b>&\"c\"\x01"), "a&lt;b&gt;&amp;&quot;c&quot;");
}

TEST(OfdXml, WritesNumbersShortly) {
  EXPECT_EQ(Number(210), "210");
  EXPECT_EQ(Number(0.1 + 0.2), "0.3");
  EXPECT_EQ(Number(-0.0001), "0");
  EXPECT_EQ(Number(100), "100");
}

TEST(OfdXml, ResolvesPathsInsideThePackage) {
  EXPECT_EQ(Resolve("Doc_0/Document.xml", "Pages/Page_0/Content.xml"),
            "Doc_0/Pages/Page_0/Content.xml");
  EXPECT_EQ(Resolve("Doc_0/Document.xml", "/OFD.xml"), "OFD.xml");
  EXPECT_EQ(Resolve("Doc_0/a/b.xml", "../../../x"), "x");
  EXPECT_EQ(Resolve("OFD.xml", ""), "");
}

TEST(OfdXml, HashesAndEncodes) {
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  // GM/T 0004-2012, A.1: 66c7f0f4…
  EXPECT_EQ(static_cast<unsigned char>(Sm3Of("abc")[0]), 0x66);
}

TEST(OfdXml, FindsChildrenWhateverTheirPrefix) {
  Parts parts{{"a.xml", "<x:a xmlns:x=\"u\"><x:b>1</x:b><c>2</c></x:a>"}};
  auto xml = PartXml(parts, "/a.xml");
  ASSERT_TRUE(xml);
  EXPECT_STREQ(Child((*xml)->document_element(), "b").text().get(), "1");
  EXPECT_STREQ(Child((*xml)->document_element(), "c").text().get(), "2");
  EXPECT_FALSE(PartXml(parts, "b.xml"));
}

}  // namespace
}  // namespace city::documents::internal
