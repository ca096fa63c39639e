// SPDX-License-Identifier: Apache-2.0
// What was stored in clear before there was a vault is sealed, once.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "engines/flow/internal/runtime_parts.h"

namespace city::flow {
namespace {

constexpr size_t kAtOnce = 500;

struct Part {
  enum Kind { kText, kBlob, kMatch };
  const char* column;
  const char* field;  ///< as Cover knows it; unused by kMatch
  Kind kind;
};

/// A table with what is to be sealed in it.
struct Old {
  const char* table;
  std::vector<const char*> keys;  ///< name the row, in the order of its index
  std::string_view kinds;         ///< of the keys: t text, n number
  int bound;                      ///< the key that a value is bound to; -1: all of them
  int name;                       ///< the key that a keyed hash is named by
  std::vector<Part> parts;
};

const std::vector<Old>& Tables() {
  // What a state or a line is bound to is StepOf, an incident to TaskOf: all keys with strokes
  // between them.
  static const std::vector<Old> kTables = {
      {"flow_instance",
       {"region", "id", "version"},
       "ttn",
       -1,
       0,
       {{"body", "state", Part::kBlob}}},
      {"flow_log",
       {"region", "instance", "version"},
       "ttn",
       -1,
       0,
       {{"lines", "log", Part::kBlob}}},
      {"flow_incident",
       {"region", "instance", "task"},
       "ttn",
       -1,
       0,
       {{"message", "incident", Part::kText}}},
      {"flow_wait",
       {"region", "instance", "owner", "node", "part", "name"},
       "ttnnnt",
       -1,
       5,
       {{"value", "", Part::kMatch}}},
      {"flow_variable",
       {"region", "instance", "name"},
       "ttt",
       -1,
       2,
       {{"value", "", Part::kMatch}}},
      {"flow_inbox",
       {"region", "id", "name"},
       "ttt",
       1,
       2,
       {{"value", "", Part::kMatch}, {"body", "received", Part::kText}}},
      {"flow_outbox",
       {"region", "id"},
       "tt",
       1,
       0,
       {{"name", "name", Part::kText},
        {"value", "key", Part::kText},
        {"body", "sent", Part::kText}}},
      {"flow_notice",
       {"region", "person", "at", "id"},
       "ttnt",
       3,
       0,
       {{"words", "notice", Part::kText}}},
  };
  return kTables;
}

/// Whether it is a keyed hash already. A value of 32 hex signs in clear would be taken for one: it
/// is some key of another system then, and is still found, since both forms are looked for.
bool IsMatch(std::string_view stored) {
  return stored.size() == 32 && stored.find_first_not_of("0123456789abcdef") == stored.npos;
}

/// "$3, $4, $5".
std::string Places(size_t first, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += fmt::format("{}${}", i > 0 ? ", " : "", first + i);
  return out;
}

std::string Listed(const std::vector<const char*>& columns) {
  return fmt::format("{}", fmt::join(columns, ", "));
}

struct Row {
  std::vector<store::Value> keys;
  std::vector<std::string> words;  ///< the keys as text
  std::vector<std::string> stored;
};

Result<std::vector<Row>> Next(store::Tx& tx, const Old& old,
                              const std::vector<store::Value>& last) {
  std::string columns = Listed(old.keys);
  for (const Part& part : old.parts)
    columns += fmt::format(", {} as p_{}", part.column, part.column);
  const std::string sql =
      fmt::format("select {} from {} where ({}) > ({}) order by {} limit {}", columns, old.table,
                  Listed(old.keys), Places(1, old.keys.size()), Listed(old.keys), kAtOnce);
  TRY(store::Rows found, tx.Query(sql, std::span<const store::Value>(last)));
  std::vector<Row> out;
  while (found.Next()) {
    Row row;
    int column = 0;
    for (char kind : old.kinds) {
      if (kind == 'n') {
        row.words.push_back(std::to_string(found.Int(column)));
        row.keys.emplace_back(found.Int(column));
      } else {
        row.words.emplace_back(found.Text(column));
        row.keys.emplace_back(row.words.back());
      }
      ++column;
    }
    for (const Part& part : old.parts) {
      row.stored.emplace_back(part.kind == Part::kBlob ? found.Blob(column) : found.Text(column));
      ++column;
    }
    out.push_back(std::move(row));
  }
  TRY_VOID(found.status());
  return out;
}

/// What is stored instead; the same when nothing is to be done.
std::string Sealed(const Cover& cover, const Old& old, const Part& part, const Row& row,
                   const std::string& stored) {
  if (part.kind == Part::kMatch)
    return IsMatch(stored) ? stored : cover.Match(row.words[static_cast<size_t>(old.name)], stored);
  if (ledger::Vault::IsSealed(stored)) return stored;
  const std::string bound = old.bound < 0 ? fmt::format("{}", fmt::join(row.words, "/"))
                                          : row.words[static_cast<size_t>(old.bound)];
  return cover.Seal(part.field, bound, stored);
}

/// Seals the rows behind `last` and moves it; how many were changed. `more`: there may be others.
Result<int64_t> SealSome(store::Tx& tx, const Cover& cover, const Old& old,
                         std::vector<store::Value>& last, bool& more) {
  TRY(std::vector<Row> rows, Next(tx, old, last));
  more = rows.size() == kAtOnce;
  int64_t changed = 0;
  for (Row& row : rows) {
    std::vector<store::Value> params = row.keys;
    std::string sets;
    for (size_t i = 0; i < old.parts.size(); ++i) {
      std::string sealed = Sealed(cover, old, old.parts[i], row, row.stored[i]);
      if (sealed == row.stored[i]) continue;
      if (old.parts[i].kind == Part::kBlob)
        params.emplace_back(store::Bytes{std::move(sealed)});
      else
        params.emplace_back(std::move(sealed));
      sets +=
          fmt::format("{}{} = ${}", sets.empty() ? "" : ", ", old.parts[i].column, params.size());
    }
    last = std::move(row.keys);
    if (sets.empty()) continue;
    ++changed;
    // A row that somebody else has written since is sealed by that.
    TRY_VOID(tx.Enqueue(fmt::format("update {} set {} where ({}) = ({})", old.table, sets,
                                    Listed(old.keys), Places(1, old.keys.size())),
                        std::span<const store::Value>(params)));
  }
  return changed;
}

}  // namespace

Result<int64_t> Runtime::SealOld() {
  if (options_.vault == nullptr) return 0;
  {
    TRY(auto snapshot, store_.Read());
    TRY(auto rows, snapshot->Query("select 1 from flow_sealed"));
    if (rows.Next()) return 0;
  }
  int64_t changed = 0;
  for (const Old& old : Tables()) {
    std::vector<store::Value> last;
    for (char kind : old.kinds) {
      if (kind == 'n')
        last.emplace_back(std::numeric_limits<int64_t>::min());
      else
        last.emplace_back("");
    }
    for (bool more = true; more;) {
      int64_t some = 0;
      std::vector<store::Value> reached;
      TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
        reached = last;
        TRY(some, SealSome(tx, *cover_, old, reached, more));
        return {};
      }));
      last = std::move(reached);
      changed += some;
    }
  }
  // What was overwritten must not stay behind in free pages and logs.
  if (changed > 0) TRY_VOID(store_.Compact());
  TRY_VOID(store_.Command("", [&](store::Tx& tx) -> Result<void> {
    return tx.Enqueue("insert into flow_sealed (done_at) values ($1)", {ToMicros(clock_.Now())});
  }));
  return changed;
}

}  // namespace city::flow
