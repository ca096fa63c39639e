// SPDX-License-Identifier: Apache-2.0
#include "ledger/search_window.h"

#include <fmt/format.h>

namespace city::ledger {
namespace {
/// Keys of rows and their order in time go together where rows are made as things happen. Where
/// they do not, the matches between two keys are too many.
constexpr int64_t kSpread = 20;
}  // namespace

std::string MatchesBetween(const std::string& search, const std::string& words,
                           const std::string& least, const std::string& most) {
  return fmt::format(
      "r.rowid in (select rowid from {0} where {0} match {1} and rowid between {2} and {3})",
      search, words, least, most);
}

Result<std::optional<Span>> SearchWindow(store::Reader& reader, const WindowAsk& ask,
                                         const std::vector<store::Value>& params) {
  const char* way = ask.falling ? " desc" : "";
  for (int64_t size = ask.first; size <= ask.most; size *= 8) {
    std::vector<store::Value> values = params;
    auto param = [&](store::Value value) {
      values.push_back(std::move(value));
      return "$" + std::to_string(values.size());
    };
    std::string limit = param(size);
    TRY(store::Rows rows,
        reader.Query(
            fmt::format("select count(*), min(k), max(k), {0}(v) from (select r.rowid as k, "
                        "{1} as v from {2} r where 1=1{3} order by {1}{4}, r.id{4} limit {5})",
                        ask.falling ? "min" : "max", ask.key, ask.table, ask.after, way, limit),
            values));
    if (!rows.Next()) break;
    bool all = rows.Int(0) < size;
    int64_t least = rows.Int(1), most = rows.Int(2);
    if (!all && most - least > kSpread * size) return std::optional<Span>();
    if (all) break;
    // Rows that share the last value may lie outside the window, so they do not count.
    store::Value last =
        ask.text ? store::Value(std::string(rows.Text(3))) : store::Value(rows.Int(3));
    std::string inside =
        fmt::format(" and {} {} {}", ask.key, ask.falling ? ">" : "<", param(std::move(last)));
    std::string matches = MatchesBetween(ask.search, ask.words, param(least), param(most));
    TRY(store::Rows found,
        reader.Query(
            fmt::format("select count(*) from (select 1 from {} r where {} and {}{}{} limit {})",
                        ask.table, matches, ask.where, ask.after, inside, ask.wanted),
            values));
    if (found.Next() && found.Int(0) >= ask.wanted) return std::optional<Span>(Span{least, most});
    TRY_VOID(found.status());
  }
  return std::optional<Span>(Span{});
}
}  // namespace city::ledger
