// SPDX-License-Identifier: Apache-2.0
// The small steps between rows as JSON and the texts that engines work with.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace city::ledger {

/// A text of a row; empty when it is absent or no text.
inline std::string Text(const json::object& row, std::string_view key) {
  return std::string(TextAt(row, key));
}

/// What goes into a row for a text: null for an empty one.
inline json::value OrNull(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

/// A text as a FEEL string literal (DMN 1.5, 10.3.1.2), for filters that are put together. The
/// escapes of AppendJsonString are among those of FEEL.
inline std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}
}  // namespace city::ledger
