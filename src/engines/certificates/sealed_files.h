// SPDX-License-Identifier: Apache-2.0
// Why: the files of certificates and signed documents lie encrypted at rest, under names that tell
// nothing.
#pragma once
#include <string>

#include "parts/crypto/crypto.h"

namespace city::certificates {

/// A file to be saved.
struct File {
  std::string name, type, bytes;
};

/// A folder of sealed files. Threads: any.
class SealedFiles {
 public:
  /// `key`: name of a kSeal key in `keys`.
  SealedFiles(std::string folder, crypto::KeyDevice& keys, std::string key)
      : folder_(std::move(folder)), keys_(keys), key_(std::move(key)) {}
  /// Keeps `bytes` as `name` (a record's key with an ending); durable when it returns,
  /// or without `flush` after the next Flush.
  /// Errors: certificates.bad_folder.
  Result<void> Keep(const std::string& name, std::string_view bytes, bool flush = true) const;
  /// Brings all that was kept without flushing to the disk. Errors: certificates.bad_folder.
  Result<void> Flush() const;
  /// Errors: certificates.file_lost, also for a file that was altered or exchanged.
  Result<std::string> Read(const std::string& name) const;
  bool Has(const std::string& name) const;

 private:
  std::string PathOf(const std::string& name) const;
  std::string folder_;
  crypto::KeyDevice& keys_;
  std::string key_;
};
}  // namespace city::certificates
