// SPDX-License-Identifier: Apache-2.0
#include "base/xml.h"

#include <gtest/gtest.h>

#include "base/errors.h"

namespace city {
namespace {
TEST(Xml, ResolvesNamespaces) {
  auto document = *ParseXml("<b:a xmlns:b='urn:x' xmlns='urn:d'><c/></b:a>");
  EXPECT_EQ(NamespaceOf(document->document_element()), "urn:x");
  EXPECT_EQ(NamespaceOf(document->document_element().first_child()), "urn:d");
  EXPECT_EQ(LocalName("b:a"), "a");
}
TEST(Xml, RefusesADocumentType) {
  EXPECT_TRUE(ParseXml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").error().Is(error::kBadXml));
}
TEST(Xml, RefusesDeepNesting) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "<a>";
  EXPECT_TRUE(ParseXml(text).error().Is(error::kBadXml));
}
TEST(Xml, SaysTheLineOfAFault) {
  EXPECT_NE(ParseXml("<a>\n<b>\n</a>").error().SaysEn().find("Line 3"), std::string::npos);
}
TEST(Xml, RefusesALargeText) {
  EXPECT_TRUE(ParseXml("<aaaaaaaaaa/>", {.max_bytes = 4}).error().Is(error::kTooLarge));
}
}  // namespace
}  // namespace city
