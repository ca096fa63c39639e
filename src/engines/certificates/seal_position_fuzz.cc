// SPDX-License-Identifier: Apache-2.0
// Documents that strangers hand in to be sealed: their pages are counted before anything else.
#include <cstdint>
#include <string_view>

#include "engines/certificates/seal_uses.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto stamps = city::certificates::StampsOn(bytes, {"all", -1, -1}, 42, 42);
  if (stamps)
    for (const auto& stamp : *stamps)
      if (stamp.x < 0 || stamp.y < 0) __builtin_trap();
  return 0;
}
