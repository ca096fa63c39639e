// SPDX-License-Identifier: Apache-2.0
// One page of a list. SQLite knows nothing of how rows are spread: it would gather a million rows
// that a right reaches and sort them, to show fifty. So it is told how to fetch them; how never
// changes which.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "ledger/errors.h"
#include "ledger/narrow.h"
#include "ledger/query.h"
#include "ledger/rights.h"
#include "ledger/row_shape.h"
#include "ledger/schema.h"
#include "ledger/search_scope.h"
#include "ledger/search_window.h"
#include "ledger/search_words.h"
#include "ledger/sort_order.h"

namespace city::ledger {
namespace {
using store::Dialect;
using store::Value;

/// Beyond so many rows it is cheaper to walk in the order asked for than to gather and sort.
constexpr int kFewRows = 500;
/// So many entries of an index are looked through for the newest fifty.
constexpr int kFewEntries = 20'000;
/// So many rows are read themselves for a common word.
constexpr int kFewRead = 2000;
/// So many matches of a search are fetched and sorted rather than looked for.
constexpr int kFewMatches = 5000;

/// Whether a statement gives more than `few` rows; never looks at more. That there are many is
/// remembered for a minute: it only decides how rows are fetched, not which.
Result<bool> AreMany(store::Reader& reader, const std::string& select,
                     const std::vector<Value>& params, int few) {
  using Moment = std::chrono::steady_clock::time_point;
  static std::mutex mutex;
  static std::unordered_map<std::string, Moment> many_until;
  std::string key = select + std::to_string(few);
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
      reader.Query(fmt::format("select count(*) from ({} limit {}) c", select, few + 1), params));
  bool many = rows.Next() && rows.Int(0) > few;
  TRY_VOID(rows.status());
  if (many) {
    std::lock_guard lock(mutex);
    if (many_until.size() > 2000) many_until.clear();
    many_until[std::move(key)] = now + std::chrono::minutes(1);
  }
  return many;
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

class Lister {
 public:
  Lister(store::Reader& reader, const KnownType& known, const Subject& who,
         const ListRequest& request)
      : reader_(reader),
        known_(known),
        type_(known.type),
        who_(who),
        request_(request),
        sqlite_(reader.dialect() == Dialect::kSqlite) {}

  Result<Page> Run() {
    TRY_VOID(Prepare());
    if (request_.limit == 0 && request_.count && entries_ && request_.q.empty()) {
      // Nothing is shown, so nothing need be known about how to fetch it.
    } else {
      TRY_VOID(Narrow());
    }
    where_ += standing_ + filter_;
    TRY_VOID(Search());
    if (!few_.empty() && from_.empty()) where_ = "r.rowid in (" + few_ + ") and " + where_;
    Page page;
    if (request_.count) {
      TRY_VOID(Count(page));
      if (request_.limit == 0) {
        page.rows = "[]";
        return page;
      }
    }
    TRY_VOID(MaySort());
    TRY_VOID(Fetch(page));
    return page;
  }

 private:
  std::string Param(Value value) {
    params_.push_back(std::move(value));
    return "$" + std::to_string(params_.size());
  }

  Result<std::string> FilterSql(std::string_view alias) {
    if (request_.filter.empty()) return std::string();
    const Post* post = who_.posts.empty() ? nullptr : &who_.posts.front();
    TRY(std::string sql,
        condition_.Sql(reader_.dialect(), alias, who_, post, known_.vault.get(), params_));
    return " and " + sql;
  }

  /// Rights, order, columns and the filter.
  Result<void> Prepare() {
    table_ = type_.Table();
    if (request_.as_of) table_ = AsOfTable(type_, Param(ToMicros(*request_.as_of)));
    rights_begin_ = params_.size();
    TRY(rights_, RightsOf(known_, who_, Verb::kRead, reader_.dialect(), "r", params_));
    rights_end_ = params_.size();
    if (rights_.Nothing()) return error::kForbidden({{"type", type_.label.zh}, {"verb", "read"}});
    TRY(sort_, ReadSort(type_, request_.sort.empty() ? "-created_at" : request_.sort,
                        sqlite_ && !request_.as_of));
    key_ = SortSql(type_, sort_, reader_.dialect(), "r");
    shape_ = ShapeOf(known_, "r", request_.fields);
    where_ = counted_ = rights_.Where();
    standing_ = !request_.as_of && !request_.ended ? " and r.ended_at is null" : "";
    if (!request_.filter.empty()) {
      TRY(condition_, Condition::Compile(type_, request_.filter));
      TRY_VOID(MayFilter());
      TRY(filter_, FilterSql("r"));
    }
    filter_end_ = params_.size();
    counted_ += filter_ + standing_;
    if (Told()) entries_ = EntriesOf(known_, rights_, condition_.Fields());
    if (!request_.after.empty()) {
      TRY(cursor_, ReadCursor(sort_, request_.after));
    }
    plain_ = rights_;
    return {};
  }

  /// Whether the engine must be told how to fetch the rows of these rights.
  bool Told() const { return sqlite_ && !request_.as_of && !rights_.everything; }
  bool ByEntry() const { return key_ == "r.rowid"; }

  /// A masked or hidden field must not be found out by filtering on it.
  Result<void> MayFilter() const {
    for (const std::string& name : condition_.Fields()) {
      const Field* field = type_.Find(name);
      if (field == nullptr || rights_.everything) continue;
      bool allowed =
          std::all_of(rights_.parts.begin(), rights_.parts.end(), [&](const Reachable::Part& part) {
            return part.right->Covers(name) &&
                   (field->grade <= 1 || part.right->grade >= field->grade);
          });
      if (!allowed)
        return error::kBadFilter(
            {{"reason", "「" + field->label.zh + "」/ \"" + field->label.en +
                            "\" 不对您开放筛选 / is not open to you for filtering"}});
    }
    return {};
  }

  Result<void> MaySort() const {
    const Field* field = type_.Find(sort_.column);
    if (field == nullptr || field->grade <= 1 || rights_.everything) return {};
    for (const Reachable::Part& part : rights_.parts)
      if (part.right->grade < field->grade || !part.right->Covers(field->name))
        return error::kBadSort({{"field", sort_.column}});
    return {};
  }

  /// Finds out how many rows the rights reach, and with it how to fetch them: a few by their keys,
  /// some thousands by what an index tells of them, more by walking in the order asked for, which
  /// "+r.column" leads to: a value that no index is entered by.
  Result<void> Narrow() {
    if (!Told()) return {};
    // Words are looked for among the rows of the rights by the search index itself.
    bool searched = !request_.q.empty() && ByEntry();
    std::string more = filter_ + standing_;
    if (entries_) {
      int few = searched ? kFewRead : kFewRows;
      std::string keys = KeysSql(type_, rights_, *entries_, more, few + 1);
      TRY(ordered_, AreMany(reader_, "select rowid from (" + keys + ")", params_, few));
      if (!ordered_) few_ = std::move(keys);
    } else if (!searched && where_ != "((1=1))") {
      // The filter's values stay outside, so that all filters share what is remembered.
      std::vector<Value> only(params_.begin(),
                              params_.begin() + static_cast<ptrdiff_t>(rights_end_));
      TRY(ordered_,
          AreMany(reader_, fmt::format("select 1 from {} r where {}{}", table_, where_, standing_),
                  only, kFewRows));
    }
    std::vector<Value> bounds;
    if (ordered_ && request_.q.empty()) {
      TRY(bounds, Bound(more));
    }
    if (searched ? few_.empty() : !ordered_ && few_.empty()) return {};
    // One value of a field may be entered by an index that also holds the order; a choice of
    // several would be gathered and sorted.
    bool choice = filter_.find(" or ") != std::string::npos ||
                  filter_.find(" in ") != std::string::npos ||
                  filter_.find("not") != std::string::npos;
    params_.resize(rights_begin_);
    TRY(rights_, RightsOf(known_, who_, Verb::kRead, reader_.dialect(), "+r", params_));
    where_ = rights_.Where();
    TRY(filter_, FilterSql(!few_.empty() || ((choice || !request_.q.empty()) &&
                                             HasOrder(type_, sort_.column))
                               ? "+r"
                               : "r"));
    // The same parameters came in the same order, so the bounds have the numbers that they had.
    params_.insert(params_.end(), bounds.begin(), bounds.end());
    return {};
  }

  /// Where an index tells owner or holder, filter and order of some thousands of rows, the page's
  /// last value is found in it, and only rows up to that one are fetched. Returns the parameters
  /// that `few_` then has beyond those of rights and filter.
  Result<std::vector<Value>> Bound(const std::string& more) {
    std::vector<Value> none;
    if (type_.Find(sort_.column) == nullptr || !NeverNull(type_, sort_.column)) return none;
    std::vector<std::string> looked = condition_.Fields();
    looked.push_back(sort_.column);
    std::optional<std::vector<std::string>> indexes = EntriesOf(known_, rights_, looked);
    if (!indexes) return none;
    std::string keys = KeysSql(type_, rights_, *indexes, more, kFewEntries + 1);
    TRY(bool many, AreMany(reader_, "select rowid from (" + keys + ")", params_, kFewEntries));
    if (many) return none;
    size_t before = params_.size();
    std::string inside = more;
    if (!cursor_.empty()) {
      std::string value = Param(cursor_[0]), id = Param(cursor_[1]);
      inside += " and " + AfterSql(type_, sort_, Dialect::kSqlite, key_, false, value, id);
    }
    std::string last = KeysSql(type_, rights_, *indexes, inside, kFewEntries + 1, key_);
    std::string wanted = Param(static_cast<int64_t>(std::clamp(request_.limit, 1, 500)));
    TRY(store::Rows rows,
        reader_.Query(fmt::format("select k from ({}) order by k{} limit 1 offset {}", last,
                                  sort_.falling ? " desc" : "", wanted),
                      params_));
    if (rows.Next()) {
      Value value = sort_.type == ColumnType::kText      ? Value(std::string(rows.Text(0)))
                    : sort_.type == ColumnType::kInteger ? Value(rows.Int(0))
                                                         : Value(rows.Number(0));
      inside += fmt::format(" and {} {} {}", key_, sort_.falling ? ">=" : "<=", Param(value));
    }
    TRY_VOID(rows.status());
    few_ = KeysSql(type_, rights_, *indexes, inside, kFewEntries + 1);
    ordered_ = false;
    return std::vector<Value>(params_.begin() + static_cast<ptrdiff_t>(before), params_.end());
  }

  Result<void> Search() {
    if (request_.q.empty() || request_.as_of) return {};
    std::string words =
        SearchQuery(request_.q.substr(0, 400), reader_.dialect(), KeyedWords(known_));
    if (type_.search.empty() || words.empty()) {
      where_ += " and 1=0";
      counted_ += " and 1=0";
      return {};
    }
    if (!sqlite_) {
      std::string found = SearchSql(type_, Dialect::kPostgres, Param(std::move(words)), false);
      where_ += " and " + found;
      counted_ += " and " + found;
      return {};
    }
    if (ByEntry()) return SearchByEntry(words);
    TRY(words, Scoped(words));
    std::vector<Value> only{Value(words)};
    TRY(bool many, AreMany(reader_, Matches(), only, few_.empty() ? kFewMatches : kFewRows));
    searched_ = Param(std::move(words));
    windows_ = many && ordered_ && sort_.column != "id" && HasOrder(type_, sort_.column) &&
               NeverNull(type_, sort_.column) && sort_.type != ColumnType::kNumber;
    std::string found = SearchSql(type_, Dialect::kSqlite, searched_, many);
    counted_ += " and " + found;
    if (!windows_) where_ += " and " + found;
    return {};
  }

  std::string Matches() const {
    return fmt::format("select 1 from {0} where {0} match $1", type_.SearchTable());
  }
  Result<std::string> Scoped(const std::string& words) {
    TRY(std::string scope, ScopeQuery(reader_, known_, who_));
    return scope.empty() ? words : "(" + words + ") AND (" + scope + ")";
  }

  /// In the order in which rows came in, the search index gives its matches one after another; it
  /// is followed until the page is full. Where rights and filter leave few rows of a common word,
  /// these are read instead.
  Result<void> SearchByEntry(const std::string& words) {
    TRY(std::string scoped, Scoped(words));
    if (few_.empty() && !filter_.empty()) {
      TRY(bool many, AreMany(reader_, Matches(), {Value(scoped)}, kFewRows));
      std::string keys = fmt::format("select r.rowid from {} r where {}", table_, counted_);
      if (many) {
        TRY(many, AreMany(reader_, keys, params_, kFewRead));
        if (!many) few_ = std::move(keys);
      }
    }
    if (!few_.empty()) {
      std::string holds;
      for (const auto& run : SearchTexts(request_.q.substr(0, 400), KeyedWords(known_))) {
        std::string any;
        for (const std::string& text : run)
          any += (any.empty() ? "instr(w, " : " or instr(w, ") + Param(text) + ") > 0";
        holds += " and (" + any + ")";
      }
      std::string found = fmt::format(
          " and exists (select 1 from (select ' ' || c0 || ' ' as w from {}_content where id = "
          "r.rowid) where 1=1{})",
          type_.SearchTable(), holds);
      where_ += found;
      counted_ += found;
      return {};
    }
    searched_ = Param(std::move(scoped));
    std::string table = type_.SearchTable();
    key_ = table + ".rowid";
    std::string match = fmt::format("{} match {} and ", table, searched_);
    where_ = match + where_;
    counted_ = match + counted_;
    from_ = fmt::format("{0} cross join {1} r on r.rowid = {0}.rowid", table, table_);
    return {};
  }

  std::string From() const { return from_.empty() ? table_ + " r" : from_; }

  Result<void> Count(Page& page) {
    std::string select =
        entries_ && request_.q.empty()
            ? "select rowid from (" +
                  KeysSql(type_, plain_, *entries_, counted_.substr(plain_.Where().size()),
                          request_.count_at_most) +
                  ")"
            : fmt::format("select 1 from {} where {}", From(), counted_);
    // Without words, what follows the filter's values is for fetching the rows.
    std::vector<Value> only = params_;
    if (request_.q.empty()) only.resize(filter_end_);
    TRY(store::Rows rows, reader_.Query(fmt::format("select count(*) from ({} limit {}) c", select,
                                                    request_.count_at_most),
                                        only));
    if (rows.Next()) page.total = rows.Int(0);
    return rows.status();
  }

  Result<void> Fetch(Page& page) {
    std::string before = where_;
    if (!cursor_.empty()) {
      bool null = std::holds_alternative<std::monostate>(cursor_[0]);
      std::string value = null || sort_.column == "id" ? "null" : Param(cursor_[0]);
      std::string id = ByEntry() || !from_.empty() ? std::string() : Param(cursor_[1]);
      where_ += " and " + AfterSql(type_, sort_, reader_.dialect(), key_, null, value, id);
    }
    int limit = std::clamp(request_.limit, 1, 500);
    if (windows_) TRY_VOID(SearchInWindows(before, limit));
    std::string match = rights_.everything ? "0" : rights_.MatchColumn();
    std::string sql =
        fmt::format("select {}, {}, {} from {} where {} order by {} limit {}", shape_.select, match,
                    key_, From(), where_, OrderSql(sort_, key_), Param(int64_t{limit + 1}));
    TRY(store::Rows rows, reader_.Query(sql, params_));
    auto sort_column = static_cast<int>(kBuiltInColumns + shape_.fields.size() + 1);
    page.rows = "[";
    int got = 0;
    std::string cursor;
    while (rows.Next()) {
      if (got == limit) {
        page.next = cursor;
        break;
      }
      if (got != 0) page.rows += ',';
      TRY(bool clear, AppendRow(page.rows, rows, shape_, rights_));
      page.clear_reads += clear ? 1 : 0;
      page.ids.emplace_back(rows.Text(0));
      if (++got == limit) cursor = MakeCursor(sort_, rows, sort_column);
    }
    TRY_VOID(rows.status());
    page.rows += ']';
    return {};
  }

  Result<void> SearchInWindows(const std::string& before, int limit) {
    WindowAsk ask{.table = table_,
                  .search = type_.SearchTable(),
                  .words = searched_,
                  .key = key_,
                  .text = sort_.type == ColumnType::kText,
                  .falling = sort_.falling,
                  .where = before,
                  .after = where_.substr(before.size()),
                  .wanted = limit + 1};
    TRY(std::optional<Span> span, SearchWindow(reader_, ask, params_));
    if (span) {
      std::string least = Param(span->least), most = Param(span->most);
      where_ += " and " + MatchesBetween(type_.SearchTable(), searched_, least, most);
    } else {
      where_ += " and " + SearchSql(type_, Dialect::kSqlite, searched_, true);
    }
    return {};
  }

  store::Reader& reader_;
  const KnownType& known_;
  const RecordType& type_;
  const Subject& who_;
  const ListRequest& request_;
  bool sqlite_;
  std::vector<Value> params_;
  size_t rights_begin_ = 0, rights_end_ = 0, filter_end_ = 0;
  Reachable rights_;  ///< as the statement has them
  Reachable plain_;   ///< as counting has them; the same parameters
  Sort sort_;
  std::string key_;  ///< what is sorted by
  Shape shape_;
  Condition condition_;
  std::vector<Value> cursor_;  ///< value and key of the last row of the page before
  std::string table_, from_, where_, standing_, filter_;
  std::string counted_;  ///< says the same as `where_`, so that an index may gather few rows
  std::optional<std::vector<std::string>> entries_;
  std::string few_;       ///< statement of the keys of all rows there are, when they are few
  bool ordered_ = false;  ///< too many to be gathered
  std::string searched_;  ///< parameter of the words
  bool windows_ = false;  ///< matches are looked for window by window
};
}  // namespace

Result<Page> ListRecords(store::Reader& reader, const Catalogue& catalogue, const Subject& who,
                         const ListRequest& request) {
  TRY(const KnownType* known, catalogue.Find(request.type));
  return Lister(reader, *known, who, request).Run();
}
}  // namespace city::ledger
