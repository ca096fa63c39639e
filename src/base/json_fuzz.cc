// SPDX-License-Identifier: Apache-2.0
// Whatever text arrives as JSON: no crash, and what was read is written and read again as the same.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"

namespace {
// The parser may be one unit off in the last place of a double; all else is kept exactly.
bool Same(const city::json::value& a, const city::json::value& b) {
  if (a.is_double() || b.is_double()) {
    if (!a.is_number() || !b.is_number()) return false;
    const double x = a.to_number<double>(), y = b.to_number<double>();
    return x == y || std::abs(x - y) <= 1e-14 * std::abs(x) + 1e-300;
  }
  if (a.kind() != b.kind()) return false;
  if (const auto* list = a.if_array()) {
    const auto& other = b.get_array();
    if (list->size() != other.size()) return false;
    for (size_t i = 0; i < list->size(); ++i)
      if (!Same((*list)[i], other[i])) return false;
    return true;
  }
  if (const auto* object = a.if_object()) {
    const auto& other = b.get_object();
    if (object->size() != other.size()) return false;
    for (const auto& [key, value] : *object) {
      const auto* found = other.if_contains(key);
      if (found == nullptr || !Same(value, *found)) return false;
    }
    return true;
  }
  return a == b;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = city::ParseJson(text);
  if (const auto* object = value ? value->if_object() : nullptr) {
    for (const auto& [name, each] : *object) {
      static_cast<void>(city::TextAt(*object, name));
      static_cast<void>(city::IntAt(*object, name));
      static_cast<void>(city::BoolAt(*object, name));
      static_cast<void>(city::ObjectAt(*object, name));
      static_cast<void>(city::ArrayAt(*object, name));
    }
  }
  if (value) {
    const auto again = city::ParseJson(city::ToText(*value));
    if (!again || !Same(*value, *again)) std::abort();
  }
  // A quoted text is a JSON text of its own, as far as it is UTF-8.
  std::string quoted;
  city::AppendJsonString(quoted, text);
  if (const auto read = city::ParseJson(quoted)) {
    if (!read->is_string() || std::string_view(read->get_string()) != text) std::abort();
  }
  return 0;
}
