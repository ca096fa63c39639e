// SPDX-License-Identifier: Apache-2.0
#include "ledger/narrow.h"

#include <fmt/format.h>

#include <algorithm>

namespace city::ledger {
namespace {
using Columns = std::vector<std::string>;

bool Holds(const Columns& columns, const std::string& name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// The column that a right reaches its rows by; empty where it is none of the type's own.
std::string HeadOf(const RecordType& type, const Right& right) {
  switch (right.reach) {
    case Reach::kOrganisation:
    case Reach::kOrganisationTree:
      return type.owner;
    case Reach::kHolder:
      return type.holder;
    case Reach::kAll:
    case Reach::kRegion:
      break;
  }
  return {};
}

/// The index after `head` whose next columns are looked at; all that is looked at must be in it.
const Columns* BestIndex(const RecordType& type, const std::string& head, const Columns& wanted) {
  const Columns* best = nullptr;
  ptrdiff_t best_depth = -1;
  for (const Columns& index : type.indexes) {
    if (index.empty() || index.front() != head) continue;
    if (!std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& name) { return name == "id" || Holds(index, name); }))
      continue;
    auto end = std::find_if(index.begin() + 1, index.end(),
                            [&](const std::string& name) { return !Holds(wanted, name); });
    ptrdiff_t depth = end - index.begin();
    if (depth > best_depth) {
      best = &index;
      best_depth = depth;
    }
  }
  return best;
}
}  // namespace

std::string IndexName(const RecordType& type, const std::vector<std::string>& columns) {
  std::string name = "i_" + type.Table().substr(2);
  for (const std::string& column : columns) {
    const Field* field = type.Find(column);
    name += "_" + (field != nullptr ? field->KeyColumn() : column);
  }
  return name;
}

std::optional<std::vector<std::string>> EntriesOf(const KnownType& known, const Reachable& rights,
                                                  const std::vector<std::string>& fields) {
  if (rights.everything || rights.parts.empty()) return std::nullopt;
  std::vector<std::string> out;
  for (const Reachable::Part& part : rights.parts) {
    std::string head = HeadOf(known.type, *part.right);
    if (head.empty()) return std::nullopt;
    Columns wanted = fields;
    auto at = static_cast<size_t>(part.right - known.type.rights.data());
    for (std::string& field : known.conditions[at].Fields()) wanted.push_back(std::move(field));
    const Columns* index = BestIndex(known.type, head, wanted);
    if (index == nullptr) return std::nullopt;
    out.push_back(IndexName(known.type, *index));
  }
  return out;
}

std::string KeysSql(const RecordType& type, const Reachable& rights,
                    const std::vector<std::string>& entries, const std::string& more, int limit,
                    const std::string& also) {
  std::string out, value = also.empty() ? "" : ", k";
  for (size_t i = 0; i < rights.parts.size(); ++i)
    out += fmt::format(
        "{}select rowid{} from (select r.rowid{} from {} r indexed by {} where {}{} limit {})",
        i == 0 ? "" : " union ", value, also.empty() ? "" : ", " + also + " as k", type.Table(),
        entries[i], rights.parts[i].sql, more, limit);
  return out;
}
}  // namespace city::ledger
