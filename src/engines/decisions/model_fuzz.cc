// SPDX-License-Identifier: Apache-2.0
// Any bytes as a DMN file: refused, or loaded and every decision of it decided within limits.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engines/decisions/checks.h"
#include "engines/decisions/model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city::decisions;
  Source source{"fuzz.dmn", std::string(reinterpret_cast<const char*>(data), size)};
  auto model = Model::Load(source);
  if (!model) return 0;
  DecideOptions options;
  options.settings.limits = {50'000, 10'000, 1u << 20, 500};
  options.trace = size % 2 == 0;
  for (const auto& element : (*model)->elements()) {
    if (element.kind == ElementKind::kDecision || element.kind == ElementKind::kService) {
      auto outcome = (*model)->Decide(element.name, city::feel::Value(), options);
      if (outcome && outcome->trace) Explain(*outcome->trace, Language::kChinese);
    }
  }
  for (const auto& table : (*model)->tables()) (void)CheckTable(table);
  return 0;
}
