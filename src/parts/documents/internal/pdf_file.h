// SPDX-License-Identifier: Apache-2.0
// Why: to sign a PDF its objects must be found, wherever it was made: by tables or streams of
// cross-references, in clear or in object streams (ISO 32000-1, 7.5). Nothing is drawn here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city::documents::internal {

/// The object that begins at `at` (blanks and comments before it are skipped): where it begins and
/// ends; nothing when it is damaged. A reference such as "4 0 R" is one object.
std::optional<std::pair<size_t, size_t>> PdfValueAt(std::string_view text, size_t at);
/// The value of `key` (without its stroke) in the dictionary that `dictionary` begins with.
std::optional<std::string_view> PdfEntry(std::string_view dictionary, std::string_view key);
/// The number of a reference "4 0 R"; nothing for anything else.
std::optional<size_t> PdfReference(std::string_view value);
/// The values of an array.
std::vector<std::string_view> PdfArray(std::string_view value);

/// A page and what it inherits.
struct PdfPage {
  size_t number = 0;                 ///< of its object
  std::string dictionary;            ///< its own, as it stands
  double box[4] = {0, 0, 612, 792};  ///< what is seen of it: left, bottom, right, top; points
  int rotate = 0;                    ///< 0, 90, 180 or 270, clockwise
};

/// Objects of a PDF. `pdf` must outlive it. Threads: one.
class PdfFile {
 public:
  /// Errors: documents.bad_pdf; encrypted files too.
  static Result<PdfFile> Open(std::string_view pdf);

  /// The text of an object, without its head and end; of a stream its dictionary.
  Result<std::string> Object(size_t number) const;
  /// All pages in their order. Errors: documents.bad_pdf, also for more than 20,000.
  Result<std::vector<PdfPage>> Pages() const;

  size_t root() const { return root_; }
  size_t next_number() const { return size_; }
  size_t newest_section() const { return newest_; }
  bool by_streams() const { return by_streams_; }  ///< whether the newest section is a stream
  /// "/Root 1 0 R /Info 2 0 R /ID […]", as far as the file has them.
  std::string TrailerEntries() const;

 private:
  struct Place {
    bool packed = false;  ///< in an object stream
    size_t at = 0;        ///< offset, or number of the object stream
  };
  Result<void> ReadSections(size_t at);
  Result<std::string> ReadTable(size_t at);
  Result<std::string> ReadStream(size_t at);
  struct Packed {
    std::string bytes;
    std::map<size_t, size_t> begins;  ///< of its objects, by number
  };
  Result<std::string> Unpacked(size_t at) const;
  Result<const Packed*> PackedAt(size_t number) const;
  Result<void> Count(size_t bytes) const;
  Result<std::string_view> TextAt(size_t at) const;

  std::string_view pdf_;
  std::map<size_t, Place> places_;
  size_t root_ = 0, size_ = 0, newest_ = 0;
  bool by_streams_ = false;
  std::string trailer_;
  mutable std::map<size_t, Packed> packed_;  ///< object streams, each unpacked once
  mutable size_t work_ = 0;                  ///< bytes looked at or unpacked so far
};

}  // namespace city::documents::internal
