// SPDX-License-Identifier: Apache-2.0
// Searching among millions in the order of time. A word that thousands of rows hold is neither
// fetched whole and sorted nor asked for in row after row: the newest thousand rows are looked at,
// then the newest eight thousand and so on, each time asking the search index for its matches among
// them alone. Only for SQLite; PostgreSQL has its own ways.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parts/store/store.h"

namespace city::ledger {

/// A search whose answer is shown in the order of `key`, which an index gives and which is never
/// null.
struct WindowAsk {
  std::string table;   ///< "r_permit"; its alias in all conditions is r
  std::string search;  ///< "s_permit"
  std::string words;   ///< parameter with the words, "$3"
  std::string key;     ///< "r.submitted_at"
  bool text = false;   ///< the key is text; else a whole number
  bool falling = false;
  std::string where;       ///< all other conditions; it must name no index
  std::string after;       ///< condition of the cursor, " and …"; empty on the first page
  int wanted = 51;         ///< matches that are enough
  int64_t first = 1000;    ///< rows of the first window; each next one is eight times larger
  int64_t most = 512'000;  ///< beyond, all matches are fetched
};

/// Among which rows to search, by their place in the table.
struct Span {
  int64_t least = INT64_MIN, most = INT64_MAX;
};
/// Rows that hold the first `wanted` matches in the order (or all, when there are fewer) and few
/// others. Nullopt when rows were not made in this order, so that it is better to walk.
Result<std::optional<Span>> SearchWindow(store::Reader& reader, const WindowAsk& ask,
                                         const std::vector<store::Value>& params);
/// The condition that a row matches and lies between two parameters.
std::string MatchesBetween(const std::string& search, const std::string& words,
                           const std::string& least, const std::string& most);
}  // namespace city::ledger
