// SPDX-License-Identifier: Apache-2.0
// Words for full-text search that works for Chinese: overlapping pairs of Han signs, and whole
// words of other scripts.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parts/store/store.h"

namespace city::ledger {

/// Words of a text: "韶关市 ID5" gives 韶关, 关市, 市, id5. The last sign of a run stands alone
/// too, so that one sign can be looked for by prefix. At most 20,000 words.
std::vector<std::string> SearchWords(std::string_view text);

/// What is stored for a text: for SQLite the words with spaces (FTS5), for PostgreSQL a tsvector
/// literal with positions.
/// `keyed`, when set, gives the form of a word that must not stand in clear; `after` is where
/// counting begins, and the number of words is added to it.
using KeyedWord = std::function<std::string(std::string_view word)>;
std::string SearchDocument(std::string_view text, store::Dialect dialect,
                           const KeyedWord& keyed = nullptr, size_t* after = nullptr);

/// What is asked for: every run of the query must occur as it stands. Empty when there is nothing
/// to look for.
/// With `keyed` each run may also occur in keyed form; such words are found whole alone.
std::string SearchQuery(std::string_view query, store::Dialect dialect,
                        const KeyedWord& keyed = nullptr);

/// The same question to the stored words of one row on SQLite, with a space before and after them:
/// of each run, one of the texts must occur in it.
std::vector<std::vector<std::string>> SearchTexts(std::string_view query,
                                                  const KeyedWord& keyed = nullptr);
}  // namespace city::ledger
