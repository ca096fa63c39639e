// SPDX-License-Identifier: Apache-2.0
#include "ledger/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ids.h"
#include "base/text.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "ledger/query.h"
#include "ledger/rights.h"
#include "ledger/schema.h"
#include "ledger/search_scope.h"
#include "ledger/search_words.h"
#include "ledger/semantic.h"
#include "parts/store/errors.h"

namespace city::ledger {
using store::Dialect;
using store::Value;

struct Writer::Values {
  std::vector<const Field*> fields;
  std::vector<Value> values;
  std::vector<Value> hashes;  ///< of fields that have one
  std::vector<std::string> doubtful;

  /// Seals what must not lie in clear; `row` is the key of the row.
  void Seal(const KnownType& known, const std::string& row) {
    hashes.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      const Field& field = *fields[i];
      if (!field.sealed || std::holds_alternative<std::monostate>(values[i])) continue;
      std::string plain = PlainOf(values[i]);
      const Vault* vault = known.vault.get();
      if (field.Hashed())
        hashes[i] = vault != nullptr ? vault->Hash(known.type.name, field.name, plain) : plain;
      values[i] = vault != nullptr ? vault->Seal(known.type.name, field.name, row, plain) : plain;
    }
  }
  /// The value that the unique check compares.
  const Value& Key(size_t i) const { return fields[i]->Hashed() ? hashes[i] : values[i]; }
};

Writer::Writer(const Catalogue& catalogue, store::Tx& tx, Subject who, Time now, std::string shard)
    : catalogue_(catalogue), tx_(tx), who_(std::move(who)), now_(now), shard_(std::move(shard)) {}

Result<Writer::Values> Writer::Check(const KnownType& known, const json::object& values,
                                     bool creating) const {
  const RecordType& type = known.type;
  Values out;
  Error faults{&error::kInvalidFields, {}, {}};
  for (const auto& [key, value] : values) {
    std::string_view name(key.data(), key.size());
    if (name == "id" || name == "region" || name == "version" || name == "created_at" ||
        name == "updated_at" || name == "ended_at")
      continue;
    if (type.Find(name) == nullptr)
      faults.details.push_back({"/" + std::string(name.substr(0, 60)), "additionalProperties",
                                "没有字段 " + std::string(name.substr(0, 60)),
                                "there is no field " + std::string(name.substr(0, 60))});
  }
  for (const Field& field : type.fields) {
    const json::value* given = values.if_contains(field.name);
    if (given == nullptr && !creating) continue;
    static const json::value kNull;
    if (given == nullptr) given = field.initial.is_null() ? &kNull : &field.initial;
    auto stored =
        ToStored(field, *given, field.list.empty() ? nullptr : catalogue_.FindList(field.list));
    if (!stored) {
      faults.details.push_back(std::move(stored.error()));
      continue;
    }
    if (stored->doubtful) out.doubtful.push_back(field.name);
    out.fields.push_back(&field);
    out.values.push_back(std::move(stored->value));
  }
  if (!faults.details.empty()) {
    faults.params = {{"count", std::to_string(faults.details.size())}};
    return Fail(std::move(faults));
  }
  return out;
}

namespace {
/// Whether the parts that hold for the row cover every field written.
bool CoversAll(const Reachable& rights, const std::vector<const Field*>& fields,
               const json::object& given, int64_t match) {
  if (rights.everything) return true;
  for (const Field* field : fields)
    if (given.contains(field->name) && !rights.MayWrite(*field, match)) return false;
  return true;
}

json::object AuditDetail(const std::vector<const Field*>& fields, int64_t version) {
  // Names of fields only: values of personal data stay out of the log, the history table holds
  // them.
  json::array names;
  for (const Field* field : fields) names.push_back(json::string(field->name));
  return {{"version", version}, {"fields", std::move(names)}};
}
}  // namespace

Result<void> Writer::IndexWords(const KnownType& known, const std::string& id, bool fresh) {
  const RecordType& type = known.type;
  if (type.search.empty()) return {};
  std::string words;
  {
    // Whose the row is comes after what it says; see search_scope.h.
    std::string columns = fmt::format("{}, region, {}, {}", Join(type.search, ", "),
                                      type.owner.empty() ? "null" : type.owner,
                                      type.holder.empty() ? "null" : type.holder);
    TRY(store::Rows rows,
        tx_.Query(fmt::format("select {} from {} where id = $1", columns, type.Table()), {id}));
    if (rows.Next()) {
      size_t position = 0;
      for (size_t i = 0; i < type.search.size(); ++i) {
        int column = static_cast<int>(i);
        if (rows.IsNull(column)) continue;
        const Field* field = type.Find(type.search[i]);
        std::string text(rows.Text(column)), part;
        if (field != nullptr && field->sealed && known.vault) {
          TRY(text, known.vault->Open(type.name, field->name, id, text));
          part = SearchDocument(
              text, tx_.dialect(),
              [&](std::string_view word) { return known.vault->Word(type.name, word); }, &position);
        } else {
          part = SearchDocument(text, tx_.dialect(), nullptr, &position);
        }
        // A phrase does not run from one field into the next.
        position += 1;
        words += (words.empty() || part.empty() ? "" : " ") + part;
      }
      auto last = static_cast<int>(type.search.size());
      if (tx_.dialect() == Dialect::kSqlite)
        words += ScopeWords(rows.Text(last + 1), rows.Text(last + 2), rows.Text(last));
    }
  }
  if (tx_.dialect() == Dialect::kPostgres)
    return tx_.Enqueue(
        fmt::format(
            "insert into {} (id, words) values ($1, $2::tsvector) on conflict (id) do update set "
            "words = excluded.words",
            type.SearchTable()),
        {id, words});
  if (!fresh)
    TRY_VOID(
        tx_.Enqueue(fmt::format("delete from {} where rowid = (select rowid from {} where id = $1)",
                                type.SearchTable(), type.Table()),
                    {id}));
  return tx_.Enqueue(
      fmt::format("insert into {} (rowid, words) select rowid, $2 from {} where id = $1",
                  type.SearchTable(), type.Table()),
      {id, words});
}

Result<void> Writer::CheckRow(const KnownType& known, const std::string& id) const {
  if (known.checks.empty()) return {};
  Error faults{&error::kInvalidFields, {}, {}};
  for (size_t i = 0; i < known.checks.size(); ++i) {
    std::vector<Value> params{id};
    TRY(std::string holds,
        known.checks[i].Sql(tx_.dialect(), "r", who_, nullptr, known.vault.get(), params));
    TRY(store::Rows rows,
        tx_.Query(fmt::format("select case when {} then 1 else 0 end from {} r where r.id = $1",
                              holds, known.type.Table()),
                  params));
    const RowCheck& check = known.type.checks[i];
    if (rows.Next() && rows.Int(0) == 0)
      faults.details.push_back({"/" + check.field, "holds", check.says.zh, check.says.en});
  }
  if (faults.details.empty()) return {};
  faults.params = {{"count", std::to_string(faults.details.size())}};
  return Fail(std::move(faults));
}

/// Whether each change of a state follows its declared moves and is made by who may make it.
Result<void> Writer::CheckMoves(const KnownType& known, const Values& values,
                                const std::string& id) const {
  if (who_.system) return {};
  for (size_t i = 0; i < values.fields.size(); ++i) {
    const Field& field = *values.fields[i];
    if (field.moves.empty()) continue;
    const std::string* to = std::get_if<std::string>(&values.values[i]);
    std::string from;
    if (id.empty()) {  // a new row begins where its declaration says
      if (field.initial.is_string()) from = field.initial.get_string().c_str();
    } else {
      TRY(store::Rows rows,
          tx_.Query(fmt::format("select {} from {} where id = $1", field.name, known.type.Table()),
                    {id}));
      if (rows.Next()) from = rows.Text(0);
    }
    if (to == nullptr || *to == from) continue;
    auto moves = field.moves.find(from);
    const std::vector<std::string>* roles = nullptr;
    if (moves != field.moves.end())
      if (auto found = moves->second.find(*to); found != moves->second.end())
        roles = &found->second;
    if (roles == nullptr) return error::kMoveNotPossible({{"from", from}, {"to", *to}});
    if (std::none_of(roles->begin(), roles->end(),
                     [&](const std::string& role) { return who_.HasRole(role); }))
      return error::kForbidden({{"type", known.type.label.zh}, {"verb", "update"}});
  }
  return {};
}

Result<void> Writer::IndexAgain(store::Tx& tx, const KnownType& known) {
  if (known.type.search.empty()) return {};
  Catalogue none;
  Writer writer(none, tx, System(), Time{}, "");
  // Deleted words would stay in the index's segments; the table is made anew instead.
  if (tx.dialect() == Dialect::kSqlite)
    TRY_VOID(tx.Script(
        fmt::format("drop table {0};\ncreate virtual table {0} using fts5(words, tokenize = "
                    "'ascii');\n",
                    known.type.SearchTable())));
  else
    TRY_VOID(tx.Enqueue(fmt::format("delete from {}", known.type.SearchTable()), {}));
  std::string last;
  for (bool more = true; more;) {
    std::vector<std::string> ids;
    {
      TRY(store::Rows rows,
          tx.Query(fmt::format("select id from {} where id > $1 order by id limit 1000",
                               known.type.Table()),
                   {last}));
      while (rows.Next()) ids.emplace_back(rows.Text(0));
      TRY_VOID(rows.status());
    }
    more = ids.size() == 1000;
    for (const std::string& id : ids) TRY_VOID(writer.IndexWords(known, id, true));
    if (!ids.empty()) last = ids.back();
  }
  return {};
}

Result<Written> Writer::Create(std::string_view type_name, const json::object& values,
                               std::string region, std::string id) {
  TRY(const KnownType* known, catalogue_.Find(type_name));
  const RecordType& type = known->type;
  std::vector<Value> right_params{std::string()};
  TRY(Reachable rights, RightsOf(*known, who_, Verb::kCreate, tx_.dialect(), "r", right_params));
  if (rights.Nothing() || (type.kept_by_engine && !who_.system))
    return error::kForbidden({{"type", type.label.zh}, {"verb", "create"}});
  TRY(Values checked, Check(*known, values, true));
  TRY_VOID(CheckMoves(*known, checked, {}));
  if (region.empty()) region = std::string(TextAt(values, "region", shard_));
  if (!IsDivisionCode(region)) region = shard_;
  Written out;
  out.id = id.empty() ? NewId(now_) : std::move(id);
  out.doubtful = std::move(checked.doubtful);
  std::string columns(kBuiltInNames), marks = "$1, $2, $3, $4, $5, $4, $5, null";
  std::vector<Value> params{out.id, region, int64_t{1}, ToMicros(now_), who_.account};
  checked.Seal(*known, out.id);
  for (size_t i = 0; i < checked.fields.size(); ++i) {
    const Field& field = *checked.fields[i];
    if (field.unique && !std::holds_alternative<std::monostate>(checked.Key(i))) {
      TRY(store::Rows rows,
          tx_.Query(fmt::format("select 1 from {} where {} = $1 and ended_at is null", type.Table(),
                                field.KeyColumn()),
                    {checked.Key(i)}));
      if (rows.Next()) return error::kDuplicate({{"field", field.label.zh}});
    }
    columns += ", " + field.name;
    params.push_back(std::move(checked.values[i]));
    marks += ", $" + std::to_string(params.size());
    if (field.Hashed()) {
      columns += ", " + field.HashColumn();
      params.push_back(std::move(checked.hashes[i]));
      marks += ", $" + std::to_string(params.size());
    }
  }
  TRY_VOID(tx_.Enqueue(fmt::format("insert into {} ({}) values ({})", type.Table(), columns, marks),
                       params));
  if (!rights.everything) {
    // The new row must itself lie within reach: its region, owner and holder are what was just
    // written.
    right_params[0] = out.id;
    TRY(store::Rows rows, tx_.Query(fmt::format("select {} from {} r where r.id = $1 and {}",
                                                rights.MatchColumn(), type.Table(), rights.Where()),
                                    right_params));
    if (!rows.Next() || !CoversAll(rights, checked.fields, values, rows.Int(0)))
      return error::kForbidden({{"type", type.label.zh}, {"verb", "create"}});
  }
  TRY_VOID(CheckRow(*known, out.id));
  TRY_VOID(IndexWords(*known, out.id, true));
  lines_.push_back({"create", type.name, out.id, region, ToText(AuditDetail(checked.fields, 1))});
  return out;
}

Result<Written> Writer::Update(std::string_view type_name, std::string_view id,
                               const json::object& changes, std::optional<int64_t> expected) {
  TRY(const KnownType* known, catalogue_.Find(type_name));
  const RecordType& type = known->type;
  std::vector<Value> params{std::string(id)};
  TRY(Reachable reads, RightsOf(*known, who_, Verb::kRead, tx_.dialect(), "r", params));
  TRY(Reachable rights, RightsOf(*known, who_, Verb::kUpdate, tx_.dialect(), "r", params));
  if (reads.Nothing()) return error::kNotFound;
  if (rights.Nothing() || (type.kept_by_engine && !who_.system))
    return error::kForbidden({{"type", type.label.zh}, {"verb", "update"}});
  Written out;
  out.id = id;
  std::string region;
  int64_t match = 0;
  {
    TRY(store::Rows rows,
        tx_.Query(fmt::format("select r.version, r.ended_at, r.region, {}, case when {} then 1 "
                              "else 0 end from {} r where r.id = $1 and {}",
                              rights.everything ? "0" : rights.MatchColumn(), rights.Where(),
                              type.Table(), reads.Where()),
                  params));
    if (!rows.Next()) return error::kNotFound;
    out.version = rows.Int(0);
    region = rows.Text(2);
    match = rows.Int(3);
    if (rows.Int(4) == 0) return error::kForbidden({{"type", type.label.zh}, {"verb", "update"}});
    if (expected && *expected != out.version)
      return error::kChangedMeanwhile(
          {{"current", std::to_string(out.version)}, {"expected", std::to_string(*expected)}});
    if (!rows.IsNull(1)) return error::kEnded;
  }
  TRY(Values checked, Check(*known, changes, false));
  if (checked.fields.empty()) return out;
  if (!CoversAll(rights, checked.fields, changes, match))
    return error::kForbidden({{"type", type.label.zh}, {"verb", "update"}});
  TRY_VOID(CheckMoves(*known, checked, out.id));
  const std::vector<Watcher>* watchers = nullptr;
  json::object before;
  if (watchers_ != nullptr)
    if (auto found = watchers_->find(type_name); found != watchers_->end()) {
      watchers = &found->second;
      TRY(before, ReadRow(tx_, catalogue_, type_name, id));
    }
  checked.Seal(*known, out.id);
  for (size_t i = 0; i < checked.fields.size(); ++i) {
    if (!checked.fields[i]->unique || std::holds_alternative<std::monostate>(checked.Key(i)))
      continue;
    TRY(store::Rows rows,
        tx_.Query(fmt::format("select 1 from {} where {} = $1 and id <> $2 and ended_at is null",
                              type.Table(), checked.fields[i]->KeyColumn()),
                  {checked.Key(i), out.id}));
    if (rows.Next()) return error::kDuplicate({{"field", checked.fields[i]->label.zh}});
  }
  std::string columns = std::string(kBuiltInNames) + type.FieldColumns();
  TRY_VOID(tx_.Enqueue(
      fmt::format("insert into {0} ({1}, valid_to) select {1}, $2 from {2} where id = $1",
                  type.HistoryTable(), columns, type.Table()),
      {out.id, ToMicros(now_)}, 1));
  std::vector<Value> set_params{out.id, out.version, ToMicros(now_), who_.account};
  std::string sets = "version = version + 1, updated_at = $3, updated_by = $4";
  for (size_t i = 0; i < checked.fields.size(); ++i) {
    set_params.push_back(std::move(checked.values[i]));
    sets += fmt::format(", {} = ${}", checked.fields[i]->name, set_params.size());
    if (checked.fields[i]->Hashed()) {
      set_params.push_back(std::move(checked.hashes[i]));
      sets += fmt::format(", {} = ${}", checked.fields[i]->HashColumn(), set_params.size());
    }
  }
  TRY_VOID(tx_.Enqueue(
      fmt::format("update {} set {} where id = $1 and version = $2 and ended_at is null",
                  type.Table(), sets),
      set_params, 1));
  ++out.version;
  out.doubtful = std::move(checked.doubtful);
  if (!rights.everything) {
    TRY(store::Rows rows,
        tx_.Query(fmt::format(
                      "select case when {} then 1 else 0 end, {} from {} r where r.id = $1 and {}",
                      rights.Where(), rights.MatchColumn(), type.Table(), reads.Where()),
                  params));
    if (!rows.Next() || rows.Int(0) == 0)
      return error::kForbidden({{"type", type.label.zh}, {"verb", "update"}});
  }
  TRY_VOID(CheckRow(*known, out.id));
  bool words_changed =
      std::any_of(checked.fields.begin(), checked.fields.end(),
                  [&](const Field* field) { return ChangesWords(type, field->name); });
  if (words_changed) TRY_VOID(IndexWords(*known, out.id, false));
  lines_.push_back(
      {"update", type.name, out.id, region, ToText(AuditDetail(checked.fields, out.version))});
  if (watchers != nullptr) {
    TRY(json::object after, ReadRow(tx_, catalogue_, type_name, id));
    bool system = std::exchange(who_.system, true);
    Result<void> told;
    for (const Watcher& watcher : *watchers)
      if (told) told = watcher(*this, before, after);
    who_.system = system;
    TRY_VOID(told);
  }
  return out;
}

Result<Written> Writer::End(std::string_view type_name, std::string_view id,
                            std::optional<int64_t> expected) {
  TRY(const KnownType* known, catalogue_.Find(type_name));
  const RecordType& type = known->type;
  std::vector<Value> params{std::string(id)};
  TRY(Reachable reads, RightsOf(*known, who_, Verb::kRead, tx_.dialect(), "r", params));
  TRY(Reachable rights, RightsOf(*known, who_, Verb::kEnd, tx_.dialect(), "r", params));
  if (reads.Nothing()) return error::kNotFound;
  if (rights.Nothing() || (type.kept_by_engine && !who_.system))
    return error::kForbidden({{"type", type.label.zh}, {"verb", "end"}});
  Written out;
  out.id = id;
  std::string region;
  {
    TRY(store::Rows rows,
        tx_.Query(fmt::format("select r.version, r.ended_at, r.region, case when {} then 1 else 0 "
                              "end from {} r where r.id = $1 and {}",
                              rights.Where(), type.Table(), reads.Where()),
                  params));
    if (!rows.Next()) return error::kNotFound;
    out.version = rows.Int(0);
    region = rows.Text(2);
    if (rows.Int(3) == 0) return error::kForbidden({{"type", type.label.zh}, {"verb", "end"}});
    if (expected && *expected != out.version)
      return error::kChangedMeanwhile(
          {{"current", std::to_string(out.version)}, {"expected", std::to_string(*expected)}});
    if (!rows.IsNull(1)) return out;  // ended before: asking again changes nothing
  }
  std::string columns = std::string(kBuiltInNames) + type.FieldColumns();
  TRY_VOID(tx_.Enqueue(
      fmt::format("insert into {0} ({1}, valid_to) select {1}, $2 from {2} where id = $1",
                  type.HistoryTable(), columns, type.Table()),
      {out.id, ToMicros(now_)}, 1));
  TRY_VOID(tx_.Enqueue(
      fmt::format(
          "update {} set version = version + 1, updated_at = $3, updated_by = $4, ended_at = $3 "
          "where id = $1 and version = $2",
          type.Table()),
      {out.id, out.version, ToMicros(now_), who_.account}, 1));
  ++out.version;
  lines_.push_back(
      {"end", type.name, out.id, region, ToText(json::object{{"version", out.version}})});
  return out;
}

Result<void> Writer::Send(std::string_view topic, std::string_view subject,
                          const json::value& payload) {
  int64_t now = ToMicros(now_);
  return tx_.Enqueue(
      "insert into outbox (id, topic, subject, region, payload, created_at, next_at, tries) values "
      "($1, $2, $3, $4, $5, $6, $6, 0)",
      {NewId(now_), std::string(topic), std::string(subject), shard_, ToText(payload), now});
}

Result<int64_t> Writer::NextNumber(std::string_view series) {
  TRY(store::Rows rows, tx_.Query("insert into counter (name, value) values ($1, 1) on conflict "
                                  "(name) do update set value = counter.value + 1 returning value",
                                  {std::string(series)}));
  CHECK(rows.Next());
  return rows.Int(0);
}

Result<void> Writer::Finish() {
  std::vector<AuditLine> lines = std::move(lines_);
  lines_.clear();
  return AppendAudit(tx_, ChainOf(shard_), who_, now_, lines);
}
}  // namespace city::ledger
