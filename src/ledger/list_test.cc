// SPDX-License-Identifier: Apache-2.0
// Lists and searches give the same rows however they are fetched: few or thousands, by whom ever,
// on both engines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "ledger/errors.h"
#include "ledger/ledger.h"
#include "ledger/testing/types.h"
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
- record: ticket
  label: { zh: 工单, en: Ticket }
  title: name
  owner: office
  holder: person
  search: [name]
  indexes: [[person, at, state], [office, state, at], [at, office, state], [state, at]]
  fields:
    name: { is: text, label: { zh: 名称, en: Name }, required: true, max: 40 }
    state: { is: text, label: { zh: 状态, en: State } }
    office: { is: reference, to: organisation, label: { zh: 机构, en: Office } }
    person: { is: text, label: { zh: 人, en: Person } }
    at: { is: integer, label: { zh: 时刻, en: Moment }, required: true }
  rights:
    - { role: clerk, may: [read], scope: region }
    - { role: officer, may: [read], scope: organisation-tree }
    - { role: citizen, may: [read], scope: holder }
    - { role: auditor, may: [read] }
)";
constexpr int kRows = 4000;
constexpr const char* kPersons[] = {"p-many", "p-few", "p-else"};

struct Made {
  std::string id, name, state, office, person, region;
  int64_t at = 0;
};

class ListTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    store_ = place_.Open();
    ledger_ = *Ledger::Open(*store_, clock_);
    ASSERT_TRUE(Install());
    auto done = Do([&](Writer& w) -> Result<std::string> {
      for (const char* path : {"/a/", "/a/b/", "/c/"}) {
        TRY(Written made, w.Create("organisation", {{"path", path}}));
        offices_.push_back(made.id);
      }
      for (int i = 0; i < kRows; ++i) {
        Made one{.name = i % 3 == 0    ? "食品经营许可"
                         : i % 50 == 1 ? "临时占道备案"
                                       : "税务登记",
                 .state = i % 40 == 0 ? "open" : "closed",
                 .office = offices_[i % 100 == 5 ? 1u
                                    : i % 4 == 0 ? 0u
                                                 : 2u],
                 .person = kPersons[i % 5 == 0     ? 0
                                    : i % 500 == 1 ? 1
                                                   : 2],
                 .region = i % 7 == 0 ? "440203" : "440204",
                 // Many share a moment, and moments do not rise as rows come in.
                 .at = 1000 + (i * 37 % kRows) / 8};
        TRY(Written made, w.Create("ticket",
                                   {{"name", one.name},
                                    {"state", one.state},
                                    {"office", one.office},
                                    {"person", one.person},
                                    {"at", one.at}},
                                   one.region));
        one.id = made.id;
        made_.push_back(std::move(one));
      }
      return "";
    });
    ASSERT_TRUE(done) << done.error().ToLine();
  }
  Result<std::vector<SchemaChange>> Install() {
    return ledger_->Install(CatalogueOf(kTypes), System(), "test", "{}");
  }
  Result<std::string> Do(const std::function<Result<std::string>(Writer&)>& work) {
    clock_.Advance(std::chrono::seconds(1));
    return ledger_->Command({System(), "440200", {}, {}}, work);
  }
  static Subject Who(const std::string& role, const std::string& path = "",
                     const std::string& region = "440200", const std::string& account = "a1") {
    Subject who;
    who.account = account;
    who.name = role;
    who.kind = "official";
    who.holders = {account};
    who.posts.push_back({role, "o1", path, region});
    return who;
  }
  /// All pages, walked to the end.
  std::vector<std::string> Walk(const Subject& who, ListRequest request) {
    request.type = "ticket";
    std::vector<std::string> out;
    do {
      auto page = ledger_->List(who, request);
      EXPECT_TRUE(page) << page.error().ToLine();
      if (!page) return out;
      out.insert(out.end(), page->ids.begin(), page->ids.end());
      total_ = page->total;
      request.after = page->next;
    } while (!request.after.empty());
    return out;
  }
  std::vector<std::string> Wanted(const std::function<bool(const Made&)>& good, bool by_moment) {
    std::vector<const Made*> rows;
    for (const Made& one : made_)
      if (good(one)) rows.push_back(&one);
    std::reverse(rows.begin(), rows.end());
    if (by_moment)
      std::sort(rows.begin(), rows.end(), [](const Made* a, const Made* b) {
        return std::tie(a->at, a->id) > std::tie(b->at, b->id);
      });
    std::vector<std::string> out;
    for (const Made* one : rows) out.push_back(one->id);
    return out;
  }

  struct Reader {
    std::string what;
    Subject who;
    std::function<bool(const Made&)> may;
  };
  std::vector<Reader> Readers() const {
    auto held = [](const std::string& person) {
      return [person](const Made& one) { return one.person == person; };
    };
    return {
        {"everything", System(), [](const Made&) { return true; }},
        {"all", Who("auditor"), [](const Made&) { return true; }},
        {"a city", Who("clerk"), [](const Made&) { return true; }},
        {"a county", Who("clerk", "", "440203"),
         [](const Made& one) { return one.region == "440203"; }},
        {"a tree", Who("officer", "/a/"),
         [this](const Made& one) { return one.office != offices_[2]; }},
        {"a small office", Who("officer", "/a/b/"),
         [this](const Made& one) { return one.office == offices_[1]; }},
        {"hundreds of one's own", Who("citizen", "", "", "p-many"), held("p-many")},
        {"a few of one's own", Who("citizen", "", "", "p-few"), held("p-few")},
        {"nobody's", Who("citizen", "", "", "p-none"), held("p-none")},
    };
  }

  ManualClock clock_{*ParseTime("2026-03-02T09:00:00+08:00")};
  store::testing::FreshPlace place_{GetParam()};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::string> offices_;
  std::vector<Made> made_;
  int64_t total_ = -1;  ///< that the last page told
};

TEST_P(ListTest, GivesAndCountsEachRowOnceInOrderToWhoeverMaySeeIt) {
  for (const Reader& each : Readers())
    for (const std::string state : {"", "open", "closed"}) {
      std::string filter = state.empty() ? "" : "state = \"" + state + "\"";
      auto wanted = Wanted(
          [&](const Made& one) { return each.may(one) && (state.empty() || one.state == state); },
          true);
      for (bool count : {false, true})
        EXPECT_EQ(Walk(each.who, {.filter = filter, .sort = "-at", .limit = 170, .count = count}),
                  wanted)
            << each.what << " " << state;
      EXPECT_EQ(total_, static_cast<int64_t>(wanted.size())) << each.what << " " << state;
    }
}

TEST_P(ListTest, FindsWordsInTheOrderInWhichRowsCameIn) {
  // On PostgreSQL all rows of this command came in one moment, so only which rows is asked.
  bool ordered = GetParam() == Dialect::kSqlite;
  for (const Reader& each : Readers())
    for (const std::string word : {"许可", "临时占道备案", "食品许可", "食品 许可"})
      for (const std::string state : {"", "open", "closed"}) {
        std::string filter = state.empty() ? "" : "state in (\"" + state + "\", \"x\")";
        std::string held = word == "食品 许可" ? "食品经营许可" : word;
        auto wanted = Wanted(
            [&](const Made& one) {
              return each.may(one) && one.name.find(held) != std::string::npos &&
                     (state.empty() || one.state == state);
            },
            false);
        for (const char* sort : {"-entered", "entered", "-at"}) {
          auto found = Walk(each.who, {.filter = filter, .sort = sort, .limit = 170, .q = word});
          auto expected = wanted;
          if (*sort == 'e') std::reverse(expected.begin(), expected.end());
          if (!ordered || std::string_view(sort) == "-at") {
            std::sort(expected.begin(), expected.end());
            std::sort(found.begin(), found.end());
          }
          EXPECT_EQ(found, expected) << each.what << " " << word << " " << state << " " << sort;
        }
        ListRequest number{.type = "ticket",
                           .filter = filter,
                           .sort = "-entered",
                           .limit = 0,
                           .q = word,
                           .count = true};
        auto page = ledger_->List(each.who, number);
        ASSERT_TRUE(page) << page.error().ToLine();
        EXPECT_EQ(page->total, static_cast<int64_t>(wanted.size())) << each.what << " " << word;
      }
}

TEST_P(ListTest, FindsARowWithItsNewOwnerAndHolderAlone) {
  const Made& one = made_[0];
  ASSERT_TRUE(Do([&](Writer& w) -> Result<std::string> {
    TRY_VOID(w.Update("ticket", one.id, {{"office", offices_[2]}, {"person", "p-new"}}, {}));
    return "";
  }));
  auto sees = [&](const Subject& who) {
    auto found = Walk(who, {.sort = "-entered", .q = "食品经营"});
    return std::count(found.begin(), found.end(), one.id);
  };
  EXPECT_EQ(sees(Who("officer", "/a/")), 0);
  EXPECT_EQ(sees(Who("officer", "/c/")), 1);
  EXPECT_EQ(sees(Who("citizen", "", "", "p-many")), 0);
  EXPECT_EQ(sees(Who("citizen", "", "", "p-new")), 1);
}

TEST_P(ListTest, NeverFindsByTheWordsThatSayWhoseARowIs) {
  for (const char* word : {"§hpmany", "hpmany", "§r4402", "r4402", "§", "§oo1"})
    EXPECT_TRUE(Walk(Who("auditor"), {.sort = "-entered", .q = word}).empty()) << word;
}

TEST_P(ListTest, MakesWordsAndIndexesOfAnOlderStoreAgain) {
  bool sqlite = GetParam() == Dialect::kSqlite;
  ASSERT_TRUE(store_->Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(
        tx.Script("drop index i_ticket_person_at_state;\n"
                  "create index i_ticket_person_at_state on r_ticket (person, at, state);\n"));
    // Words that do not say whose a row is, as they once were.
    if (sqlite) TRY_VOID(tx.Script("update s_ticket set words = 'u008bb8u0053ef';\n"));
    return tx.Enqueue(fmt::format("update model_version set types = {}",
                                  sqlite ? "replace(replace(types, '\"search_form\":2', "
                                           "'\"x\":1'), '\"index_form\":2', '\"y\":1')"
                                         : "replace(replace(types::text, '\"search_form\":2', "
                                           "'\"x\":1'), '\"index_form\":2', '\"y\":1')"),
                      {});
  }));
  auto changes = Install();
  ASSERT_TRUE(changes) << changes.error().ToLine();
  std::set<std::string> said;
  for (const SchemaChange& change : *changes) {
    EXPECT_TRUE(change.additive) << change.what;
    if (change.type == "ticket") said.insert(change.what);
  }
  EXPECT_EQ(said, (std::set<std::string>{"indexes know which rows have ended",
                                         "search words are put together again"}));
  EXPECT_EQ(
      Walk(Who("officer", "/a/b/"), {.sort = "-entered", .q = "许可"}).size(),
      Wanted(
          [&](const Made& one) { return one.office == offices_[1] && one.name == "食品经营许可"; },
          false)
          .size());
  auto again = Install();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty()) << "once is enough";
  auto snapshot = *store_->Read();
  auto rows = snapshot->Query(
      sqlite ? "select sql from sqlite_master where name = 'i_ticket_person_at_state'"
             : "select indexdef from pg_indexes where indexname = 'i_ticket_person_at_state'",
      {});
  ASSERT_TRUE(rows && rows->Next());
  EXPECT_NE(rows->Text(0).find("ended_at"), std::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(Both, ListTest, testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         [](const auto& each) {
                           return each.param == Dialect::kSqlite ? "Sqlite" : "Postgres";
                         });
}  // namespace
}  // namespace city::ledger
