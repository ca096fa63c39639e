// SPDX-License-Identifier: Apache-2.0
#include "model/decision_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/errors.h"

namespace city::model {
namespace {
std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}
}  // namespace

Result<std::vector<decisions::FileModel>> ReadDecisionFiles(const Model& model, Time now) {
  std::vector<decisions::FileModel> out;
  Error faults{&error::kFaults, {}, {}};
  auto shelf = model.shelves.find("decisions");
  if (shelf == model.shelves.end()) return out;
  for (const ShelfFile& file : shelf->second) {
    if (!file.path.ends_with(".dmn")) continue;
    decisions::FileModel one{file.name, file.system, ReadText(file.path), {}, file.path};
    std::filesystem::path about = std::filesystem::path(file.path).replace_extension(".yaml");
    if (std::filesystem::exists(about)) {
      auto node = yaml::Load(about.generic_string());
      if (!node) {
        faults.details.push_back({about.generic_string(), std::string(node.error().code()),
                                  node.error().SaysZh(), node.error().SaysEn()});
        continue;
      }
      json::value read = node->ToJson();
      if (json::object* values = read.if_object()) one.about = std::move(*values);
    }
    for (ErrorDetail& fault : decisions::Rulebook::FaultsOf(one, now)) {
      fault.pointer = file.path + " " + fault.pointer;
      faults.details.push_back(std::move(fault));
    }
    bool taken = std::any_of(out.begin(), out.end(),
                             [&](const auto& other) { return other.name == one.name; });
    if (taken)
      faults.details.push_back({file.path, "name", "另一个系统已有同名的决策模型",
                                "another system has a decision model of this name"});
    out.push_back(std::move(one));
  }
  if (faults.details.empty()) return out;
  faults.params = {{"count", std::to_string(faults.details.size())}};
  return Fail(std::move(faults));
}
}  // namespace city::model
