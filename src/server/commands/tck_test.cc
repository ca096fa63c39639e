// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "server/commands.h"

namespace city::server {
namespace {

TEST(TckCommand, SaysHowItIsUsed) {
  std::string_view arguments[] = {"tck"};
  EXPECT_EQ(RunCommandLine(arguments), 2);
  std::string_view nowhere[] = {"tck", "/nowhere"};
  EXPECT_EQ(RunCommandLine(nowhere), 1);
}

}  // namespace
}  // namespace city::server
