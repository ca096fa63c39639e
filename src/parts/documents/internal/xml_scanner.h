// SPDX-License-Identifier: Apache-2.0
// Why: a sheet of a million rows is read tag by tag, never as a whole.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace city::documents::internal {

/// Reads XML that comes in pieces. No DTD; names come without their prefix. Threads: one.
class XmlScanner {
 public:
  struct Handler {
    virtual ~Handler() = default;
    /// `attributes`: the text between the name and the end of the tag.
    virtual Result<void> Start(std::string_view name, std::string_view attributes) = 0;
    virtual Result<void> End(std::string_view name) = 0;
    /// Text, entities replaced; may come in several pieces.
    virtual Result<void> Text(std::string_view text) = 0;
  };

  explicit XmlScanner(Handler& handler) : handler_(handler) {}
  /// Errors: documents.bad_zip (as part of a package) when it is no XML, those of the handler.
  Result<void> Feed(std::string_view piece);
  Result<void> Finish();

 private:
  Result<void> Tag(std::string_view tag);
  Result<void> Characters(std::string_view text);

  Handler& handler_;
  std::string held_;
  int depth_ = 0;
};

/// The value of attribute `name` (with its prefix, if any) in the text of a tag; entities replaced.
std::string AttributeOf(std::string_view attributes, std::string_view name);

}  // namespace city::documents::internal
