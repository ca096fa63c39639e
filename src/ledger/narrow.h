// SPDX-License-Identifier: Apache-2.0
// Finding the rows of a right by the index of its owner or holder. SQLite does not know how rows
// are spread and enters "person is null", which a million rows are, rather than "one department's":
// here the index is named. Only for SQLite; PostgreSQL counts its rows.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ledger/catalogue.h"
#include "ledger/rights.h"

namespace city::ledger {

/// Name of a declared index in the store.
std::string IndexName(const RecordType& type, const std::vector<std::string>& columns);

/// Names of the indexes by which the rows of each part of `rights` are found, in their order. Each
/// begins with the owner or holder that the part reaches by, and holds every field that the part's
/// condition and `fields` look at, so that no other row need be opened. Nullopt when a part has
/// none.
std::optional<std::vector<std::string>> EntriesOf(const KnownType& known, const Reachable& rights,
                                                  const std::vector<std::string>& fields);

/// "select rowid …": the rows that `rights` (compiled for the alias r) reach and that `more` holds
/// for, each once; at most `limit` of each part. With `also`, a value of the row, each comes with
/// it under the name k.
std::string KeysSql(const RecordType& type, const Reachable& rights,
                    const std::vector<std::string>& entries, const std::string& more, int limit,
                    const std::string& also = "");
}  // namespace city::ledger
