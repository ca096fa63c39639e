// SPDX-License-Identifier: Apache-2.0
// Whatever text stands in a model file: no crash, no hang, and what was read is writable as JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/yaml.h"

namespace {
// Every value knows where it stands.
void Walk(const city::yaml::Node& node) {
  if (node.Place().empty()) std::abort();
  for (const auto& item : node.items) Walk(item);
  for (const auto& [key, value] : node.entries) {
    if (node.Find(key) != &value) std::abort();
    static_cast<void>(node.Text(key));
    static_cast<void>(node.Int(key));
    static_cast<void>(node.Bool(key));
    Walk(value);
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = city::yaml::Parse(text, "city/model.yaml");
  if (!root) return 0;
  Walk(*root);
  const std::string written = city::ToText(root->ToJson());
  if (!city::ParseJson(written, {64u << 20, 66})) std::abort();
  return 0;
}
