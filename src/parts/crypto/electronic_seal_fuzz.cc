// SPDX-License-Identifier: Apache-2.0
// Why: seals and signatures with them come from outside; none may crash us. The first byte chooses
// the reader.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parts/crypto/electronic_seal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::crypto;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    static_cast<void>(ReadSeal(bytes));
    return 0;
  }
  // Nobody is trusted here, so nothing passes.
  if (CheckSealSignature(bytes, "hash", "path", {}, {}).passed()) std::abort();
  return 0;
}
