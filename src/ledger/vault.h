// SPDX-License-Identifier: Apache-2.0
// Field encryption: what the data grading puts at grade 3 and above lies sealed in every table,
// history and index; only the key store opens it.
//
// An envelope: each record type has a data key of its own (table field_key), which lies wrapped by
// the key "fields" of the key store. A sealed value is "~1~" and the Base64 of a sealed field
// (parts/crypto/sm4.h, SM4 then HMAC-SM3) bound to type, field and row, so that it cannot be moved.
// To find a value by exact match its keyed hash stands beside it in the column "x_<field>"; words
// of sealed fields enter the search index as keyed hashes.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "parts/crypto/crypto.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Names of the keys in the key store.
inline constexpr const char* kFieldKey = "fields";            ///< kSeal: wraps data keys
inline constexpr const char* kFieldIndexKey = "field-index";  ///< kIndex: exact match

/// Data keys of all types, opened. Immutable once made. Threads: any.
class Vault {
 public:
  /// Reads the data keys of `types` inside a command and makes those that are missing.
  /// Errors: those of the key store and the store; crypto.altered when a key was exchanged.
  static Result<std::shared_ptr<const Vault>> Open(store::Tx& tx, crypto::KeyDevice& keys,
                                                   const std::vector<std::string>& types, Time now);

  /// The form in which a value is stored.
  std::string Seal(std::string_view type, std::string_view field, std::string_view row,
                   std::string_view plain) const;
  /// The value of a stored form; what is not sealed (rows from before) is given as it is.
  /// Errors: crypto.altered, also for a value that belongs to another row.
  Result<std::string> Open(std::string_view type, std::string_view field, std::string_view row,
                           std::string_view stored) const;
  /// The keyed hash that stands for a value in its x_ column: 32 hex signs.
  std::string Hash(std::string_view type, std::string_view field, std::string_view plain) const;
  /// The keyed form of a search word: letters and digits.
  std::string Word(std::string_view type, std::string_view word) const;

  static bool IsSealed(std::string_view stored) { return stored.starts_with("~1~"); }

 private:
  struct TypeKeys {
    uint32_t present = 0;
    std::map<uint32_t, crypto::Sealer> sealers;
    std::unique_ptr<crypto::HmacSm3Key> index;
  };
  const TypeKeys* Find(std::string_view type) const;
  std::map<std::string, TypeKeys, std::less<>> types_;
};
}  // namespace city::ledger
