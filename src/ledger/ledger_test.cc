// SPDX-License-Identifier: Apache-2.0
// What the ledger promises, asked of both engines by the same tests.
#include "ledger/ledger.h"

#include <gtest/gtest.h>

#include <thread>

#include "ledger/errors.h"
#include "ledger/testing/types.h"
#include "parts/crypto/crypto.h"
#include "parts/store/testing/engines.h"

namespace city::ledger {
namespace {
using store::Dialect;

constexpr std::string_view kTypes = R"(
- record: organisation
  label: { zh: 机构, en: Organisation }
  owner: id
  governed: false
  fields:
    path: { is: text, label: { zh: 路径, en: Path } }
  rights: [ { role: visitor, may: [read] } ]
- record: permit
  label: { zh: 许可, en: Permit }
  title: name
  owner: office
  holder: applicant
  search: [name]
  indexes: [[state, name], [office, state], [applicant, state]]
  fields:
    name: { is: text, label: { zh: 名称, en: Name }, required: true, max: 20 }
    state: { is: code, list: permit-state, label: { zh: 状态, en: State }, default: draft }
    office: { is: reference, to: organisation, label: { zh: 机构, en: Office } }
    applicant: { is: text, label: { zh: 申请人, en: Applicant } }
    fee: { is: money, label: { zh: 费用, en: Fee }, least: 0 }
    person_id: { is: citizen-id, label: { zh: 身份证号, en: Identity number }, grade: 4 }
    number: { is: text, label: { zh: 编号, en: Number }, unique: true }
    notes: { is: json, label: { zh: 备注, en: Notes } }
    kinds: { is: code, list: permit-state, list-of: true, label: { zh: 类别, en: Kinds } }
  rights:
    - { role: clerk, may: [read, create, update, end], scope: region, grade: 4 }
    - { role: officer, may: [read, update], scope: organisation-tree, fields: [name, state], grade: 1 }
    - { role: citizen, may: [read, create], scope: holder, grade: 4 }
    - { role: counter, may: [read], grade: 1 }
    - { role: researcher, may: [read], grade: 4, purpose: research }
)";

std::shared_ptr<const Catalogue> Sample(std::string_view text = kTypes) {
  return CatalogueOf(text, {{"permit-state",
                             {{"draft", {"草稿", "Draft"}}, {"granted", {"已批准", "Granted"}}},
                             "test"}});
}

Subject With(std::string role, std::string region = "440200", std::string account = "a1",
             std::string path = "") {
  Subject who;
  who.account = account;
  who.name = role;
  who.kind = "official";
  who.holders = {account};
  who.posts.push_back({std::move(role), "o1", std::move(path), std::move(region)});
  return who;
}

class LedgerTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ledger_ = *Ledger::Open(*store_, clock_);
    auto installed = ledger_->Install(Sample(), System(), "first", "{}");
    ASSERT_TRUE(installed) << installed.error().ToLine();
  }
  Result<std::string> Do(const Subject& who,
                         const std::function<Result<std::string>(Writer&)>& work,
                         std::string key = {}, std::string request = {},
                         std::string shard = "440203") {
    clock_.Advance(std::chrono::seconds(1));
    return ledger_->Command({who, shard, std::move(key), std::move(request)}, work);
  }
  Result<std::string> Make(const Subject& who, const std::string& values,
                           std::string shard = "440203") {
    return Do(
        who,
        [&](Writer& w) -> Result<std::string> {
          TRY(Written made, w.Create("permit", ParseJson(values)->get_object()));
          return made.id;
        },
        {}, {}, std::move(shard));
  }
  Result<std::string> Change(const Subject& who, const std::string& id, const std::string& values,
                             std::optional<int64_t> expected = {}) {
    return Do(who, [&](Writer& w) -> Result<std::string> {
      TRY(Written made, w.Update("permit", id, ParseJson(values)->get_object(), expected));
      return std::to_string(made.version);
    });
  }
  json::array List(const Subject& who, ListRequest request) {
    request.type = "permit";
    auto page = ledger_->List(who, request);
    EXPECT_TRUE(page) << page.error().ToLine();
    if (!page) return {};
    next_ = page->next;
    total_ = page->total;
    return ParseJson(page->rows)->get_array();
  }
  json::object Row(const Subject& who, const std::string& id, std::optional<Time> as_of = {}) {
    auto one = ledger_->Read(who, "permit", id, as_of);
    EXPECT_TRUE(one) << one.error().ToLine();
    return one ? ParseJson(one->row)->get_object() : json::object{};
  }
  AuditReport Verify() {
    auto snapshot = *store_->Read();
    return *VerifyAudit(*snapshot, [&](std::string_view bytes, std::string_view signature) {
      return key_.PublicKey().Verify(bytes, *crypto::FromHex(signature));
    });
  }

  store::testing::FreshPlace place_{GetParam()};
  ManualClock clock_{*ParseTime("2026-03-02T09:00:00")};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Ledger> ledger_;
  crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::Generate();
  std::string next_;
  int64_t total_ = -1;
};

TEST_P(LedgerTest, GivesBackWhatWasWritten) {
  std::string id = *Make(
      With("clerk"),
      R"({"name":"食品经营","fee":1200,"person_id":"11010519491231002X","notes":{"a":[1,"二"]},"kinds":["draft"]})");
  json::object row = Row(With("clerk"), id);
  EXPECT_EQ(ToText(row.at("notes")), R"({"a":[1,"二"]})");
  EXPECT_EQ(ToText(row.at("kinds")), R"(["draft"])");
  EXPECT_EQ(IntAt(row, "fee"), 1200);
  EXPECT_EQ(TextAt(row, "state"), "draft");
  EXPECT_EQ(TextAt(row, "region"), "440203");
  EXPECT_EQ(TextAt(row, "created_at"), "2026-03-02T09:00:01+08:00");
  EXPECT_EQ(IntAt(row, "version"), 1);
}

TEST_P(LedgerTest, NamesEveryFieldThatIsWrong) {
  auto made = Make(
      With("clerk"),
      R"({"state":"nonsense","fee":-1,"person_id":"123","stranger":1,"name":"一二三四五六七八九十一二三四五六七八九十一"})");
  ASSERT_TRUE(made.error().Is(error::kInvalidFields));
  std::string where;
  for (const ErrorDetail& detail : made.error().details)
    where += detail.pointer + ":" + detail.keyword + " ";
  EXPECT_EQ(
      where,
      "/stranger:additionalProperties /name:maxLength /state:enum /fee:minimum /person_id:format ");
}

TEST_P(LedgerTest, RefusesAVersionThatIsNoLongerTheLast) {
  std::string id = *Make(With("clerk"), R"({"name":"甲"})");
  EXPECT_EQ(*Change(With("clerk"), id, R"({"name":"乙"})", 1), "2");
  auto late = Change(With("clerk"), id, R"({"name":"丙"})", 1);
  EXPECT_TRUE(late.error().Is(error::kChangedMeanwhile));
  EXPECT_EQ(TextAt(Row(With("clerk"), id), "name"), "乙");
}

TEST_P(LedgerTest, TellsWhatWasKnownAtAnEarlierMoment) {
  std::string id = *Make(With("clerk"), R"({"name":"甲"})");
  Time then = clock_.Now();
  clock_.Advance(std::chrono::hours(24));
  ASSERT_TRUE(Change(With("clerk"), id, R"({"name":"乙"})"));
  ASSERT_TRUE(Do(With("clerk"), [&](Writer& w) -> Result<std::string> {
    TRY(Written ended, w.End("permit", id));
    return ended.id;
  }));
  EXPECT_EQ(TextAt(Row(With("clerk"), id, then), "name"), "甲");
  EXPECT_EQ(List(With("clerk"), {.as_of = then}).size(), 1u);
  EXPECT_EQ(List(With("clerk"), {.as_of = then - std::chrono::hours(1)}).size(), 0u);
  EXPECT_EQ(List(With("clerk"), {}).size(), 0u);
  EXPECT_EQ(List(With("clerk"), {.ended = true}).size(), 1u);
  json::value history = *ParseJson(*ledger_->History(With("clerk"), "permit", id));
  ASSERT_EQ(history.get_array().size(), 3u);
  EXPECT_EQ(TextAt(history.get_array()[2].get_object(), "name"), "甲");
  EXPECT_TRUE(Change(With("clerk"), id, R"({"name":"丙"})").error().Is(error::kEnded));
}

TEST_P(LedgerTest, ShowsOnlyTheRegionOfThePost) {
  std::string here = *Make(With("clerk", "440203"), R"({"name":"这里"})", "440203");
  std::string there = *Make(With("clerk", "440200"), R"({"name":"那里"})", "440282");
  EXPECT_EQ(List(With("clerk", "440203"), {}).size(), 1u);
  EXPECT_EQ(List(With("clerk", "440200"), {}).size(), 2u);
  EXPECT_TRUE(ledger_->Read(With("clerk", "440203"), "permit", there).error().Is(error::kNotFound));
  EXPECT_TRUE(
      Change(With("clerk", "440203"), there, R"({"name":"越界"})").error().Is(error::kNotFound));
  EXPECT_TRUE(
      Make(With("clerk", "440203"), R"({"name":"越界"})", "440282").error().Is(error::kForbidden));
}

TEST_P(LedgerTest, ReachesTheTreeOfAnOrganisation) {
  ASSERT_TRUE(Do(System(), [](Writer& w) -> Result<std::string> {
    TRY_VOID(w.Create("organisation", {{"path", "/a/"}}, "440200", "oa"));
    TRY_VOID(w.Create("organisation", {{"path", "/a/b/"}}, "440200", "ob"));
    TRY_VOID(w.Create("organisation", {{"path", "/c/"}}, "440200", "oc"));
    return "";
  }));
  std::string inside = *Make(With("clerk"), R"({"name":"内","office":"ob"})");
  std::string outside = *Make(With("clerk"), R"({"name":"外","office":"oc"})");
  Subject officer = With("officer", "440200", "a2", "/a/");
  EXPECT_EQ(List(officer, {}).size(), 1u);
  EXPECT_TRUE(Change(officer, inside, R"({"state":"granted"})"));
  EXPECT_TRUE(Change(officer, outside, R"({"state":"granted"})").error().Is(error::kNotFound));
  // Only the fields that the right names.
  EXPECT_TRUE(Change(officer, inside, R"({"fee":1})").error().Is(error::kForbidden));
  EXPECT_FALSE(Row(officer, inside).contains("fee"));
}

TEST_P(LedgerTest, ShowsHoldersTheirOwnAlone) {
  std::string own = *Make(With("citizen", "", "p1"),
                          R"({"name":"我的","applicant":"p1","person_id":"11010519491231002X"})");
  EXPECT_TRUE(Make(With("citizen", "", "p1"), R"({"name":"冒名","applicant":"p2"})")
                  .error()
                  .Is(error::kForbidden));
  EXPECT_EQ(TextAt(Row(With("citizen", "", "p1"), own), "person_id"), "11010519491231002X");
  EXPECT_TRUE(ledger_->Read(With("citizen", "", "p2"), "permit", own).error().Is(error::kNotFound));
  EXPECT_EQ(List(With("citizen", "", "p2"), {}).size(), 0u);
}

TEST_P(LedgerTest, MasksWhatTheGradeDoesNotReach) {
  std::string id = *Make(With("clerk"), R"({"name":"甲","person_id":"11010519491231002X"})");
  EXPECT_EQ(TextAt(Row(With("counter"), id), "person_id"), "110*************2X");
  auto found = ledger_->List(With("counter"), {.type = "permit", .sort = "person_id"});
  EXPECT_TRUE(found.error().Is(error::kSealedSort));
}

TEST_P(LedgerTest, AsksForThePurposeWhereARightNeedsOne) {
  std::string id = *Make(With("clerk"), R"({"name":"甲","person_id":"11010519491231002X"})");
  Subject researcher = With("researcher");
  EXPECT_TRUE(ledger_->Read(researcher, "permit", id).error().Is(error::kPurposeMissing));
  researcher.purpose = "research";
  EXPECT_EQ(TextAt(Row(researcher, id), "person_id"), "11010519491231002X");
}

TEST_P(LedgerTest, RecordsEachReadingOfPersonalDataInClear) {
  std::string id = *Make(With("clerk"), R"({"name":"甲","person_id":"11010519491231002X"})");
  int64_t before = Verify().lines;
  Row(With("counter"), id);
  EXPECT_EQ(Verify().lines, before);
  Row(With("clerk"), id);
  EXPECT_EQ(Verify().lines, before + 1);
  List(With("clerk"), {});
  EXPECT_EQ(Verify().lines, before + 2);
}

TEST_P(LedgerTest, RefusesWhoHoldsNoRole) {
  std::string id = *Make(With("clerk"), R"({"name":"甲"})");
  EXPECT_TRUE(ledger_->List(Visitor(), {.type = "permit"}).error().Is(error::kForbidden));
  EXPECT_TRUE(ledger_->Read(Visitor(), "permit", id).error().Is(error::kNotFound));
  EXPECT_TRUE(Make(Visitor(), R"({"name":"甲"})").error().Is(error::kForbidden));
  EXPECT_TRUE(Change(Visitor(), id, R"({"name":"乙"})").error().Is(error::kNotFound));
}

TEST_P(LedgerTest, PagesByKeyWithoutGapOrRepeat) {
  for (int i = 0; i < 23; ++i)
    ASSERT_TRUE(Make(With("clerk"), R"({"name":"n)" + std::to_string(i % 5) + R"("})"));
  for (const char* sort : {"name", "-name", "-created_at", "id", "fee", "-number"}) {
    std::set<std::string> seen;
    ListRequest request{.sort = sort, .limit = 5, .count = true};
    do {
      for (const json::value& row : List(With("clerk"), request))
        EXPECT_TRUE(seen.insert(std::string(TextAt(row.get_object(), "id"))).second) << sort;
      EXPECT_EQ(total_, 23);
      request.after = next_;
    } while (!next_.empty());
    EXPECT_EQ(seen.size(), 23u) << sort;
  }
  auto broken = ledger_->List(With("clerk"), {.type = "permit", .after = "nonsense"});
  EXPECT_TRUE(broken.error().Is(error::kBadCursor));
}

TEST_P(LedgerTest, WalksManyRowsInOrderWithoutGapRepeatOrLeak) {
  // More rows than are gathered and sorted at once; some have no fee; others lie outside the post's
  // region.
  ASSERT_TRUE(Do(System(), [](Writer& w) -> Result<std::string> {
    for (int i = 0; i < 1300; ++i) {
      json::object values{{"name", i % 3 == 0 ? "卫生许可" : "食品经营"}, {"applicant", "p1"}};
      if (i % 4 != 0) values["fee"] = i * 7 % 100;
      TRY_VOID(w.Create("permit", values, i % 2 == 0 ? "440203" : "440282"));
    }
    return "";
  }));
  Subject clerk = With("clerk", "440203");
  for (const char* sort : {"fee", "-fee", "name", "-created_at", "-id"}) {
    for (const char* filter : {"", "state in (\"draft\", \"granted\")"}) {
      std::set<std::string> seen;
      std::optional<int64_t> before;
      ListRequest number{.filter = filter, .sort = sort, .limit = 0, .count = true};
      EXPECT_TRUE(List(clerk, number).empty());
      EXPECT_EQ(total_, 650) << "counting reaches the same rows as walking";
      number.count_at_most = 10;
      List(clerk, number);
      EXPECT_EQ(total_, 10);
      ListRequest request{.filter = filter, .sort = sort, .limit = 100};
      bool falling = sort[0] == '-';
      do {
        for (const json::value& row : List(clerk, request)) {
          EXPECT_TRUE(seen.insert(std::string(TextAt(row.get_object(), "id"))).second) << sort;
          EXPECT_EQ(TextAt(row.get_object(), "region"), "440203");
          if (std::string_view(sort).ends_with("fee")) {
            int64_t fee = IntAt(row.get_object(), "fee", -1);
            if (before) {
              EXPECT_TRUE(falling ? fee <= *before : fee >= *before) << sort;
            }
            before = fee;
          }
        }
        request.after = next_;
      } while (!next_.empty());
      EXPECT_EQ(seen.size(), 650u) << sort << " " << filter;
    }
  }
  size_t found = 0;
  ListRequest search{.limit = 200, .q = "卫生许可"};
  do {
    found += List(clerk, search).size();
    search.after = next_;
  } while (!next_.empty());
  EXPECT_EQ(found, 217u);  // of the numbers below 1300 divisible by 2 and by 3
}

TEST_P(LedgerTest, ShowsAnOwnersRowsWhetherTheyAreFewOrManyAndNobodyElses) {
  std::string many, few;
  ASSERT_TRUE(Do(System(), [&](Writer& w) -> Result<std::string> {
    TRY(Written first, w.Create("organisation", {{"path", "/o/many/"}}));
    TRY(Written second, w.Create("organisation", {{"path", "/o/few/"}}));
    many = first.id;
    few = second.id;
    for (int i = 0; i < 1300; ++i) {
      json::object values{{"name", "许可"}, {"office", i % 100 == 7 ? few : many}};
      values["state"] = i % 5 == 0 ? "granted" : "draft";
      TRY_VOID(w.Create("permit", values, "440203"));
    }
    return "";
  }));
  struct Case {
    const char* path;
    const char* filter;
    int64_t rows;
  };
  for (const Case& each :
       {Case{"/o/few/", "", 13}, Case{"/o/few/", "state = \"granted\"", 0},
        Case{"/o/few/", "state in (\"draft\", \"granted\")", 13},
        Case{"/o/many/", "state = \"granted\"", 260}, Case{"/o/many/", "state = \"draft\"", 1027},
        Case{"/o/many/", "", 1287}, Case{"/o/", "", 1300}, Case{"/o/none/", "", 0}}) {
    Subject officer = With("officer", "440200", "a1", each.path);
    ListRequest number{.filter = each.filter, .limit = 0, .count = true};
    EXPECT_TRUE(List(officer, number).empty());
    EXPECT_EQ(total_, each.rows) << each.path << each.filter;
    std::set<std::string> seen;
    ListRequest request{.filter = each.filter, .sort = "name", .limit = 200, .count = true};
    do {
      for (const json::value& row : List(officer, request))
        EXPECT_TRUE(seen.insert(std::string(TextAt(row.get_object(), "id"))).second);
      EXPECT_EQ(total_, each.rows) << each.path << each.filter;
      request.after = next_;
    } while (!next_.empty());
    EXPECT_EQ(static_cast<int64_t>(seen.size()), each.rows) << each.path << each.filter;
  }
}

TEST_P(LedgerTest, FindsChineseText) {
  ASSERT_TRUE(Make(With("clerk"), R"({"name":"食品经营许可"})"));
  std::string id = *Make(With("clerk"), R"({"name":"卫生许可证"})");
  EXPECT_EQ(List(With("clerk"), {.q = "许可"}).size(), 2u);
  EXPECT_EQ(List(With("clerk"), {.q = "食品经营"}).size(), 1u);
  EXPECT_EQ(List(With("clerk"), {.q = "证"}).size(), 1u);
  EXPECT_EQ(List(With("clerk"), {.q = "经许"}).size(), 0u);
  EXPECT_EQ(List(With("clerk"), {.q = "!\"'"}).size(), 0u);
  ASSERT_TRUE(Change(With("clerk"), id, R"({"name":"改名"})"));
  EXPECT_EQ(List(With("clerk"), {.q = "卫生"}).size(), 0u);
  EXPECT_EQ(List(With("clerk"), {.q = "改名"}).size(), 1u);
}

TEST_P(LedgerTest, KeepsUniqueValuesUnique) {
  std::string id = *Make(With("clerk"), R"({"name":"甲","number":"7"})");
  EXPECT_TRUE(Make(With("clerk"), R"({"name":"乙","number":"7"})").error().Is(error::kDuplicate));
  ASSERT_TRUE(Do(With("clerk"), [&](Writer& w) -> Result<std::string> {
    TRY(Written ended, w.End("permit", id));
    return ended.id;
  }));
  EXPECT_TRUE(Make(With("clerk"), R"({"name":"丙","number":"7"})"));
}

TEST_P(LedgerTest, AnswersARepeatedSendingOnce) {
  int runs = 0;
  auto work = [&](Writer& w) -> Result<std::string> {
    ++runs;
    TRY(Written made, w.Create("permit", {{"name", "甲"}}));
    return made.id;
  };
  std::string first = *Do(With("clerk"), work, "k1", "r1");
  EXPECT_EQ(*Do(With("clerk"), work, "k1", "r1"), first);
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(Do(With("clerk"), work, "k1", "r2").error().Is(error::kKeyReused));
  // The same key of another account is another key.
  EXPECT_NE(*Do(With("clerk", "440200", "a9"), work, "k1", "r1"), first);
}

TEST_P(LedgerTest, KeepsNothingOfACommandThatFails) {
  auto failed = Do(With("clerk"), [&](Writer& w) -> Result<std::string> {
    TRY_VOID(w.Create("permit", {{"name", "甲"}}));
    return error::kNotFound;
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(List(With("clerk"), {}).size(), 0u);
  EXPECT_TRUE(Verify().Good());
}

TEST_P(LedgerTest, NumbersWithoutGapOrRepeat) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::string> seen;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        std::string shard = t % 2 == 0 ? "440203" : "440204";
        auto number =
            ledger_->Command({With("clerk"), shard, {}, {}}, [](Writer& w) -> Result<std::string> {
              TRY(int64_t next, w.NextNumber("series"));
              return std::to_string(next);
            });
        ASSERT_TRUE(number) << number.error().ToLine();
        std::lock_guard lock(mutex);
        EXPECT_TRUE(seen.insert(*number).second);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_TRUE(seen.contains("100"));
}

TEST_P(LedgerTest, VerifiesItsAuditLogAndNamesTheFirstBrokenLine) {
  std::string id = *Make(With("clerk"), R"({"name":"甲"})");
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(Change(With("clerk"), id, R"({"name":"n)" + std::to_string(i) + "\"}"));
  ASSERT_TRUE(store_->Command("", [&](store::Tx& tx) -> Result<void> {
    TRY(int sealed,
        SealAudit(tx, clock_.Now(), "audit", [&](std::string_view bytes) -> Result<std::string> {
          TRY(std::string signature, key_.Sign(bytes));
          return crypto::ToHex(signature);
        }));
    EXPECT_EQ(sealed, 2);  // the chain of the region and that of the model
    return {};
  }));
  AuditReport good = Verify();
  EXPECT_TRUE(good.Good()) << good.first_broken;
  EXPECT_EQ(good.unsealed, 0);
  auto tamper = [&](const char* sql) {
    ASSERT_TRUE(store_->Command("", [&](store::Tx& tx) { return tx.Script(sql); }));
  };
  tamper("update audit set act = 'read' where chain = '440203' and seq = 3");
  EXPECT_EQ(Verify().first_broken, "chain 440203 line 3: the line does not match its hash");
  tamper("update audit set act = 'update' where chain = '440203' and seq = 3");
  EXPECT_TRUE(Verify().Good());
  tamper("delete from audit where chain = '440203' and seq = 6");
  EXPECT_NE(Verify().first_broken.find("440203 line 6"), std::string::npos);
}

TEST_P(LedgerTest, GrowsByNewTypesAndColumnsAndRefusesToLoseData) {
  std::string id = *Make(With("clerk"), R"({"name":"甲"})");
  std::string more = std::string(kTypes);
  size_t at = more.find("    fee:");
  more.insert(at, "    colour: { is: text, label: { zh: 颜色, en: Colour } }\n");
  auto changes = ledger_->Install(Sample(more), System(), "colour", "{}");
  ASSERT_TRUE(changes) << changes.error().ToLine();
  ASSERT_EQ(changes->size(), 1u);
  ASSERT_TRUE(Change(With("clerk"), id, R"({"colour":"红"})"));
  EXPECT_EQ(TextAt(Row(With("clerk"), id), "colour"), "红");
  std::string other = more;
  at = other.find("fee: { is: money");
  other.replace(at, 16, "fee: { is: text ");
  other.replace(other.find(", least: 0"), 10, "");
  EXPECT_TRUE(
      ledger_->Install(Sample(other), System(), "fee", "{}").error().Is(error::kNeedsReviewedStep));
  // Taking a version back: the column stays with its data, unseen.
  ASSERT_TRUE(ledger_->Install(Sample(), System(), "back", "{}"));
  EXPECT_FALSE(Row(With("clerk"), id).contains("colour"));
  ASSERT_TRUE(ledger_->Install(Sample(more), System(), "forth", "{}"));
  EXPECT_EQ(TextAt(Row(With("clerk"), id), "colour"), "红");
}

INSTANTIATE_TEST_SUITE_P(Both, LedgerTest, testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         [](const auto& each) {
                           return each.param == Dialect::kSqlite ? "Sqlite" : "Postgres";
                         });
}  // namespace
}  // namespace city::ledger
