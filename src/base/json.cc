// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <cmath>
#include <cstring>

#include "base/errors.h"

namespace city {
namespace {
/// Whether every number has a value; 1e400 reads as infinity, which no JSON text can say again.
bool AllFinite(const json::value& value) {
  if (const double* number = value.if_double()) return std::isfinite(*number);
  if (const json::array* list = value.if_array()) {
    for (const json::value& each : *list)
      if (!AllFinite(each)) return false;
  } else if (const json::object* object = value.if_object()) {
    for (const auto& member : *object)
      if (!AllFinite(member.value())) return false;
  }
  return true;
}
}  // namespace

Result<json::value> ParseJson(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.max_bytes)
    return error::kTooLarge({{"limit", std::to_string(limits.max_bytes) + " B"}});
  json::parse_options options;
  options.max_depth = static_cast<size_t>(limits.max_depth);
  json::stream_parser parser({}, options);
  boost::system::error_code code;
  size_t used = 0;
  try {
    used = parser.write_some(text.data(), text.size(), code);
    if (!code && used == text.size()) parser.finish(code);
    if (!code && used < text.size()) code = json::error::extra_data;
    if (!code) {
      json::value value = parser.release();
      if (AllFinite(value)) return value;
      return error::kBadJson({{"offset", std::to_string(used)},
                              {"reason_zh", "数值过大"},
                              {"reason_en", "a number is too large"}});
    }
  } catch (const std::exception& e) {
    return error::kBadJson(
        {{"offset", std::to_string(used)}, {"reason_zh", "格式有误"}, {"reason_en", e.what()}});
  }
  return error::kBadJson(
      {{"offset", std::to_string(used)}, {"reason_zh", "格式有误"}, {"reason_en", code.message()}});
}

std::string ToText(const json::value& value) { return json::serialize(value); }

namespace {
/// Whether any of eight bytes is a control character, a quotation mark or a backslash. May say yes
/// to others, never no to one of these.
bool MayNeedEscape(const char* eight) {
  uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  constexpr uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  auto any_zero = [](uint64_t v) { return (v - kOnes) & ~v & kHigh; };
  uint64_t below_blank = (word - kOnes * 0x20) & ~word & kHigh;
  return (below_blank | any_zero(word ^ kOnes * '"') | any_zero(word ^ kOnes * '\\')) != 0;
}
}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  static const char* kHex = "0123456789abcdef";
  out += '"';
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    while (text.size() - i > 8 && !MayNeedEscape(text.data() + i)) i += 8;
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.data() + start, i - start);
    start = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text.data() + start, text.size() - start);
  out += '"';
}

std::string_view TextAt(const json::object& object, std::string_view key,
                        std::string_view fallback) {
  const json::value* found = object.if_contains(key);
  if (found == nullptr || !found->is_string()) return fallback;
  const json::string& text = found->get_string();
  return {text.data(), text.size()};
}

int64_t IntAt(const json::object& object, std::string_view key, int64_t fallback) {
  const json::value* found = object.if_contains(key);
  if (found == nullptr) return fallback;
  if (found->is_int64()) return found->get_int64();
  if (found->is_uint64() && found->get_uint64() <= static_cast<uint64_t>(INT64_MAX))
    return static_cast<int64_t>(found->get_uint64());
  if (found->is_double()) {
    double number = found->get_double();
    if (std::trunc(number) == number && std::abs(number) < 9.0e15)
      return static_cast<int64_t>(number);
  }
  return fallback;
}

bool BoolAt(const json::object& object, std::string_view key, bool fallback) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_bool() ? found->get_bool() : fallback;
}

const json::object* ObjectAt(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr ? found->if_object() : nullptr;
}

const json::array* ArrayAt(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr ? found->if_array() : nullptr;
}
}  // namespace city
