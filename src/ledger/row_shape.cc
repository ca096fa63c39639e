// SPDX-License-Identifier: Apache-2.0
#include "ledger/row_shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/schema.h"
#include "ledger/semantic.h"

namespace city::ledger {
Shape ShapeOf(const KnownType& known, std::string_view alias,
              const std::vector<std::string>& only) {
  const RecordType& type = known.type;
  Shape shape;
  shape.type = type.name;
  shape.vault = known.vault;
  for (const char* name : {"id", "region", "version", "created_at", "created_by", "updated_at",
                           "updated_by", "ended_at"})
    shape.select += fmt::format("{}{}.{}", shape.select.empty() ? "" : ", ", alias, name);
  for (const Field& field : type.fields) {
    if (!only.empty() && std::find(only.begin(), only.end(), field.name) == only.end()) continue;
    shape.fields.push_back(&field);
    shape.select += fmt::format(", {}.{}", alias, field.name);
  }
  return shape;
}

void AppendTime(std::string& out, std::string_view name, store::Rows& rows, int column) {
  out += ",\"";
  out += name;
  out += "\":";
  if (rows.IsNull(column)) {
    out += "null";
  } else {
    AppendJsonString(out, IsoChina(FromMicros(rows.Int(column))));
  }
}

Result<bool> AppendRow(std::string& out, store::Rows& rows, const Shape& shape,
                       const Reachable& rights) {
  auto match_at = static_cast<int>(kBuiltInColumns + shape.fields.size());
  int64_t match = rights.everything ? 0 : rows.Int(match_at);
  bool clear = false;
  out += "{\"id\":";
  AppendJsonString(out, rows.Text(0));
  out += ",\"region\":";
  AppendJsonString(out, rows.Text(1));
  out += ",\"version\":";
  out += std::to_string(rows.Int(2));
  AppendTime(out, "created_at", rows, 3);
  AppendTime(out, "updated_at", rows, 5);
  AppendTime(out, "ended_at", rows, 7);
  for (size_t i = 0; i < shape.fields.size(); ++i) {
    const Field& field = *shape.fields[i];
    if (!rights.Shows(field, match)) continue;
    int column = static_cast<int>(kBuiltInColumns + i);
    bool in_clear = rights.InClear(field, match);
    out += ",\"";
    out += field.name;
    out += "\":";
    if (field.sealed && !rows.IsNull(column)) {
      std::string plain(rows.Text(column));
      if (shape.vault && Vault::IsSealed(plain)) {
        TRY(plain, shape.vault->Open(shape.type, field.name, rows.Text(0), plain));
      }
      AppendPlain(out, field, plain, !in_clear);
    } else {
      AppendJson(out, field, rows, column, !in_clear);
    }
    if (in_clear && field.grade >= 3 && !rows.IsNull(column)) clear = true;
  }
  out += '}';
  return clear;
}

std::string AsOfTable(const RecordType& type, const std::string& moment) {
  std::string columns = std::string(kBuiltInNames) + type.FieldColumns();
  return fmt::format(
      "(select {0} from {1} where updated_at <= {3} and (ended_at is null or ended_at > {3}) union "
      "all "
      "select {0} from {2} where updated_at <= {3} and valid_to > {3} and (ended_at is null or "
      "ended_at > {3}))",
      columns, type.Table(), type.HistoryTable(), moment);
}

}  // namespace city::ledger
