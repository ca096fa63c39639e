// SPDX-License-Identifier: Apache-2.0
// Why: what an outside program says reaches the person who asked.
#include "parts/store/internal/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "parts/store/errors.h"

namespace city::store::internal {
namespace {

TEST(PgProgram, TellsWhatItWroteWhenItFails) {
  EXPECT_TRUE(RunPgProgram("pg_dump", {"--version"}));
  Result<void> failed = RunPgProgram("pg_dump", {"--no-such-word"});
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().Is(error::kBackupFailed));
  EXPECT_NE(failed.error().SaysEn().find("no-such-word"), std::string::npos);
  EXPECT_FALSE(RunPgProgram("no-such-program", {}));
}

TEST(CreateNew, NeverTouchesAFileThatIsThere) {
  const std::string path = "/tmp/yiwang-new-" + std::to_string(getpid());
  ASSERT_TRUE(CreateNew(path));
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  Result<void> again = CreateNew(path);
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().Is(error::kBackupExists));
  std::filesystem::remove(path);
  EXPECT_TRUE(CreateNew("/no/such/folder/file").error().Is(error::kBackupFailed));
}

}  // namespace
}  // namespace city::store::internal
