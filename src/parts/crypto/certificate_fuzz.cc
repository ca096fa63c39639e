// SPDX-License-Identifier: Apache-2.0
// Why: certificates, revocation lists and questions about revocation come from outside; none may
// crash us. The first byte chooses the reader.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parts/crypto/certificate.h"

namespace {
using namespace city::crypto;  // NOLINT(google-build-using-namespace)

// An authority that answers; its signatures are no real ones, so that a run costs little.
struct Authority {
  Sm2PrivateKey key = Sm2PrivateKey::Generate();
  Certificate root = *IssueCertificate({.subject = {.common_name = "root"},
                                        .key = key.PublicKey(),
                                        .use = CertificateUse::kAuthority,
                                        .from = city::Time{},
                                        .to = city::Time{} + std::chrono::hours(24),
                                        .crl_address = "",
                                        .status_address = ""},
                                       nullptr, [this](std::string_view m) { return key.Sign(m); });
};

city::Result<std::string> NoSignature(std::string_view) { return std::string(70, 's'); }
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static const Authority authority;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      if (const auto certificate = Certificate::Parse(bytes)) {
        static_cast<void>(certificate->Allows(CertificateUse::kSign));
        static_cast<void>(Certificate::Parse(certificate->ToPem()));
        const Certificate roots[] = {authority.root};
        static_cast<void>(CheckChain(*certificate, {}, roots, city::Time{}));
      }
      break;
    case 1:
      if (const auto list = RevocationList::Parse(bytes)) {
        static_cast<void>(RevocationList::Parse(list->ToPem()));
        const Certificate roots[] = {authority.root};
        const RevocationList lists[] = {*list};
        static_cast<void>(CheckChain(authority.root, {}, roots, city::Time{}, lists));
      }
      break;
    default:
      static_cast<void>(AnswerStatusRequest(
          bytes, authority.root, authority.root, city::Time{},
          [](const std::string& serial) -> std::optional<Revocation> {
            if (serial.size() % 2) return std::nullopt;
            return Revocation{};
          },
          NoSignature));
  }
  return 0;
}
