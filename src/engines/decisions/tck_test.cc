// SPDX-License-Identifier: Apache-2.0
#include "engines/decisions/tck.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/errors.h"
#include "engines/decisions/testing/dmn.h"

namespace city::decisions {
namespace {

namespace fs = std::filesystem;

TEST(Tck, CountsCasesAndListsFailures) {
  fs::path folder = fs::temp_directory_path() / ("tck-test-" + std::to_string(::getpid()));
  fs::path test = folder / "compliance-level-2" / "0001-sum";
  fs::create_directories(test);
  std::ofstream(test / "sum.dmn") << testing::Dmn(testing::Literal("sum", "1 + 1"));
  auto node = [](const std::string& value) {
    return "<resultNode name=\"sum\"><expected><value xsi:type=\"xsd:decimal\">" + value +
           "</value></expected></resultNode>";
  };
  std::ofstream(test / "sum-test-01.xml")
      << "<testCases xmlns:xsi=\"urn:x\"><modelName>sum.dmn</modelName><testCase id=\"1\">"
      << node("2.000000001") << "</testCase><testCase id=\"2\">" << node("3")
      << "</testCase></testCases>";
  auto report = RunTck(folder.string());
  fs::remove_all(folder);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->levels.size(), 1u);
  EXPECT_EQ(report->levels[0].total, 2);
  EXPECT_EQ(report->levels[0].passed, 1);
  EXPECT_EQ(report->levels[0].non_null_total, 2);
  ASSERT_EQ(report->failures.size(), 1u);
  EXPECT_EQ(report->failures[0].actual, "2");
  EXPECT_EQ(ToJson(*report).at("levels").at(0).at("passed"), json::value(1));
}

TEST(Tck, NeedsAFolder) { EXPECT_TRUE(RunTck("/nowhere").error().Is(error::kFileUnreadable)); }

}  // namespace
}  // namespace city::decisions
