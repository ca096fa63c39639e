// SPDX-License-Identifier: Apache-2.0
// Why: archives, OFD, workbooks and text tables come from outside; none may crash us or hang.
// The first byte chooses the reader.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parts/documents/csv.h"
#include "parts/documents/internal/xml_scanner.h"
#include "parts/documents/ofd.h"
#include "parts/documents/xlsx.h"

namespace {

struct Ignore : city::documents::internal::XmlScanner::Handler {
  city::Result<void> Start(std::string_view, std::string_view attributes) override {
    city::documents::internal::AttributeOf(attributes, "r");
    return {};
  }
  city::Result<void> End(std::string_view) override { return {}; }
  city::Result<void> Text(std::string_view) override { return {}; }
};

// A stored archive around the bytes, so that mutations reach what is inside.
std::string Workbook(std::string_view sheet) {
  return city::documents::WriteZip(
      {{"xl/workbook.xml",
        "<workbook xmlns:r=\"x\"><sheets><sheet name=\"a\" r:id=\"i\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels", "<R><r Id=\"i\" Target=\"s.xml\"/></R>"},
       {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
       {"xl/s.xml", std::string(sheet)}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto take = [](int64_t, std::vector<std::string>&) { return city::Result<void>(); };
  switch (data[0] % 6) {
    case 0:
      static_cast<void>(city::documents::CheckOfdSignatures(bytes));
      static_cast<void>(city::documents::ReadOfdText(bytes));
      break;
    case 1:
      static_cast<void>(city::documents::ReadXlsx(bytes, take));
      break;
    case 2:
      static_cast<void>(city::documents::ReadCsv(bytes, take));
      break;
    case 3: {
      Ignore ignore;
      city::documents::internal::XmlScanner scanner(ignore);
      const size_t half = bytes.size() / 2;
      if (scanner.Feed(bytes.substr(0, half)) && scanner.Feed(bytes.substr(half))) {
        static_cast<void>(scanner.Finish());
      }
      break;
    }
    case 4:
      static_cast<void>(city::documents::ReadXlsx(Workbook(bytes), take));
      break;
    default:
      static_cast<void>(city::documents::CheckOfdSignatures(city::documents::WriteZip(
          {{"OFD.xml",
            "<OFD><DocBody><DocRoot>d.xml</DocRoot><Signatures>s.xml</Signatures></DocBody></OFD>"},
           {"d.xml", "<D><Pages><Page ID=\"1\" BaseLoc=\"p.xml\"/></Pages></D>"},
           {"s.xml", "<S><Signature ID=\"1\" BaseLoc=\"x.xml\"/></S>"},
           {"v.dat", "v"},
           {"x.xml", std::string(bytes)}})));
  }
  return 0;
}
