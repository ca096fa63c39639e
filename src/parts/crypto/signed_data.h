// SPDX-License-Identifier: Apache-2.0
// Why: a signature apart from what it signs, as PDF carries it (RFC 5652 SignedData with SM3 and
// SM2, the shape of GM/T 0010).
#pragma once

#include <string>
#include <string_view>

#include "parts/crypto/certificate.h"

namespace city::crypto {

/// A detached signature over data with this SM3 (32 bytes), DER; the certificate travels along.
/// Errors: those of `sign`.
Result<std::string> SignDetached(std::string_view digest, Time now, const Certificate& signer,
                                 const SignMessage& sign);

/// Who signed and when, as the signature says.
struct DetachedSignature {
  Certificate signer;
  Time signed_at{};
};

/// Reads a detached signature and checks that it holds over data with this SM3. Whether the signer
/// is trusted, the caller asks with CheckChain. Errors: crypto.bad_encoding, crypto.altered.
Result<DetachedSignature> CheckDetached(std::string_view signed_data, std::string_view digest);

}  // namespace city::crypto
