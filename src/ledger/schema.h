// SPDX-License-Identifier: Apache-2.0
// Tables made from record declarations. New types and new columns are made at once; what would lose
// or rewrite data is refused until a reviewed step says how.
#pragma once
#include <string>
#include <vector>

#include "ledger/catalogue.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Columns that every record table begins with.
///   id, region, version, created_at, created_by, updated_at, updated_by, ended_at
inline constexpr int kBuiltInColumns = 8;
inline constexpr std::string_view kBuiltInNames =
    "id, region, version, created_at, created_by, updated_at, updated_by, ended_at";

/// One difference between what is stored and what is declared.
struct SchemaChange {
  std::string type;
  std::string what;  ///< "new table", "new column a", "column a changes from text to integer" …
  bool additive = true;
  std::string sql;  ///< empty when not additive
};

/// The statements that bring an empty store to the declarations of the ledger itself (audit, outbox
/// and so on).
std::string LedgerSchema(store::Dialect dialect);
/// The table of wrapped data keys.
std::string KeySchema(store::Dialect dialect);
/// Differences between `before` (may be empty) and `after`.
std::vector<SchemaChange> Differences(const std::vector<json::object>& before,
                                      const Catalogue& after, store::Dialect dialect);
/// What is remembered of a type to tell differences later: names, columns, indexes.
json::object SchemaOf(const RecordType& type);
/// Whether the search words of a table made after `old` are not those of the type today.
bool WordsDiffer(const RecordType& type, const json::object& old);
}  // namespace city::ledger
