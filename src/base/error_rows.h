// SPDX-License-Identifier: Apache-2.0
// All error rows of the program by code, so that a code alone can be explained.
#pragma once
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace city {
/// The row of a code such as "gate.not_signed_in"; null when no library of the program has it.
const ErrorRow* FindErrorRow(std::string_view code);
/// All rows, by code.
std::vector<const ErrorRow*> AllErrorRows();

namespace internal {
/// Enters the rows of one library when the program starts; the generated files hold one each.
struct ErrorRowEntry {
  ErrorRowEntry(std::initializer_list<const ErrorRow*> rows);
};
}  // namespace internal
}  // namespace city
