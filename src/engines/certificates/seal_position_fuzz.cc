// SPDX-License-Identifier: Apache-2.0
// Documents that strangers hand in to be sealed: their pages are counted before anything else. The
// first byte chooses whether the bytes are a whole file or one part of a good one, so that
// mutations reach what is inside; the second chooses the place that is asked for.
#include <cstdint>
#include <string>
#include <string_view>

#include "engines/certificates/seal_uses.h"

namespace {
using namespace city::documents;  // NOLINT(google-build-using-namespace)

std::string With(size_t changed, std::string_view bytes) {
  Parts parts = {
      {"OFD.xml", "<OFD><DocBody><DocRoot>d/d.xml</DocRoot></DocBody></OFD>"},
      {"d/d.xml",
       "<D><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea></CommonData>"
       "<Pages><Page ID=\"1\" BaseLoc=\"p.xml\"/><Page ID=\"2\" BaseLoc=\"q.xml\"/></Pages></D>"},
      {"d/p.xml", "<Page><Area><PhysicalBox>0 0 100 50</PhysicalBox></Area></Page>"}};
  parts[changed % parts.size()].second = bytes;
  return WriteZip(parts);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  static constexpr const char* kPages[] = {"all", "first", "last", "1", "2", "9999", "0", "x"};
  const std::string ofd = data[0] % 4 == 3 ? std::string(bytes) : With(data[0] % 4, bytes);
  auto stamps = city::certificates::StampsOn(ofd, {kPages[data[1] % 8], -1, -1}, 42, 42);
  if (!stamps) return 0;
  for (const Stamp& stamp : *stamps)
    // A seal never leaves its page at the left or the top, whatever size the page claims.
    if (!(stamp.x >= 0 && stamp.y >= 0 && stamp.x <= 5000 && stamp.y <= 5000)) __builtin_trap();
  return 0;
}
