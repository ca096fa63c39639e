// SPDX-License-Identifier: Apache-2.0
// One YAML file and no code: a new record type with five fields, a code list and rights has its
// table, checks, API, description and words at the next start.
#include <fstream>

#include "test_city.h"

namespace city {
namespace {
namespace fs = std::filesystem;
using testing_city::TestCity;

constexpr const char* kDeclaration = R"(
- record: old_tree
  label: { zh: 古树名木, en: Old tree }
  title: name
  search: [name]
  fields:
    name: { is: text, label: { zh: 名称, en: Name }, required: true, max: 30 }
    grade: { is: code, list: tree-grade, label: { zh: 保护等级, en: Grade }, required: true }
    planted: { is: date, label: { zh: 栽植日期, en: Planted } }
    upkeep: { is: money, label: { zh: 年养护费, en: Upkeep }, least: 0 }
    keeper_phone: { element: mobile, label: { zh: 管护人电话, en: Keeper's telephone } }
  rights:
    - { role: visitor, may: [read] }
    - { role: data_officer, may: [create, update, end], scope: region }
- list: tree-grade
  source: test
  codes:
    - { code: "1", zh: 一级, en: First }
    - { code: "2", zh: 二级, en: Second }
)";

TEST(Declaration, MakesARecordTypeWithoutCode) {
  fs::path copy = fs::temp_directory_path() / ("yiwang-model-" + NewId(SystemClock().Now()));
  fs::create_directories(copy);
  fs::copy(fs::path(CITY_SOURCE_DIR) / "city", copy / "city", fs::copy_options::recursive);
  std::ofstream(copy / "city/systems/foundation/records/old_tree.yaml") << kDeclaration;
  {
    TestCity city((copy / "city").string(), 0);
    gate::Response made = city.Send(
        "data-officer", "POST", "/api/records/old_tree",
        R"({"name":"百年榕树","grade":"1","planted":"1926-03-12","upkeep":120000,"keeper_phone":"13800001234"})");
    ASSERT_EQ(made.status, 201) << made.body;
    json::value row =
        city.Get("", "/api/records/old_tree?q=榕树&filter=grade = \"1\" and upkeep > 100000")
            .at("rows")
            .at(0);
    EXPECT_EQ(row.at("name").as_string(), "百年榕树");
    EXPECT_EQ(row.at("keeper_phone").as_string(),
              "138****1234");  // the element's grade masks it for visitors
    // Its rules refuse, naming each field; nobody else may write.
    gate::Response wrong = city.Send("data-officer", "POST", "/api/records/old_tree",
                                     R"({"grade":"9","planted":"never","upkeep":-1})");
    EXPECT_EQ(wrong.status, 422);
    json::value problem = *ParseJson(wrong.body);
    EXPECT_EQ(problem.at("errors").as_array().size(), 4u) << wrong.body;
    EXPECT_EQ(
        city.Send("clerk", "POST", "/api/records/old_tree", R"({"name":"x","grade":"1"})").status,
        403);
    EXPECT_EQ(city.Send("", "POST", "/api/records/old_tree", R"({"name":"x","grade":"1"})").status,
              401);
    // Screens and descriptions follow.
    std::string types = ToText(city.Get("data-officer", "/api/types"));
    EXPECT_NE(types.find("古树名木"), std::string::npos);
    EXPECT_EQ(city.Get("", "/api/code-lists/tree-grade").as_array().size(), 2u);
    EXPECT_NE(city.gate().api_text().find("record_old_tree"), std::string::npos);
  }
  fs::remove_all(copy);
}

TEST(Declaration, IsRefusedWithFileLineReasonAndRemedy) {
  fs::path copy = fs::temp_directory_path() / ("yiwang-model-" + NewId(SystemClock().Now()));
  fs::create_directories(copy);
  fs::copy(fs::path(CITY_SOURCE_DIR) / "city", copy / "city", fs::copy_options::recursive);
  std::ofstream(copy / "city/systems/foundation/records/wrong.yaml")
      << "record: wrong\nlabel: { zh: 错, en: Wrong }\nfields:\n  a: { is: colour, label: { zh: "
         "甲, en: A } }\n  b: { is: code, label: { zh: 乙, en: B } }\nrights:\n  - { role: "
         "visitor, may: [fly], where: 'a = ' }\n";
  auto model = model::Load((copy / "city").string());
  ASSERT_FALSE(model);
  std::string all = model.error().ToLine();
  EXPECT_NE(all.find("wrong.yaml:4"), std::string::npos) << all;
  EXPECT_NE(all.find("colour"), std::string::npos);
  EXPECT_NE(all.find("wrong.yaml:5"), std::string::npos);
  EXPECT_NE(all.find("fly"), std::string::npos);
  fs::remove_all(copy);
}

TEST(Declaration, NamesAnUnprovenPromiseOnlyWithItsReason) {
  fs::path copy = fs::temp_directory_path() / ("yiwang-model-" + NewId(SystemClock().Now()));
  fs::create_directories(copy);
  fs::copy(fs::path(CITY_SOURCE_DIR) / "city", copy / "city", fs::copy_options::recursive);
  fs::create_directories(copy / "city/systems/weather");
  auto declare = [&](const std::string& todo) {
    std::ofstream(copy / "city/systems/weather/system.yaml")
        << "id: S99\nname: { zh: 天气, en: Weather }\nproofs:\n  it rains: " << todo << "\n";
    return model::Load((copy / "city").string());
  };
  auto refused = declare("todo");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().ToLine().find("it rains"), std::string::npos);
  EXPECT_FALSE(declare("{ todo: { zh: 没有云 } }")) << "in both languages";
  auto model = declare("{ todo: { zh: 没有云, en: no clouds yet } }");
  ASSERT_TRUE(model) << model.error().ToLine();
  EXPECT_NE(model::StatusPage(*model, {}).find("it rains (没有云 / no clouds yet)"),
            std::string::npos);
  fs::remove_all(copy);
}
}  // namespace
}  // namespace city
