// SPDX-License-Identifier: Apache-2.0
// Items as a spreadsheet, out and in. Columns are the item's fields by name; lists and structures
// stand as JSON.
#pragma once
#include "ledger/ledger.h"

namespace city::items {

/// A workbook of the items that `who` may read. Errors: those of writing.
Result<std::string> ExportItems(ledger::Ledger& ledger, const ledger::Subject& who,
                                const std::string& filter);

/// Brings a workbook in: rows are known by `code`, unknown codes are new drafts, empty cells leave
/// a field alone. All in one command with the rights of the caller; a dry run changes nothing.
/// Answers {rows, new, changed, same, changes: [{row, code, fields}]}.
/// Errors: items.sheet_wrong with the row, those of the ledger.
Result<std::string> ImportItems(ledger::Ledger& ledger, const ledger::CommandInfo& info,
                                std::string_view workbook, bool dry_run);
}  // namespace city::items
