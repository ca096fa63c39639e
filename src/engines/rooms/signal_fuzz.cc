// SPDX-License-Identifier: Apache-2.0
// Why: what a page says goes on to a media server. What is read must be read the same again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engines/rooms/signal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city;
  auto value = ParseJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value || !value->is_object()) return 0;
  if (auto read = rooms::ReadSignal(value->as_object())) {
    auto again = rooms::ReadSignal(*read);
    if (!again || *again != *read) std::abort();
  }
  return 0;
}
