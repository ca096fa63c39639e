// SPDX-License-Identifier: Apache-2.0
#include "server/commands.h"

#include <gtest/gtest.h>

#include <set>

namespace city::server {
namespace {
TEST(CommandLine, RefusesAnUnknownWord) {
  std::string_view words[] = {"nonsense"};
  EXPECT_EQ(RunCommandLine(words), 2);
}
TEST(CommandLine, PrintsHelpWithoutWords) { EXPECT_EQ(RunCommandLine({}), 0); }
TEST(CommandLine, NamesEachCommandOnce) {
  std::set<std::string_view> names;
  for (const SubCommand& command : SubCommands())
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
}
}  // namespace
}  // namespace city::server
