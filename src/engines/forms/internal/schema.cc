// SPDX-License-Identifier: Apache-2.0
// The order of the checks is that of the browser's twin, so that both find the same faults.
#include "engines/forms/internal/schema.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "base/text.h"
#include "engines/forms/formats.h"

namespace city::forms {
namespace {

constexpr double kExact = 9007199254740992.0;  // past it a double no longer holds every integer

bool AddFault(Judgement& judgement, const std::string& pointer, std::string_view keyword,
              json::object params = {}) {
  if (judgement.faults.size() < kMaxFaults) {
    judgement.faults.push_back({pointer, std::string(keyword), std::move(params)});
  }
  return false;
}

const json::value* Find(const json::object& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &found->value();
}

double AsDouble(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return value.is_double() ? value.get_double() : 0.0;
}

bool TypeIs(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "number") return value.is_number();
  if (type == "integer") {
    if (!value.is_number()) return false;
    const double number = AsDouble(value);
    return std::isfinite(number) && std::trunc(number) == number;
  }
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

const json::value* Target(const json::value& root, std::string_view ref) {
  if (ref == "#") return &root;
  if (!ref.starts_with("#/$defs/")) return nullptr;
  return ValueAt(root, ref.substr(1));
}

int64_t Limit(const json::value& value) { return static_cast<int64_t>(AsDouble(value)); }

bool JudgeText(Judgement& judgement, const json::object& schema, const json::string& value,
               const std::string& pointer) {
  bool fine = true;
  const json::value* least = Find(schema, "minLength");
  const json::value* most = Find(schema, "maxLength");
  if (least != nullptr || most != nullptr) {
    const auto length = static_cast<int64_t>(LengthOf(value));
    if (least != nullptr && length < Limit(*least)) {
      fine =
          AddFault(judgement, pointer, "minLength", {{"limit", Limit(*least)}, {"length", length}});
    }
    if (most != nullptr && length > Limit(*most)) {
      fine =
          AddFault(judgement, pointer, "maxLength", {{"limit", Limit(*most)}, {"length", length}});
    }
  }
  if (const json::value* pattern = Find(schema, "pattern"); pattern && pattern->is_string()) {
    if (judgement.patterns == nullptr || !judgement.patterns->Match(pattern->get_string(), value)) {
      fine = AddFault(judgement, pointer, "pattern");
    }
  }
  if (const json::value* format = Find(schema, "format"); format && format->is_string()) {
    const std::string_view name = format->get_string();
    if (!HasFormat(name, value).value_or(true)) {
      fine = AddFault(judgement, pointer, "format", {{"format", name}});
    } else if (name == "cn-uscc" && !CreditCodeChecks(value) &&
               judgement.warnings.size() < kMaxFaults) {
      judgement.warnings.push_back({pointer, "check", {{"format", name}}});
    }
  }
  return fine;
}

bool JudgeNumber(Judgement& judgement, const json::object& schema, double value,
                 const std::string& pointer) {
  bool fine = true;
  const auto bound = [&](std::string_view keyword, auto holds) {
    const json::value* limit = Find(schema, keyword);
    if (limit != nullptr && limit->is_number() && !holds(AsDouble(*limit))) {
      fine = AddFault(judgement, pointer, keyword, {{"limit", *limit}});
    }
  };
  bound("minimum", [&](double limit) { return value >= limit; });
  bound("maximum", [&](double limit) { return value <= limit; });
  bound("exclusiveMinimum", [&](double limit) { return value > limit; });
  bound("exclusiveMaximum", [&](double limit) { return value < limit; });
  return fine;
}

bool JudgeArray(Judgement& judgement, const json::object& schema, const json::array& value,
                const std::string& pointer, int depth) {
  bool fine = true;
  const auto length = static_cast<int64_t>(value.size());
  if (const json::value* least = Find(schema, "minItems"); least && length < Limit(*least)) {
    fine = AddFault(judgement, pointer, "minItems", {{"limit", Limit(*least)}, {"length", length}});
  }
  if (const json::value* most = Find(schema, "maxItems"); most && length > Limit(*most)) {
    fine = AddFault(judgement, pointer, "maxItems", {{"limit", Limit(*most)}, {"length", length}});
  }
  if (const json::value* unique = Find(schema, "uniqueItems");
      unique && unique->is_bool() && unique->get_bool()) {
    std::map<std::string, int64_t> seen;
    for (int64_t at = 0; at < length; ++at) {
      const auto [first, fresh] = seen.emplace(Canonical(value[static_cast<size_t>(at)]), at);
      if (fresh) continue;
      fine =
          AddFault(judgement, pointer, "uniqueItems", {{"first", first->second}, {"second", at}});
      break;
    }
  }
  if (const json::value* items = Find(schema, "items")) {
    for (size_t at = 0; at < value.size(); ++at) {
      fine = Judge(judgement, *items, value[at], pointer + "/" + std::to_string(at), depth + 1) &&
             fine;
    }
  }
  return fine;
}

bool JudgeObject(Judgement& judgement, const json::object& schema, const json::object& value,
                 const std::string& pointer, int depth) {
  bool fine = true;
  const auto need = [&](const json::value& names) {
    if (!names.is_array()) return;
    for (const json::value& name : names.get_array()) {
      if (!name.is_string() || value.contains(name.get_string())) continue;
      const std::string place = pointer + "/" + PointerPart(name.get_string());
      if (judgement.hidden != nullptr && judgement.hidden->contains(place)) continue;
      fine = AddFault(judgement, place, "required");
    }
  };
  if (const json::value* required = Find(schema, "required")) need(*required);
  if (const json::value* pairs = Find(schema, "dependentRequired"); pairs && pairs->is_object()) {
    for (const auto& [name, others] : pairs->get_object()) {
      if (value.contains(name)) need(others);
    }
  }
  static const json::object kNone;
  const json::value* listed = Find(schema, "properties");
  const json::object& known = listed && listed->is_object() ? listed->get_object() : kNone;
  for (const auto& [name, part] : known) {
    const json::value* found = Find(value, name);
    if (found == nullptr) continue;
    fine = Judge(judgement, part, *found, pointer + "/" + PointerPart(name), depth + 1) && fine;
  }
  if (const json::value* others = Find(schema, "additionalProperties")) {
    for (const auto& [name, part] : value) {
      if (known.contains(name)) continue;
      const std::string place = pointer + "/" + PointerPart(name);
      if (others->is_bool() && !others->get_bool()) {
        fine = AddFault(judgement, place, "additionalProperties");
      } else {
        fine = Judge(judgement, *others, part, place, depth + 1) && fine;
      }
    }
  }
  return fine;
}

/// Whether `value` fits, without keeping what is wrong with it.
bool Holds(Judgement& judgement, const json::value& schema, const json::value& value,
           const std::string& pointer, int depth) {
  Judgement aside{judgement.root, judgement.patterns, judgement.hidden};
  aside.steps = judgement.steps;
  const bool fits = Judge(aside, schema, value, pointer, depth + 1);
  judgement.steps = aside.steps;
  return fits;
}

bool JudgeCombined(Judgement& judgement, const json::object& schema, const json::value& value,
                   const std::string& pointer, int depth) {
  bool fine = true;
  const auto list = [&](std::string_view keyword) -> const json::array* {
    const json::value* found = Find(schema, keyword);
    return found && found->is_array() ? &found->get_array() : nullptr;
  };
  if (const json::array* all = list("allOf")) {
    for (const json::value& part : *all) {
      fine = Judge(judgement, part, value, pointer, depth + 1) && fine;
    }
  }
  const auto holds = [&](const json::value& part) {
    return Holds(judgement, part, value, pointer, depth);
  };
  if (const json::array* any = list("anyOf");
      any && std::none_of(any->begin(), any->end(), holds)) {
    fine = AddFault(judgement, pointer, "anyOf");
  }
  if (const json::array* one = list("oneOf")) {
    const int64_t matched = std::count_if(one->begin(), one->end(), holds);
    if (matched != 1) fine = AddFault(judgement, pointer, "oneOf", {{"matched", matched}});
  }
  if (const json::value* none = Find(schema, "not"); none && holds(*none)) {
    fine = AddFault(judgement, pointer, "not");
  }
  if (const json::value* condition = Find(schema, "if")) {
    const json::value* next = Find(schema, holds(*condition) ? "then" : "else");
    if (next != nullptr) fine = Judge(judgement, *next, value, pointer, depth + 1) && fine;
  }
  return fine;
}

}  // namespace

bool Judge(Judgement& judgement, const json::value& schema, const json::value& value,
           const std::string& pointer, int depth) {
  if (++judgement.steps > kMaxSteps || depth > kMaxDepth) {
    return AddFault(judgement, pointer, "limit");
  }
  if (schema.is_bool()) return schema.get_bool() || AddFault(judgement, pointer, "false");
  if (!schema.is_object()) return AddFault(judgement, pointer, "false");
  const json::object& rules = schema.get_object();
  bool fine = true;
  if (const json::value* ref = Find(rules, "$ref"); ref && ref->is_string()) {
    const json::value* target =
        judgement.root ? Target(*judgement.root, ref->get_string()) : nullptr;
    fine = target == nullptr ? AddFault(judgement, pointer, "$ref")
                             : Judge(judgement, *target, value, pointer, depth + 1);
  }
  if (const json::value* type = Find(rules, "type")) {
    std::vector<std::string> names;
    if (type->is_string()) names.emplace_back(type->get_string());
    if (type->is_array()) {
      for (const json::value& name : type->get_array()) {
        if (name.is_string()) names.emplace_back(name.get_string());
      }
    }
    if (std::none_of(names.begin(), names.end(),
                     [&](const std::string& name) { return TypeIs(value, name); })) {
      return AddFault(judgement, pointer, "type", {{"type", Join(names, "|")}});
    }
  }
  if (const json::value* only = Find(rules, "const");
      only && Canonical(value) != Canonical(*only)) {
    fine = AddFault(judgement, pointer, "const");
  }
  if (const json::value* listed = Find(rules, "enum"); listed && listed->is_array()) {
    const std::string own = Canonical(value);
    const json::array& allowed = listed->get_array();
    if (std::none_of(allowed.begin(), allowed.end(),
                     [&](const json::value& one) { return Canonical(one) == own; })) {
      fine = AddFault(judgement, pointer, "enum");
    }
  }
  if (value.is_string()) fine = JudgeText(judgement, rules, value.get_string(), pointer) && fine;
  if (value.is_number()) fine = JudgeNumber(judgement, rules, AsDouble(value), pointer) && fine;
  if (value.is_array())
    fine = JudgeArray(judgement, rules, value.get_array(), pointer, depth) && fine;
  if (value.is_object()) {
    fine = JudgeObject(judgement, rules, value.get_object(), pointer, depth) && fine;
  }
  return JudgeCombined(judgement, rules, value, pointer, depth) && fine;
}

std::string PointerPart(std::string_view name) {
  return ReplaceAll(ReplaceAll(name, "~", "~0"), "/", "~1");
}

const json::value* ValueAt(const json::value& data, std::string_view pointer) {
  const json::value* found = &data;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string part =
        ReplaceAll(ReplaceAll(pointer.substr(1, end - 1), "~1", "/"), "~0", "~");
    pointer.remove_prefix(end);
    if (found->is_object()) {
      found = Find(found->get_object(), part);
    } else if (found->is_array()) {
      const json::array& list = found->get_array();
      const bool plain = !part.empty() && part.size() < 8 && (part == "0" || part[0] != '0') &&
                         part.find_first_not_of("0123456789") == std::string::npos;
      const size_t at = plain ? std::stoul(part) : list.size();
      found = at < list.size() ? &list[at] : nullptr;
    } else {
      return nullptr;
    }
    if (found == nullptr) return nullptr;
  }
  return found;
}

json::value* ValueAt(json::value& data, std::string_view pointer) {
  return const_cast<json::value*>(ValueAt(static_cast<const json::value&>(data), pointer));
}

std::string Canonical(const json::value& value) {
  if (value.is_array()) {
    std::string text = "[";
    for (const json::value& item : value.get_array()) text += Canonical(item) + ",";
    return text + "]";
  }
  if (value.is_object()) {
    std::map<std::string, std::string> sorted;
    for (const auto& [name, part] : value.get_object()) sorted[std::string(name)] = Canonical(part);
    std::string text = "{";
    for (const auto& [name, part] : sorted) {
      AppendJsonString(text, name);
      text += ":" + part + ",";
    }
    return text + "}";
  }
  if (value.is_double()) {
    const double number = value.get_double();
    if (std::abs(number) < kExact && std::trunc(number) == number) {
      return std::to_string(static_cast<int64_t>(number));
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", number);
    return text;
  }
  return ToText(value);
}

}  // namespace city::forms
