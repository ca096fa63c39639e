// SPDX-License-Identifier: Apache-2.0
// Why: a list that somebody may see can be taken along, in the words in which people read it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/ledger.h"

namespace city::sheets {

enum class Form { kXlsx, kCsv };
/// "xlsx" or "csv". Errors: sheets.unknown_form.
Result<Form> FormOf(std::string_view name);

/// What to export.
struct Wish {
  ledger::ListRequest list;  ///< filter, sort, words and fields; its limit and cursor are not used
  Form form = Form::kXlsx;
  bool english = false;  ///< labels in English, else in Chinese
  int64_t most_rows = 100'000;
};

/// A file and how many rows it has below the titles.
struct Sheet {
  std::string bytes;
  int64_t rows = 0;
};

/// Writes what `who` may see of the list, masked as on the screen; fields without a right to any of
/// their rows stay empty. The rows come page by page in the order of the list: a row changed
/// meanwhile appears as it is when its page is read. Readings of personal data in clear are
/// recorded as those of the list are, and the export of a signed-in person as one line of its own.
/// Nothing is left out silently.
/// Errors: sheets.too_many_rows, sheets.unknown_field, those of ledger.List.
Result<Sheet> ExportRecords(ledger::Ledger& ledger, const ledger::Subject& who, const Wish& wish);
}  // namespace city::sheets
