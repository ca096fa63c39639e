// SPDX-License-Identifier: Apache-2.0
// Files that people hand in: checked, stored once by their digest, encrypted at rest.
//
// A file lies at FOLDER/ab/abcd… (SM3 of its content under a key), sealed with SM4 under the key
// "attachments".
#pragma once
#include <string>

#include "ledger/ledger.h"
#include "parts/crypto/crypto.h"

namespace city::attachments {

struct Settings {
  std::string folder;
  size_t most_bytes = 20u << 20;
  std::string scanner;  ///< program that gets the file on standard input and answers 0 for clean, 1
                        ///< for infected; empty: none
};

struct Content {
  std::string name, type, bytes;
};

/// A file that lies on disk and is not on record yet.
struct Stored {
  std::string name, type, digest;
  int64_t size = 0;
};

/// Type of a file by its first bytes; empty when it is none that is taken. `name` helps with text
/// and office files.
std::string SniffType(std::string_view bytes, std::string_view name);

/// Threads: any.
class Attachments {
 public:
  Attachments(ledger::Ledger& ledger, crypto::KeyDevice& keys, Settings settings)
      : ledger_(ledger), keys_(keys), settings_(std::move(settings)) {}

  /// Keeps a file for its sender; answers {id,name,size,type,sm3}. The bytes are on disk before the
  /// record is. Errors: attachments.too_large, attachments.type_not_taken, attachments.empty,
  /// attachments.infected.
  Result<std::string> Keep(const ledger::CommandInfo& info, const std::string& name,
                           const std::string& bytes);
  /// The two halves of Keep, for engines that record a file in a command of their own: bytes to
  /// disk (errors as Keep), and the record; answers as Keep.
  Result<Stored> Store(const std::string& name, const std::string& bytes);
  static Result<std::string> Record(ledger::Writer& writer, const Stored& file,
                                    const std::string& account);
  /// The content, for a subject that may read the record or whose case holds it (`allowed` by the
  /// caller). Errors: ledger.not_found, attachments.lost.
  Result<Content> Read(const ledger::Subject& who, const std::string& id, bool allowed);
  const Settings& settings() const { return settings_; }

 private:
  Result<void> Scan(const std::string& bytes) const;
  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  Settings settings_;
};
}  // namespace city::attachments
