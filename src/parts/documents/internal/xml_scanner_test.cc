// SPDX-License-Identifier: Apache-2.0
// Why: the scanner sees the same whatever the pieces.
#include "parts/documents/internal/xml_scanner.h"

#include <gtest/gtest.h>

namespace city::documents::internal {
namespace {

struct Log : XmlScanner::Handler {
  std::string seen;
  Result<void> Start(std::string_view name, std::string_view attributes) override {
    seen += "<" + std::string(name) + "|" + AttributeOf(attributes, "a") + ">";
    return {};
  }
  Result<void> End(std::string_view name) override {
    seen += "</" + std::string(name) + ">";
    return {};
  }
  Result<void> Text(std::string_view text) override {
    seen += text;
    return {};
  }
};

Result<std::string> Scanned(std::string_view xml, size_t piece) {
  Log log;
  XmlScanner scanner(log);
  for (size_t at = 0; at < xml.size(); at += piece) {
    TRY_VOID(scanner.Feed(xml.substr(at, piece)));
  }
  TRY_VOID(scanner.Finish());
  return log.seen;
}

TEST(XmlScanner, SeesTheSameInPiecesOfEverySize) {
  const std::string xml =
      "<?xml version=\"1.0\"?><!-- <no> --><x:r a='1>2'>t&amp;u<b ba=\"n\" a = \"&lt;&#x4e8c;\" />"
      "<![CDATA[<c>&amp;]]></x:r>";
  for (size_t piece = 1; piece <= xml.size(); ++piece) {
    auto seen = Scanned(xml, piece);
    ASSERT_TRUE(seen) << piece;
    EXPECT_EQ(*seen, "<r|1>2>t&u<b|<二></b><c>&amp;</r>") << piece;
  }
}

TEST(XmlScanner, RefusesWhatIsNoXml) {
  for (std::string_view xml : {"<a>", "</a>", "<a", "<>", "<!DOCTYPE a>", "<a></a></a>"}) {
    EXPECT_FALSE(Scanned(xml, 100)) << xml;
  }
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_FALSE(Scanned(deep, 100));
}

}  // namespace
}  // namespace city::documents::internal
