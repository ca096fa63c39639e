// SPDX-License-Identifier: Apache-2.0
// Why: archives come from outside; none may crash us, hang, lead out of its folder or unpack to
// more than it was allowed. What could be read is written and read again as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parts/documents/ofd.h"
#include "parts/documents/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::documents;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr ZipLimits kLimits{.parts = 64, .part_bytes = 1 << 20, .total_bytes = 4 << 20};
  const auto zip = ZipReader::Open(bytes, kLimits);
  if (!zip) return 0;
  uint64_t total = 0;
  for (const std::string& path : zip->paths()) {
    if (path.empty() || path.front() == '/' || path.find("../") != std::string::npos) std::abort();
    if (const auto part = zip->Read(path)) total += part->size();
  }
  if (zip->paths().size() > kLimits.parts || total > kLimits.total_bytes) std::abort();
  static_cast<void>(HasPlainContainer(bytes));
  const auto parts = zip->ReadAll();
  if (!parts) return 0;
  const std::string again = WriteZip(*parts);
  const auto reader = ZipReader::Open(again);
  if (!reader || reader->ReadAll().value() != *parts || !HasPlainContainer(again)) std::abort();
  return 0;
}
