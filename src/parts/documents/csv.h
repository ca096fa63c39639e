// SPDX-License-Identifier: Apache-2.0
// Why: lists go out and come in as comma-separated text (RFC 4180).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parts/documents/zip.h"

namespace city::documents {

/// Takes the cells of a row; `row` counts from 1.
using TakeRow = std::function<Result<void>(int64_t row, std::vector<std::string>& cells)>;

/// Writes rows as UTF-8 with a byte order mark, which spreadsheet programs in China need. A cell
/// that such a program would run as a formula gets an apostrophe in front. Threads: one.
class CsvWriter {
 public:
  explicit CsvWriter(Sink sink) : sink_(std::move(sink)) {}
  Result<void> Row(std::span<const std::string> cells);
  /// Passes on what is still held back.
  Result<void> Finish();

 private:
  const Sink sink_;
  std::string held_ = "\xef\xbb\xbf";
};

/// Reads rows of UTF-8 or GB 18030 text; line ends of either kind; empty lines are skipped.
/// Errors: documents.bad_spreadsheet with the row, those of `take`.
Result<void> ReadCsv(std::string_view bytes, const TakeRow& take);

/// `bytes` as UTF-8: as they are when they are valid, else read as GB 18030. False in the pair when
/// they are neither.
std::pair<std::string, bool> ToUtf8(std::string_view bytes);

}  // namespace city::documents
