// SPDX-License-Identifier: Apache-2.0
// Why: lists go out and come in as spreadsheets (ECMA-376), a row at a time in little memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "parts/documents/csv.h"
#include "parts/documents/zip.h"

namespace city::documents {

/// A cell to write: nothing, text, a whole number, a real number, yes or no, a day. A whole number
/// of more than 15 digits is written as text, since spreadsheet programs would round it.
using SheetCell = std::variant<std::monostate, std::string, int64_t, double, bool, Date>;

/// Writes a workbook of one sheet. Threads: one.
class XlsxWriter {
 public:
  static constexpr int64_t kMostRows = 1'048'576;

  struct Column {
    std::string title;
    double width = 16;  ///< characters
  };

  /// `sheet`: its name; signs that a name cannot have become blanks.
  XlsxWriter(Sink sink, std::string sheet, std::vector<Column> columns);
  /// Adds a row below the titles. Errors: documents.too_many_rows, those of the sink.
  Result<void> Row(std::span<const SheetCell> cells);
  /// Must be called at the end.
  Result<void> Finish();

 private:
  Result<void> Begin();
  Result<void> Flush(size_t least);

  ZipStream zip_;
  const std::string sheet_;
  const std::vector<Column> columns_;
  std::string held_;
  int64_t row_ = 0;
};

/// Reads the rows of the first sheet of a workbook as text: numbers as they are stored, days as
/// 2026-01-31, moments as 2026-01-31 08:00:00, yes and no as TRUE and FALSE. Empty cells between
/// others are empty text; empty rows are skipped. `xlsx` may be hostile: at most 512 MiB unpacked.
/// Errors: documents.bad_spreadsheet, documents.bad_zip, documents.zip_too_large, those of `take`.
Result<void> ReadXlsx(std::string_view xlsx, const TakeRow& take);

}  // namespace city::documents
