// SPDX-License-Identifier: Apache-2.0
// Why: text tables come from outside in any encoding; none may crash us or hang.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parts/documents/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(city::documents::ReadCsv(
      bytes, [](int64_t, std::vector<std::string>&) { return city::Result<void>(); }));
  return 0;
}
