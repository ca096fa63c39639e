// SPDX-License-Identifier: Apache-2.0
// Whatever a stranger writes on the request line or into a cookie: no crash, and only decoded UTF-8
// without NUL gets through the gate.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "gate/http.h"
#include "gate/router.h"

namespace {
const city::gate::Router& Routes() {
  static const city::gate::Router* made = [] {
    auto* router = new city::gate::Router();
    for (const char* method : {"GET", "POST"})
      for (const char* pattern :
           {"/", "/api/cases", "/api/cases/{id}", "/api/cases/count", "/api/cases/{id}/acts/{act}",
            "/api/records/{type}/{id}", "/api/records/{type}/{id}/history", "/{any}", "//{}", ""}) {
        city::gate::Route route;
        route.method = method;
        route.pattern = pattern;
        router->Add(std::move(route));
      }
    return router;
  }();
  return *made;
}

bool Clean(const std::string& text) {
  return text.find('\0') == std::string::npos && city::IsValidUtf8(text);
}

std::string Encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}
}  // namespace

// Lines: target, method, cookie header; the rest is not looked at.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace city;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto lines = Split(text, '\n');
  lines.resize(3);
  std::string decoded;
  for (const bool plus : {false, true}) {
    if (!gate::PercentDecode(lines[0], plus, decoded)) continue;
    if (!Clean(decoded) || decoded.size() > lines[0].size()) std::abort();
    std::string again;
    if (!gate::PercentDecode(Encoded(decoded), plus, again) || again != decoded) std::abort();
  }
  gate::Request request;
  request.method = std::string(lines[1]);
  if (gate::ParseTarget(lines[0], request.path, request.query)) {
    if (!Clean(request.path) || request.path.front() != '/' || request.query.size() > 64)
      std::abort();
    for (const auto& [name, value] : request.query) {
      if (!Clean(name) || !Clean(value)) std::abort();
      static_cast<void>(request.Query(name));
    }
    for (const std::string_view method : {std::string_view("HEAD"), lines[1]}) {
      std::string allowed;
      gate::Pairs captured;
      const gate::Route* found = Routes().Find(method, request.path, &captured, &allowed);
      const gate::Route* same = Routes().Find(method, request.path, nullptr, nullptr);
      if ((found == nullptr) != (same == nullptr)) std::abort();
      // Every captured value is one whole part of the path.
      if (found != nullptr)
        for (const auto& [name, value] : captured)
          if (value.empty() || value.find('/') != std::string::npos) std::abort();
    }
  }
  request.headers.emplace_back("cookie", std::string(lines[2]));
  for (const std::string_view name : {std::string_view("yiwang_session"), std::string_view("a"),
                                      std::string_view(), lines[2].substr(0, 5)}) {
    const std::string_view value = request.Cookie(name);
    if (value.find(';') != std::string_view::npos) std::abort();
  }
  return 0;
}
