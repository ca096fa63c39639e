// SPDX-License-Identifier: Apache-2.0
#include "ledger/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "ledger/errors.h"
#include "ledger/narrow.h"
#include "ledger/rights.h"
#include "ledger/schema.h"
#include "ledger/search_words.h"
#include "ledger/semantic.h"
#include "parts/crypto/crypto.h"

namespace city::ledger {
namespace {
using store::Dialect;
using store::Value;

/// Columns of a statement: built-in ones, the fields asked for, then the match column.
struct Shape {
  std::vector<const Field*> fields;
  std::string select;
  std::string type;
  std::shared_ptr<const Vault> vault;
};

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

/// Appends one row; true when a field of grade 3 or more was shown in clear. Errors: crypto.altered
/// for a sealed value that was changed or moved.
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

/// The rows of a type as they stood at a moment.
std::string AsOfTable(const RecordType& type, const std::string& moment) {
  std::string columns = std::string(kBuiltInNames) + type.FieldColumns();
  return fmt::format(
      "(select {0} from {1} where updated_at <= {3} and (ended_at is null or ended_at > {3}) union "
      "all "
      "select {0} from {2} where updated_at <= {3} and valid_to > {3} and (ended_at is null or "
      "ended_at > {3}))",
      columns, type.Table(), type.HistoryTable(), moment);
}

struct Sort {
  std::string column;
  bool falling = false;
  ColumnType type = ColumnType::kText;
};

Result<Sort> ReadSort(const RecordType& type, std::string_view text) {
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
  if (field == nullptr || field->meaning == Meaning::kJson ||
      field->meaning == Meaning::kGeometry || field->list_of)
    return error::kBadSort({{"field", std::string(text.substr(0, 60))}});
  if (field->sealed) return error::kSealedSort({{"field", field->label.zh}});
  sort.type = field->Column();
  return sort;
}

bool NeverNull(const RecordType& type, std::string_view column) {
  static constexpr std::string_view kNever[] = {"id", "region", "created_at", "updated_at",
                                                "version"};
  if (std::find(std::begin(kNever), std::end(kNever), column) != std::end(kNever)) return true;
  const Field* field = type.Find(column);
  return field != nullptr && field->required;
}

/// Nulls sort as the smallest value on both engines. SQLite does so by itself, and an index then
/// gives the order.
std::string SortSql(const RecordType& type, const Sort& sort, Dialect dialect,
                    std::string_view alias) {
  std::string column = fmt::format("{}.{}", alias, sort.column);
  if (dialect == Dialect::kSqlite || NeverNull(type, sort.column)) return column;
  if (sort.type == ColumnType::kText) return fmt::format("coalesce({}, '')", column);
  return fmt::format("coalesce({}, -9223372036854775807)", column);
}

/// What comes after the row of a cursor, whose sort value is `value` (null: stands before all).
std::string AfterSql(const Sort& sort, const std::string& key, bool null, const std::string& value,
                     const std::string& id) {
  const char* way = sort.falling ? "<" : ">";
  if (null)
    return sort.falling ? fmt::format("({0} is null and r.id < {1})", key, id)
                        : fmt::format("({0} is not null or r.id > {1})", key, id);
  // The first term alone lets the engine enter an index; falling, the nulls come at the end.
  if (sort.falling) return fmt::format("(({0}, r.id) < ({1}, {2}) or {0} is null)", key, value, id);
  return fmt::format("({0}, r.id) {1} ({2}, {3})", key, way, value, id);
}

/// Beyond so many rows it is cheaper to walk in the order asked for than to gather and sort.
constexpr int kFewRows = 500;

/// Whether a statement gives more than a few rows; never looks at more. That there are many is
/// remembered for a minute: it only decides how rows are fetched, not which.
Result<bool> AreMany(store::Reader& reader, const std::string& select,
                     const std::vector<Value>& params) {
  using Moment = std::chrono::steady_clock::time_point;
  static std::mutex mutex;
  static std::unordered_map<std::string, Moment> many_until;
  std::string key = select;
  for (const Value& value : params) {
    key += '\n';
    if (const auto* text = std::get_if<std::string>(&value)) key += *text;
    if (const auto* number = std::get_if<int64_t>(&value)) key += std::to_string(*number);
  }
  Moment now = std::chrono::steady_clock::now();
  {
    std::lock_guard lock(mutex);
    auto found = many_until.find(key);
    if (found != many_until.end() && found->second > now) return true;
  }
  TRY(store::Rows rows,
      reader.Query(fmt::format("select count(*) from ({} limit {}) c", select, kFewRows + 1),
                   params));
  bool many = rows.Next() && rows.Int(0) > kFewRows;
  TRY_VOID(rows.status());
  if (many) {
    std::lock_guard lock(mutex);
    if (many_until.size() > 2000) many_until.clear();
    many_until[std::move(key)] = now + std::chrono::minutes(1);
  }
  return many;
}

/// Whether an index begins with the column, so that rows can be had in its order.
bool HasOrder(const RecordType& type, std::string_view column) {
  if (column == "id" || column == "created_at") return true;
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

/// The keyed form of words, for types whose search looks into sealed fields.
KeyedWord KeyedWords(const KnownType& known) {
  bool sealed =
      std::any_of(known.type.search.begin(), known.type.search.end(), [&](const std::string& name) {
        const Field* field = known.type.Find(name);
        return field != nullptr && field->sealed;
      });
  if (!sealed || !known.vault) return nullptr;
  return [vault = known.vault, type = known.type.name](std::string_view word) {
    return vault->Word(type, word);
  };
}

/// Rows that hold the words. With many of them each row is asked about as it comes; with few they
/// are fetched first.
std::string SearchSql(const RecordType& type, Dialect dialect, const std::string& param,
                      bool many) {
  if (dialect == Dialect::kPostgres)
    return fmt::format("r.id in (select id from {0} where words @@ {1}::tsquery)",
                       type.SearchTable(), param);
  if (many)
    return fmt::format("exists (select 1 from {0} where {0} match {1} and {0}.rowid = r.rowid)",
                       type.SearchTable(), param);
  return fmt::format("r.rowid in (select rowid from {0} where {0} match {1})", type.SearchTable(),
                     param);
}
/// The statement that reads one row for one subject, and what its answer shows.
struct ReadPlan {
  Shape shape;
  Reachable rights;
  std::string sql;
  std::vector<Value> params;  ///< after the key
};

/// Everything that rights are decided by: subjects with the same words have the same statement.
std::string PlanKey(const Subject& who, Dialect dialect) {
  std::string key(1, dialect == Dialect::kSqlite ? 's' : 'p');
  key += who.system ? '!' : '.';
  auto add = [&](const std::string& part) {
    key += std::to_string(part.size());
    key += ':';
    key += part;
  };
  add(who.account);
  add(who.kind);
  add(who.purpose);
  key += std::to_string(who.holders.size());
  key += '/';
  for (const std::string& holder : who.holders) add(holder);
  for (const Post& post : who.posts) {
    add(post.role);
    add(post.organisation);
    add(post.organisation_path);
    add(post.region);
  }
  return key;
}

Result<std::shared_ptr<const ReadPlan>> PlanRead(const KnownType& known, const Subject& who,
                                                 Dialect dialect) {
  std::string key = PlanKey(who, dialect);
  {
    std::lock_guard lock(known.plans->mutex);
    auto found = known.plans->made.find(key);
    if (found != known.plans->made.end())
      return std::static_pointer_cast<const ReadPlan>(found->second);
  }
  auto plan = std::make_shared<ReadPlan>();
  std::vector<Value> params{Value(std::string())};  // the key comes first
  TRY(Reachable rights, RightsOf(known, who, Verb::kRead, dialect, "r", params));
  plan->rights = std::move(rights);
  plan->params.assign(params.begin() + 1, params.end());
  plan->shape = ShapeOf(known, "r", {});
  plan->sql = fmt::format("select {}, {} from {} r where r.id = $1 and {}", plan->shape.select,
                          plan->rights.everything ? "0" : plan->rights.MatchColumn(),
                          known.type.Table(), plan->rights.Where());
  std::lock_guard lock(known.plans->mutex);
  if (known.plans->made.size() >= 500) known.plans->made.clear();
  known.plans->made[std::move(key)] = plan;
  return std::shared_ptr<const ReadPlan>(std::move(plan));
}
}  // namespace

Result<Page> ListRecords(store::Reader& reader, const Catalogue& catalogue, const Subject& who,
                         const ListRequest& request) {
  TRY(const KnownType* known, catalogue.Find(request.type));
  const RecordType& type = known->type;
  Dialect dialect = reader.dialect();
  std::vector<Value> params;
  auto param = [&](Value value) {
    params.push_back(std::move(value));
    return "$" + std::to_string(params.size());
  };
  std::string table = type.Table();
  if (request.as_of) table = AsOfTable(type, param(ToMicros(*request.as_of)));
  size_t rights_begin = params.size();
  TRY(Reachable rights, RightsOf(*known, who, Verb::kRead, dialect, "r", params));
  size_t rights_end = params.size();
  if (rights.Nothing()) return error::kForbidden({{"type", type.label.zh}, {"verb", "read"}});
  TRY(Sort sort, ReadSort(type, request.sort.empty() ? "-created_at" : request.sort));
  Shape shape = ShapeOf(*known, "r", request.fields);
  std::string where = rights.Where();
  // Counting wants the few rows that an index gathers; a page of many wants their order. Both say
  // the same with the same parameters.
  std::string counted = where;
  std::string standing = !request.as_of && !request.ended ? " and r.ended_at is null" : "";
  Condition condition;
  const Post* post = who.posts.empty() ? nullptr : &who.posts.front();
  std::string filter;
  auto compile_filter = [&](std::string_view alias) -> Result<std::string> {
    if (request.filter.empty()) return std::string();
    TRY(std::string sql, condition.Sql(dialect, alias, who, post, known->vault.get(), params));
    return " and " + sql;
  };
  if (!request.filter.empty()) {
    TRY(condition, Condition::Compile(type, request.filter));
    // A masked or hidden field must not be found out by filtering on it.
    for (const std::string& name : condition.Fields()) {
      const Field* field = type.Find(name);
      if (field == nullptr || rights.everything) continue;
      bool allowed =
          std::all_of(rights.parts.begin(), rights.parts.end(), [&](const Reachable::Part& part) {
            return part.right->Covers(name) &&
                   (field->grade <= 1 || part.right->grade >= field->grade);
          });
      if (!allowed)
        return error::kBadFilter(
            {{"reason", "「" + field->label.zh + "」/ \"" + field->label.en +
                            "\" 不对您开放筛选 / is not open to you for filtering"}});
    }
    TRY(filter, compile_filter("r"));
  }
  // One value of a field may be entered by an index that also holds the order; a choice of several
  // would be gathered and sorted.
  bool choice = filter.find(" or ") != std::string::npos ||
                filter.find(" in ") != std::string::npos || filter.find("not") != std::string::npos;
  // SQLite knows nothing of how rows are spread: it would gather a million rows that a right
  // reaches and sort them, to show fifty. So it is told when there are many: "+r.column" is a value
  // that no index is entered by.
  Reachable plain = rights;
  std::string few;  // the keys of all rows there are, when they are few
  bool ordered = false;
  bool bounded = dialect == Dialect::kSqlite && !request.as_of && !rights.everything;
  std::optional<std::vector<std::string>> entries;
  if (bounded) entries = EntriesOf(*known, rights, condition.Fields());
  std::string more = filter + standing;
  if (entries && request.limit == 0 && request.count && request.q.empty()) {
    // Nothing is shown, so nothing need be known about how to fetch it.
  } else if (entries) {
    std::string keys = KeysSql(type, rights, *entries, more, kFewRows + 1);
    TRY(ordered, AreMany(reader, "select rowid from (" + keys + ")", params));
    if (!ordered) few = std::move(keys);
  } else if (bounded && where != "((1=1))") {
    // The filter's values stay outside, so that all filters share what is remembered.
    std::vector<Value> only(params.begin(), params.begin() + static_cast<ptrdiff_t>(rights_end));
    TRY(ordered,
        AreMany(reader, fmt::format("select 1 from {} r where {}{}", table, where, standing),
                only));
  }
  counted += more;
  if (ordered || !few.empty()) {
    params.resize(rights_begin);
    TRY(Reachable walked, RightsOf(*known, who, Verb::kRead, dialect, "+r", params));
    rights = std::move(walked);
    where = rights.Where();
    TRY(filter,
        compile_filter(!few.empty() || (choice && HasOrder(type, sort.column)) ? "+r" : "r"));
  }
  where += standing + filter;
  if (!few.empty()) where = "r.rowid in (" + few + ") and " + where;
  if (!request.q.empty() && !request.as_of) {
    std::string words = SearchQuery(request.q.substr(0, 400), dialect, KeyedWords(*known));
    if (type.search.empty() || words.empty()) {
      where += " and 1=0";
      counted += " and 1=0";
    } else {
      bool many = false;
      if (dialect == Dialect::kSqlite) {
        std::vector<Value> only{Value(words)};
        TRY(bool found,
            AreMany(reader, fmt::format("select 1 from {0} where {0} match $1", type.SearchTable()),
                    only));
        many = found;
      }
      std::string found = SearchSql(type, dialect, param(std::move(words)), many);
      where += " and " + found;
      counted += " and " + found;
    }
  }
  Page page;
  if (request.count) {
    std::string select = entries && request.q.empty()
                             ? "select rowid from (" +
                                   KeysSql(type, plain, *entries, more, request.count_at_most) + ")"
                             : fmt::format("select 1 from {} r where {}", table, counted);
    TRY(store::Rows rows, reader.Query(fmt::format("select count(*) from ({} limit {}) c", select,
                                                   request.count_at_most),
                                       params));
    if (rows.Next()) page.total = rows.Int(0);
    TRY_VOID(rows.status());
    if (request.limit == 0) {
      page.rows = "[]";
      return page;
    }
  }
  const Field* sort_field = type.Find(sort.column);
  if (sort_field != nullptr && sort_field->grade > 1 && !rights.everything) {
    for (const Reachable::Part& part : rights.parts)
      if (part.right->grade < sort_field->grade || !part.right->Covers(sort_field->name))
        return error::kBadSort({{"field", sort.column}});
  }
  std::string key = SortSql(type, sort, dialect, "r");
  if (!request.after.empty()) {
    TRY(std::vector<Value> cursor, ReadCursor(sort, request.after));
    bool null = std::holds_alternative<std::monostate>(cursor[0]);
    std::string value = null ? "null" : param(std::move(cursor[0]));
    std::string id = param(std::move(cursor[1]));
    if (sort.column == "id") {
      where += fmt::format(" and r.id {} {}", sort.falling ? "<" : ">", id);
    } else if (NeverNull(type, sort.column) || dialect == Dialect::kPostgres) {
      where +=
          fmt::format(" and ({0}, r.id) {1} ({2}, {3})", key, sort.falling ? "<" : ">", value, id);
    } else {
      where += " and " + AfterSql(sort, key, null, value, id);
    }
  }
  int limit = std::clamp(request.limit, 1, 500);
  std::string match = rights.everything ? "0" : rights.MatchColumn();
  const char* way = sort.falling ? " desc" : "";
  std::string order =
      sort.column == "id" ? fmt::format("r.id{}", way) : fmt::format("{0}{1}, r.id{1}", key, way);
  std::string sql =
      fmt::format("select {}, {}, {} from {} r where {} order by {} limit {}", shape.select, match,
                  key, table, where, order, param(int64_t{limit + 1}));
  TRY(store::Rows rows, reader.Query(sql, params));
  auto sort_column = static_cast<int>(kBuiltInColumns + shape.fields.size() + 1);
  page.rows = "[";
  int got = 0;
  std::string cursor;
  while (rows.Next()) {
    if (got == limit) {
      page.next = cursor;
      break;
    }
    if (got != 0) page.rows += ',';
    TRY(bool clear, AppendRow(page.rows, rows, shape, rights));
    page.clear_reads += clear ? 1 : 0;
    page.ids.emplace_back(rows.Text(0));
    if (++got == limit) cursor = MakeCursor(sort, rows, sort_column);
  }
  TRY_VOID(rows.status());
  page.rows += ']';
  return page;
}

Result<One> ReadRecord(store::Reader& reader, const Catalogue& catalogue, const Subject& who,
                       std::string_view type_name, std::string_view id, std::optional<Time> as_of) {
  TRY(const KnownType* known, catalogue.Find(type_name));
  const RecordType& type = known->type;
  std::vector<Value> params;
  params.emplace_back(std::string(id));
  auto take = [](store::Rows& found, const Shape& shown, const Reachable& by) -> Result<One> {
    if (!found.Next()) {
      TRY_VOID(found.status());
      return error::kNotFound;
    }
    One one;
    one.id = found.Text(0);
    one.region = found.Text(1);
    one.version = found.Int(2);
    one.row.reserve(4096);
    TRY(one.clear_read, AppendRow(one.row, found, shown, by));
    return one;
  };
  if (!as_of) {
    TRY(std::shared_ptr<const ReadPlan> plan, PlanRead(*known, who, reader.dialect()));
    if (plan->rights.Nothing()) return error::kNotFound;
    params.insert(params.end(), plan->params.begin(), plan->params.end());
    TRY(store::Rows rows, reader.Query(plan->sql, params));
    return take(rows, plan->shape, plan->rights);
  }
  params.emplace_back(ToMicros(*as_of));
  std::string table = AsOfTable(type, "$2");
  TRY(Reachable rights, RightsOf(*known, who, Verb::kRead, reader.dialect(), "r", params));
  if (rights.Nothing()) return error::kNotFound;
  Shape shape = ShapeOf(*known, "r", {});
  TRY(store::Rows rows,
      reader.Query(
          fmt::format("select {}, {} from {} r where r.id = $1 and {}", shape.select,
                      rights.everything ? "0" : rights.MatchColumn(), table, rights.Where()),
          params));
  return take(rows, shape, rights);
}

Result<std::string> ReadHistory(store::Reader& reader, const Catalogue& catalogue,
                                const Subject& who, std::string_view type_name,
                                std::string_view id) {
  TRY(const KnownType* known, catalogue.Find(type_name));
  const RecordType& type = known->type;
  // Who may see the record today may see how it came to be; rights are tested on each version.
  std::vector<Value> params;
  params.emplace_back(std::string(id));
  TRY(Reachable rights, RightsOf(*known, who, Verb::kRead, reader.dialect(), "r", params));
  if (rights.Nothing()) return error::kNotFound;
  Shape shape = ShapeOf(*known, "r", {});
  std::string columns = std::string(kBuiltInNames) + type.FieldColumns();
  std::string both = fmt::format(
      "(select {0}, null as valid_to from {1} where id = $1 union all select {0}, valid_to from "
      "{2} where id = $1)",
      columns, type.Table(), type.HistoryTable());
  TRY(store::Rows rows,
      reader.Query(fmt::format("select {}, {}, r.updated_by, r.valid_to, (select a.actor_name from "
                               "audit a where a.object_type = '{}' and a.object_id = r.id and "
                               "a.at = r.updated_at limit 1) from {} r where {} order by "
                               "r.version desc limit 500",
                               shape.select, rights.everything ? "0" : rights.MatchColumn(),
                               type.name, both, rights.Where()),
                   params));
  std::string out = "[";
  auto by = static_cast<int>(kBuiltInColumns + shape.fields.size() + 1);
  while (rows.Next()) {
    if (out.size() > 1) out += ',';
    TRY_VOID(AppendRow(out, rows, shape, rights));
    out.pop_back();
    AppendTime(out, "changed_at", rows, 5);
    AppendTime(out, "valid_to", rows, by + 1);
    out += ",\"changed_by_name\":";
    AppendJsonString(out, rows.Text(by + 2));
    out += ",\"changed_by\":";
    AppendJsonString(out, rows.Text(by));
    out += '}';
  }
  TRY_VOID(rows.status());
  if (out.size() == 1) return error::kNotFound;
  return out + "]";
}

Result<json::object> ReadRow(store::Reader& reader, const Catalogue& catalogue,
                             std::string_view type, std::string_view id) {
  TRY(One one, ReadRecord(reader, catalogue, System(), type, id));
  TRY(json::value value, ParseJson(one.row, {.max_bytes = 64u << 20}));
  return std::move(value.get_object());
}

Result<json::array> FindRows(store::Reader& reader, const Catalogue& catalogue,
                             std::string_view type, std::string filter, int limit,
                             std::string sort) {
  ListRequest request;
  request.type = type;
  request.filter = std::move(filter);
  request.limit = limit;
  request.sort = std::move(sort);
  TRY(Page page, ListRecords(reader, catalogue, System(), request));
  TRY(json::value value, ParseJson(page.rows, {.max_bytes = 64u << 20}));
  return std::move(value.get_array());
}
}  // namespace city::ledger
