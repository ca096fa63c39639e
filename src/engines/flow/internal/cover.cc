// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/internal/cover.h"

#include "engines/flow/errors.h"

namespace city::flow {

Result<std::string> Cover::Open(std::string_view field, std::string_view row,
                                std::string_view stored) const {
  if (!ledger::Vault::IsSealed(stored)) return std::string(stored);
  if (vault_ == nullptr) return error::kSealed;
  return vault_->Open(kVaultType, field, row, stored);
}

}  // namespace city::flow
