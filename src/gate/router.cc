// SPDX-License-Identifier: Apache-2.0
#include "gate/router.h"

#include "base/text.h"

namespace city::gate {
namespace {
/// Compares a pattern with a path part by part.
bool Matches(std::string_view pattern, std::string_view path, Pairs* captured) {
  if (captured != nullptr) captured->clear();
  while (true) {
    size_t a = pattern.find('/'), b = path.find('/');
    std::string_view want = pattern.substr(0, a), have = path.substr(0, b);
    if (want.size() > 2 && want.front() == '{') {
      if (have.empty()) return false;
      if (captured != nullptr)
        captured->emplace_back(std::string(want.substr(1, want.size() - 2)), std::string(have));
    } else if (want != have) {
      return false;
    }
    if ((a == std::string_view::npos) != (b == std::string_view::npos)) return false;
    if (a == std::string_view::npos) return true;
    pattern.remove_prefix(a + 1);
    path.remove_prefix(b + 1);
  }
}

/// "/api/records" of "/api/records/item/7"; all of a path of fewer parts.
std::string_view BeginningOf(std::string_view path) {
  size_t second = path.find('/', 1);
  return second == std::string_view::npos ? path : path.substr(0, path.find('/', second + 1));
}

json::object Ref(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

json::object Content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}
}  // namespace

void Router::Add(Route route) {
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  const Route* added = routes_.back().get();
  std::string_view beginning = BeginningOf(added->pattern);
  if (beginning.find('{') == std::string_view::npos) {
    by_beginning_[std::string(beginning)].push_back(added);
  } else {
    open_.push_back(added);
  }
}

const Route* Router::Find(std::string_view method, std::string_view path, Pairs* captured,
                          std::string* allowed) const {
  std::string_view want = method == "HEAD" ? "GET" : method;
  const Route* best = nullptr;
  Pairs values;
  auto look = [&](const std::vector<const Route*>& among) {
    for (const Route* route : among) {
      // Most routes differ before their first name in braces.
      std::string_view fixed = std::string_view(route->pattern).substr(0, route->pattern.find('{'));
      if (!path.starts_with(fixed)) continue;
      if (!Matches(route->pattern, path, &values)) continue;
      if (route->method != want) {
        if (allowed != nullptr) *allowed += (allowed->empty() ? "" : ", ") + route->method;
        continue;
      }
      // A pattern with fewer captures says more: /api/cases/count before /api/cases/{id}.
      if (best != nullptr && captured != nullptr && values.size() >= captured->size()) continue;
      best = route;
      if (captured != nullptr) *captured = values;
    }
  };
  auto found = by_beginning_.find(BeginningOf(path));
  if (found != by_beginning_.end()) look(found->second);
  look(open_);
  return best;
}

json::object OpenApi(const Router& router, json::object schemas, std::string_view version) {
  json::object paths;
  for (const auto& route : router.routes()) {
    if (route->pattern.rfind("/api", 0) != 0) continue;
    json::array params;
    for (std::string_view part : Split(route->pattern, '/')) {
      if (part.size() < 3 || part.front() != '{') continue;
      params.push_back(json::object{{"name", part.substr(1, part.size() - 2)},
                                    {"in", "path"},
                                    {"required", true},
                                    {"schema", json::object{{"type", "string"}}}});
    }
    for (const Param& param : route->params)
      params.push_back(json::object{{"name", param.name},
                                    {"in", param.in},
                                    {"description", param.zh + " / " + param.en},
                                    {"schema", json::object{{"type", param.type}}}});
    bool writes = route->method != "GET";
    if (writes)
      params.push_back(
          json::object{{"name", "Idempotency-Key"},
                       {"in", "header"},
                       {"description", "同一请求重发时的标识 / the same for a repeated sending"},
                       {"schema", json::object{{"type", "string"}, {"maxLength", 100}}}});
    json::object answers;
    json::object good =
        route->answer.empty() ? json::object{{"type", "object"}} : Ref(route->answer);
    answers["200"] = json::object{{"description", "成功 / done"},
                                  {"content", Content("application/json", std::move(good))}};
    answers["default"] =
        json::object{{"description", "出错 / refused or failed"},
                     {"content", Content("application/problem+json", Ref("Problem"))}};
    json::object operation{
        {"operationId", route->operation},
        {"summary", route->zh + " / " + route->en},
        {"description", route->zh + "。" + route->en + "."},
        {"tags", json::array{json::string(route->tag.empty() ? "general" : route->tag)}},
        {"parameters", std::move(params)},
        {"responses", std::move(answers)}};
    if (!route->body.empty()) {
      bool raw = route->body == "Bytes";
      json::object schema = raw ? json::object{} : Ref(route->body);
      operation["requestBody"] = json::object{
          {"required", true},
          {"content",
           Content(raw ? "application/octet-stream" : "application/json", std::move(schema))}};
    }
    if (route->access == Access::kAnyone) {
      operation["security"] = json::array{};
    } else {
      operation["security"] = json::array{json::object{{"session", json::array{}}},
                                          json::object{{"token", json::array{}}}};
      json::array roles;
      for (const std::string& role : route->roles) roles.push_back(json::string(role));
      if (!roles.empty()) operation["x-roles"] = std::move(roles);
    }
    json::value& path = paths[route->pattern];
    if (!path.is_object()) path = json::object{};
    path.get_object()[LowerAscii(route->method)] = std::move(operation);
  }
  json::object words{{"type", "object"},
                     {"properties", json::object{{"zh", json::object{{"type", "string"}}},
                                                 {"en", json::object{{"type", "string"}}}}},
                     {"required", json::array{"zh", "en"}}};
  schemas["Words"] = words;
  schemas["Problem"] =
      *ParseJson(R"({"type":"object","required":["type","title","status","code","says","then"],
    "properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},
    "says":{"$ref":"#/components/schemas/Words"},"then":{"$ref":"#/components/schemas/Words"},
    "errors":{"type":"array","items":{"type":"object","required":["pointer","keyword","says"],"properties":{"pointer":{"type":"string"},
    "keyword":{"type":"string"},"says":{"$ref":"#/components/schemas/Words"}}}}}})");
  json::array tags;
  std::map<std::string, bool> seen;
  for (const auto& route : router.routes()) {
    std::string tag = route->tag.empty() ? "general" : route->tag;
    if (!seen.emplace(tag, true).second) continue;
    tags.push_back(json::object{{"name", tag}, {"description", tag}});
  }
  return {{"openapi", "3.1.0"},
          {"info",
           json::object{
               {"title", "一网 / Yiwang"},
               {"version", version},
               {"description", "城市数字政府接口 / Interface of a city's digital government"},
               {"contact", json::object{{"name", "Yiwang"}, {"url", "https://yiwang.dev"}}},
               {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", json::array{json::object{{"url", "/"}}}},
          {"tags", std::move(tags)},
          {"paths", std::move(paths)},
          {"components",
           json::object{
               {"schemas", std::move(schemas)},
               {"securitySchemes",
                json::object{{"session", json::object{{"type", "apiKey"},
                                                      {"in", "cookie"},
                                                      {"name", "yiwang_session"}}},
                             {"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
}
}  // namespace city::gate
