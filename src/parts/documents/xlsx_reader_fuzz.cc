// SPDX-License-Identifier: Apache-2.0
// Why: workbooks come from outside; none may crash us or hang. The first byte chooses whether the
// bytes are a whole file, one part of a good one, or bare XML in two pieces.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parts/documents/internal/xml_scanner.h"
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

std::string With(size_t changed, std::string_view bytes) {
  city::documents::Parts parts = {
      {"xl/workbook.xml",
       "<workbook xmlns:r=\"x\"><sheets><sheet name=\"a\" r:id=\"i\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", "<R><r Id=\"i\" Target=\"s.xml\"/></R>"},
      {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
      {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
      {"xl/s.xml",
       "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"0\">"
       "<v>45000.5</v></c></row></sheetData></worksheet>"}};
  parts[changed % parts.size()].second = bytes;
  return city::documents::WriteZip(parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto take = [](int64_t, std::vector<std::string>&) { return city::Result<void>(); };
  const size_t mode = data[0] % 7;
  if (mode == 6) {
    static_cast<void>(city::documents::ReadXlsx(bytes, take));
  } else if (mode == 5) {
    Ignore ignore;
    city::documents::internal::XmlScanner scanner(ignore);
    const size_t half = bytes.size() / 2;
    if (scanner.Feed(bytes.substr(0, half)) && scanner.Feed(bytes.substr(half))) {
      static_cast<void>(scanner.Finish());
    }
  } else {
    static_cast<void>(city::documents::ReadXlsx(With(mode, bytes), take));
  }
  return 0;
}
