// SPDX-License-Identifier: Apache-2.0
// How what instances know lies in the store: sealed by the vault, or in clear when there is none.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engines/flow/runtime.h"
#include "ledger/vault.h"

namespace city::flow {

/// Seals and opens. Threads: any.
class Cover {
 public:
  explicit Cover(std::shared_ptr<const ledger::Vault> vault) : vault_(std::move(vault)) {}

  /// The stored form of a value; it opens under the same `field` and `row` alone. Empty stays
  /// empty.
  std::string Seal(std::string_view field, std::string_view row, std::string_view plain) const {
    if (vault_ == nullptr || plain.empty()) return std::string(plain);
    return vault_->Seal(kVaultType, field, row, plain);
  }
  /// The value of a stored form; what was stored in clear is given as it is. Errors:
  /// crypto.altered, flow.sealed when it is sealed and there is no vault.
  Result<std::string> Open(std::string_view field, std::string_view row,
                           std::string_view stored) const;
  /// What stands for a value that is only compared: keyed hash. Empty stays empty.
  std::string Match(std::string_view name, std::string_view plain) const {
    if (vault_ == nullptr || plain.empty()) return std::string(plain);
    return vault_->Hash(kVaultType, name, plain);
  }

 private:
  std::shared_ptr<const ledger::Vault> vault_;
};

}  // namespace city::flow
