// SPDX-License-Identifier: Apache-2.0
// Reading records: one, a page, a history, as of a moment; rights and masks are part of the
// statement.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/catalogue.h"
#include "ledger/subject.h"
#include "parts/store/store.h"

namespace city::ledger {

/// What to list.
struct ListRequest {
  std::string type;
  std::string filter;                ///< FEEL over the fields; empty = all
  std::string sort = "-created_at";  ///< field, "-" first for falling; the key breaks ties.
                                     ///< "entered": as rows came in, the order for a search
  int limit = 50;                    ///< 1 to 500; 0 with `count`: only the number
  std::string after;                 ///< cursor of the page before
  std::string q;                     ///< full text
  std::optional<Time> as_of;         ///< what was known at that moment
  bool count = false;                ///< also count all
  int count_at_most = 100'000;       ///< counting ends here: the total then says "so many or more"
  bool ended = false;                ///< ended rows too
  std::vector<std::string> fields;   ///< only these; empty = all
};

struct Page {
  std::string rows;  ///< JSON array
  std::string next;  ///< cursor, empty at the end
  int64_t total = -1;
  int64_t clear_reads = 0;  ///< rows that showed a field of grade 3 or more in clear
  std::vector<std::string> ids;
};

struct One {
  std::string row;  ///< JSON object
  std::string id;
  std::string region;
  int64_t version = 0;
  bool clear_read = false;  ///< showed a field of grade 3 or more in clear
};

/// Errors: ledger.unknown_type, ledger.forbidden, ledger.bad_filter, ledger.bad_sort,
/// ledger.bad_cursor.
Result<Page> ListRecords(store::Reader& reader, const Catalogue& catalogue, const Subject& who,
                         const ListRequest& request);
/// Errors: ledger.unknown_type, ledger.not_found (also for what may not be seen).
Result<One> ReadRecord(store::Reader& reader, const Catalogue& catalogue, const Subject& who,
                       std::string_view type, std::string_view id, std::optional<Time> as_of = {});
/// All versions that the subject may see, newest first, as a JSON array (each with valid_from and
/// valid_to).
Result<std::string> ReadHistory(store::Reader& reader, const Catalogue& catalogue,
                                const Subject& who, std::string_view type, std::string_view id);
/// A whole row as an engine sees it. Errors: ledger.not_found.
Result<json::object> ReadRow(store::Reader& reader, const Catalogue& catalogue,
                             std::string_view type, std::string_view id);
/// Rows that an engine looks up by FEEL, at most `limit`.
Result<json::array> FindRows(store::Reader& reader, const Catalogue& catalogue,
                             std::string_view type, std::string filter, int limit = 500,
                             std::string sort = "id");
}  // namespace city::ledger
