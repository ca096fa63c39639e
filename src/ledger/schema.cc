// SPDX-License-Identifier: Apache-2.0
#include "ledger/schema.h"

#include <fmt/format.h>

#include "base/text.h"
#include "ledger/narrow.h"
#include "ledger/search_scope.h"

namespace city::ledger {
namespace {
using store::Dialect;

/// Number of the way in which indexes are made; those of an older one are made again.
constexpr int64_t kIndexForm = 2;

std::string_view ColumnSql(ColumnType type, Dialect dialect) {
  switch (type) {
    case ColumnType::kInteger:
      return dialect == Dialect::kSqlite ? "integer" : "bigint";
    case ColumnType::kNumber:
      return dialect == Dialect::kSqlite ? "real" : "double precision";
    case ColumnType::kText:
      break;
  }
  return "text";
}

std::string_view ColumnName(ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return "integer";
    case ColumnType::kNumber:
      return "number";
    case ColumnType::kText:
      break;
  }
  return "text";
}

std::string Strict(Dialect dialect) { return dialect == Dialect::kSqlite ? " strict" : ""; }

std::string IndexSql(const RecordType& type, const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) {
    const Field* field = type.Find(column);
    list += (field != nullptr ? field->KeyColumn() : column) + ", ";
  }
  // The key closes every index, so that paging by key needs no sort; then whether the row ended, so
  // that no ended row need be opened to be left out.
  return fmt::format("create index if not exists {} on {} ({}id, ended_at);\n",
                     IndexName(type, columns), type.Table(), list);
}

std::string UniqueSql(const RecordType& type, const Field& field) {
  return fmt::format(
      "create unique index if not exists u_{0}_{1} on {2} ({1}) where ended_at is null;\n",
      type.Table().substr(2), field.KeyColumn(), type.Table());
}

/// Indexes by exact match that nobody declared: identity numbers are looked for everywhere.
bool NeedsOwnIndex(const RecordType& type, const Field& field) {
  if (!field.Hashed() || field.unique || field.meaning != Meaning::kCitizenId) return false;
  for (const auto& index : type.indexes)
    if (!index.empty() && index.front() == field.name) return false;
  return true;
}

std::string TableSql(const RecordType& type, Dialect dialect) {
  std::string_view whole = dialect == Dialect::kSqlite ? "integer" : "bigint";
  std::string columns = fmt::format(
      "id text not null{0}, region text not null, version {1} not null, created_at {1} not null, "
      "created_by text not null, updated_at {1} not null, updated_by text not null, ended_at {1}",
      "", whole);
  std::string fields;
  for (const Field& field : type.fields) {
    fields += fmt::format(", {} {}", field.name, ColumnSql(field.Column(), dialect));
    if (field.Hashed()) fields += fmt::format(", {} text", field.HashColumn());
  }
  std::string out = fmt::format("create table {} ({}{}, primary key (id)){};\n", type.Table(),
                                columns, fields, Strict(dialect));
  out += fmt::format(
      "create table {0} ({1}{2}, valid_to {3} not null, primary key (id, version)){4};\n",
      type.HistoryTable(), columns, fields, whole, Strict(dialect));
  out += fmt::format("create index i_{0}_region on {1} (region, id);\n", type.Table().substr(2),
                     type.Table());
  out += fmt::format("create index i_{0}_created on {1} (created_at, id);\n",
                     type.Table().substr(2), type.Table());
  if (!type.search.empty()) {
    if (dialect == Dialect::kSqlite) {
      out += fmt::format("create virtual table {} using fts5(words, tokenize = 'ascii');\n",
                         type.SearchTable());
    } else {
      out += fmt::format("create table {0} (id text primary key, words tsvector not null);\n",
                         type.SearchTable());
      out += fmt::format("create index i_{0} on {0} using gin (words);\n", type.SearchTable());
    }
  }
  for (const auto& index : type.indexes) out += IndexSql(type, index);
  for (const Field& field : type.fields) {
    if (field.unique) out += UniqueSql(type, field);
    if (NeedsOwnIndex(type, field)) out += IndexSql(type, {field.name});
  }
  return out;
}
}  // namespace

std::string KeySchema(Dialect dialect) {
  std::string_view whole = dialect == Dialect::kSqlite ? "integer" : "bigint";
  return fmt::format(
      "create table field_key (type text not null, number {0} not null, wrapped text not null, at "
      "{0} not null, primary key (type, number)){1};\n",
      whole, Strict(dialect));
}

std::string LedgerSchema(Dialect dialect) {
  std::string_view whole = dialect == Dialect::kSqlite ? "integer" : "bigint";
  std::string strict = Strict(dialect);
  return fmt::format(
      "create table audit (chain text not null, seq {0} not null, at {0} not null, actor text not "
      "null, "
      "actor_name text not null, act text not null, object_type text not null, object_id text not "
      "null, "
      "region text not null, purpose text not null, address text not null, detail text not null, "
      "hash text not null, primary key (chain, seq)){1};\n"
      "create index i_audit_at on audit (at, chain, seq);\n"
      "create index i_audit_object on audit (object_type, object_id, at);\n"
      "create index i_audit_actor on audit (actor, at);\n"
      "create table audit_head (chain text primary key, seq {0} not null, hash text not null){1};\n"
      "create table audit_seal (chain text not null, seq {0} not null, hash text not null, at {0} "
      "not null, "
      "key_name text not null, signature text not null, primary key (chain, seq)){1};\n"
      "create table outbox (id text primary key, topic text not null, subject text not null, "
      "region text not null, "
      "payload text not null, created_at {0} not null, next_at {0} not null, tries {0} not null, "
      "done_at {0}, "
      "trouble text){1};\n"
      "create index i_outbox_next on outbox (next_at, id) where done_at is null;\n"
      "create table idempotency (key text primary key, account text not null, request text not "
      "null, "
      "answer text not null, at {0} not null){1};\n"
      "create index i_idempotency_at on idempotency (at);\n"
      "create table model_version (number {0} primary key, at {0} not null, by_whom text not null, "
      "summary text not null, types text not null, files text not null){1};\n"
      "create table counter (name text primary key, value {0} not null){1};\n",
      whole, strict);
}

json::object SchemaOf(const RecordType& type) {
  json::object columns;
  json::array unique, indexes, sealed;
  for (const Field& field : type.fields) {
    columns[field.name] = ColumnName(field.Column());
    if (field.Hashed()) columns[field.HashColumn()] = "text";
    if (field.sealed) sealed.push_back(json::string(field.name));
    if (field.unique) unique.push_back(json::string(field.name));
  }
  for (const auto& index : type.indexes) {
    std::string list;
    for (const std::string& column : index) list += column + ",";
    indexes.push_back(json::string(list));
  }
  return {{"name", type.name},
          {"columns", std::move(columns)},
          {"unique", std::move(unique)},
          {"sealed", std::move(sealed)},
          {"indexes", std::move(indexes)},
          {"search", !type.search.empty()},
          {"search_fields", Join(type.search, ",")},
          {"search_form", kSearchForm},
          {"index_form", kIndexForm}};
}

bool WordsDiffer(const RecordType& type, const json::object& old) {
  return !type.search.empty() && (IntAt(old, "search_form") != kSearchForm ||
                                  TextAt(old, "search_fields") != Join(type.search, ","));
}

std::vector<SchemaChange> Differences(const std::vector<json::object>& before,
                                      const Catalogue& after, Dialect dialect) {
  std::vector<SchemaChange> out;
  auto find = [&](const std::string& name) -> const json::object* {
    for (const json::object& each : before)
      if (TextAt(each, "name") == name) return &each;
    return nullptr;
  };
  auto holds = [](const json::object& of, std::string_view list, std::string_view text) {
    const json::array* found = ArrayAt(of, list);
    if (found == nullptr) return false;
    for (const json::value& each : *found)
      if (each.is_string() && each.get_string() == json::string_view(text.data(), text.size()))
        return true;
    return false;
  };
  for (const auto& [name, known] : after.types()) {
    const RecordType& type = known.type;
    const json::object* old = find(name);
    if (old == nullptr) {
      out.push_back({name, "new table", true, TableSql(type, dialect)});
      continue;
    }
    const json::object& columns = *ObjectAt(*old, "columns");
    for (const Field& field : type.fields) {
      std::string_view was = TextAt(columns, field.name);
      if (was.empty()) {
        std::string_view sql = ColumnSql(field.Column(), dialect);
        out.push_back(
            {name, "new column " + field.name, true,
             fmt::format(
                 "alter table {0} add column {2} {3};\nalter table {1} add column {2} {3};\n",
                 type.Table(), type.HistoryTable(), field.name, sql)});
      } else if (was != ColumnName(field.Column())) {
        out.push_back({name,
                       fmt::format("column {} changes from {} to {}", field.name, was,
                                   ColumnName(field.Column())),
                       false, ""});
      }
      bool newly_sealed = field.sealed && !was.empty() && !holds(*old, "sealed", field.name);
      if (field.Hashed() && TextAt(columns, field.HashColumn()).empty())
        out.push_back(
            {name, "new column " + field.HashColumn(), true,
             fmt::format("alter table {0} add column {2} text;\nalter table {1} add column {2} "
                         "text;\n",
                         type.Table(), type.HistoryTable(), field.HashColumn())});
      if (newly_sealed)
        out.push_back({name, "column " + field.name + " becomes sealed", true,
                       field.unique ? fmt::format("drop index if exists u_{}_{};\n",
                                                  type.Table().substr(2), field.name) +
                                          UniqueSql(type, field)
                                    : std::string()});
      if (newly_sealed && NeedsOwnIndex(type, field))
        out.push_back({name, "index on " + field.HashColumn(), true, IndexSql(type, {field.name})});
      if (!field.sealed && holds(*old, "sealed", field.name))
        out.push_back({name, "column " + field.name + " is no longer sealed", false, ""});
      if (field.unique && !was.empty() && !holds(*old, "unique", field.name))
        out.push_back(
            {name, "column " + field.name + " becomes unique", true, UniqueSql(type, field)});
      else if (field.unique && was.empty())
        out.push_back({name, "unique index on " + field.name, true, UniqueSql(type, field)});
    }
    auto declared = [&](std::string_view column) {
      if (type.Find(column) != nullptr) return true;
      const Field* base = column.starts_with("x_") ? type.Find(column.substr(2)) : nullptr;
      return base != nullptr && base->Hashed();
    };
    for (const auto& [column, was] : columns)
      if (!declared({column.data(), column.size()}))
        out.push_back(
            {name, "column " + std::string(column) + " is no longer declared", false, ""});
    bool same_form = IntAt(*old, "index_form") == kIndexForm;
    std::string again;
    auto make_again = [&](const std::vector<std::string>& index) {
      again +=
          fmt::format("drop index if exists {};\n", IndexName(type, index)) + IndexSql(type, index);
    };
    for (const auto& index : type.indexes) {
      std::string list;
      for (const std::string& column : index) list += column + ",";
      if (!holds(*old, "indexes", list))
        out.push_back({name, "new index " + list, true, IndexSql(type, index)});
      else if (!same_form)
        make_again(index);
    }
    for (const Field& field : type.fields)
      if (!same_form && NeedsOwnIndex(type, field)) make_again({field.name});
    if (!again.empty())
      out.push_back({name, "indexes know which rows have ended", true, std::move(again)});
    if (!type.search.empty() && !BoolAt(*old, "search"))
      out.push_back({name, "becomes searchable", false, ""});
    else if (!type.search.empty() && WordsDiffer(type, *old))
      out.push_back({name, "search words are put together again", true, ""});
  }
  for (const json::object& old : before)
    if (!after.types().contains(std::string(TextAt(old, "name"))))
      out.push_back({std::string(TextAt(old, "name")), "is no longer declared", false, ""});
  return out;
}
}  // namespace city::ledger
