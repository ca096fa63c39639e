// SPDX-License-Identifier: Apache-2.0
// Rights compiled into statements: what a subject may do with which rows and fields.
#pragma once
#include <string>
#include <vector>

#include "ledger/catalogue.h"
#include "ledger/subject.h"
#include "parts/store/store.h"

namespace city::ledger {

/// The rights of one subject on one record type for one verb, as SQL over the table's alias.
struct Reachable {
  struct Part {
    const Right* right;
    std::string sql;  ///< true for the rows of this right
  };
  std::vector<Part> parts;
  bool everything = false;  ///< an engine at work: no condition, all fields in clear

  bool Nothing() const { return !everything && parts.empty(); }
  /// "(a or b)"; "true"-like text when everything is reached. Never empty.
  std::string Where() const;
  /// A select column whose value has bit i set when part i holds for the row.
  std::string MatchColumn() const;
  /// Whether the field is shown at all, and in clear, to somebody for whom the parts in `match`
  /// hold.
  bool Shows(const Field& field, int64_t match) const;
  bool InClear(const Field& field, int64_t match) const;
  /// Whether a write of the field is covered by the parts in `match`.
  bool MayWrite(const Field& field, int64_t match) const;
};

/// Compiles the rights. Values are appended to `params` (their numbers follow those already there).
/// Errors: ledger.purpose_missing when a right would apply but its purpose was not stated.
Result<Reachable> RightsOf(const KnownType& known, const Subject& who, Verb verb,
                           store::Dialect dialect, std::string_view alias,
                           std::vector<store::Value>& params);
}  // namespace city::ledger
