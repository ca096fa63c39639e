// SPDX-License-Identifier: Apache-2.0
#include "gate/http.h"

#include "base/text.h"

namespace city::gate {
namespace {
std::string_view Find(const Pairs& pairs, std::string_view name, std::string_view fallback = {}) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return fallback;
}

int Hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace

std::string_view Request::Header(std::string_view name) const { return Find(headers, name); }
std::string_view Request::Query(std::string_view name, std::string_view fallback) const {
  return Find(query, name, fallback);
}
std::string_view Request::Captured(std::string_view name) const { return Find(captured, name); }

std::string_view Request::Cookie(std::string_view name) const {
  for (std::string_view part : Split(Header("cookie"), ';')) {
    part = Trim(part);
    if (part.size() > name.size() && part.substr(0, name.size()) == name &&
        part[name.size()] == '=')
      return part.substr(name.size() + 1);
  }
  return {};
}

Response JsonResponse(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

bool PercentDecode(std::string_view text, bool plus, std::string& out) {
  out.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      int high = Hex(text[i + 1]), low = Hex(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    if (c == '\0') return false;
    out += c;
  }
  return IsValidUtf8(out);
}

bool ParseTarget(std::string_view target, std::string& path, Pairs& query) {
  size_t mark = target.find('?');
  if (!PercentDecode(target.substr(0, mark), false, path)) return false;
  if (path.empty() || path[0] != '/') return false;
  query.clear();
  if (mark == std::string_view::npos) return true;
  for (std::string_view part : Split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    size_t equal = part.find('=');
    std::string key, value;
    if (!PercentDecode(part.substr(0, equal), true, key)) return false;
    if (equal != std::string_view::npos && !PercentDecode(part.substr(equal + 1), true, value))
      return false;
    query.emplace_back(std::move(key), std::move(value));
    if (query.size() > 64) return false;
  }
  return true;
}
}  // namespace city::gate
