// SPDX-License-Identifier: Apache-2.0
// Why: bare ASN.1, keys and texts come from outside; none may crash us. The first byte chooses the
// reader.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parts/crypto/crypto.h"
#include "parts/crypto/der.h"

namespace {

void Walk(std::string_view bytes, int depth) {
  city::crypto::der::Reader reader(bytes);
  while (!reader.AtEnd()) {
    auto element = reader.Next();
    if (!element) return;
    city::crypto::der::Reader again(element->whole);
    static_cast<void>(again.TakeOid());
    again = city::crypto::der::Reader(element->whole);
    static_cast<void>(again.TakeTime());
    again = city::crypto::der::Reader(element->whole);
    static_cast<void>(again.TakeInteger());
    if ((element->tag & 0x20) && depth < 30) Walk(element->content, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::crypto;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      Walk(bytes, 0);
      break;
    case 1:
      static_cast<void>(FromBase64(bytes));
      static_cast<void>(FromBase32(bytes));
      static_cast<void>(FromHex(bytes));
      static_cast<void>(VerifyPassword(bytes.substr(0, 40), "p"));
      static_cast<void>(RawFromDerSignature(bytes));
      break;
    default:
      static_cast<void>(Sm2PublicKey::Parse(bytes));
      static_cast<void>(Sm2PublicKey::FromPoint(bytes));
  }
  return 0;
}
