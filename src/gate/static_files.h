// SPDX-License-Identifier: Apache-2.0
// The web app's files: pre-compressed, with tags, read once and kept in memory.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gate/http.h"

namespace city::gate {

/// Reads a folder at start; `name.br` and `name.gz` beside `name` are its compressed forms.
/// Threads: any.
class StaticFiles {
 public:
  explicit StaticFiles(const std::string& folder);
  /// The file for a path; paths of an entry's own pages answer its HTML ("/workbench/x" →
  /// workbench.html). nullopt when there is nothing (a missing asset is never answered with HTML).
  std::optional<Response> Find(const Request& request) const;
  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string type, tag;
    std::shared_ptr<const std::string> plain, gz, br;
    bool immutable = false;
  };
  const File* Lookup(std::string_view path) const;
  std::map<std::string, File, std::less<>> files_;
};

/// Headers that every answer carries; `page` says that it is HTML of the web app.
void AddSecurityHeaders(Response& response, std::string_view path);
}  // namespace city::gate
