// SPDX-License-Identifier: Apache-2.0
// Why: a certificate for programs: signed JSON of which the holder gives only the asked fields, and
// a verifier needs no more than the issuer's public key.
//
//   HEADER.PAYLOAD.SIGNATURE~DISCLOSURE~DISCLOSURE…      all Base64url without padding
//   HEADER      {"alg":"SM2-SM3","kid":fingerprint,"typ":"certificate+sd"}
//   PAYLOAD     public facts (identifier, type, issuer, validity) and "_sd": SM3 of each disclosure
//   DISCLOSURE  [salt, field, value]
//   SIGNATURE   64 bytes r ‖ s over "HEADER.PAYLOAD" with the default identity (GM/T 0009)
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "parts/crypto/certificate.h"

namespace city::certificates {

/// A whole credential. `facts` are open to all who hold it, `faces` only as disclosed.
Result<std::string> MakeCredential(const json::object& facts, const json::object& faces,
                                   const std::string& key_name, const crypto::SignMessage& sign);
/// The same credential with the disclosures of `fields` alone. Errors: certificates.bad_credential.
Result<std::string> Disclose(std::string_view credential, const std::vector<std::string>& fields);

struct ReadCredential {
  json::object facts;
  json::object faces;  ///< what was disclosed
  size_t hidden = 0;   ///< fields that were not
};
/// Reads and verifies. Errors: certificates.bad_credential.
Result<ReadCredential> VerifyCredential(std::string_view credential,
                                        const crypto::Sm2PublicKey& key);
}  // namespace city::certificates
