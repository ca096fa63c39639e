// SPDX-License-Identifier: Apache-2.0
// Why: the package has the parts of the standard, and always the same bytes.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "parts/documents/internal/ofd_xml.h"
#include "parts/documents/ofd.h"
#include "parts/documents/testing/samples.h"

namespace city::documents {
namespace {

using testing::SampleDocument;

TEST(OfdWriter, MakesThePartsOfTheStandard) {
  const std::string ofd = WriteOfd(SampleDocument()).value();
  EXPECT_EQ(WriteOfd(SampleDocument()).value(), ofd);
  EXPECT_TRUE(HasPlainContainer(ofd));
  Parts parts = ZipReader::Open(ofd)->ReadAll().value();
  EXPECT_EQ(parts.front().first, "OFD.xml");
  for (const char* path : {"Doc_0/Document.xml", "Doc_0/PublicRes.xml", "Doc_0/DocumentRes.xml",
                           "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_1/Content.xml",
                           "Doc_0/Res/font_0.otf", "Doc_0/Res/image_0.png",
                           "Doc_0/Attachs/Attachments.xml", "Doc_0/Attachs/attachment_0.dat"}) {
    EXPECT_NE(internal::FindPart(parts, path), nullptr) << path;
  }
  if (const char* keep = std::getenv("CITY_KEEP")) {
    std::ofstream(std::string(keep) + "/sample.ofd", std::ios::binary) << ofd;
  }
}

TEST(OfdWriter, GivesEveryObjectAnIdOfItsOwnBelowTheMaximum) {
  Parts parts = ZipReader::Open(WriteOfd(SampleDocument()).value())->ReadAll().value();
  std::set<int> seen;
  int most = 0;
  struct Walker : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node& node) override {
      if (pugi::xml_attribute id = node.attribute("ID")) {
        EXPECT_TRUE(seen->insert(id.as_int()).second) << id.value();
      }
      if (internal::LocalName(node) == "MaxUnitID") *most = node.text().as_int();
      return true;
    }
    std::set<int>* seen;
    int* most;
  } walker;
  walker.seen = &seen;
  walker.most = &most;
  for (const auto& [path, bytes] : parts) {
    if (!path.ends_with(".xml") || path.find("Attach") != std::string::npos) continue;
    auto xml = internal::PartXml(parts, path);
    ASSERT_TRUE(xml) << xml.error().ToLine();
    (*xml)->traverse(walker);
  }
  EXPECT_GT(seen.size(), 100u);
  EXPECT_EQ(most, *seen.rbegin());
}

TEST(OfdWriter, DrawsEveryDarkSquareOfACodeAndNoOther) {
  for (const char* text :
       {"a", "https://city.example/check?n=1.2.156.3005.2.11100000MB0143028R002"}) {
    const QrCode code = MakeQr(text).value();
    Document document;
    document.id = std::string(32, '1');
    document.pages.emplace_back();
    document.pages[0].items.push_back(QrMark{10, 10, 30, code});
    Parts parts = ZipReader::Open(WriteOfd(document).value())->ReadAll().value();
    const std::string xml = *internal::FindPart(parts, "Doc_0/Pages/Page_0/Content.xml");
    const size_t from = xml.find("<ofd:AbbreviatedData>") + 21;
    std::istringstream lines(xml.substr(from, xml.find("</ofd:Abb") - from));
    std::vector<bool> drawn(code.dark.size());
    std::string move, line;
    for (size_t x, y, to, again; lines >> move >> x >> y >> line >> to >> again;) {
      ASSERT_EQ(move + line, "ML");
      ASSERT_EQ(y, again);
      for (; x < to; ++x) drawn[(y - 4) * static_cast<size_t>(code.size) + x - 4] = true;
    }
    EXPECT_EQ(drawn, code.dark);
  }
}

}  // namespace
}  // namespace city::documents
