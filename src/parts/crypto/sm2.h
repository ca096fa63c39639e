// SPDX-License-Identifier: Apache-2.0
// Why: SM2 keys, signatures and encryption in the encodings of GM/T 0009 (GB/T 35276).
//   signature   SEQUENCE { r INTEGER, s INTEGER }
//   ciphertext  SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipher OCTET STRING }
//   point       04 ‖ x ‖ y, 65 bytes
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "parts/crypto/bytes.h"

struct evp_pkey_st;

namespace city::crypto {

/// The signer's identity that is hashed into every signature when the parties agreed on no other.
/// Source: GM/T 0009-2012, 10.
inline constexpr std::string_view kDefaultUserId = "1234567812345678";

/// A public key. Copies are cheap. Threads: any.
class Sm2PublicKey {
 public:
  /// From 65 bytes. Errors: crypto.bad_key (also a point off the curve).
  static Result<Sm2PublicKey> FromPoint(std::string_view point);
  /// From a SubjectPublicKeyInfo, DER or PEM. Errors: crypto.bad_key.
  static Result<Sm2PublicKey> Parse(std::string_view der_or_pem);

  /// 65 bytes.
  std::string Point() const;
  /// SubjectPublicKeyInfo.
  std::string ToDer() const;
  std::string ToPem() const;
  /// First 16 hex signs of SM3 over the point: a short name for logs and lists.
  std::string Fingerprint() const;

  /// Whether `signature` (DER) is this key's over `message` by the signer `user_id`.
  bool Verify(std::string_view message, std::string_view signature,
              std::string_view user_id = kDefaultUserId) const;
  /// Ciphertext (DER) that only the private key opens. `plain`: 1 byte to 1 MiB; for more use
  /// an envelope. Errors: crypto.failed.
  Result<std::string> Encrypt(std::string_view plain) const;

  evp_pkey_st* handle() const { return key_.get(); }

 private:
  friend class Sm2PrivateKey;
  explicit Sm2PublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

/// A key pair. Copies share the key, which is wiped with the last. Threads: any.
class Sm2PrivateKey {
 public:
  static Sm2PrivateKey Generate();
  /// From PKCS#8 or SEC 1, DER or PEM, not encrypted. Errors: crypto.bad_key.
  static Result<Sm2PrivateKey> Parse(std::string_view der_or_pem);
  /// From the 32 bytes of d. Errors: crypto.bad_key.
  static Result<Sm2PrivateKey> FromScalar(std::string_view d);

  Sm2PublicKey PublicKey() const { return Sm2PublicKey(key_); }
  /// PKCS#8.
  Secret ToDer() const;
  Secret ToPem() const;

  /// Signature (DER) over `message`. About 0.35 ms. Errors: crypto.failed.
  Result<std::string> Sign(std::string_view message,
                           std::string_view user_id = kDefaultUserId) const;
  /// Signature (DER) over a message of which the caller hashed `e` = SM3(Z ‖ message), with Z the
  /// Sm2IdentityHash of this key. Errors: crypto.failed. Source: GM/T 0003.2, 6.1.
  Result<std::string> SignDigest(const Digest& e) const;
  /// The plaintext of a ciphertext in DER. Errors: crypto.altered.
  Result<Secret> Decrypt(std::string_view ciphertext) const;

  evp_pkey_st* handle() const { return key_.get(); }

 private:
  explicit Sm2PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

/// 32-byte r ‖ 32-byte s from a DER signature, as some devices and browsers exchange it.
/// Errors: crypto.bad_encoding.
Result<std::string> RawFromDerSignature(std::string_view der);
/// DER from 64 bytes r ‖ s. Errors: crypto.bad_encoding.
Result<std::string> DerFromRawSignature(std::string_view raw);

}  // namespace city::crypto
