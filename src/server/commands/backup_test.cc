// SPDX-License-Identifier: Apache-2.0
// Why: the words of the command line reach the store; what a backup promises is asked there.
#include "server/commands/backup.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "parts/store/store.h"

namespace city::server {
namespace {

namespace fs = std::filesystem;

class BackupCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/yiwang-command-XXXXXX";
    folder_ = mkdtemp(name);
    fs::create_directory(folder_ + "/files");
    std::ofstream(folder_ + "/files/a") << "attachment";
    auto opened = store::Open("sqlite:" + folder_ + "/city.db");
    ASSERT_TRUE((*opened)->Command(
        "", [](store::Tx& tx) { return tx.Script("create table t (id bigint)"); }));
  }
  void TearDown() override { fs::remove_all(folder_); }

  static int Run(std::initializer_list<std::string> words) {
    std::vector<std::string_view> views(words.begin(), words.end());
    return RunCommandLine(views);
  }
  std::string folder_;
};

TEST_F(BackupCommand, KeepsAndBringsBackACity) {
  const std::string url = "sqlite:" + folder_ + "/city.db", other = "sqlite:" + folder_ + "/b.db";
  EXPECT_EQ(Run({"backup", "--store", url, "--files", folder_ + "/files", folder_ + "/kept"}), 0);
  EXPECT_EQ(Run({"restore", "--check", folder_ + "/kept"}), 0);
  EXPECT_EQ(Run({"restore", folder_ + "/kept", "--store", other, "--files", folder_ + "/f"}), 0);
  EXPECT_TRUE(fs::exists(folder_ + "/b.db"));
  EXPECT_TRUE(fs::exists(folder_ + "/f/a"));
  EXPECT_EQ(Run({"restore", folder_ + "/kept", "--store", other}), 1);
  std::ofstream(folder_ + "/kept/files/a") << "Attachment";
  EXPECT_EQ(Run({"restore", "--check", folder_ + "/kept"}), 1);
}

TEST_F(BackupCommand, SaysHowItIsUsed) {
  EXPECT_EQ(Run({"backup"}), 2);
  EXPECT_EQ(Run({"backup", "--store"}), 2);
  EXPECT_EQ(Run({"backup", "--nonsense", "x"}), 2);
  EXPECT_EQ(Run({"restore", "a", "b"}), 2);
  EXPECT_EQ(Run({"backup", "--store", "sqlite:" + folder_ + "/missing.db", folder_ + "/x"}), 1);
  EXPECT_FALSE(fs::exists(folder_ + "/missing.db"));
}

}  // namespace
}  // namespace city::server
