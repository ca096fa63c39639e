// SPDX-License-Identifier: Apache-2.0
#include "gate/problem.h"

#include <fmt/format.h>

#include "base/json.h"

namespace city::gate {

int StatusOf(Kind kind) {
  switch (kind) {
    case Kind::kInvalidInput:
      return 422;
    case Kind::kNotFound:
      return 404;
    case Kind::kConflict:
      return 409;
    case Kind::kForbidden:
      return 403;
    case Kind::kUnauthenticated:
      return 401;
    case Kind::kTooLarge:
      return 413;
    case Kind::kTooMany:
      return 429;
    case Kind::kUnavailable:
      return 503;
    case Kind::kTimeout:
      return 504;
    case Kind::kInternal:
      return 500;
    case Kind::kPrecondition:
      return 412;
    case Kind::kUnsupported:
      return 405;
  }
  return 500;
}

Response ProblemResponse(const Error& error) {
  int status = StatusOf(error.kind());
  std::string body = "{\"type\":";
  AppendJsonString(body, "/problems/" + std::string(error.code()));
  auto words = [&](std::string_view name, const std::string& zh, const std::string& en) {
    body += fmt::format(",\"{}\":{{\"zh\":", name);
    AppendJsonString(body, zh);
    body += ",\"en\":";
    AppendJsonString(body, en);
    body += '}';
  };
  body += ",\"title\":";
  AppendJsonString(body, error.SaysZh());
  body += fmt::format(",\"status\":{},\"code\":", status);
  AppendJsonString(body, error.code());
  words("says", error.SaysZh(), error.SaysEn());
  words("then", error.ThenZh(), error.ThenEn());
  if (!error.details.empty()) {
    body += ",\"errors\":[";
    for (size_t i = 0; i < error.details.size(); ++i) {
      const ErrorDetail& detail = error.details[i];
      body += i == 0 ? "{\"pointer\":" : ",{\"pointer\":";
      AppendJsonString(body, detail.pointer);
      body += ",\"keyword\":";
      AppendJsonString(body, detail.keyword);
      words("says", detail.says_zh, detail.says_en);
      body += '}';
    }
    body += ']';
  }
  body += '}';
  Response response = JsonResponse(std::move(body), status);
  response.type = "application/problem+json; charset=utf-8";
  response.Set("Cache-Control", "no-store");
  for (const auto& [name, value] : error.params)
    if (name == "seconds" && (status == 429 || status == 503)) response.Set("Retry-After", value);
  return response;
}
Response ProblemPage(const ErrorRow& row) {
  // {names} in the words stand for what was different each time; a reader sees an ellipsis.
  auto plain = [](std::string_view words) {
    std::string out;
    bool inside = false;
    for (char c : words) {
      if (c == '{') {
        inside = true;
        out += "…";
      } else if (c == '}') {
        inside = false;
      } else if (!inside) {
        out += c == '<' ? std::string("&lt;") : c == '&' ? std::string("&amp;") : std::string(1, c);
      }
    }
    return out;
  };
  Response response;
  response.type = "text/html; charset=utf-8";
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>{0}</title></head>\n<body><main>"
      "<h1>{1}</h1><p>{2}</p><section lang=\"en\"><h2>{3}</h2><p>{4}</p></section>"
      "<p><small>{0} · HTTP {5}</small></p></main></body></html>\n",
      row.code, plain(row.says_zh), plain(row.then_zh), plain(row.says_en), plain(row.then_en),
      StatusOf(row.kind));
  response.Set("Cache-Control", "max-age=3600");
  return response;
}
}  // namespace city::gate
