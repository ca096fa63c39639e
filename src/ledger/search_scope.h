// SPDX-License-Identifier: Apache-2.0
// Whose a row is, told to the search index: a word that a third of ten million rows hold is then
// looked for among those of one applicant, department or place alone. It only narrows; the rights
// themselves stand in the statement. For SQLite; PostgreSQL joins its indexes by itself.
#pragma once
#include <string>
#include <string_view>

#include "ledger/catalogue.h"
#include "ledger/subject.h"
#include "parts/store/store.h"

namespace city::ledger {

/// Number of the way in which the words of a row are put together. A store whose words are of an
/// older one indexes them again.
inline constexpr int64_t kSearchForm = 2;

/// Fields whose change changes the words of a row: those looked into, its owner and its holder.
bool ChangesWords(const RecordType& type, std::string_view field);

/// Words for a row's owner, holder (empty for none) and each level of its region. Nobody's query
/// gives such a word: it begins with a sign that queries part words at.
std::string ScopeWords(std::string_view owner, std::string_view holder, std::string_view region);

/// Words one of which each row holds that the subject may read; empty when they would be too many
/// or all rows are reached. Errors: of the store.
Result<std::string> ScopeQuery(store::Reader& reader, const KnownType& known, const Subject& who);
}  // namespace city::ledger
