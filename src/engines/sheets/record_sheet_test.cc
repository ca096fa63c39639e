// SPDX-License-Identifier: Apache-2.0
#include "engines/sheets/record_sheet.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "engines/sheets/errors.h"
#include "ledger/testing/types.h"
#include "parts/documents/csv.h"
#include "parts/documents/xlsx.h"
#include "parts/store/testing/engines.h"

namespace city::sheets {
namespace {
using Rows = std::vector<std::vector<std::string>>;

constexpr std::string_view kTypes = R"(
- record: office
  label: { zh: 机构, en: Office }
  title: name
  governed: false
  fields:
    name: { is: text, label: { zh: 名称, en: Name } }
  rights: [ { role: clerk, may: [read, create] } ]
- record: permit
  label: { zh: 许可, en: Permit }
  title: name
  governed: false
  fields:
    name: { is: text, label: { zh: 名称, en: Name }, required: true }
    state: { is: code, list: permit-state, label: { zh: 状态, en: State }, default: draft }
    office: { is: reference, to: office, label: { zh: 机构, en: Office } }
    fee: { is: money, label: { zh: 费用, en: Fee } }
    since: { is: date, label: { zh: 日期, en: Since } }
    seen: { is: time, label: { zh: 时间, en: Seen } }
    person_id: { is: citizen-id, label: { zh: 身份证号, en: Identity number }, grade: 4 }
  rights:
    - { role: clerk, may: [read, create], grade: 4 }
    - { role: counter, may: [read], grade: 1, where: 'state = "granted"' }
)";

ledger::Subject With(std::string role) {
  ledger::Subject who;
  who.account = "a1";
  who.kind = "official";
  who.posts.push_back({std::move(role), "o1", "", "440200"});
  return who;
}

class RecordSheet : public testing::Test {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ledger_ = *ledger::Ledger::Open(*store_, clock_);
    auto made = ledger::CatalogueOf(
        kTypes, {{"permit-state",
                  {{"draft", {"草稿", "Draft"}}, {"granted", {"已批准", "Granted"}}},
                  "test"}});
    ASSERT_TRUE(ledger_->Install(made, ledger::System(), "first", "{}"));
    office_ = Make("office", R"({"name":"行政审批局"})");
  }

  std::string Make(const std::string& type, const std::string& values) {
    auto id = ledger_->Command(
        {With("clerk"), "440200", {}, {}}, [&](ledger::Writer& writer) -> Result<std::string> {
          TRY(ledger::Written written, writer.Create(type, ParseJson(values)->get_object()));
          return written.id;
        });
    EXPECT_TRUE(id) << id.error().ToLine();
    return *id;
  }

  Wish For(Form form = Form::kCsv) {
    Wish wish;
    wish.list.type = "permit";
    wish.list.sort = "name";
    wish.form = form;
    return wish;
  }

  Rows Read(const Result<Sheet>& sheet, Form form = Form::kCsv) {
    Rows out;
    EXPECT_TRUE(sheet) << sheet.error().ToLine();
    auto take = [&](int64_t, std::vector<std::string>& cells) -> Result<void> {
      out.push_back(cells);
      return {};
    };
    EXPECT_TRUE(form == Form::kCsv ? documents::ReadCsv(sheet->bytes, take)
                                   : documents::ReadXlsx(sheet->bytes, take));
    return out;
  }

  store::testing::FreshPlace place_{store::Dialect::kSqlite};
  ManualClock clock_{*ParseTime("2026-03-02T09:00:00+08:00")};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::string office_;
};

TEST_F(RecordSheet, SpeaksTheWordsThatPeopleRead) {
  Make("permit", R"({"name":"甲","state":"granted","office":")" + office_ +
                     R"(","fee":1250,"since":"2026-01-31","seen":"2026-01-31T00:05:00Z",
                     "person_id":"11010519491231002X"})");
  for (Form form : {Form::kCsv, Form::kXlsx}) {
    Rows rows = Read(ExportRecords(*ledger_, With("clerk"), For(form)), form);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0][3], "费用（元）");
    EXPECT_EQ(rows[1], (std::vector<std::string>{"甲", "已批准", "行政审批局", "12.5", "2026-01-31",
                                                 "2026-01-31 08:05:00", "11010519491231002X"}));
  }
  Wish english = For();
  english.english = true;
  english.list.fields = {"state", "name"};
  EXPECT_EQ(Read(ExportRecords(*ledger_, With("clerk"), english)),
            (Rows{{"State", "Name"}, {"Granted", "甲"}}));
}

TEST_F(RecordSheet, HoldsOnlyTheRowsAndValuesThatTheListShows) {
  Make("permit", R"({"name":"甲","state":"granted","person_id":"11010519491231002X"})");
  Make("permit", R"({"name":"乙","state":"draft","person_id":"11010519491231002X"})");
  Rows rows = Read(ExportRecords(*ledger_, With("counter"), For()));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1][0], "甲");
  EXPECT_EQ(rows[1][6].find("19491231"), std::string::npos);
  EXPECT_NE(rows[1][6], "");
  EXPECT_FALSE(ExportRecords(*ledger_, With("nobody"), For()));
}

TEST_F(RecordSheet, GoesThroughAllPagesInTheirOrder) {
  for (int i = 0; i < 612; ++i)
    Make("permit", R"({"name":")" + std::to_string(10'000 + i) + R"("})");
  auto sheet = ExportRecords(*ledger_, With("clerk"), For());
  Rows rows = Read(sheet);
  ASSERT_EQ(rows.size(), 613u);
  EXPECT_EQ(sheet->rows, 612);
  for (size_t i = 1; i < rows.size(); ++i)
    ASSERT_EQ(rows[i][0], std::to_string(10'000 + static_cast<int>(i) - 1));
}

TEST_F(RecordSheet, RefusesMoreRowsThanItMayWriteInsteadOfCuttingThemOff) {
  for (int i = 0; i < 4; ++i) Make("permit", R"({"name":"某"})");
  Wish wish = For();
  wish.most_rows = 3;
  EXPECT_TRUE(ExportRecords(*ledger_, With("clerk"), wish).error().Is(error::kTooManyRows));
  wish.most_rows = 4;
  EXPECT_TRUE(ExportRecords(*ledger_, With("clerk"), wish));
}

TEST_F(RecordSheet, IsRecordedWithWhoTookHowMany) {
  Make("permit", R"({"name":"甲"})");
  ASSERT_TRUE(ExportRecords(*ledger_, With("clerk"), For()));
  auto snapshot = *store_->Read();
  auto rows = *snapshot->Query(
      "select actor, detail from audit where act = $1 and object_type = $2", {"export", "permit"});
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.Text(0), "a1");
  EXPECT_NE(rows.Text(1).find("\"rows\":1"), std::string::npos);
  EXPECT_FALSE(rows.Next());
}

TEST_F(RecordSheet, RefusesUnknownFormsAndFields) {
  EXPECT_TRUE(FormOf("pdf").error().Is(error::kUnknownForm));
  Wish wish = For();
  wish.list.fields = {"name", "nothing"};
  EXPECT_TRUE(ExportRecords(*ledger_, With("clerk"), wish).error().Is(error::kUnknownField));
}
}  // namespace
}  // namespace city::sheets
