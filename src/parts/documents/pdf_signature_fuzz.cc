// SPDX-License-Identifier: Apache-2.0
// Why: PDF files to be checked come from outside; none may crash us or hang. What could be signed
// carries a signature that is found again and covers all of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parts/documents/pdf_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::documents;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(FindPdfSignature(bytes));
  std::string digest;
  const auto made = SignPdf(bytes, "名 (a)", city::Time{},
                            [&](std::string_view given) -> city::Result<std::string> {
                              digest = given;
                              // An empty sequence of 256 bytes.
                              return std::string("0\x82\x01\x00", 4) + std::string(256, '\0');
                            });
  if (!made) return 0;
  const auto found = FindPdfSignature(*made);
  if (!found || !*found || (*found)->digest != digest || !(*found)->covers_all) std::abort();
  return 0;
}
