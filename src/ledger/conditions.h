// SPDX-License-Identifier: Apache-2.0
// A FEEL condition over the fields of a record and over `me`, turned into SQL.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/record_type.h"
#include "ledger/subject.h"
#include "ledger/vault.h"
#include "parts/store/store.h"

namespace city::ledger {

/// A compiled condition; copies share it. Threads: any.
class Condition {
 public:
  /// Always true.
  Condition() = default;
  /// Compiles `feel` against the fields of `type` (and id, region, created_at, updated_at,
  /// ended_at) and me.account, me.kind, me.organisation, me.region. Empty text: always true.
  /// Errors: ledger.bad_filter with line, column and what was expected.
  static Result<Condition> Compile(const RecordType& type, std::string_view feel);

  bool IsTrue() const { return compiled_ == nullptr; }
  /// Names of the fields it looks at.
  std::vector<std::string> Fields() const;
  /// SQL that is true for the rows it takes, never null; values are appended to `params`.
  /// `alias` is the table's name in the statement. `post` gives me.organisation and me.region.
  /// Sealed fields are asked by `vault` for equality alone. Errors: ledger.sealed_filter.
  Result<std::string> Sql(store::Dialect dialect, std::string_view alias, const Subject& me,
                          const Post* post, const Vault* vault,
                          std::vector<store::Value>& params) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};
}  // namespace city::ledger
