// SPDX-License-Identifier: Apache-2.0
#include "engines/items/item_rules.h"

#include <gtest/gtest.h>

namespace city::items {
namespace {
json::object Good() {
  return ParseJson(R"({"code":"91350100M000100Y433440101001000","basic_code":"440101001000",
    "business_code":"91350100M000100Y43344010100100001","item_type":"01","level":"3",
    "name":"甲","legal_days":20,"promised_days":5,"case_type":"2","visits":0,"charges":false,
    "objects":["1"],"legal_basis":"法","steps":[{"name":"受理","days":1},{"name":"办","days":4}],
    "materials":[{"name":"表","required":true,"accept_missing":true,"accept_missing_days":5}],
    "accept_missing":true})")
      ->get_object();
}
std::vector<std::string> FieldsOf(const json::object& item) {
  std::vector<std::string> out;
  for (const ItemFault& fault : CheckItem(item)) out.push_back(fault.field);
  return out;
}
using Names = std::vector<std::string>;

TEST(ItemRules, FindNothingInAConsistentItem) { EXPECT_EQ(FieldsOf(Good()), Names{}); }

TEST(ItemRules, FindEachDisagreement) {
  struct {
    const char* field;
    json::value value;
    Names found;
  } cases[] = {
      {"promised_days", 21, {"promised_days"}},
      {"promised_days", 4, {"steps"}},
      {"case_type", "1", {"case_type"}},
      {"visits", 1, {"visits_reason"}},
      {"charges", true, {"fees"}},
      {"objects", json::array{}, {"objects"}},
      {"accept_missing", false, {"accept_missing"}},
      {"level", "4", {"code"}},
      {"item_type", "07", {"basic_code"}},
      {"business_code", "1", {"business_code"}},
      {"yields", "证", {"yields"}},
      {"legal_basis", "", {"legal_basis"}},
  };
  for (const auto& each : cases) {
    json::object item = Good();
    item[each.field] = each.value;
    EXPECT_EQ(FieldsOf(item), each.found) << each.field;
  }
}

TEST(ItemRules, HoldOneBasicCodeToOneName) {
  json::object other = Good();
  other["name"] = "乙";
  auto faults = CheckTogether({Good(), other});
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].second.field, "code");
  EXPECT_EQ(faults[1].second.field, "name");
}
}  // namespace
}  // namespace city::items
