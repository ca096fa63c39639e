// SPDX-License-Identifier: Apache-2.0
// Judges one value by our subset of JSON Schema 2020-12; the twin of
// web/src/engines/forms/schema.ts.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engines/forms/forms.h"
#include "engines/forms/internal/pattern.h"

namespace city::forms {

inline constexpr int kMaxDepth = 64;
inline constexpr int kMaxSteps = 200'000;
inline constexpr size_t kMaxFaults = 200;

using Hidden = std::set<std::string, std::less<>>;

/// What a judgement needs and gathers. `root` is where local references begin.
struct Judgement {
  const json::value* root = nullptr;
  const Patterns* patterns = nullptr;
  /// Fields that are not shown; what is not shown cannot be missing. May be null.
  const Hidden* hidden = nullptr;
  std::vector<Fault> faults = {};
  std::vector<Fault> warnings = {};
  int steps = 0;
};

/// Adds to `judgement` what is wrong with `value`; answers whether nothing is.
bool Judge(Judgement& judgement, const json::value& schema, const json::value& value,
           const std::string& pointer, int depth = 0);

/// A name as one part of a JSON Pointer.
std::string PointerPart(std::string_view name);
/// The value at `pointer`; null when nothing is there.
const json::value* ValueAt(const json::value& data, std::string_view pointer);
json::value* ValueAt(json::value& data, std::string_view pointer);
/// One text for equal values: members sorted, 1 and 1.0 alike.
std::string Canonical(const json::value& value);

}  // namespace city::forms
