// SPDX-License-Identifier: Apache-2.0
#include "ledger/query.h"

#include <fmt/format.h>

#include <mutex>

#include "ledger/errors.h"
#include "ledger/rights.h"
#include "ledger/row_shape.h"
#include "ledger/schema.h"

namespace city::ledger {
namespace {
using store::Dialect;
using store::Value;

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
