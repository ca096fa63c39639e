// SPDX-License-Identifier: Apache-2.0
// Why: SM4, and sealing (encrypt, then authenticate) of fields and files with it.
//
// A sealed field:   version 01 | key number, 4 | nonce, 16 | SM4-CTR ciphertext | tag, 32
// A sealed file:    "YWS1" | key number, 4 | nonce, 16 | chunks
//   a chunk:        SM4-CTR ciphertext of 65536 bytes (the last: 0 to 65536) | tag, 32
// Numbers are big-endian. A field's tag is HMAC-SM3 over context length (8), context, and all bytes
// before the tag; a chunk's over context length, context, the file's first 24 bytes, the chunk's
// index (8), 1 for the last chunk else 0, and its ciphertext. The counter of a chunk is
// nonce + index * 4096. Encryption and tag have separate keys, derived from the sealing key.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "parts/crypto/bytes.h"
#include "parts/crypto/sm3.h"

namespace city::crypto {

/// SM4 in counter mode, GM/T 0002 (GB/T 32907) and GB/T 17964; encrypts and decrypts alike.
/// `key`, `counter`: 16 bytes.
std::string Sm4Ctr(std::string_view key, std::string_view counter, std::string_view data);
/// SM4-CBC with PKCS#7 padding, for formats that ask for it. `key`, `iv`: 16 bytes. It protects
/// no integrity; our own data goes into a Sealer.
std::string Sm4CbcEncrypt(std::string_view key, std::string_view iv, std::string_view plain);
/// Errors: crypto.altered.
Result<std::string> Sm4CbcDecrypt(std::string_view key, std::string_view iv,
                                  std::string_view cipher);

/// Seals fields with one key. Threads: any.
class Sealer {
 public:
  /// `key`: 32 bytes. `number` is written into what is sealed, so that the key can be found.
  explicit Sealer(std::string_view key, uint32_t number = 1);
  ~Sealer();
  Sealer(Sealer&&) noexcept = default;

  /// How many bytes sealing adds to a field.
  static constexpr size_t kOverhead = 1 + 4 + 16 + 32;

  /// `plain` sealed; each time with other bytes. `context` (a column and a row key, for example)
  /// must be the same at opening, so that a value cannot be moved elsewhere.
  std::string Seal(std::string_view plain, std::string_view context) const;
  /// Errors: crypto.altered.
  Result<std::string> Open(std::string_view sealed, std::string_view context) const;

  /// The key number in a sealed field or in the beginning of a sealed file.
  /// Errors: crypto.altered when it is neither.
  static Result<uint32_t> KeyNumberOf(std::string_view sealed);

 private:
  friend class FileSealer;
  friend class FileOpener;
  Secret cipher_key_;
  HmacSm3Key tag_key_;
  uint32_t number_;
};

/// Takes bytes on their way.
using Sink = std::function<Result<void>(std::string_view)>;

/// Seals a file that comes in pieces. The sealer must live as long. Threads: one.
class FileSealer {
 public:
  FileSealer(const Sealer& sealer, std::string_view context, Sink sink);
  ~FileSealer();
  Result<void> Update(std::string_view plain);
  /// Must be called at the end; without it the file will not open.
  Result<void> Finish();

 private:
  Result<void> Chunk(std::string_view plain, bool last);

  const Sealer& sealer_;
  const std::string context_;
  const Sink sink_;
  const std::string header_;
  std::string held_;
  uint64_t index_ = 0;
};

/// Opens a sealed file that comes in pieces. Every chunk is checked before it is passed on, the
/// end by Finish: only then is the whole known to be true. Threads: one.
class FileOpener {
 public:
  FileOpener(const Sealer& sealer, std::string_view context, Sink sink);
  /// Errors: crypto.altered, those of the sink.
  Result<void> Update(std::string_view sealed);
  Result<void> Finish();

 private:
  Result<void> Chunk(std::string_view sealed, bool last);

  const Sealer& sealer_;
  const std::string context_;
  const Sink sink_;
  std::string header_;
  std::string held_;
  uint64_t index_ = 0;
};

}  // namespace city::crypto
