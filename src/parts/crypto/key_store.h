// SPDX-License-Identifier: Apache-2.0
// Why: keys are used by name and purpose and are never handed out; a file on disk, encrypted under
// a master key, holds them by default, and a crypto module can stand in its place.
//
// The file: "YWK1" | salt, 16 | a sealed field (parts/crypto/sm4.h) with the context "YWK1" whose
// text is JSON: [{"name","purpose","versions":[{"number","made_at","key" (hex)}]}].
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "parts/crypto/bytes.h"
#include "parts/crypto/sm2.h"
#include "parts/crypto/sm4.h"

namespace city::crypto {

/// What a key may be used for, and for nothing else.
enum class Purpose {
  kSign,    ///< SM2 signatures
  kUnwrap,  ///< SM2 decryption
  kSeal,    ///< sealing of fields and files with SM4 and HMAC-SM3
  kIndex,   ///< keyed hashes, to find sealed values by exact match and to protect records
};

/// "sign", "unwrap", "seal", "index".
std::string_view NameOf(Purpose purpose);

/// A version of a key, without the key.
struct KeyInfo {
  std::string name;
  Purpose purpose;
  uint32_t number;  ///< 1 and up; the largest is the present one
  Time made_at;
  uint64_t uses;  ///< since the program started
};

/// Keys behind a door: a software key store, or a crypto module. Operations use the present version
/// to make, and the version that the data names to open. Threads: any.
/// Errors of all: crypto.unknown_key when there is no such key for that purpose.
class KeyDevice {
 public:
  virtual ~KeyDevice() = default;

  /// Makes the key where it does not exist yet. Errors: crypto.key_exists for another purpose.
  virtual Result<void> Ensure(std::string_view name, Purpose purpose, Time now) = 0;
  /// Adds a version, which becomes the present one; its number.
  virtual Result<uint32_t> Rotate(std::string_view name, Time now) = 0;
  /// Takes in a key made elsewhere as a new version: an SM2 private key (kSign, kUnwrap; DER or
  /// PEM) or 32 bytes. Its number. Errors: crypto.bad_key, crypto.key_exists.
  virtual Result<uint32_t> Import(std::string_view name, Purpose purpose, const Secret& key,
                                  Time now) = 0;
  /// Destroys an old version for good: what it sealed or signed can be opened no more.
  /// Errors: crypto.unknown_key, also for the present version.
  virtual Result<void> Destroy(std::string_view name, uint32_t number) = 0;
  virtual std::vector<KeyInfo> List() const = 0;

  /// Signature (DER) by a kSign key.
  virtual Result<std::string> Sign(std::string_view name, std::string_view message,
                                   std::string_view user_id = kDefaultUserId) = 0;
  /// Signature (DER) by a kSign key over what was hashed already, see Sm2PrivateKey::SignDigest.
  /// What a crypto module offers too (GM/T 0018, SDF_InternalSign_ECC).
  virtual Result<std::string> SignDigest(std::string_view name, const Digest& e) = 0;
  /// Public key of a version of a kSign or kUnwrap key; 0: the present one.
  virtual Result<Sm2PublicKey> PublicKey(std::string_view name, uint32_t number = 0) const = 0;
  /// Plaintext of an SM2 ciphertext by a kUnwrap key, present or earlier. Errors: crypto.altered.
  virtual Result<Secret> Unwrap(std::string_view name, std::string_view ciphertext) = 0;
  /// `plain` sealed by a kSeal key, see Sealer.
  virtual Result<std::string> Seal(std::string_view name, std::string_view plain,
                                   std::string_view context) = 0;
  /// Errors: crypto.altered.
  virtual Result<std::string> Open(std::string_view name, std::string_view sealed,
                                   std::string_view context) = 0;
  /// For files: the sealer itself. `number` 0: the present version, else that of KeyNumberOf.
  virtual Result<std::shared_ptr<const Sealer>> SealerOf(std::string_view name,
                                                         uint32_t number = 0) = 0;
  /// Keyed hash of `value` by a kIndex key: 32 bytes. The same value always gives the same.
  virtual Result<Digest> Index(std::string_view name, std::string_view value,
                               uint32_t number = 0) = 0;
};

/// The master key: 32 random bytes, given as 64 hex signs, or a passphrase of 12 bytes or more
/// (made into a key with Argon2id and the file's salt). Errors: crypto.bad_key.
Result<Secret> ReadMasterKey(std::string_view text);

/// Opens the key store file, or makes an empty one where there is none (mode 0600). The file is
/// replaced as a whole and flushed at every change. Errors: crypto.key_store_locked,
/// crypto.key_store_file, crypto.bad_key for a master key of less than 12 bytes.
Result<std::unique_ptr<KeyDevice>> OpenKeyStore(const std::string& path, const Secret& master);

/// A store that lives in memory alone, for tests.
std::unique_ptr<KeyDevice> MakeKeyStoreInMemory();

}  // namespace city::crypto
