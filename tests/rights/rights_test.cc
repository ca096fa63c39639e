// SPDX-License-Identifier: Apache-2.0
// Rights on writes as on reads: a negative test for each route and role, made from the
// declarations; and a storm of mixed requests in which nobody may ever see what is not theirs.
#include <atomic>
#include <cstdlib>
#include <thread>

#include "base/random.h"
#include "base/text.h"
#include "test_city.h"

namespace city {
namespace {
using testing_city::TestCity;

class RightsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { city_ = new TestCity; }
  static void TearDownTestSuite() {
    delete city_;
    city_ = nullptr;
  }
  static TestCity* city_;
};
TestCity* RightsTest::city_ = nullptr;

std::set<std::string> RolesOf(TestCity& city, const std::string& who) {
  std::set<std::string> out{"visitor"};
  if (who.empty()) return out;
  json::value session = city.Get(who, "/api/session");
  for (const json::value& role : session.at("account").at("roles").as_array())
    out.insert(std::string(role.as_string().c_str()));
  return out;
}

TEST_F(RightsTest, HoldOnEveryRouteForEveryAccount) {
  std::vector<std::string> people{""};
  for (const auto& [name, token] : city_->tokens()) people.push_back(name);
  ASSERT_GT(people.size(), 15u);
  int refused = 0, asked = 0;
  for (const std::string& who : people) {
    std::set<std::string> roles = RolesOf(*city_, who);
    for (const auto& route : city_->gate().router().routes()) {
      bool allowed = route->access == gate::Access::kAnyone ||
                     (route->access == gate::Access::kSignedIn && !who.empty());
      if (route->access == gate::Access::kRoles) {
        ASSERT_FALSE(route->roles.empty()) << route->operation;
        for (const std::string& role : route->roles) allowed = allowed || roles.contains(role);
      }
      if (allowed) continue;  // what is allowed here is bounded by the ledger, below
      std::string path = ReplaceAll(ReplaceAll(route->pattern, "{type}", "item"), "{", "x");
      path = ReplaceAll(path, "}", "");
      gate::Response response =
          city_->Send(who, route->method, path, route->method == "GET" ? "" : "{}");
      ++asked;
      EXPECT_TRUE(response.status == 401 || response.status == 403)
          << route->method << " " << route->pattern << " as \"" << who << "\": " << response.status;
      refused += response.status == 401 || response.status == 403 ? 1 : 0;
    }
  }
  EXPECT_GT(asked, 150);
  EXPECT_EQ(refused, asked);
}

/// For each record type, verb and account: without a right in the declaration nothing is read or
/// written.
TEST_F(RightsTest, HoldOnEveryRecordTypeForEveryAccount) {
  auto catalogue = city_->city().ledger().catalogue();
  int refused = 0;
  for (const auto& [name, token] : city_->tokens()) {
    std::set<std::string> roles = RolesOf(*city_, name);
    for (const auto& [type, known] : catalogue->types()) {
      auto may = [&](ledger::Verb verb) {
        for (const ledger::Right& right : known.type.rights)
          if (right.Allows(verb) && roles.contains(right.role)) return true;
        return false;
      };
      std::string base = "/api/records/" + type, id = "00000000-0000-7000-8000-000000000000";
      // A key that exists, so that a refusal is not just an absence.
      {
        auto snapshot = *city_->city().store().Read();
        auto rows = snapshot->Query("select id from " + known.type.Table() + " limit 1");
        if (rows && rows->Next()) id = rows->Text(0);
      }
      if (!may(ledger::Verb::kRead)) {
        EXPECT_EQ(city_->Send(name, "GET", base).status, 403) << name << " lists " << type;
        EXPECT_EQ(city_->Send(name, "GET", base + "/" + id).status, 404)
            << name << " reads " << type;
        EXPECT_EQ(city_->Send(name, "GET", base + "/" + id + "/history").status, 404)
            << name << " reads the history of " << type;
        refused += 3;
      }
      if (!may(ledger::Verb::kCreate) || known.type.kept_by_engine) {
        EXPECT_EQ(city_->Send(name, "POST", base, "{}").status, 403) << name << " creates " << type;
        ++refused;
      }
      if (!may(ledger::Verb::kUpdate) || known.type.kept_by_engine) {
        int status = city_->Send(name, "PATCH", base + "/" + id, "{\"region\":\"1\"}").status;
        EXPECT_TRUE(status == 403 || status == 404)
            << name << " changes " << type << ": " << status;
        ++refused;
      }
      if (!may(ledger::Verb::kEnd) || known.type.kept_by_engine) {
        int status = city_->Send(name, "DELETE", base + "/" + id).status;
        EXPECT_TRUE(status == 403 || status == 404) << name << " ends " << type << ": " << status;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 700);
}

TEST_F(RightsTest, TheDescriptionPointsOnlyAtShapesThatItHas) {
  const std::string& text = city_->gate().api_text();
  json::value api = *ParseJson(text, {.max_bytes = 64u << 20});
  const json::object& shapes = api.at("components").at("schemas").as_object();
  constexpr std::string_view kRef = "#/components/schemas/";
  size_t seen = 0;
  for (size_t at = text.find(kRef); at != std::string::npos; at = text.find(kRef, at + 1), ++seen) {
    size_t begin = at + kRef.size();
    std::string name = text.substr(begin, text.find('"', begin) - begin);
    EXPECT_TRUE(shapes.contains(name)) << name;
  }
  EXPECT_GT(seen, 50u);
}

TEST_F(RightsTest, NeedTheMarkAgainstForgedRequests) {
  gate::Request request;
  request.method = "POST";
  request.path = "/api/records/item";
  request.headers.emplace_back("cookie", "yiwang_session=" + city_->tokens().at("admin"));
  EXPECT_EQ(city_->gate().Handle(request).status, 403);
}

TEST_F(RightsTest, LeakNothingUnderConcurrentMixedRequests) {
  const char* given = std::getenv("CITY_STORM");
  const int total =
      given != nullptr ? std::atoi(given)
      : std::getenv("CITY_LONG") != nullptr && std::string(std::getenv("CITY_LONG")) == "1"
          ? 100'000
          : 6'000;
  // Each applicant's own cases, as the store knows them.
  std::map<std::string, std::set<std::string>> own;
  std::vector<std::string> all;
  std::map<std::string, std::string> account_of, department_of;
  {
    auto snapshot = *city_->city().store().Read();
    auto rows = *snapshot->Query(
        "select c.id, coalesce(a.username, ''), c.department from r_service_case c left join "
        "r_account a on a.id = c.applicant");
    while (rows.Next()) {
      all.emplace_back(rows.Text(0));
      own[std::string(rows.Text(1))].insert(std::string(rows.Text(0)));
      department_of[std::string(rows.Text(0))] = rows.Text(2);
    }
  }
  ASSERT_GT(all.size(), 30u);
  std::vector<std::string> people{"",        "citizen",        "citizen2", "elder",
                                  "handler", "health-handler", "clerk",    "admin",
                                  "auditor", "supervisor"};
  std::atomic<int> asked{0}, leaks{0}, failures{0}, seen{0};
  auto work = [&](uint64_t seed) {
    SeededRandom random(seed);
    while (asked.fetch_add(1) < total) {
      const std::string& who = people[random.Below(people.size())];
      const std::string& id = all[random.Below(all.size())];
      bool citizen = who == "citizen" || who == "citizen2" || who == "elder";
      auto mine = own.find(who);
      bool is_own = mine != own.end() && mine->second.contains(id);
      gate::Response response;
      switch (random.Below(7)) {
        case 0: {
          response = city_->Send(who, "GET", "/api/cases/" + id);
          bool may = is_own || who == "clerk" || who == "supervisor" ||
                     (who == "handler" && department_of[id].find("scj") != std::string::npos) ||
                     (who == "health-handler" && department_of[id].ends_with("wjj"));
          if (response.status == 200 && !may) ++leaks;
          if (response.status == 200) ++seen;
          // The supervisor sees work, not identities.
          if (response.status == 200 && who == "supervisor" &&
              response.body.find("\"id_number\":\"") != std::string::npos &&
              response.body.find("*") == std::string::npos)
            ++leaks;
          break;
        }
        case 1: {
          response = city_->Send(who, "GET", "/api/cases?view=all&limit=50");
          if (citizen && response.status == 200) {
            auto rows = ParseJson(response.body, {.max_bytes = 32u << 20});
            for (const json::value& row : rows->at("rows").as_array())
              if (mine == own.end() ||
                  !mine->second.contains(std::string(row.at("id").as_string().c_str())))
                ++leaks;
          }
          break;
        }
        case 2:
          response = city_->Send(who, "GET", "/api/records/person?limit=20");
          if (response.status == 200 && who != "clerk" && !citizen) ++leaks;
          if (response.status == 200 && citizen &&
              ParseJson(response.body)->at("rows").as_array().size() > 1)
            ++leaks;
          break;
        case 3:
          response =
              city_->Send(who, "POST", "/api/cases/" + id + "/acts/approve", "{\"reason\":\"x\"}");
          if (response.status == 200 && citizen) ++leaks;
          break;
        case 4:
          response = city_->Send(who, "GET", "/api/audit?limit=5");
          if (response.status == 200 && who != "admin" && who != "auditor") ++leaks;
          break;
        case 5:
          response = city_->Send(who, "GET", "/api/records/draft");
          if (response.status == 200 && !citizen) ++leaks;
          break;
        default:
          if (citizen) {
            std::string item(city_->Get("", "/api/records/item?limit=1")
                                 .at("rows")
                                 .as_array()[0]
                                 .at("id")
                                 .as_string()
                                 .c_str());
            response =
                city_->Send(who, "POST", "/api/drafts", "{\"item\":\"" + item + "\",\"data\":{}}");
          } else {
            response = city_->Send(who, "POST", "/api/drafts", "{\"item\":\"x\",\"data\":{}}");
            if (response.status < 400) ++leaks;
          }
      }
      if (response.status >= 500) ++failures;
    }
  };
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < 8; ++i) threads.emplace_back(work, i + 1);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(leaks.load(), 0);
  EXPECT_EQ(failures.load(), 0);
  EXPECT_GT(seen.load(), total / 60);  // the storm did reach real cases
  RecordProperty("requests", total);
}
}  // namespace
}  // namespace city
