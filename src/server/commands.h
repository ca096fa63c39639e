// SPDX-License-Identifier: Apache-2.0
// The words of the command line: `yiwang WORD …`.
#pragma once
#include <span>
#include <string_view>

namespace city::server {

using Arguments = std::span<const std::string_view>;

/// One sub-command: what it is called, how it is used, what it does. Answers the exit code.
struct SubCommand {
  std::string_view name;
  std::string_view usage;
  std::string_view help;
  int (*run)(Arguments arguments);
};

/// All sub-commands, in the order of the help page.
std::span<const SubCommand> SubCommands();

/// Runs `arguments[0]` with the rest; without arguments prints the help page. Answers the exit
/// code: 2 for wrong use.
int RunCommandLine(Arguments arguments);
}  // namespace city::server
