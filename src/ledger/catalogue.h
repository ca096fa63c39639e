// SPDX-License-Identifier: Apache-2.0
// All record types and code lists of a city, as one unchanging value.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/conditions.h"
#include "ledger/record_type.h"
#include "ledger/vault.h"

namespace city::ledger {

/// A record type with its rights compiled.
struct KnownType {
  RecordType type;
  std::vector<Condition> conditions;  ///< one for each right, in their order
  std::vector<Condition> checks;      ///< one for each check, in their order
  /// Statements made for those who asked before; belongs to query.cc.
  struct Plans {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const void>> made;
  };
  std::unique_ptr<Plans> plans = std::make_unique<Plans>();
  /// Opens and seals; null where nothing is sealed (no key store was given). Set before the
  /// catalogue is in force.
  std::shared_ptr<const Vault> vault;
};

/// Immutable once built; share it by pointer. Threads: any.
class Catalogue {
 public:
  /// Builds it and checks what crosses types: references, code lists, conditions of rights.
  /// Faults are appended; the catalogue is usable when there are none.
  static std::shared_ptr<const Catalogue> Build(std::vector<RecordType> types,
                                                std::vector<CodeList> lists,
                                                std::vector<Error>& faults);

  /// Errors: ledger.unknown_type.
  Result<const KnownType*> Find(std::string_view type) const;
  const CodeList* FindList(std::string_view name) const;
  const std::map<std::string, KnownType, std::less<>>& types() const { return types_; }
  const std::map<std::string, CodeList, std::less<>>& lists() const { return lists_; }
  /// Record types with sealed fields.
  std::vector<std::string> SealedTypes() const;
  /// The same catalogue with a vault. Called once, before it is in force.
  void UseVault(const std::shared_ptr<const Vault>& vault) const;
  const Vault* vault() const { return vault_.get(); }

 private:
  mutable std::map<std::string, KnownType, std::less<>> types_;
  mutable std::shared_ptr<const Vault> vault_;
  std::map<std::string, CodeList, std::less<>> lists_;
};
}  // namespace city::ledger
