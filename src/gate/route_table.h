// SPDX-License-Identifier: Apache-2.0
// One line for each route of a part: who may call it, what it is called, what it does.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gate/routes.h"

namespace city::gate {

/// Adds the routes of one part under its tag.
class RouteTable {
 public:
  using Handler = std::function<Result<Response>(Call&)>;
  /// What a body says goes in; the text of an answer comes out.
  using Answering = std::function<Result<std::string>(Call&, const json::object& body)>;

  RouteTable(Router& router, std::string tag) : router_(router), tag_(std::move(tag)) {}

  /// A route whose answer is whatever the handler makes.
  void Add(const char* method, const char* pattern, const char* operation, const char* zh,
           const char* en, Access access, std::vector<std::string> roles, Handler handle,
           const char* body = "") {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = tag_;
    route.body = body;
    router_.Add(std::move(route));
  }
  /// A reading that answers JSON.
  void Get(const char* pattern, const char* operation, const char* zh, const char* en,
           Access access, std::vector<std::string> roles,
           std::function<Result<std::string>(Call&)> ask) {
    Add("GET", pattern, operation, zh, en, access, std::move(roles),
        [ask = std::move(ask)](Call& call) -> Result<Response> {
          TRY(std::string text, ask(call));
          return JsonResponse(std::move(text));
        });
  }
  /// An act with a JSON body that answers JSON; `status` is 201 where something was made.
  void Post(const char* pattern, const char* operation, const char* zh, const char* en,
            Access access, std::vector<std::string> roles, Answering act, int status = 200) {
    Add(
        "POST", pattern, operation, zh, en, access, std::move(roles),
        [act = std::move(act), status](Call& call) -> Result<Response> {
          json::object body;
          if (!call.request.body.empty()) {
            TRY(body, BodyOf(call));
          }
          TRY(std::string text, act(call, body));
          return JsonResponse(std::move(text), status);
        },
        "Act");
  }

 private:
  Router& router_;
  std::string tag_;
};

/// A captured part of the path.
inline std::string Part(const Call& call, std::string_view name) {
  return std::string(call.request.Captured(name));
}
}  // namespace city::gate
