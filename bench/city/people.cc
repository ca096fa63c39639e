// SPDX-License-Identifier: Apache-2.0
// Accounts for thousands of generated persons and for the officials of every body with items.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "ledger/errors.h"
#include "prepare.h"

namespace city::bench {
namespace {
constexpr int kAtOnce = 200;  ///< accounts of one command

/// Keys of the first persons who were generated without an account.
Result<std::vector<std::string>> PersonsWithout(model::City& city, int count) {
  TRY(auto snapshot, city.store().Read());
  TRY(store::Rows rows,
      snapshot->Query(
          "select p.id from r_person p where p.ended_at is null and not exists (select 1 "
          "from r_account a where a.person = p.id) order by p.id limit $1",
          {static_cast<int64_t>(count)}));
  std::vector<std::string> out;
  while (rows.Next()) out.emplace_back(rows.Text(0));
  TRY_VOID(rows.status());
  return out;
}

/// Bodies that published items belong to.
Result<std::vector<std::string>> BodiesWithItems(model::City& city) {
  TRY(auto snapshot, city.store().Read());
  TRY(store::Rows rows, snapshot->Query("select distinct department from r_item where state = "
                                        "'published' and ended_at is null",
                                        {}));
  std::vector<std::string> out;
  while (rows.Next()) out.emplace_back(rows.Text(0));
  TRY_VOID(rows.status());
  return out;
}
}  // namespace

Result<void> MakePeople(const std::string& folder, int count, int clerks) {
  std::filesystem::path list = std::filesystem::path(folder) / "bench-people.json";
  if (std::filesystem::exists(list)) return {};
  SystemClock clock;
  TRY(auto city, OpenCity(folder, clock));
  const model::Place& place = city->place();
  TRY(std::string hash, crypto::HashPassword(place.demo.password));
  TRY(std::vector<std::string> persons, PersonsWithout(*city, count));
  TRY(std::vector<std::string> bodies, BodiesWithItems(*city));
  auto catalogue = city->ledger().catalogue();

  json::array citizens;
  for (size_t at = 0; at < persons.size(); at += kAtOnce) {
    json::array made;
    TRY_VOID(city->store().Command(place.code, [&](store::Tx& tx) -> Result<void> {
      made.clear();
      ledger::Writer writer(*catalogue, tx, ledger::System("bench"), clock.Now(), place.code);
      for (size_t i = at; i < std::min(persons.size(), at + kAtOnce); ++i) {
        TRY(json::object person, ledger::ReadRow(tx, *catalogue, "person", persons[i]));
        std::string username = fmt::format("bench-{:05}", i + 1);
        json::object account{{"username", username},
                             {"name", person.at("name")},
                             {"kind", "citizen"},
                             {"person", persons[i]},
                             {"phone", person.at("mobile")}};
        TRY(std::string id, city->AddAccount(writer, account, hash, "", "", place.code, false));
        made.push_back(json::object{{"username", username},
                                    {"account", id},
                                    {"name", person.at("name")},
                                    {"id_number", person.at("citizen_id")},
                                    {"mobile", person.at("mobile")}});
      }
      return writer.Finish();
    }));
    citizens.insert(citizens.end(), made.begin(), made.end());
  }

  auto organisation = [&](std::string_view id) -> const model::Organisation* {
    for (const model::Organisation& each : place.organisations)
      if (each.id == id) return &each;
    return nullptr;
  };
  const model::Organisation* centre = nullptr;
  for (const model::DemoOfficial& each : place.demo.officials)
    if (each.role == "clerk" && centre == nullptr)  // the first sits in the city's own centre
      for (const model::Organisation& body : place.organisations)
        if (body.code == each.organisation) centre = &body;
  if (centre == nullptr) return ledger::error::kNotFound;
  json::array desk;
  json::object offices;
  TRY_VOID(city->store().Command(place.code, [&](store::Tx& tx) -> Result<void> {
    desk.clear();
    offices.clear();
    ledger::Writer writer(*catalogue, tx, ledger::System("bench"), clock.Now(), place.code);
    auto add = [&](const std::string& username, const std::string& role,
                   const model::Organisation& body) -> Result<void> {
      json::object account{{"username", username},
                           {"name", "测" + username},
                           {"kind", "official"},
                           {"organisation", body.id}};
      return city->AddAccount(writer, account, hash, role, body.id, body.region, false)
          .map([](const std::string&) {});
    };
    for (int i = 1; i <= clerks; ++i) {
      std::string username = fmt::format("bench-clerk-{:03}", i);
      TRY_VOID(add(username, "clerk", *centre));
      desk.push_back(json::string(username));
    }
    for (const std::string& id : bodies) {
      const model::Organisation* body = organisation(id);
      if (body == nullptr) continue;
      json::object posts;
      for (const char* role : {"handler", "reviewer", "approver"}) {
        std::string username = fmt::format("bench-{}-{}", role, body->code);
        TRY_VOID(add(username, role, *body));
        posts[role] = username;
      }
      offices[id] = std::move(posts);
    }
    return writer.Finish();
  }));
  std::ofstream(list) << ToText(json::object{{"password", place.demo.password},
                                             {"citizens", std::move(citizens)},
                                             {"clerks", std::move(desk)},
                                             {"offices", std::move(offices)}});
  fmt::print("{} persons and {} bodies have accounts\n", persons.size(), bodies.size());
  return {};
}
}  // namespace city::bench
