// SPDX-License-Identifier: Apache-2.0
// Why: requests for time stamps, stamps and detached signatures come from outside; none may crash
// us. The first byte chooses the reader.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "parts/crypto/signed_data.h"
#include "parts/crypto/time_stamp.h"

namespace {
using namespace city::crypto;  // NOLINT(google-build-using-namespace)

struct Stamper {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  Certificate own = *IssueCertificate({.subject = {.common_name = "stamps"},
                                       .key = key.PublicKey(),
                                       .use = CertificateUse::kTimeStamp,
                                       .from = city::Time{},
                                       .to = city::Time{} + std::chrono::hours(24),
                                       .crl_address = "",
                                       .status_address = ""},
                                      nullptr, [this](std::string_view m) { return key.Sign(m); });
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static const Stamper stamper;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string digest(32, 'd');
  switch (data[0] % 4) {
    case 0:
      static_cast<void>(CheckTimeStamp(bytes, digest));
      break;
    case 1:
      static_cast<void>(TokenOf(bytes));
      break;
    case 2:
      static_cast<void>(AnswerTimeStampRequest(
          bytes, stamper.own, city::Time{},
          [](std::string_view) -> city::Result<std::string> { return std::string(70, 's'); }));
      break;
    default:
      static_cast<void>(CheckDetached(bytes, digest));
  }
  return 0;
}
