// SPDX-License-Identifier: Apache-2.0
// With the database and the folders of files alone, without the key store, nothing of any demo
// person's data of grade 3 and above is found by searching the bytes.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "test_city.h"

namespace city {
namespace {
using testing_city::TestCity;

TEST(DiskImage, HoldsNoPersonalDataInClear) {
  TestCity city;
  // A document that somebody hands in, and a certificate with its file.
  ASSERT_EQ(city.Send("citizen", "POST", "/api/attachments?name=诊断证明欧阳测试.txt",
                      "这是一份不应当在磁盘上读到的诊断证明原文")
                .status,
            201);
  std::vector<std::string> secrets{"不应当在磁盘上读到", "诊断证明欧阳测试"};
  auto catalogue = city.city().ledger().catalogue();
  auto snapshot = *city.city().store().Read();
  size_t persons = 0;
  for (const char* type : {"person", "service_case", "account", "certificate"}) {
    auto known = *catalogue->Find(type);
    json::array rows = *ledger::FindRows(*snapshot, *catalogue, type, "", 500);
    ASSERT_FALSE(rows.empty()) << type;
    for (const json::value& each : rows) {
      if (std::string(type) == "person") ++persons;
      if (std::string(type) == "account" && TextAt(each.get_object(), "kind") != "citizen")
        continue;
      for (const ledger::Field& field : known->type.fields) {
        if (field.grade < 3) continue;
        std::string text(TextAt(each.get_object(), field.name));
        // Two signs of a name stand in many other words; days are everywhere.
        if (field.meaning == ledger::Meaning::kDate || text.size() < 9) continue;
        secrets.push_back(text);
      }
      if (const json::object* form = ObjectAt(each.get_object(), "form"))
        for (const char* key : {"applicant_name", "id_number", "mobile"})
          if (std::string text(TextAt(*form, key)); text.size() >= 9) secrets.push_back(text);
      if (const json::object* faces = ObjectAt(each.get_object(), "faces"))
        for (const auto& [name, value] : *faces)
          if (value.is_string() && value.get_string().size() >= 15)
            secrets.emplace_back(value.get_string().c_str());
    }
  }
  snapshot.reset();
  EXPECT_GE(persons, 60u);
  EXPECT_GT(secrets.size(), 300u);
  size_t files = 0, bytes = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(city.folder())) {
    std::string name = each.path().filename().string();
    if (!each.is_regular_file() || name == "keys.yks" || name == "master.key") continue;
    std::ifstream in(each.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    std::string all = text.str();
    ++files;
    bytes += all.size();
    for (const std::string& secret : secrets)
      if (size_t at = all.find(secret); at != std::string::npos)
        ADD_FAILURE() << secret << " in " << name << ": ..."
                      << all.substr(at - std::min<size_t>(at, 80), 160) << "...";
  }
  EXPECT_GT(files, 3u);
  EXPECT_GT(bytes, 100'000u);
}
}  // namespace
}  // namespace city
