// SPDX-License-Identifier: Apache-2.0
// Rows as answers: which columns a statement selects, and one row as JSON with what its reader may
// see.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/catalogue.h"
#include "ledger/rights.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Columns of a statement: built-in ones, the fields asked for, then the match column.
struct Shape {
  std::vector<const Field*> fields;
  std::string select;
  std::string type;
  std::shared_ptr<const Vault> vault;
};

/// The columns of `only`, or of all fields when it is empty, under the table's alias.
Shape ShapeOf(const KnownType& known, std::string_view alias, const std::vector<std::string>& only);

/// Appends `,"name":` and a moment in China's time, or null.
void AppendTime(std::string& out, std::string_view name, store::Rows& rows, int column);

/// Appends one row; true when a field of grade 3 or more was shown in clear. Errors: crypto.altered
/// for a sealed value that was changed or moved.
Result<bool> AppendRow(std::string& out, store::Rows& rows, const Shape& shape,
                       const Reachable& rights);

/// The rows of a type as they stood at a moment, whose parameter is `moment`.
std::string AsOfTable(const RecordType& type, const std::string& moment);
}  // namespace city::ledger
