// SPDX-License-Identifier: Apache-2.0
// Bytes of a state or log may be damaged: reading them must not crash.
#include <cstdint>
#include <string_view>

#include "engines/flow/state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto instance = city::flow::Instance::Decode(bytes);
  if (instance) (void)instance->Encode();
  auto log = city::flow::DecodeLog(bytes);
  if (log) {
    city::flow::Instance folded;
    for (const auto& line : *log) city::flow::Fold(folded, line);
    (void)folded.Encode();
  }
  return 0;
}
