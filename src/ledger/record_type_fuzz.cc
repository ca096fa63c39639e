// SPDX-License-Identifier: Apache-2.0
// Whatever stands in a declaration of records: it is read or its faults are told, and what is free
// of faults can be used.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "ledger/catalogue.h"
#include "ledger/record_type.h"

namespace {
// A list under `types` and `lists` is read as several declarations; anything else as one of each.
std::vector<city::yaml::Node> Parts(const city::yaml::Node& root, std::string_view key) {
  const city::yaml::Node* found = root.Find(key);
  if (found == nullptr || !found->IsList()) return {root};
  return found->items;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = yaml::Parse(text, "city/records.yaml");
  if (!root) return 0;
  ledger::Elements elements;
  if (const yaml::Node* found = root->Find("elements"))
    for (const auto& [name, node] : found->entries) elements.emplace(name, node);
  std::vector<Error> faults;
  std::vector<ledger::RecordType> types;
  for (const yaml::Node& each : Parts(*root, "types"))
    types.push_back(ledger::ReadRecordType(each, elements, faults));
  std::vector<ledger::CodeList> lists;
  for (const yaml::Node& each : Parts(*root, "lists"))
    if (auto list = ledger::ReadCodeList(each)) lists.push_back(std::move(*list));
  for (const auto& type : types) {
    static_cast<void>(ToText(ledger::Describe(type)));
    for (const auto& field : type.fields) static_cast<void>(field.Column());
  }
  const auto catalogue = ledger::Catalogue::Build(std::move(types), std::move(lists), faults);
  for (const Error& fault : faults)
    if (fault.SaysZh().empty() || fault.SaysEn().empty()) std::abort();
  for (const auto& [name, known] : catalogue->types()) {
    if (known.conditions.size() != known.type.rights.size()) std::abort();
    const ledger::Subject nobody;
    for (const auto& condition : known.conditions) {
      std::vector<store::Value> params;
      static_cast<void>(
          condition.Sql(store::Dialect::kSqlite, "t", nobody, nullptr, nullptr, params));
      static_cast<void>(condition.Fields());
    }
    // What passes the checks makes table names out of plain signs only.
    if (faults.empty())
      for (const std::string& table : {known.type.Table(), known.type.HistoryTable()})
        if (table.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
          std::abort();
  }
  return 0;
}
