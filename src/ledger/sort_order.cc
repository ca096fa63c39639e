// SPDX-License-Identifier: Apache-2.0
#include "ledger/sort_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "ledger/errors.h"
#include "parts/crypto/crypto.h"

namespace city::ledger {
using store::Dialect;
using store::Value;

Result<Sort> ReadSort(const RecordType& type, std::string_view text, bool rows) {
  Sort sort;
  if (!text.empty() && text[0] == '-') {
    sort.falling = true;
    text.remove_prefix(1);
  }
  sort.column = text;
  if (text == "id" || text == "region") return sort;
  if (text == "created_at" || text == "updated_at" || text == "version") {
    sort.type = ColumnType::kInteger;
    return sort;
  }
  const Field* field = type.Find(text);
  if (field == nullptr && text == kEntered) {
    if (!rows) sort.column = "created_at";
    sort.type = ColumnType::kInteger;
    return sort;
  }
  if (field == nullptr || field->meaning == Meaning::kJson ||
      field->meaning == Meaning::kGeometry || field->list_of)
    return error::kBadSort({{"field", std::string(text.substr(0, 60))}});
  if (field->sealed) return error::kSealedSort({{"field", field->label.zh}});
  sort.type = field->Column();
  return sort;
}

bool NeverNull(const RecordType& type, std::string_view column) {
  static constexpr std::string_view kNever[] = {"id",         "region",  "created_at",
                                                "updated_at", "version", kEntered};
  if (std::find(std::begin(kNever), std::end(kNever), column) != std::end(kNever)) return true;
  const Field* field = type.Find(column);
  return field != nullptr && field->required;
}

std::string SortSql(const RecordType& type, const Sort& sort, Dialect dialect,
                    std::string_view alias) {
  bool entered = sort.column == kEntered && type.Find(kEntered) == nullptr;
  std::string column = fmt::format("{}.{}", alias, entered ? "rowid" : sort.column);
  // SQLite puts nulls first by itself, and an index then gives the order.
  if (dialect == Dialect::kSqlite || NeverNull(type, sort.column)) return column;
  if (sort.type == ColumnType::kText) return fmt::format("coalesce({}, '')", column);
  return fmt::format("coalesce({}, -9223372036854775807)", column);
}

std::string OrderSql(const Sort& sort, const std::string& key) {
  const char* way = sort.falling ? " desc" : "";
  if (sort.column == "id") return fmt::format("r.id{}", way);
  if (key.ends_with(".rowid")) return key + way;
  return fmt::format("{0}{1}, r.id{1}", key, way);
}

std::string AfterSql(const RecordType& type, const Sort& sort, Dialect dialect,
                     const std::string& key, bool null, const std::string& value,
                     const std::string& id) {
  const char* way = sort.falling ? "<" : ">";
  if (sort.column == "id") return fmt::format("r.id {} {}", way, id);
  if (key.ends_with(".rowid")) return fmt::format("{} {} {}", key, way, value);
  if (NeverNull(type, sort.column) || dialect == Dialect::kPostgres)
    return fmt::format("({0}, r.id) {1} ({2}, {3})", key, way, value, id);
  if (null)
    return sort.falling ? fmt::format("({0} is null and r.id < {1})", key, id)
                        : fmt::format("({0} is not null or r.id > {1})", key, id);
  // The first term alone lets the engine enter an index; falling, the nulls come at the end.
  if (sort.falling) return fmt::format("(({0}, r.id) < ({1}, {2}) or {0} is null)", key, value, id);
  return fmt::format("({0}, r.id) {1} ({2}, {3})", key, way, value, id);
}

bool HasOrder(const RecordType& type, std::string_view column) {
  if (column == "id" || column == "created_at" || column == kEntered) return true;
  return std::any_of(type.indexes.begin(), type.indexes.end(),
                     [&](const auto& index) { return index.front() == column; });
}

std::string MakeCursor(const Sort& sort, store::Rows& rows, int sort_column) {
  json::array parts;
  parts.push_back(json::string(sort.column));
  if (rows.IsNull(sort_column)) {
    parts.push_back(nullptr);
    parts.push_back(json::string(rows.Text(0)));
    return crypto::ToBase64Url(ToText(parts));
  }
  switch (sort.type) {
    case ColumnType::kInteger:
      parts.push_back(rows.Int(sort_column));
      break;
    case ColumnType::kNumber:
      parts.push_back(rows.Number(sort_column));
      break;
    case ColumnType::kText:
      parts.push_back(json::string(rows.Text(sort_column)));
      break;
  }
  parts.push_back(json::string(rows.Text(0)));
  return crypto::ToBase64Url(ToText(parts));
}

Result<std::vector<Value>> ReadCursor(const Sort& sort, std::string_view text) {
  auto bytes = crypto::FromBase64Url(text);
  if (!bytes) return error::kBadCursor;
  auto parsed = ParseJson(*bytes);
  if (!parsed || !parsed->is_array()) return error::kBadCursor;
  const json::array& parts = parsed->get_array();
  if (parts.size() != 3 || !parts[0].is_string() ||
      parts[0].get_string() != json::string_view(sort.column) || !parts[2].is_string())
    return error::kBadCursor;
  std::vector<Value> out;
  const json::value& value = parts[1];
  if (value.is_null()) {
    out.emplace_back(std::monostate());
    out.emplace_back(std::string(parts[2].get_string().data(), parts[2].get_string().size()));
    return out;
  }
  switch (sort.type) {
    case ColumnType::kInteger:
      if (!value.is_int64()) return error::kBadCursor;
      out.emplace_back(value.get_int64());
      break;
    case ColumnType::kNumber:
      if (!value.is_number()) return error::kBadCursor;
      out.emplace_back(value.is_double() ? value.get_double()
                                         : static_cast<double>(value.to_number<int64_t>()));
      break;
    case ColumnType::kText:
      if (!value.is_string()) return error::kBadCursor;
      out.emplace_back(std::string(value.get_string().data(), value.get_string().size()));
  }
  out.emplace_back(std::string(parts[2].get_string().data(), parts[2].get_string().size()));
  return out;
}
}  // namespace city::ledger
