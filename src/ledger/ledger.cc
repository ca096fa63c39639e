// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "ledger/errors.h"

namespace city::ledger {
namespace {
Result<std::vector<json::object>> StoredSchema(store::Reader& reader) {
  std::vector<json::object> out;
  TRY(store::Rows rows,
      reader.Query("select types from model_version order by number desc limit 1"));
  if (rows.Next()) {
    TRY(json::value types, ParseJson(rows.Text(0), {.max_bytes = 64u << 20}));
    for (json::value& each : types.get_array()) out.push_back(std::move(each.get_object()));
  }
  TRY_VOID(rows.status());
  return out;
}
/// What is stored once the catalogue is in force: declared types, and what an earlier version left
/// behind.
json::array SchemaAfter(const std::vector<json::object>& before, const Catalogue& catalogue) {
  json::array out;
  for (const auto& [name, known] : catalogue.types()) {
    json::object now = SchemaOf(known.type);
    for (const json::object& old : before) {
      if (TextAt(old, "name") != name) continue;
      for (const auto& [column, type] : *ObjectAt(old, "columns"))
        if (!ObjectAt(now, "columns")->contains(column)) now["columns"].get_object()[column] = type;
    }
    out.push_back(std::move(now));
  }
  for (const json::object& old : before)
    if (!catalogue.types().contains(std::string(TextAt(old, "name")))) out.push_back(old);
  return out;
}
}  // namespace

namespace {
/// Type under which answers kept for idempotency are sealed; no record type has such a name.
constexpr std::string_view kAnswers = "idempotency-answer";

/// Seals the values of fields that were in clear until now: rows, history and search words.
/// Answers how many rows were changed.
Result<int64_t> SealRows(store::Tx& tx, const KnownType& known, const json::object& before) {
  const RecordType& type = known.type;
  std::vector<const Field*> fresh;
  const json::array* sealed = ArrayAt(before, "sealed");
  const json::object* columns = ObjectAt(before, "columns");
  for (const Field& field : type.fields) {
    if (!field.sealed || columns == nullptr || !columns->contains(field.name)) continue;
    bool was = sealed != nullptr &&
               std::any_of(sealed->begin(), sealed->end(), [&](const json::value& each) {
                 return each.is_string() && each.get_string() == json::string_view(field.name);
               });
    if (!was) fresh.push_back(&field);
  }
  if (fresh.empty()) return 0;
  const Vault& vault = *known.vault;
  int64_t changed = 0;
  std::string names;
  for (const Field* field : fresh) names += ", " + field->name;
  for (const std::string& table : {type.Table(), type.HistoryTable()}) {
    struct Row {
      std::string id;
      int64_t version;
      std::vector<std::optional<std::string>> values;
    };
    std::string last;
    int64_t last_version = -1;
    for (bool more = true; more;) {
      std::vector<Row> rows;
      {
        TRY(store::Rows found,
            tx.Query(fmt::format("select id, version{} from {} where (id, version) > ($1, $2) "
                                 "order by id, version limit 1000",
                                 names, table),
                     {last, last_version}));
        while (found.Next()) {
          Row row{std::string(found.Text(0)), found.Int(1), {}};
          for (size_t i = 0; i < fresh.size(); ++i) {
            int column = static_cast<int>(i) + 2;
            row.values.push_back(found.IsNull(column)
                                     ? std::nullopt
                                     : std::optional(std::string(found.Text(column))));
          }
          rows.push_back(std::move(row));
        }
        TRY_VOID(found.status());
      }
      more = rows.size() == 1000;
      for (Row& row : rows) {
        last = row.id;
        last_version = row.version;
        std::vector<store::Value> params{row.id, row.version};
        std::string sets;
        auto set = [&](const std::string& column, std::string value) {
          params.emplace_back(std::move(value));
          sets += fmt::format("{}{} = ${}", sets.empty() ? "" : ", ", column, params.size());
        };
        for (size_t i = 0; i < fresh.size(); ++i) {
          if (!row.values[i] || Vault::IsSealed(*row.values[i])) continue;
          if (fresh[i]->Hashed())
            set(fresh[i]->HashColumn(), vault.Hash(type.name, fresh[i]->name, *row.values[i]));
          set(fresh[i]->name, vault.Seal(type.name, fresh[i]->name, row.id, *row.values[i]));
        }
        if (sets.empty()) continue;
        ++changed;
        TRY_VOID(tx.Enqueue(
            fmt::format("update {} set {} where id = $1 and version = $2", table, sets), params));
      }
    }
  }
  return changed;
}
}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(store::Store& store, const Clock& clock,
                                             crypto::KeyDevice* keys) {
  store::Migration steps[] = {
      {"ledger", 1, "audit, outbox, idempotency and model versions have tables",
       LedgerSchema(store::Dialect::kSqlite), LedgerSchema(store::Dialect::kPostgres)},
      {"ledger", 2, "wrapped data keys of sealed fields have a table",
       KeySchema(store::Dialect::kSqlite), KeySchema(store::Dialect::kPostgres)}};
  TRY_VOID(store.Migrate(steps));
  if (keys != nullptr) {
    TRY_VOID(keys->Ensure(kFieldKey, crypto::Purpose::kSeal, clock.Now()));
    TRY_VOID(keys->Ensure(kFieldIndexKey, crypto::Purpose::kIndex, clock.Now()));
  }
  return std::unique_ptr<Ledger>(new Ledger(store, clock, keys));
}

Result<std::shared_ptr<const Vault>> Ledger::OpenVault(const std::vector<std::string>& types) {
  std::shared_ptr<const Vault> out;
  if (keys_ == nullptr) return out;
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    TRY(out, Vault::Open(tx, *keys_, types, clock_.Now()));
    return {};
  }));
  return out;
}

Result<std::vector<SchemaChange>> Ledger::Plan(const Catalogue& catalogue) {
  TRY(auto snapshot, store_.Read());
  TRY(std::vector<json::object> before, StoredSchema(*snapshot));
  return Differences(before, catalogue, store_.dialect());
}

Result<std::vector<SchemaChange>> Ledger::Install(std::shared_ptr<const Catalogue> catalogue,
                                                  const Subject& who, const std::string& summary,
                                                  const std::string& files) {
  std::vector<SchemaChange> changes;
  std::string type_text;
  int64_t sealed_now = 0;
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    sealed_now = 0;
    std::set<std::string> again;  // types whose search words are made anew
    TRY(std::vector<json::object> before, StoredSchema(tx));
    changes = Differences(before, *catalogue, store_.dialect());
    type_text = ToText(SchemaAfter(before, *catalogue));
    for (const SchemaChange& change : changes)
      if (!change.additive && change.what != "is no longer declared" &&
          change.what.find("no longer declared") == std::string::npos)
        return error::kNeedsReviewedStep({{"type", change.type}, {"change", change.what}});
    for (const SchemaChange& change : changes)
      if (!change.sql.empty()) TRY_VOID(tx.Script(change.sql));
    if (keys_ != nullptr) {
      std::vector<std::string> sealed = catalogue->SealedTypes();
      sealed.emplace_back(kAnswers);
      TRY(std::shared_ptr<const Vault> vault, Vault::Open(tx, *keys_, sealed, clock_.Now()));
      catalogue->UseVault(vault);
      for (const json::object& old : before) {
        auto known = catalogue->types().find(std::string(TextAt(old, "name")));
        if (known == catalogue->types().end()) continue;
        TRY(int64_t changed, SealRows(tx, known->second, old));
        sealed_now += changed;
        if (changed > 0) again.insert(known->first);
      }
    }
    for (const json::object& old : before) {
      auto known = catalogue->types().find(std::string(TextAt(old, "name")));
      if (known == catalogue->types().end() || !BoolAt(old, "search")) continue;
      if (again.contains(known->first) || WordsDiffer(known->second.type, old))
        TRY_VOID(Writer::IndexAgain(tx, known->second));
    }
    int64_t number = 1;
    bool same = false;
    {
      TRY(store::Rows rows,
          tx.Query("select number, types, files from model_version order by number desc limit 1"));
      if (rows.Next()) {
        number = rows.Int(0) + 1;
        same = rows.Text(1) == type_text && rows.Text(2) == files;
      }
    }
    if (same) return {};
    TRY_VOID(
        tx.Enqueue("insert into model_version (number, at, by_whom, summary, types, files) values "
                   "($1, $2, $3, $4, $5, $6)",
                   {number, ToMicros(clock_.Now()), who.name, summary, type_text, files}));
    return AppendAudit(tx, ChainOf(""), who, clock_.Now(),
                       {{"install-model", "model", std::to_string(number), "",
                         ToText(json::object{{"summary", summary},
                                             {"changes", static_cast<int64_t>(changes.size())}})}});
  }));
  // What lay in clear must not stay behind in free pages.
  if (sealed_now > 0) TRY_VOID(store_.Compact());
  std::lock_guard lock(mutex_);
  catalogue_ = std::move(catalogue);
  return changes;
}

std::shared_ptr<const Catalogue> Ledger::catalogue() const {
  std::lock_guard lock(mutex_);
  return catalogue_;
}

Result<std::string> Ledger::Command(const CommandInfo& info,
                                    const std::function<Result<std::string>(Writer&)>& work) {
  std::shared_ptr<const Catalogue> catalogue = this->catalogue();
  std::string answer;
  TRY_VOID(store_.Command(info.shard, [&](store::Tx& tx) -> Result<void> {
    Time now = clock_.Now();
    std::string key = info.idempotency_key.empty() ? std::string()
                                                   : info.who.account + "|" + info.idempotency_key;
    if (!key.empty()) {
      TRY(store::Rows rows,
          tx.Query("select request, answer from idempotency where key = $1", {key}));
      if (rows.Next()) {
        if (rows.Text(0) != info.request) return error::kKeyReused;
        answer = rows.Text(1);
        if (const Vault* vault = catalogue->vault()) {
          TRY(answer, vault->Open(kAnswers, "answer", key, answer));
        }
        return {};
      }
    }
    Writer writer(*catalogue, tx, info.who, now, info.shard);
    writer.SetWatchers(&watchers_);
    TRY(std::string made, work(writer));
    answer = std::move(made);
    TRY_VOID(writer.Finish());
    if (key.empty()) return {};
    const Vault* vault = catalogue->vault();
    std::string kept = vault != nullptr ? vault->Seal(kAnswers, "answer", key, answer) : answer;
    return tx.Enqueue(
        "insert into idempotency (key, account, request, answer, at) values ($1, $2, $3, $4, $5)",
        {key, info.who.account, info.request, kept, ToMicros(now)});
  }));
  return answer;
}

Result<void> Ledger::NoteReading(const Subject& who, std::string_view type,
                                 const std::vector<std::string>& ids) {
  // Durable before the answer leaves: a reading that could not be recorded does not happen.
  json::array list;
  for (const std::string& id : ids) list.push_back(json::string(id));
  std::string shard = who.posts.empty() ? std::string() : who.posts.front().region;
  AuditLine line{
      "read", std::string(type), ids.size() == 1 ? ids.front() : std::string(), shard,
      ToText(json::object{{"rows", static_cast<int64_t>(ids.size())}, {"ids", std::move(list)}})};
  return store_.Command(shard, [&](store::Tx& tx) -> Result<void> {
    return AppendAudit(tx, ChainOf(shard), who, clock_.Now(), {line});
  });
}

Result<Page> Ledger::List(const Subject& who, const ListRequest& request) {
  Page page;
  {
    TRY(auto snapshot, store_.Read());
    TRY(Page found, ListRecords(*snapshot, *catalogue(), who, request));
    page = std::move(found);
  }
  if (page.clear_reads > 0 && !who.system) TRY_VOID(NoteReading(who, request.type, page.ids));
  return page;
}

Result<One> Ledger::Read(const Subject& who, std::string_view type, std::string_view id,
                         std::optional<Time> as_of) {
  One one;
  {
    TRY(auto snapshot, store_.Read());
    TRY(One found, ReadRecord(*snapshot, *catalogue(), who, type, id, as_of));
    one = std::move(found);
  }
  if (one.clear_read && !who.system) TRY_VOID(NoteReading(who, type, {one.id}));
  return one;
}

Result<std::string> Ledger::History(const Subject& who, std::string_view type,
                                    std::string_view id) {
  std::string out;
  {
    TRY(auto snapshot, store_.Read());
    TRY(std::string found, ReadHistory(*snapshot, *catalogue(), who, type, id));
    out = std::move(found);
  }
  if (!who.system) {
    TRY(const KnownType* known, catalogue()->Find(type));
    for (const Field& field : known->type.fields)
      if (field.grade >= 3) {
        TRY_VOID(NoteReading(who, type, {std::string(id)}));
        break;
      }
  }
  return out;
}
}  // namespace city::ledger
