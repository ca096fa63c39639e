// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "server/commands.h"

namespace city::server {
namespace {

TEST(DecideCommand, DecidesAndExplains) {
  auto file =
      std::filesystem::temp_directory_path() / ("decide-" + std::to_string(::getpid()) + ".dmn");
  std::ofstream(file)
      << "<definitions name=\"m\" namespace=\"urn:m\"><decision id=\"d\" name=\"d\"><variable "
         "name=\"d\"/>"
         "<literalExpression><text>1 + 1</text></literalExpression></decision></definitions>";
  std::string path = file.string();
  std::string_view arguments[] = {"decide", path, "--decision", "d", "--explain"};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(RunCommandLine(arguments), 0);
  std::string out = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(out.substr(0, 2), "2\n");
  EXPECT_NE(out.find("决策“d”的结果是 2"), std::string::npos) << out;
  std::string_view other[] = {"decide", path, "--decision", "e"};
  EXPECT_EQ(RunCommandLine(other), 1);
  std::filesystem::remove(file);
}

TEST(DecideCommand, SaysHowItIsUsed) {
  std::string_view arguments[] = {"decide", "--decision", "d"};
  EXPECT_EQ(RunCommandLine(arguments), 2);
}

}  // namespace
}  // namespace city::server
