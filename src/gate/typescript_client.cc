// SPDX-License-Identifier: Apache-2.0
#include "gate/typescript_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace city::gate {
namespace {
std::string_view RefName(const json::object& schema) {
  std::string_view ref = TextAt(schema, "$ref");
  return ref.substr(ref.rfind('/') == std::string_view::npos ? 0 : ref.rfind('/') + 1);
}

bool IsRecord(std::string_view name) { return name.starts_with("record_"); }

std::string TypeOf(const json::object& schema);

std::string ObjectType(const json::object& schema) {
  const json::object* properties = ObjectAt(schema, "properties");
  if (properties == nullptr || properties->empty()) return "Record<string, unknown>";
  std::set<std::string> required;
  if (const json::array* list = ArrayAt(schema, "required"))
    for (const json::value& each : *list) required.emplace(each.get_string());
  std::string out = "{ ";
  bool first = true;
  for (const auto& [name, inner] : *properties) {
    out += fmt::format("{}{}{}: {}", first ? "" : "; ", std::string_view(name),
                       required.contains(std::string(name)) ? "" : "?",
                       inner.is_object() ? TypeOf(inner.get_object()) : "unknown");
    first = false;
  }
  return out + " }";
}

std::string TypeOf(const json::object& schema) {
  if (schema.contains("$ref")) {
    std::string_view name = RefName(schema);
    return IsRecord(name) ? "Record<string, unknown>" : std::string(name);
  }
  if (const json::array* values = ArrayAt(schema, "enum")) {
    std::string out;
    for (const json::value& each : *values)
      out += fmt::format("{}'{}'", out.empty() ? "" : " | ", std::string_view(each.get_string()));
    return out;
  }
  std::vector<std::string> types;
  auto add = [&](std::string_view type) {
    if (type == "integer" || type == "number")
      types.emplace_back("number");
    else if (type == "string" || type == "boolean" || type == "null")
      types.emplace_back(type);
    else if (type == "array") {
      const json::object* items = ObjectAt(schema, "items");
      types.push_back(
          (items == nullptr || items->empty() ? "unknown" : "(" + TypeOf(*items) + ")") + "[]");
    } else {
      types.push_back(ObjectType(schema));
    }
  };
  const json::value* type = schema.if_contains("type");
  if (type == nullptr) return "unknown";
  if (type->is_string()) {
    add(std::string_view(type->get_string()));
  } else if (type->is_array()) {
    for (const json::value& each : type->get_array()) add(std::string_view(each.get_string()));
  }
  std::string out;
  for (const std::string& each : types) out += (out.empty() ? "" : " | ") + each;
  return out;
}

/// "/api/cases/{id}" as the inside of a template literal; `value` says what stands for a name.
template <class Value>
std::string Address(std::string_view pattern, Value value) {
  std::string out;
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '{') {
      out += pattern[at++];
      continue;
    }
    size_t end = pattern.find('}', at);
    out += value(pattern.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}

/// A name that is no word of the language.
std::string Safe(std::string_view name) {
  static const std::set<std::string_view> kWords = {"delete",   "new",    "default", "type",  "in",
                                                    "function", "return", "class",   "export"};
  return std::string(name) + (kWords.contains(name) && name != "type" ? "_" : "");
}

struct Operation {
  std::string name, pattern, method, text;
};

Operation Write(std::string_view pattern, std::string_view method, const json::object& one) {
  Operation out{Safe(TextAt(one, "operationId")), std::string(pattern), std::string(method), {}};
  for (char& c : out.method) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  std::string arguments, query;
  bool path = false;
  if (const json::array* params = ArrayAt(one, "parameters")) {
    for (const json::value& each : *params) {
      const json::object& param = each.get_object();
      if (TextAt(param, "in") == "path") {
        arguments += fmt::format("{}: string, ", Safe(TextAt(param, "name")));
        path = true;
      }
      if (TextAt(param, "in") == "query")
        query += fmt::format("{}{}?: {}", query.empty() ? "" : "; ", TextAt(param, "name"),
                             TextAt(*ObjectAt(param, "schema"), "type") == "integer" ? "number"
                             : TextAt(*ObjectAt(param, "schema"), "type") == "boolean"
                                 ? "boolean | string"
                                 : "string");
    }
  }
  std::string body;
  if (const json::object* request = ObjectAt(one, "requestBody")) {
    const json::object* content = ObjectAt(*request, "content");
    const json::object* as_json = ObjectAt(*content, "application/json");
    body = as_json == nullptr ? "Blob" : TypeOf(*ObjectAt(*as_json, "schema"));
    arguments += fmt::format("body: {}, ", body);
  }
  std::string literal = Address(
      pattern, [](std::string_view name) { return fmt::format("${{at({})}}", Safe(name)); });
  std::string more = query.empty() ? "Rest" : fmt::format("Asked<{{ {} }}>", query);
  out.text = fmt::format(
      "/** {} */\nexport const {} = <T = unknown>({}more: {} = {{}}): Promise<Answer<T>> =>\n"
      "  call<T>({}{}{}, {{ {}{}...more }})\n",
      TextAt(one, "summary"), out.name, arguments, more, path ? "`" : "'", literal,
      path ? "`" : "'", out.method == "GET" ? "" : fmt::format("method: '{}', ", out.method),
      body.empty() ? "" : "body, ");
  return out;
}
}  // namespace

std::string TypeScriptClient(const json::object& api) {
  std::string out =
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Made by `yiwang api --client web/src/base/client.ts` from the interface's description.\n"
      "import { call, type Answer, type Call } from './http'\n\n"
      "type Rest = Omit<Call, 'method' | 'body'>\n"
      "type Asked<Q> = Omit<Rest, 'query'> & { query?: Q }\n"
      "const at = encodeURIComponent\n";
  const json::object& schemas = *ObjectAt(*ObjectAt(api, "components"), "schemas");
  std::vector<std::string> names;
  for (const auto& [name, schema] : schemas)
    if (!IsRecord(name)) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    out += fmt::format("export type {} = {}\n", name, TypeOf(schemas.at(name).get_object()));
  std::vector<Operation> operations;
  for (const auto& [pattern, methods] : *ObjectAt(api, "paths"))
    for (const auto& [method, one] : methods.get_object())
      operations.push_back(Write(pattern, method, one.get_object()));
  std::sort(operations.begin(), operations.end(), [](const Operation& a, const Operation& b) {
    return std::tie(a.pattern, a.method) < std::tie(b.pattern, b.method);
  });
  std::set<std::string> addresses;
  for (const Operation& each : operations)
    addresses.insert(Address(each.pattern, [](std::string_view) { return "${string}"; }));
  out += "/** Every address that the server answers at. */\nexport type ApiPath =";
  for (const std::string& each : addresses) out += "\n  | `" + each + "`";
  out += "\n\n";
  for (const Operation& each : operations) out += each.text;
  return out;
}
}  // namespace city::gate
