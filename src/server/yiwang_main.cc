// SPDX-License-Identifier: Apache-2.0
// The one program of the house.
#include <string_view>
#include <vector>

#include "server/commands.h"

int main(int argc, char** argv) {
  std::vector<std::string_view> arguments(argv + 1, argv + argc);
  return city::server::RunCommandLine(arguments);
}
