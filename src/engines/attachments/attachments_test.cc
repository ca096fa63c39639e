// SPDX-License-Identifier: Apache-2.0
#include "engines/attachments/attachments.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ids.h"

#include "engines/attachments/errors.h"
#include "parts/store/testing/engines.h"

namespace city::attachments {
namespace {
namespace fs = std::filesystem;

TEST(SniffType, BelievesBytesNotNames) {
  EXPECT_EQ(SniffType("%PDF-1.7", "a.exe"), "application/pdf");
  EXPECT_EQ(SniffType("MZ\x90", "a.pdf"), "");
  EXPECT_EQ(SniffType("PK\x03\x04....", "a.ofd"), "application/ofd");
  EXPECT_EQ(SniffType("PK\x03\x04....", "a.jar"), "");
  EXPECT_EQ(SniffType("<script>", "a.html"), "");
  EXPECT_EQ(SniffType("文字", "a.txt"), "text/plain");
}

class AttachmentsTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ledger_ = *ledger::Ledger::Open(*store_, clock_);
    std::vector<Error> faults;
    yaml::Node root = *yaml::Parse(
        "- {record: attachment, label: {zh: 附件, en: Attachment}, holder: account, kept-by: "
        "engine, fields: {account: {is: text, label: {zh: a, en: a}}, "
        "name: {is: text, label: {zh: a, en: a}}, type: {is: text, label: {zh: a, en: a}}, size: "
        "{is: integer, label: {zh: a, en: a}}, "
        "sm3: {is: text, label: {zh: a, en: a}}}, rights: [{role: citizen, may: [read], scope: "
        "holder}]}",
        "t");
    std::vector<ledger::RecordType> types{ledger::ReadRecordType(root.items[0], {}, faults)};
    ASSERT_TRUE(ledger_->Install(ledger::Catalogue::Build(std::move(types), {}, faults),
                                 ledger::System(), "t", "{}"));
    ASSERT_TRUE(keys_->Ensure("attachments", crypto::Purpose::kSeal, clock_.Now()));
    ASSERT_TRUE(keys_->Ensure("attachment-names", crypto::Purpose::kIndex, clock_.Now()));
    folder_ = fs::temp_directory_path() / ("attachments-" + NewId(clock_.Now()));
    who_.account = "p1";
    who_.kind = "citizen";
    who_.holders = {"p1"};
    who_.posts = {{"citizen", "", "", ""}};
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Keep(const std::string& name, const std::string& bytes) {
    attachments::Attachments attachments(*ledger_, *keys_, {folder_.string(), 1000, scanner_});
    auto kept = attachments.Keep({who_, "440200", "", ""}, name, bytes);
    if (!kept) {
      refused_ = kept.error();
      return "";
    }
    return std::string(TextAt(ParseJson(*kept)->get_object(), "id"));
  }
  Result<Content> Read(const ledger::Subject& who, const std::string& id) {
    return attachments::Attachments(*ledger_, *keys_, {folder_.string(), 1000, ""})
        .Read(who, id, false);
  }
  store::testing::FreshPlace place_{store::Dialect::kSqlite};
  ManualClock clock_{*ParseTime("2026-03-02T09:00:00")};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
  fs::path folder_;
  ledger::Subject who_;
  std::string scanner_;
  Error refused_;
};

TEST_F(AttachmentsTest, GivesBackWhatWasKeptAndHidesItOnDisk) {
  std::string id = Keep("../../身份证\n.pdf", "%PDF-1.7 张三的身份证");
  auto content = Read(who_, id);
  ASSERT_TRUE(content) << content.error().ToLine();
  EXPECT_EQ(content->bytes, "%PDF-1.7 张三的身份证");
  EXPECT_EQ(content->name, "身份证.pdf");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    EXPECT_EQ(text.str().find("张三"), std::string::npos);
  }
  EXPECT_EQ(files, 1);
}
TEST_F(AttachmentsTest, RecordsEachReading) {
  std::string id = Keep("a.pdf", "%PDF-1");
  ASSERT_TRUE(Read(who_, id));
  EXPECT_FALSE(Read(ledger::Visitor(), id));
  auto snapshot = *store_->Read();
  auto rows = *snapshot->Query(
      "select count(*), max(actor) from audit where act = 'read' and object_id = $1", {id});
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.Int(0), 1);
  EXPECT_EQ(rows.Text(1), "p1");
}
TEST_F(AttachmentsTest, KeepsTheSameBytesOnce) {
  Keep("a.pdf", "%PDF-1");
  Keep("b.pdf", "%PDF-1");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 1);
}
TEST_F(AttachmentsTest, IsNobodyElsesToRead) {
  std::string id = Keep("a.pdf", "%PDF-1");
  ledger::Subject other = who_;
  other.account = "p2";
  other.holders = {"p2"};
  EXPECT_FALSE(Read(other, id));
  EXPECT_FALSE(Read(ledger::Visitor(), id));
}
TEST_F(AttachmentsTest, RefusesWhatItDoesNotTake) {
  EXPECT_EQ(Keep("a.exe", "MZ"), "");
  EXPECT_TRUE(refused_.Is(error::kTypeNotTaken));
  EXPECT_EQ(Keep("a.pdf", ""), "");
  EXPECT_TRUE(refused_.Is(error::kEmpty));
  EXPECT_EQ(Keep("a.pdf", "%PDF-" + std::string(2000, 'x')), "");
  EXPECT_TRUE(refused_.Is(error::kTooLarge));
}
TEST_F(AttachmentsTest, AsksTheScanner) {
  scanner_ = "/bin/false";
  EXPECT_EQ(Keep("a.pdf", "%PDF-1"), "");
  EXPECT_TRUE(refused_.Is(error::kInfected));
  scanner_ = "/nonexistent";
  EXPECT_EQ(Keep("a.pdf", "%PDF-1"), "");
  EXPECT_TRUE(refused_.Is(error::kScannerFailed));
  scanner_ = "/bin/true";
  EXPECT_NE(Keep("a.pdf", "%PDF-1"), "");
}
TEST_F(AttachmentsTest, SaysSoWhenTheBytesAreGone) {
  std::string id = Keep("a.pdf", "%PDF-1");
  fs::remove_all(folder_);
  EXPECT_TRUE(Read(who_, id).error().Is(error::kLost));
}
}  // namespace
}  // namespace city::attachments
