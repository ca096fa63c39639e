// SPDX-License-Identifier: Apache-2.0
// Why: anybody can send bytes to the address of messages. What is read must be written as the same
// message again, and never stop the program.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engines/exchange/message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto keys = [] {
    auto made = crypto::MakeKeyStoreInMemory();
    if (!made->Ensure("open", crypto::Purpose::kUnwrap, Time{})) std::abort();
    return made;
  }();
  if (auto message = exchange::ReadMessage(text)) {
    std::string written = exchange::ToText(*message);
    auto again = exchange::ReadMessage(written);
    if (!again || exchange::ToText(*again) != written) std::abort();
    if (exchange::OpenBody(*message, *keys, "open")) std::abort();
  }
  if (auto receipt = exchange::ReadReceipt(text)) {
    std::string written = exchange::ToText(*receipt);
    auto again = exchange::ReadReceipt(written);
    if (!again || exchange::ToText(*again) != written) std::abort();
  }
  return 0;
}
