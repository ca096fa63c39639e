// SPDX-License-Identifier: Apache-2.0
// Why: PDF files to be checked come from outside; none may crash us or hang. What could be signed
// carries a signature that is found again and covers all of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parts/documents/pdf_signature.h"
#include "parts/documents/png.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::documents;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(FindPdfSignature(bytes));
  static_cast<void>(PdfPapers(bytes));
  std::string digest;
  // Every second file is stamped.
  static const std::string kPicture = WritePng(1, 1, std::string(4, '\x7f'));
  const PdfStamp stamp{kPicture, {{0, 10, 10, 20, 20}, {1, 10, 10, 20, 20}}};
  const auto made = SignPdf(
      bytes, "名 (a)", city::Time{},
      [&](std::string_view given) -> city::Result<std::string> {
        digest = given;
        // An empty sequence of 256 bytes.
        return std::string("0\x82\x01\x00", 4) + std::string(256, '\0');
      },
      size % 2 == 0 ? &stamp : nullptr);
  if (!made) return 0;
  const auto found = FindPdfSignature(*made);
  if (!found || !*found || (*found)->digest != digest || !(*found)->covers_all) std::abort();
  return 0;
}
