// SPDX-License-Identifier: Apache-2.0
// Sealed fields: nothing of them is found in the bytes of the store, exact match finds them, moved
// or altered values are refused, and a store that held them in clear is brought over.
#include "ledger/vault.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/ids.h"
#include "ledger/errors.h"
#include "ledger/ledger.h"
#include "ledger/testing/types.h"
#include "parts/store/testing/engines.h"

namespace city::ledger {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kOpenType = R"(
- record: person
  label: { zh: 人, en: Person }
  search: [name]
  indexes: [[phone]]
  fields:
    name: { is: text, label: { zh: 姓名, en: Name }, max: 50 }
    number: { is: citizen-id, unique: true, label: { zh: 身份证号, en: Number } }
    phone: { is: phone, label: { zh: 电话, en: Phone } }
    income: { is: json, label: { zh: 收入, en: Income } }
  rights:
    - { role: clerk, may: [read, create, update, end], grade: 4 }
    - { role: counter, may: [read], grade: 1 }
)";
std::string SealedType() {
  std::string text(kOpenType);
  for (const char* each : {"max: 50", "unique: true", "is: phone", "is: json"})
    text.replace(text.find(each), std::string(each).size(), std::string(each) + ", grade: 4");
  return text;
}

class VaultTest : public testing::Test {
 protected:
  VaultTest() {
    folder_ = fs::temp_directory_path() / ("vault-" + NewId(SystemClock().Now()));
    fs::create_directories(folder_);
    store_ = *store::OpenSqlite((folder_ / "city.db").string());
    clerk_.account = "c";
    clerk_.posts = {{"clerk", "", "", ""}};
    counter_.account = "n";
    counter_.posts = {{"counter", "", "", ""}};
  }
  ~VaultTest() override {
    ledger_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }
  void Use(std::string_view type, bool keys = true) {
    ledger_ = *Ledger::Open(*store_, clock_, keys ? keys_.get() : nullptr);
    auto installed = ledger_->Install(CatalogueOf(type), System(), "t", "{}");
    ASSERT_TRUE(installed) << installed.error().ToLine();
  }
  Result<std::string> Make(const json::object& values) {
    clock_.Advance(std::chrono::seconds(1));
    return ledger_->Command({clerk_, "440200", "", ""}, [&](Writer& w) -> Result<std::string> {
      TRY(Written made, w.Create("person", values));
      return made.id;
    });
  }
  Result<std::string> List(const std::string& filter, const std::string& q = {},
                           const Subject* who = nullptr) {
    ListRequest request;
    request.type = "person";
    request.filter = filter;
    request.q = q;
    TRY(Page page, ledger_->List(who != nullptr ? *who : clerk_, request));
    return page.rows;
  }
  std::string Bytes() {
    ledger_.reset();
    store_.reset();
    std::string all;
    for (const auto& each : fs::directory_iterator(folder_)) {
      std::ifstream in(each.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      all += text.str();
    }
    return all;
  }

  fs::path folder_;
  ManualClock clock_{*ParseTime("2026-11-23T10:00:00")};
  std::unique_ptr<crypto::KeyDevice> keys_ = crypto::MakeKeyStoreInMemory();
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Ledger> ledger_;
  Subject clerk_, counter_;
  const json::object zhang_{{"name", "欧阳晓明"},
                            {"number", "449999199001010019"},
                            {"phone", "13912345678"},
                            {"income", json::object{{"salary", "卅七万元整"}}}};
};

void ExpectNothing(const std::string& bytes) {
  for (const char* secret : {"欧阳晓明", "晓明", "449999199001010019", "13912345678", "卅七万元整"})
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
}

TEST_F(VaultTest, LeavesNothingInTheBytesOfTheStore) {
  Use(SealedType());
  std::string id = *Make(zhang_);
  ASSERT_TRUE(
      ledger_->Command({clerk_, "440200", "key", "r"}, [&](Writer& w) -> Result<std::string> {
        TRY_VOID(w.Update("person", id, {{"phone", "13912345679"}}));
        return std::string("欧阳晓明 in an answer");
      }));
  EXPECT_NE(ledger_->Read(clerk_, "person", id)->row.find("欧阳晓明"), std::string::npos);
  EXPECT_NE(ledger_->History(clerk_, "person", id)->find("13912345678"), std::string::npos);
  ExpectNothing(Bytes());
}

TEST_F(VaultTest, FindsByExactMatchAndByWords) {
  Use(SealedType());
  std::string id = *Make(zhang_);
  EXPECT_NE(List("number = \"449999199001010019\"")->find(id), std::string::npos);
  EXPECT_EQ(*List("number = \"449999196506150021\""), "[]");
  EXPECT_NE(List("phone = \"13912345678\"")->find(id), std::string::npos);
  EXPECT_NE(List("", "晓明")->find(id), std::string::npos);
  EXPECT_NE(List("", "欧阳晓明")->find(id), std::string::npos);
  EXPECT_EQ(*List("", "王明"), "[]");
  // Somebody whose grade does not reach it sees the mask, and may not filter on it.
  EXPECT_NE(List("", "", &counter_)->find("449*************19"), std::string::npos)
      << *List("", "", &counter_);
  EXPECT_FALSE(List("number = \"449999199001010019\"", "", &counter_));
}

TEST_F(VaultTest, RefusesAFilterThatOnlyClearTextCouldAnswer) {
  Use(SealedType());
  for (const char* filter : {"phone > \"1\"", "starts with(number, \"44\")", "income != null"}) {
    auto answer = List(filter);
    ASSERT_FALSE(answer) << filter;
    EXPECT_TRUE(answer.error().Is(error::kSealedFilter)) << answer.error().ToLine();
  }
  ListRequest request;
  request.type = "person";
  request.sort = "name";
  auto sorted = ledger_->List(clerk_, request);
  ASSERT_FALSE(sorted);
  EXPECT_TRUE(sorted.error().Is(error::kSealedSort));
}

TEST_F(VaultTest, KeepsUniqueValuesUnique) {
  Use(SealedType());
  ASSERT_TRUE(Make(zhang_));
  auto again = Make({{"name", "别人"}, {"number", "449999199001010019"}});
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().Is(error::kDuplicate));
}

TEST_F(VaultTest, RefusesValuesThatWereMovedOrAltered) {
  Use(SealedType());
  std::string one = *Make(zhang_);
  std::string two = *Make({{"name", "别人"}, {"number", "449999196506150021"}});
  ASSERT_TRUE(store_->Command("", [&](store::Tx& tx) {
    return tx.Enqueue(
        "update r_person set name = (select name from r_person where id = $1) where id = $2",
        {one, two});
  }));
  EXPECT_TRUE(ledger_->Read(clerk_, "person", one));
  EXPECT_FALSE(ledger_->Read(clerk_, "person", two));
}

TEST_F(VaultTest, BringsOverAStoreThatHeldThemInClear) {
  Use(kOpenType);
  std::string id = *Make(zhang_);
  ASSERT_TRUE(ledger_->Command({clerk_, "440200", "", ""}, [&](Writer& w) -> Result<std::string> {
    TRY_VOID(w.Update("person", id, {{"phone", "13912345679"}}));
    return id;
  }));
  Use(SealedType());
  EXPECT_NE(List("number = \"449999199001010019\"")->find("欧阳晓明"), std::string::npos);
  EXPECT_NE(List("", "欧阳晓明")->find(id), std::string::npos);
  EXPECT_NE(ledger_->History(clerk_, "person", id)->find("13912345678"), std::string::npos);
  EXPECT_FALSE(Make({{"name", "别人"}, {"number", "449999199001010019"}}));
  Use(SealedType());  // once more changes nothing
  EXPECT_NE(List("phone = \"13912345679\"")->find(id), std::string::npos);
  ExpectNothing(Bytes());
}

TEST_F(VaultTest, NeedsTheKeyStoreThatSealed) {
  Use(SealedType());
  ASSERT_TRUE(Make(zhang_));
  auto strange = crypto::MakeKeyStoreInMemory();
  auto other = *Ledger::Open(*store_, clock_, strange.get());
  EXPECT_FALSE(other->Install(CatalogueOf(SealedType()), System(), "t", "{}"));
}
}  // namespace
}  // namespace city::ledger
