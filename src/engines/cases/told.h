// SPDX-License-Identifier: Apache-2.0
// What happens to a case without being an act of its own: lines that other engines add to its
// events, and their words.
#pragma once
#include <string_view>

namespace city::cases {

struct ToldInfo {
  std::string_view act, zh, en;
};
/// Null when it is none.
const ToldInfo* FindTold(std::string_view act);
}  // namespace city::cases
