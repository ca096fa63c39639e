// SPDX-License-Identifier: Apache-2.0
#include "engines/certificates/sealed_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ids.h"
#include "engines/certificates/errors.h"

namespace city::certificates {
namespace {
namespace fs = std::filesystem;

TEST(SealedFiles, AreNotReadableOnDiskAndCannotBeExchanged) {
  auto keys = crypto::MakeKeyStoreInMemory();
  ASSERT_TRUE(keys->Ensure("k", crypto::Purpose::kSeal, SystemClock().Now()));
  std::string folder =
      (fs::temp_directory_path() / ("sealed-" + NewId(SystemClock().Now()))).string();
  SealedFiles files(folder, *keys, "k");
  ASSERT_TRUE(files.Keep("one", "text of the certificate"));
  ASSERT_TRUE(files.Keep("two", "another", false));
  ASSERT_TRUE(files.Flush());
  EXPECT_EQ(*files.Read("one"), "text of the certificate");
  EXPECT_FALSE(files.Read("three"));
  std::vector<fs::path> paths;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_regular_file()) paths.push_back(each.path());
  ASSERT_EQ(paths.size(), 2u);
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str().find("certificate"), std::string::npos);
  }
  fs::path third = paths[0].string() + "x";
  fs::rename(paths[0], third);
  fs::rename(paths[1], paths[0]);
  fs::rename(third, paths[1]);
  EXPECT_FALSE(files.Read("one"));
  auto lost = files.Read("two");
  ASSERT_FALSE(lost);
  EXPECT_TRUE(lost.error().Is(error::kFileLost));
  fs::remove_all(folder);
  EXPECT_TRUE(files.Flush().error().Is(error::kBadFolder));
}
}  // namespace
}  // namespace city::certificates
