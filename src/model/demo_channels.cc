// SPDX-License-Identifier: Apache-2.0
// Why: what the demo city has in towns and villages: profiles, self-service machines with a month
// of use, social-security cards of the demo people. Everything is made up.
#include <fmt/format.h>

#include "base/random.h"
#include "base/yaml.h"
#include "ledger/row_text.h"
#include "model/demo.h"
#include "model/demo_elsewhere.h"

namespace city::model {
namespace {
using ledger::Writer;

Result<void> MakeVillages(City& city, SeededRandom& random) {
  return city.store().Command(city.place().code, [&](store::Tx& tx) -> Result<void> {
    SeededRandom again = random;  // a command that is run again makes the same villages
    Writer writer(*city.ledger().catalogue(), tx, ledger::System("demo"), city.clock().Now(),
                  city.place().code);
    for (const Division& division : city.place().divisions) {
      if (division.level != "6") continue;
      auto population = static_cast<int64_t>(600 + again.Below(4200));
      TRY_VOID(
          writer.Create("village_profile",
                        {{"division", division.code},
                         {"population", population},
                         {"elderly", population * static_cast<int64_t>(15 + again.Below(20)) / 100},
                         {"distance_km", static_cast<int64_t>(1 + again.Below(28))},
                         {"cases", population * static_cast<int64_t>(3 + again.Below(9)) / 100},
                         {"generated", true}},
                        division.code.substr(0, 6)));
    }
    return writer.Finish();
  });
}

Result<void> MakeMachines(City& city, SeededRandom& random) {
  return city.store().Command(city.place().code, [&](store::Tx& tx) -> Result<void> {
    SeededRandom again = random;
    Time now = city.clock().Now();
    Writer writer(*city.ledger().catalogue(), tx, ledger::System("demo"), now, city.place().code);
    int number = 0, town = 0;
    std::string before;
    for (const Division& division : city.place().divisions) {
      if (division.level != "6" || division.parent == before) continue;
      before = division.parent;
      // Two towns of three have a machine in their first village.
      if (++town % 3 == 0) continue;
      std::string code = fmt::format("ZZ-{:04}", ++number);
      TRY(ledger::Written made,
          writer.Create("kiosk",
                        {{"code", code},
                         {"name", division.name + "自助终端"},
                         {"model", number % 2 ? "立式一代" : "壁挂二代"},
                         {"division", division.code},
                         {"place", "便民服务站一楼"},
                         {"installed", IsoDate(ChinaDate(now) - std::chrono::days(300))},
                         {"secret_hash", "-"},
                         {"state", "active"}},
                        division.code.substr(0, 6)));
      bool busy = again.Below(4) != 0;
      for (int day = 0; day < 30; ++day) {
        auto sessions = static_cast<int64_t>(again.Below(busy ? 30 : 4));
        TRY_VOID(fleet::Fleet::AddUse(tx, made.id, IsoDate(ChinaDate(now) - std::chrono::days(day)),
                                      sessions, sessions * 4, sessions / 2));
      }
      bool silent = again.Below(12) == 0, paper = again.Below(15) == 0;
      TRY_VOID(
          fleet::Fleet::KeepBeat(tx, made.id, silent ? now - std::chrono::hours(30) : now, "1.0",
                                 paper ? R"({"reader":"ok","printer":"paper_out","scanner":"ok"})"
                                       : R"({"reader":"ok","printer":"ok","scanner":"ok"})"));
      if (paper)
        TRY_VOID(writer.Create("kiosk_fault",
                               {{"kiosk", made.id},
                                {"device", "printer"},
                                {"kind", "paper_out"},
                                {"opened_at", IsoChina(now)},
                                {"state", "open"}},
                               division.code.substr(0, 6)));
    }
    return writer.Finish();
  });
}

/// Cards of those who can sign in; the number on the card ends like their identity number.
Result<void> MakeCards(City& city) {
  return city.store().Command(city.place().code, [&](store::Tx& tx) -> Result<void> {
    Writer writer(*city.ledger().catalogue(), tx, ledger::System("demo"), city.clock().Now(),
                  city.place().code);
    TRY(json::array accounts,
        ledger::FindRows(tx, *city.ledger().catalogue(), "account", "kind = \"citizen\"", 50));
    int number = 0;
    for (const json::value& each : accounts) {
      std::string person = ledger::Text(each.get_object(), "person");
      if (person.empty()) continue;
      TRY_VOID(writer.Create("social_card", {{"number", fmt::format("D{:08}", ++number)},
                                             {"person", person},
                                             {"bank", "演示银行"},
                                             {"state", "active"}}));
    }
    return writer.Finish();
  });
}
}  // namespace

Result<void> FillDemoChannels(City& city) {
  SeededRandom random(city.options().demo_seed + 17);
  TRY_VOID(MakeVillages(city, random));
  random.Next();
  TRY_VOID(MakeMachines(city, random));
  TRY_VOID(MakeCards(city));
  // Where a demonstration has no cases at all, none come from elsewhere either.
  return city.options().demo_cases > 0 ? FillDemoElsewhere(city) : Result<void>();
}
}  // namespace city::model
