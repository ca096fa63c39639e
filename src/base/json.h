// SPDX-License-Identifier: Apache-2.0
// JSON with limits: what strangers send is parsed here and nowhere else.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace city {
namespace json = boost::json;

/// Bounds on a JSON text. `max_bytes` bytes of text, `max_depth` levels of nesting.
struct JsonLimits {
  size_t max_bytes = 8u << 20;
  int max_depth = 32;
};

/// The value of a JSON text (UTF-8, RFC 8259; a repeated key keeps its last value; a number beyond
/// a double's range is refused). Errors: base.bad_json, base.too_large. Never throws.
Result<json::value> ParseJson(std::string_view text, JsonLimits limits = {});

/// The text of a value, without spaces.
std::string ToText(const json::value& value);

/// Appends `text` as a quoted JSON string to `out`.
void AppendJsonString(std::string& out, std::string_view text);

/// Member `key` as text; `fallback` when absent or of another type. The view lives as long as
/// `object`.
std::string_view TextAt(const json::object& object, std::string_view key,
                        std::string_view fallback = {});
/// Member `key` as a whole number (also from a double without fraction).
int64_t IntAt(const json::object& object, std::string_view key, int64_t fallback = 0);
bool BoolAt(const json::object& object, std::string_view key, bool fallback = false);
/// Member `key` when it is an object or array; null otherwise.
const json::object* ObjectAt(const json::object& object, std::string_view key);
const json::array* ArrayAt(const json::object& object, std::string_view key);
}  // namespace city
