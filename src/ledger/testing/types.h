// SPDX-License-Identifier: Apache-2.0
// Record types for tests, written as they are declared.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "ledger/catalogue.h"

namespace city::ledger {

/// A catalogue of the types that `text` declares, as a YAML list. A fault fails the test.
inline std::shared_ptr<const Catalogue> CatalogueOf(std::string_view text,
                                                    std::vector<CodeList> lists = {}) {
  std::vector<Error> faults;
  std::vector<RecordType> types;
  yaml::Node root = *yaml::Parse(text, "sample.yaml");
  for (const yaml::Node& node : root.items) types.push_back(ReadRecordType(node, {}, faults));
  auto made = Catalogue::Build(std::move(types), std::move(lists), faults);
  for (const Error& fault : faults) ADD_FAILURE() << fault.ToLine();
  return made;
}
}  // namespace city::ledger
