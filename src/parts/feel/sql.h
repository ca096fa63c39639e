// SPDX-License-Identifier: Apache-2.0
// FEEL conditions as SQL: row rights, filters and indicator queries run inside the database.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "parts/feel/feel.h"

namespace city::feel {

enum class SqlDialect : uint8_t { kSqlite, kPostgres };

/// How a column keeps its values, and which FEEL value stands for them.
enum class SqlType : uint8_t {
  kText,      // text; string
  kInteger,   // 64-bit integer; number
  kNumber,    // double; number (the shortest decimal of the double)
  kBoolean,   // integer 0 or 1; boolean
  kDate,      // text YYYY-MM-DD; date
  kDateTime,  // 64-bit integer, microseconds since 1970 UTC; date and time with offset
  kTextList,  // text, a JSON array of strings; list of strings, asked by `list contains` alone
  kHashed,    // text, a keyed hash of a string or date; asked for equality with a constant alone
};

struct SqlColumn {
  std::string sql;  // for example "t.state"
  SqlType type = SqlType::kText;
  /// Of kHashed: what stands in the column for a value.
  std::function<std::string(std::string_view)> hash = nullptr;
};
/// Columns by the name that the expression uses ("state", "applicant.name").
using SqlColumns = std::map<std::string, SqlColumn, std::less<>>;

using SqlParameter = std::variant<std::monostate, int64_t, double, std::string>;

struct SqlFilter {
  /// A boolean in parentheses. True exactly for the rows for which the evaluator says true; for
  /// others false or null: combine it with AND and OR, never put it under NOT.
  std::string where;
  std::vector<SqlParameter> parameters;  // for $first_parameter, $first_parameter+1, …
};

/// The SQL of a condition. Names in `columns` become columns; every part without columns is
/// evaluated now with `inputs` (values of Scope::names, for example the person who asks) and
/// becomes a parameter.
/// Filterable are: comparisons, and/or/not, in, ranges, between, if, null tests, boolean columns,
/// contains, starts with, ends with, list contains (of a text list), upper case, lower case and
/// string length. On SQLite the case functions change ASCII letters only; on PostgreSQL they need
/// its ICU collations. Errors: feel.not_filterable and feel.not_a_column, with line and column.
Result<SqlFilter> ToSql(const Expression& expression, const SqlColumns& columns, SqlDialect dialect,
                        int first_parameter = 1, std::span<const Value> inputs = {},
                        const Settings& settings = {});

/// The names of `columns` that a condition looks at.
std::vector<std::string> ColumnsOf(const Expression& expression, const SqlColumns& columns);

}  // namespace city::feel
