// SPDX-License-Identifier: Apache-2.0
// An amended calendar moves both due days of open cases and none of decided ones.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/ids.h"
#include "base/text.h"
#include "model/city.h"
#include "model/demo.h"

namespace city {
namespace {
namespace fs = std::filesystem;

struct Due {
  std::string state, promised, legal, task;
};

std::map<std::string, Due> DueDays(model::City& city) {
  std::map<std::string, Due> out;
  auto snapshot = *city.store().Read();
  auto rows = *snapshot->Query(
      "select c.id, c.state, coalesce(c.promised_due, ''), coalesce(c.legal_due, ''), "
      "coalesce((select max(t.due) from r_case_task t where t.case_id = c.id and t.state = 'open'),"
      " '') from r_service_case c where c.pauses is null");
  while (rows.Next())
    out[std::string(rows.Text(0))] = {std::string(rows.Text(1)), std::string(rows.Text(2)),
                                      std::string(rows.Text(3)), std::string(rows.Text(4))};
  return out;
}

TEST(CalendarChange, MovesOpenCasesAndLeavesDecidedOnes) {
  fs::path folder = fs::temp_directory_path() / ("yiwang-calendar-" + NewId(SystemClock().Now()));
  fs::create_directories(folder);
  fs::copy(fs::path(CITY_SOURCE_DIR) / "city", folder / "city", fs::copy_options::recursive);
  ManualClock clock{*ParseTime("2026-11-23T10:00:00")};
  model::CityOptions options;
  options.model_folder = (folder / "city").string();
  options.data_folder = (folder / "data").string();
  options.store_url = "sqlite:" + (folder / "city.db").string();
  fs::create_directories(options.data_folder);
  options.demo_cases = 150;
  options.demo_persons = 60;
  options.demo_enterprises = 20;
  std::map<std::string, Due> before, after;
  WorkDays amended;
  {
    auto city = model::City::Open(options, clock);
    ASSERT_TRUE(city) << city.error().ToLine();
    ASSERT_TRUE(model::FillDemo(**city, [](const std::string&, double) {}));
    before = DueDays(**city);
  }
  {
    // Two more days off, published in the middle of the year.
    fs::path file = folder / "city/places/china/working-days.yaml";
    std::ifstream in(file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    in.close();
    std::ofstream(file) << ReplaceAll(text, "off: [", "off: [ 2026-11-24, 2026-11-25,");
  }
  {
    auto city = model::City::Open(options, clock);
    ASSERT_TRUE(city) << city.error().ToLine();
    after = DueDays(**city);
    amended = (*city)->place().calendar;
    EXPECT_FALSE(amended.IsWorkDay(*ParseDate("2026-11-24")));
  }
  int moved = 0, kept = 0;
  for (const auto& [id, was] : before) {
    const Due& is = after[id];
    if (was.state == "handling") {
      // A due day from the first new day off on lies exactly two working days later now.
      auto later = [&](const std::string& day) {
        return day < "2026-11-24" ? day : IsoDate(amended.After(*ParseDate(day), 2).date);
      };
      auto wanted = [&](const std::string& day) {
        // A due day that became a day off itself moves by what lies before it.
        if (day == "2026-11-24") return std::string("2026-11-26");
        if (day == "2026-11-25") return std::string("2026-11-27");
        return later(day);
      };
      EXPECT_EQ(is.promised, wanted(was.promised)) << was.promised;
      EXPECT_EQ(is.legal, wanted(was.legal)) << was.legal;
      EXPECT_EQ(is.task, is.promised);
      moved += is.promised != was.promised || is.legal != was.legal ? 1 : 0;
    } else if (!was.promised.empty() && was.state != "paused") {
      EXPECT_EQ(is.promised, was.promised);
      EXPECT_EQ(is.legal, was.legal);
      ++kept;
    }
  }
  EXPECT_GT(moved, 2);
  EXPECT_GT(kept, 50);
  fs::remove_all(folder);
}
}  // namespace
}  // namespace city
