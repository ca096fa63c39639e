// SPDX-License-Identifier: Apache-2.0
// A thousand applications from twenty people at once: clean ones are licensed without a person,
// those with a planted fault are stopped for the right reason, none is licensed wrongly.
#include <atomic>
#include <set>
#include <thread>

#include "../rights/test_city.h"
#include "base/random.h"
#include "ledger/identity_codes.h"

namespace city {
namespace {
using testing_city::TestCity;

constexpr const char* kFaults[] = {
    "name_exact",        "name_sound",         "name_synonym",   "name_near",
    "name_short",        "name_banned",        "name_national",  "name_plain",
    "address_unknown",   "address_incomplete", "address_barred", "address_overused",
    "person_unverified", "person_barred",      "person_minor",   "scope_empty",
    "scope_unknown",     "scope_prior",        "shares_not_100", "capital_none"};

struct Somebody {
  std::string account, name, id;
};

std::string IdFor(const std::string& day, int number) {
  std::string body = "440203" + day + std::to_string(100 + number);
  return body + ledger::CitizenIdCheckCharacter(body);
}

TEST(SmartRegistration, LicensesCleanOnesAloneAndStopsEveryPlantedFault) {
  TestCity city(std::string(CITY_SOURCE_DIR) + "/city", 0);
  constexpr int kPeople = 20, kAll = 1000;
  const std::string password = "Registration-test-2026";
  auto hash = crypto::HashPassword(password);
  ASSERT_TRUE(hash);
  std::vector<Somebody> people;
  std::string minor = IdFor("20150601", 1), barred_id = IdFor("19800101", 2);
  auto prepared = city.city().ledger().Command(
      {ledger::System("test"), city.city().place().code, {}, {}},
      [&](ledger::Writer& writer) -> Result<std::string> {
        people.clear();
        auto person = [&](const std::string& name, const std::string& id) {
          return writer.Create("person", {{"name", name},
                                          {"citizen_id", id},
                                          {"sex", "1"},
                                          {"birth_date", id.substr(6, 4) + "-" + id.substr(10, 2) +
                                                             "-" + id.substr(12, 2)}});
        };
        for (int i = 0; i < kPeople; ++i) {
          std::string id = IdFor("19850301", 10 + i), name = "申请人" + std::to_string(i);
          TRY(ledger::Written made, person(name, id));
          TRY(std::string account,
              city.city().AddAccount(writer,
                                     {{"username", "founder" + std::to_string(i)},
                                      {"name", name},
                                      {"kind", "citizen"},
                                      {"person", made.id}},
                                     *hash, "", "", city.city().place().code, false));
          people.push_back({account, name, id});
        }
        TRY_VOID(person("小朋友", minor));
        TRY_VOID(person("受限人", barred_id));
        TRY_VOID(writer.Create(
            "person_bar",
            {{"citizen_id", barred_id}, {"kind", "revoked"}, {"until", "2028-01-01"}}));
        TRY_VOID(writer.Create("address_ban", {{"words", "危房巷"}, {"reason", "鉴定为危房"}}));
        for (int i = 0; i < 5; ++i)
          TRY_VOID(writer.Create("business_licence",
                                 {{"credit_code", "9144020" + std::to_string(i) + "MADEM0011P"},
                                  {"name", "旧企业" + std::to_string(i)},
                                  {"address", "440203 集群大厦1号楼"},
                                  {"state", "active"}}));
        return std::string("ok");
      });
  ASSERT_TRUE(prepared) << prepared.error().ToLine();
  std::vector<std::string> cookies;
  for (int i = 0; i < kPeople; ++i) {
    gate::Response in = city.Send(
        "", "POST", "/api/session",
        ToText(json::object{{"username", "founder" + std::to_string(i)}, {"password", password}}));
    for (const auto& [name, value] : in.headers)
      if (name == "Set-Cookie") cookies.push_back(value.substr(15, value.find(';') - 15));
  }
  ASSERT_EQ(cookies.size(), static_cast<size_t>(kPeople));

  // Brands of four signs that differ in at least two places and in sound.
  const char* signs[] = {"明", "丹", "韵", "瑞", "恒", "泰", "嘉", "禾", "盛", "源",
                         "兴", "达", "宏", "翠", "云", "江", "山", "海", "春", "秋"};
  auto brand = [&](int i) {
    int a = i % 20, b = (i / 20) % 20, c = (i / 400) % 20, check = (a + 3 * b + 7 * c) % 20,
        other = (2 * a + 5 * b + c) % 20;
    return std::string(signs[a]) + signs[b] + signs[c] + signs[check] + signs[other];
  };
  auto clean = [&](int i, const Somebody& who) {
    return json::object{
        {"name", json::object{{"place", city.city().place().name.zh},
                              {"brand", brand(i)},
                              {"trade", "商贸"},
                              {"form", "有限公司"}}},
        {"kind", "company"},
        {"address_region", "440203"},
        {"address", "百旺路" + std::to_string(i + 1) + "号"},
        {"capital", 1000000 + i},
        {"scope", json::array{"F5211", "F5238"}},
        {"persons", json::array{json::object{{"name", who.name},
                                             {"citizen_id", who.id},
                                             {"roles", json::array{"legal", "shareholder"}},
                                             {"share", 100}}}}};
  };
  auto send = [&](int who, const json::object& body) {
    gate::Request request;
    request.method = "POST";
    request.path = "/api/registrations";
    request.address = "127.0.0.1";
    request.body = ToText(body);
    request.headers.emplace_back("x-yiwang", "1");
    request.headers.emplace_back("cookie", "yiwang_session=" + cookies[static_cast<size_t>(who)]);
    return city.gate().Handle(request);
  };
  // Two that the faulty names run into.
  auto first = clean(8000 - 1, people[0]);
  first["name"].as_object()["brand"] = "明月轩";
  first["name"].as_object()["trade"] = "餐饮";
  ASSERT_EQ(ParseJson(send(0, first).body)->at("state"), "licensed");

  struct Case {
    json::object body;
    std::string fault;
    int who;
  };
  std::vector<Case> cases;
  for (int i = 0; i < kAll; ++i) {
    int who = i % kPeople;
    Case one{clean(i, people[static_cast<size_t>(who)]), "", who};
    if (i % 10 == 3) {
      one.fault = kFaults[(i / 10) % 20];
      json::object& name = one.body["name"].as_object();
      json::object& person = one.body["persons"].as_array()[0].as_object();
      const std::string& f = one.fault;
      if (f.starts_with("name_")) name["trade"] = "餐饮";
      if (f == "name_exact") name["brand"] = "明月轩";
      if (f == "name_sound") name["brand"] = "名悦宣";
      if (f == "name_synonym") {
        name["brand"] = "明月轩";
        name["trade"] = "美食";
      }
      if (f == "name_near") name["brand"] = "明月阁";
      if (f == "name_short") name["brand"] = "明";
      if (f == "name_banned") name["brand"] = "赌" + brand(i);
      if (f == "name_national") name["brand"] = "中华" + brand(i);
      if (f == "name_plain") name["brand"] = "小吃";
      if (f == "address_unknown") one.body["address_region"] = "440299";
      if (f == "address_incomplete") one.body["address"] = "路";
      if (f == "address_barred") one.body["address"] = "危房巷3号一楼";
      if (f == "address_overused") one.body["address"] = "集群大厦1号楼";
      if (f == "person_unverified") person["name"] = "冒名者";
      if (f == "person_barred") {
        person["name"] = "受限人";
        person["citizen_id"] = barred_id;
      }
      if (f == "person_minor") {
        person["name"] = "小朋友";
        person["citizen_id"] = minor;
      }
      if (f == "scope_empty") one.body["scope"] = json::array{};
      if (f == "scope_unknown") one.body["scope"] = json::array{"F5211", "Z0000"};
      if (f == "scope_prior") one.body["scope"] = json::array{"F5211", "F5251"};
      if (f == "shares_not_100") person["share"] = 99;
      if (f == "capital_none") one.body["capital"] = 0;
    }
    cases.push_back(std::move(one));
  }
  std::atomic<size_t> next{0};
  std::atomic<int> licensed{0}, stopped{0}, wrong{0};
  std::mutex mutex;
  std::vector<double> seconds;
  std::set<std::string> codes, kinds;
  std::vector<std::thread> threads;
  for (int who = 0; who < kPeople; ++who)
    threads.emplace_back([&, who] {
      for (size_t i = static_cast<size_t>(who); i < cases.size(); i += kPeople) {
        const Case& one = cases[i];
        auto begun = std::chrono::steady_clock::now();
        gate::Response response = send(one.who, one.body);
        double took =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        auto answer = ParseJson(response.body, {.max_bytes = 8u << 20});
        std::string state = response.status == 201 && answer
                                ? std::string(answer->at("state").as_string().c_str())
                                : "status " + std::to_string(response.status);
        std::lock_guard lock(mutex);
        if (one.fault.empty()) {
          seconds.push_back(took);
          if (state == "licensed") {
            ++licensed;
            codes.insert(std::string(answer->at("credit_code").as_string().c_str()));
          } else if (++wrong <= 5) {
            ADD_FAILURE() << i << " clean, but " << response.body.substr(0, 400);
          }
        } else {
          const json::array* faults =
              state == "human" ? ArrayAt(answer->get_object(), "faults") : nullptr;
          bool right = faults != nullptr && faults->size() == 1 &&
                       faults->at(0).at("code") == json::value(one.fault);
          if (right) {
            ++stopped;
            kinds.insert(one.fault);
          } else if (++wrong <= 5) {
            ADD_FAILURE() << one.fault << " but " << state << " "
                          << (answer && answer->is_object() ? ToText(answer->as_object()["faults"])
                                                            : response.body.substr(0, 300));
          }
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(licensed.load(), 900);
  EXPECT_EQ(stopped.load(), 100);
  EXPECT_EQ(wrong.load(), 0);
  EXPECT_EQ(codes.size(), 900u);
  EXPECT_EQ(kinds.size(), 20u);
  for (const std::string& code : codes)
    ASSERT_EQ(ledger::CheckCreditCode(code), ledger::CreditCodeState::kGood) << code;
  std::sort(seconds.begin(), seconds.end());
  double median = seconds[seconds.size() / 2], p99 = seconds[seconds.size() * 99 / 100];
  std::printf("registration: median %.3f s, p99 %.3f s from submission to licence, 20 at once\n",
              median, p99);
  EXPECT_LT(median, 2.0);
  EXPECT_TRUE(city.city().VerifyAudit()->Good());
}
}  // namespace
}  // namespace city
