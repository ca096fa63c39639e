// SPDX-License-Identifier: Apache-2.0
// Why: proof that something existed at a moment (RFC 3161, GB/T 20520) with SM3 and SM2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parts/crypto/certificate.h"

namespace city::crypto {

/// What a time stamp says.
struct TimeStamp {
  Time at{};
  std::string digest;  ///< SM3 of the stamped data, 32 bytes
  std::string policy;  ///< OID
  std::string serial;  ///< hex
  std::string nonce;   ///< as asked, DER INTEGER; may be empty
  Certificate signer;  ///< who says so; whether it is trusted, the caller checks
};

/// A question for a stamp over data with this SM3; `nonce`: up to 16 bytes, empty for none.
std::string TimeStampRequest(std::string_view digest, std::string_view nonce);

/// Answers a request (DER) with a TimeStampResp. `authority`: a certificate for kTimeStamp; `sign`
/// its key. Errors: crypto.bad_encoding for what is no request, or one for another hash.
Result<std::string> AnswerTimeStampRequest(std::string_view request, const Certificate& authority,
                                           Time now, const SignMessage& sign);

/// The token of a response. Errors: crypto.bad_encoding, also when the request was refused.
Result<std::string> TokenOf(std::string_view response);

/// Reads a token and checks its signature and that it stamps data with this SM3.
/// Errors: crypto.bad_encoding, crypto.altered.
Result<TimeStamp> CheckTimeStamp(std::string_view token, std::string_view digest);

}  // namespace city::crypto
