// SPDX-License-Identifier: Apache-2.0
// The city's files change while the city runs, and change back.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "ledger/errors.h"
#include "model/city.h"
#include "model/errors.h"
#include "model/model_changes.h"

namespace city::services {
namespace {
namespace fs = std::filesystem;

class ModelChangesTest : public ::testing::Test {
 protected:
  ModelChangesTest()
      : folder_(fs::temp_directory_path() / ("model-" + NewId(SystemClock().Now()))) {
    fs::create_directories(folder_ / "data");
    fs::copy(fs::path(CITY_SOURCE_DIR) / "city", folder_ / "city", fs::copy_options::recursive);
    Open();
  }
  ~ModelChangesTest() override {
    city_.reset();
    fs::remove_all(folder_);
  }
  void Open() {
    city_.reset();
    model::CityOptions options;
    options.model_folder = (folder_ / "city").string();
    options.data_folder = (folder_ / "data").string();
    options.store_url = "sqlite:" + (folder_ / "data/city.db").string();
    auto city = model::City::Open(options, clock_);
    ASSERT_TRUE(city) << city.error().ToLine();
    city_ = std::move(*city);
  }
  model::ModelChanges changes() { return model::ModelChanges(*city_); }
  fs::path Records(const std::string& name) const {
    return folder_ / "city/systems/plan-monitoring/records" / name;
  }
  void Declare(const std::string& extra) {
    std::ofstream(Records("bench.yaml"))
        << "record: park_bench\nlabel: { zh: 公园长椅, en: Park bench }\ntitle: name\nfields:\n"
           "  name: { is: text, label: { zh: 名称, en: Name }, required: true }\n"
        << extra << "rights:\n  - { role: administrator, may: [read, create], grade: 4 }\n";
  }
  bool Knows(const std::string& type) const {
    return city_->ledger().catalogue()->types().contains(type);
  }
  Result<std::string> Make(json::object values) {
    ledger::CommandInfo info{ledger::System("test"), city_->place().code, {}, {}};
    return city_->ledger().Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
      TRY(ledger::Written made, writer.Create("park_bench", values));
      return "\"" + made.id + "\"";
    });
  }

  fs::path folder_;
  SystemClock clock_;
  std::unique_ptr<model::City> city_;
  ledger::Subject who_ = ledger::System("administrator");
};

TEST_F(ModelChangesTest, ANewRecordTypeIsShownThenUsableWithoutARestart) {
  auto none = changes().Plan();
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->at("files").as_array().empty());
  Declare("");
  auto plan = changes().Plan();
  ASSERT_TRUE(plan) << plan.error().ToLine();
  ASSERT_EQ(plan->at("files").as_array().size(), 1u);
  const json::object& file = plan->at("files").as_array()[0].as_object();
  EXPECT_EQ(file.at("name").as_string(), "systems/plan-monitoring/records/bench.yaml");
  EXPECT_EQ(file.at("change").as_string(), "added");
  EXPECT_EQ(file.at("effect").as_string(), "now");
  EXPECT_NE(std::string_view(file.at("diff").as_string()).find("+record: park_bench"),
            std::string_view::npos);
  EXPECT_TRUE(plan->at("installable").as_bool());
  EXPECT_FALSE(Knows("park_bench"));
  EXPECT_FALSE(Make({{"name", "a"}}));
  EXPECT_TRUE(changes().Install(who_, " ").error().Is(model::error::kReasonNeeded));
  auto installed = changes().Install(who_, "benches are counted");
  ASSERT_TRUE(installed) << installed.error().ToLine();
  EXPECT_TRUE(Knows("park_bench"));
  EXPECT_TRUE(Make({{"name", "a"}}));
  EXPECT_TRUE(changes().Install(who_, "again").error().Is(model::error::kNothingChanged));
}

TEST_F(ModelChangesTest, AVersionIsTakenBackAndStaysSoAfterARestart) {
  Declare("");
  ASSERT_TRUE(changes().Install(who_, "benches"));
  ASSERT_TRUE(Make({{"name", "a"}}));
  Declare("  seats: { is: integer, label: { zh: 座位, en: Seats } }\n");
  ASSERT_TRUE(changes().Install(who_, "seats"));
  ASSERT_TRUE(Make({{"name", "b"}, {"seats", 3}}));
  auto third = changes().Version(3);
  ASSERT_TRUE(third) << third.error().ToLine();
  EXPECT_EQ(third->at("summary").as_string(), "seats");
  EXPECT_EQ(third->at("files").as_array().size(), 1u);
  auto back = changes().TakeBack(who_, 2, "too early");
  ASSERT_TRUE(back) << back.error().ToLine();
  EXPECT_EQ(city_->ledger().catalogue()->types().at("park_bench").type.Find("seats"), nullptr);
  EXPECT_FALSE(Make({{"name", "c"}, {"seats", 4}}));
  Open();
  EXPECT_EQ(city_->ledger().catalogue()->types().at("park_bench").type.Find("seats"), nullptr);
  // The folder is read again once somebody changes it.
  Declare("  colour: { is: text, label: { zh: 颜色, en: Colour } }\n");
  Open();
  EXPECT_NE(city_->ledger().catalogue()->types().at("park_bench").type.Find("colour"), nullptr);
}

TEST_F(ModelChangesTest, FaultsAndLossAreRefusedAndChangeNothing) {
  Declare("  seats: { is: integer, label: { zh: 座位, en: Seats } }\n");
  ASSERT_TRUE(changes().Install(who_, "benches"));
  Declare("  seats: { is: text, label: { zh: 座位, en: Seats } }\n");
  auto plan = changes().Plan();
  ASSERT_TRUE(plan);
  EXPECT_FALSE(plan->at("installable").as_bool());
  EXPECT_TRUE(changes().Install(who_, "text").error().Is(ledger::error::kNeedsReviewedStep));
  Declare("  seats: { is: nonsense, label: { zh: 座位, en: Seats } }\n");
  EXPECT_TRUE(changes().Plan().error().Is(model::error::kFaults));
  EXPECT_TRUE(changes().Install(who_, "x").error().Is(model::error::kFaults));
  EXPECT_TRUE(changes().TakeBack(who_, 99, "x").error().Is(model::error::kNoSuchVersion));
  EXPECT_TRUE(Make({{"name", "b"}, {"seats", 3}}));
}
}  // namespace
}  // namespace city::services
