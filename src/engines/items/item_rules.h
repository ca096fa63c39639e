// SPDX-License-Identifier: Apache-2.0
// Whether the parameters of an item agree with each other and with the coding rules.
// Source: GB/T 39046-2020; codes as exchanged (12-digit basic code, 31-character implementation
// code, 33-character business code).
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace city::items {

/// One disagreement, told to a person.
struct ItemFault {
  std::string field;
  std::string zh, en;
};

/// Faults of one item; empty when it is consistent.
std::vector<ItemFault> CheckItem(const json::object& item);
/// Faults between items: codes used twice, one basic code with two names, types or bases. Each is
/// told with the index of the later item.
std::vector<std::pair<size_t, ItemFault>> CheckTogether(const std::vector<json::object>& items);
}  // namespace city::items
