// SPDX-License-Identifier: Apache-2.0
// The order of a list, and the cursor that goes on after its last row. Nulls stand before all other
// values on both engines; the key breaks ties.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ledger/catalogue.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Name of the order in which rows came into the store.
inline constexpr std::string_view kEntered = "entered";

struct Sort {
  std::string column;  ///< of the table, or kEntered
  bool falling = false;
  ColumnType type = ColumnType::kText;
};

/// Reads "field" or "-field". kEntered is the order of the rows themselves on SQLite (`rows`), and
/// that of `created_at` elsewhere. Errors: ledger.bad_sort, ledger.sealed_sort.
Result<Sort> ReadSort(const RecordType& type, std::string_view text, bool rows);

/// Whether the column of an order holds a value in each row.
bool NeverNull(const RecordType& type, std::string_view column);

/// Whether an index begins with the column, so that rows can be had in its order.
bool HasOrder(const RecordType& type, std::string_view column);

/// What a statement sorts by.
std::string SortSql(const RecordType& type, const Sort& sort, store::Dialect dialect,
                    std::string_view alias);

/// " order by" text for the key of SortSql.
std::string OrderSql(const Sort& sort, const std::string& key);

/// The condition of what comes after the row of a cursor, whose values are the parameters `value`
/// and `id`; `null` says that it had no value.
std::string AfterSql(const RecordType& type, const Sort& sort, store::Dialect dialect,
                     const std::string& key, bool null, const std::string& value,
                     const std::string& id);

/// The cursor of the row at hand; its first column is the key.
std::string MakeCursor(const Sort& sort, store::Rows& rows, int sort_column);

/// The value (null for none) and the key. Errors: ledger.bad_cursor, also for one of another order.
Result<std::vector<store::Value>> ReadCursor(const Sort& sort, std::string_view text);
}  // namespace city::ledger
