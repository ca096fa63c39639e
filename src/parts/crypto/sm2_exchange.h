// SPDX-License-Identifier: Apache-2.0
// Why: two parties agree on a key over an open line (GM/T 0003.3, GB/T 32918.3).
#pragma once

#include <string>
#include <string_view>

#include "parts/crypto/sm2.h"

namespace city::crypto {

/// What both sides know after an exchange.
struct AgreedKey {
  Secret key;
  /// 32 bytes to send to the other side, so that it sees that we have the same key.
  std::string own_proof;
  /// What the other side must send; compare it with EqualInConstantTime.
  std::string peer_proof;
};

/// One side of an exchange. Threads: one.
class Sm2Exchange {
 public:
  enum class Side { kInitiator, kResponder };

  /// `ephemeral` is for this exchange alone; Sm2PrivateKey::Generate() makes one.
  Sm2Exchange(Side side, Sm2PrivateKey own, Sm2PrivateKey ephemeral,
              std::string_view own_id = kDefaultUserId)
      : side_(side), own_(std::move(own)), ephemeral_(std::move(ephemeral)), own_id_(own_id) {}

  /// 65 bytes to send to the other side.
  std::string EphemeralPoint() const { return ephemeral_.PublicKey().Point(); }

  /// The agreed key of `key_bytes` (1 to 1024). Errors: crypto.bad_key for a point off the curve,
  /// crypto.failed when the exchange has no result (practically never for honest sides).
  Result<AgreedKey> Agree(const Sm2PublicKey& peer, std::string_view peer_ephemeral_point,
                          size_t key_bytes, std::string_view peer_id = kDefaultUserId) const;

 private:
  const Side side_;
  const Sm2PrivateKey own_, ephemeral_;
  const std::string own_id_;
};

/// Z of GM/T 0003.2, 5.5: what a signer's identity and key hash to, 32 bytes.
Digest Sm2IdentityHash(const Sm2PublicKey& key, std::string_view user_id);

}  // namespace city::crypto
