// SPDX-License-Identifier: Apache-2.0
// The archive package of a case: everything it rests on, with a sealed list of SM3 digests that can
// be checked without the city.
//
// A zip archive: manifest.json {format, number, item_name, department, made_at, made_by, parts:
// [{path, title, bytes, sm3}]}, manifest.sig {algorithm, key, signature} (SM2 over the bytes of
// manifest.json), and the parts: case.json, events.json, decisions.json, papers/…pdf, materials/….
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engines/cases/cases.h"
#include "parts/crypto/crypto.h"

namespace city::cases {

/// Name of the key that signs the lists of archives.
inline constexpr const char* kArchiveKey = "archive";

/// Threads: any.
class Archive {
 public:
  /// The bytes of a file that was handed in; the caller of Pack may see its case.
  using BytesOf = std::function<Result<std::string>(const std::string& attachment)>;
  Archive(Cases& cases, ledger::Ledger& ledger, crypto::KeyDevice& keys, BytesOf bytes_of)
      : cases_(cases), ledger_(ledger), keys_(keys), bytes_of_(std::move(bytes_of)) {}

  struct Package {
    std::string name, bytes;
  };
  /// The package of a case that is closed, for an official who may read it all; its making is a
  /// line in the log. Errors: ledger.not_found, cases.not_archivable.
  Result<Package> Pack(const ledger::CommandInfo& info, const std::string& id);

 private:
  Cases& cases_;
  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  BytesOf bytes_of_;
};

/// What a check of a package found.
struct ArchiveReport {
  bool good = false;
  std::string number, item_name, key;  ///< key: the signer's, in hex
  int parts = 0;
  std::string broken;  ///< the first part that is not as it was; empty: none
  std::string why_zh, why_en;
};
/// Checks a package with nothing else at hand; with `key` (hex) also who signed it. `bytes` may be
/// hostile.
ArchiveReport VerifyArchive(std::string_view bytes, std::string_view key = {});
}  // namespace city::cases
