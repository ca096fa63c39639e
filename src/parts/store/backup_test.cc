// SPDX-License-Identifier: Apache-2.0
// Why: a backup comes back whole, and a damaged one never does.
#include "parts/store/backup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "parts/store/errors.h"
#include "parts/store/testing/engines.h"

namespace city::store {
namespace {

namespace fs = std::filesystem;

const Time kNow = FromMicros(1'790'000'000'000'000);

class BackupTest : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/yiwang-backup-XXXXXX";
    folder_ = mkdtemp(name);
    fs::create_directories(folder_ + "/files/ab");
    Write("files/ab/one", std::string("\0\x01", 2));
    Write("files/二", std::string(3'000'000, 'x'));
    Write("files/empty", "");
    store_ = place_.Open();
    ASSERT_TRUE(store_->Command("", [](Tx& tx) -> Result<void> {
      TRY_VOID(tx.Script("create table t (id bigint primary key, name text)"));
      for (int64_t i = 0; i < 1000; ++i) {
        TRY_VOID(tx.Enqueue("insert into t values ($1, '韶关')", {i}));
      }
      return {};
    }));
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }
  std::string Backup() const { return folder_ + "/backup"; }
  Result<BackupReport> Make() { return MakeBackup(*store_, folder_ + "/files", Backup(), kNow); }

  std::string folder_;
  testing::FreshPlace place_{GetParam()};
  std::unique_ptr<Store> store_;
};

TEST_P(BackupTest, ComesBackWhole) {
  auto made = Make();
  ASSERT_TRUE(made) << made.error().ToLine();
  EXPECT_EQ(made->files, 4u);
  EXPECT_EQ(made->sm3.size(), 64u);
  auto checked = CheckBackup(Backup());
  ASSERT_TRUE(checked) << checked.error().ToLine();
  EXPECT_EQ(checked->sm3, made->sm3);
  EXPECT_EQ(checked->bytes, made->bytes);

  testing::FreshPlace other(GetParam());
  auto restored = RestoreBackup(Backup(), other.url(), folder_ + "/restored");
  ASSERT_TRUE(restored) << restored.error().ToLine();
  for (const char* name : {"ab/one", "二", "empty"}) {
    EXPECT_EQ(Read(folder_ + "/restored/" + name), Read(folder_ + "/files/" + name)) << name;
  }
  auto store = other.Open();
  auto snapshot = store->Read();
  auto rows = (*snapshot)->Query("select count(*), sum(id), min(name) from t");
  ASSERT_TRUE(rows->Next());
  EXPECT_EQ(rows->Int(0), 1000);
  EXPECT_EQ(rows->Int(1), 499500);
  EXPECT_EQ(rows->Text(2), "韶关");
  ASSERT_TRUE(store->Command("", [](Tx& tx) -> Result<void> {
    TRY_VOID(tx.Execute("insert into t values (1000, 'x')"));
    return {};
  }));
}

TEST_P(BackupTest, NamesThePartThatWasChanged) {
  ASSERT_TRUE(Make());
  testing::FreshPlace other(GetParam());
  const std::string store_name = GetParam() == Dialect::kSqlite ? "store.db" : "store.pgdump";
  for (const std::string& part : {store_name, std::string("files/二"), std::string("manifest.json"),
                                  std::string("manifest.sm3")}) {
    const std::string path = Backup() + "/" + part;
    const std::string good = Read(path);
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
    std::ofstream(path, std::ios::binary) << bad;
    auto checked = CheckBackup(Backup());
    ASSERT_FALSE(checked) << part;
    EXPECT_TRUE(checked.error().Is(error::kBackupChanged));
    EXPECT_NE(checked.error().SaysEn().find(part == "manifest.sm3" ? "manifest.json" : part),
              std::string::npos);
    auto restored = RestoreBackup(Backup(), other.url(), folder_ + "/restored");
    EXPECT_FALSE(restored);
    std::ofstream(path, std::ios::binary) << good;
  }
  EXPECT_FALSE(fs::exists(folder_ + "/restored"));
  EXPECT_TRUE(CheckBackup(Backup()));
}

TEST_P(BackupTest, IsRefusedWhenAPartIsMissing) {
  ASSERT_TRUE(Make());
  fs::remove(Backup() + "/files/empty");
  auto checked = CheckBackup(Backup());
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().Is(error::kBackupIncomplete));
  fs::remove(Backup() + "/manifest.sm3");  // as after a backup that was cut short
  EXPECT_TRUE(CheckBackup(Backup()).error().Is(error::kBackupIncomplete));
  EXPECT_TRUE(CheckBackup(folder_ + "/nowhere").error().Is(error::kBackupIncomplete));
}

TEST_P(BackupTest, NeverOverwritesWhatIsThere) {
  ASSERT_TRUE(Make());
  EXPECT_TRUE(Make().error().Is(error::kBackupExists));
  auto onto_itself = RestoreBackup(Backup(), place_.url(), "");
  ASSERT_FALSE(onto_itself);
  EXPECT_TRUE(onto_itself.error().Is(error::kRestoreNotEmpty)) << onto_itself.error().ToLine();
  testing::FreshPlace other(GetParam());
  auto into_files = RestoreBackup(Backup(), other.url(), folder_ + "/files");
  EXPECT_TRUE(into_files.error().Is(error::kRestoreNotEmpty));
  testing::FreshPlace wrong(GetParam() == Dialect::kSqlite ? Dialect::kPostgres : Dialect::kSqlite);
  auto engine = RestoreBackup(Backup(), wrong.url(), "");
  EXPECT_TRUE(engine.error().Is(error::kRestoreEngine));
}

TEST_P(BackupTest, RefusesLinksInTheFolder) {
  fs::create_symlink("/etc/passwd", folder_ + "/files/link");
  auto made = Make();
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().Is(error::kBackupFailed));
}

TEST_P(BackupTest, RefusesAManifestThatLeadsOutside) {
  ASSERT_TRUE(Make());
  const std::string text =
      "{\"format\":1,\"made_at\":\"\",\"engine\":\"sqlite\",\"entries\":["
      "{\"path\":\"files/../../x\",\"size\":0,\"sm3\":\"\"}]}";
  Write("backup/manifest.json", text);
  // SM3 of the text, so that only the path can be at fault.
  Write("text", text);
  FILE* pipe = popen(("openssl dgst -sm3 -r " + folder_ + "/text").c_str(), "r");
  char sm3[65] = {};
  ASSERT_EQ(fread(sm3, 1, 64, pipe), 64u);
  pclose(pipe);
  Write("backup/manifest.sm3", sm3);
  EXPECT_TRUE(CheckBackup(Backup()).error().Is(error::kBackupChanged));
}

INSTANTIATE_TEST_SUITE_P(Both, BackupTest, ::testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         testing::NameOf);

}  // namespace
}  // namespace city::store
