// SPDX-License-Identifier: Apache-2.0
// Words of a command: flags, values, and what is left; unknown flags are refused.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/city.h"
#include "server/commands.h"

namespace city::server {

/// Reads "--flag value" and "--flag"; settings not given fall back to the environment (YIWANG_PORT
/// for --port).
class Options {
 public:
  explicit Options(Arguments arguments)
      : arguments_(arguments.begin(), arguments.end()), used_(arguments_.size(), false) {}
  bool Has(std::string_view flag);
  std::string Text(std::string_view flag, std::string_view fallback = {});
  int64_t Number(std::string_view flag, int64_t fallback);
  /// What is no flag, in order. Call after the flags were asked for.
  std::vector<std::string> Rest();
  /// False, with a message, when something was not understood. Call last.
  bool Check(std::string_view usage);

 private:
  std::vector<std::string_view> arguments_;
  std::vector<bool> used_;
  std::string trouble_;
};

/// --city, --place, --store, --data and their environment.
model::CityOptions CityOptionsFrom(Options& options);
}  // namespace city::server
