// SPDX-License-Identifier: Apache-2.0
#include "base/error_rows.h"

#include <map>

namespace city {
namespace {
std::map<std::string_view, const ErrorRow*>& Known() {
  static std::map<std::string_view, const ErrorRow*> rows;
  return rows;
}
}  // namespace

const ErrorRow* FindErrorRow(std::string_view code) {
  auto found = Known().find(code);
  return found == Known().end() ? nullptr : found->second;
}

std::vector<const ErrorRow*> AllErrorRows() {
  std::vector<const ErrorRow*> out;
  for (const auto& [code, row] : Known()) out.push_back(row);
  return out;
}

internal::ErrorRowEntry::ErrorRowEntry(std::initializer_list<const ErrorRow*> rows) {
  for (const ErrorRow* row : rows) Known().emplace(row->code, row);
}
}  // namespace city
