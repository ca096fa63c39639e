// SPDX-License-Identifier: Apache-2.0
// Why: OFD files come from outside; none may crash us or hang. The first byte chooses whether the
// bytes are a whole file or one part of a good one, so that mutations reach what is inside.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "parts/documents/ofd.h"

namespace {
std::string With(size_t changed, std::string_view bytes) {
  city::documents::Parts parts = {
      {"OFD.xml",
       "<OFD><DocBody><DocInfo><CustomDatas><CustomData Name=\"a\">b</CustomData></CustomDatas>"
       "</DocInfo><DocRoot>d.xml</DocRoot><Signatures>s.xml</Signatures></DocBody></OFD>"},
      {"d.xml", "<D><Pages><Page ID=\"1\" BaseLoc=\"p.xml\"/></Pages></D>"},
      {"p.xml", "<Page><Content><TextObject><TextCode>a</TextCode></TextObject></Content></Page>"},
      {"s.xml", "<S><Signature ID=\"1\" BaseLoc=\"x.xml\"/></S>"},
      {"x.xml",
       "<Signature><SignedInfo><References CheckMethod=\"SM3\"><Reference FileRef=\"/p.xml\">"
       "<CheckValue>AAAA</CheckValue></Reference></References><StampAnnot PageRef=\"1\" "
       "Boundary=\"1 2 3 4\"/></SignedInfo><SignedValue>v.dat</SignedValue></Signature>"},
      {"v.dat", "v"}};
  parts[changed % parts.size()].second = bytes;
  return city::documents::WriteZip(parts);
}

void ReadAll(std::string_view ofd) {
  using namespace city::documents;  // NOLINT(google-build-using-namespace)
  static_cast<void>(CheckOfdSignatures(ofd));
  static_cast<void>(ReadOfdText(ofd));
  static_cast<void>(ReadOfdFacts(ofd));
  static_cast<void>(HasPlainContainer(ofd));
  SigningOrder order;
  order.stamps = {{}};
  static_cast<void>(
      SignOfd(ofd, order, [](std::string_view, std::string_view) -> city::Result<std::string> {
        return std::string("value");
      }));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 7 == 6) {
    ReadAll(bytes);
  } else {
    ReadAll(With(data[0] % 7, bytes));
  }
  return 0;
}
