// SPDX-License-Identifier: Apache-2.0
// Routes as declarations: address, who may use it, words, parameters; from them follow dispatch,
// rights and OpenAPI.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "gate/http.h"
#include "ledger/subject.h"

namespace city::gate {

/// Who may call a route at all; what they may see there is decided by the ledger.
enum class Access {
  kAnyone,    ///< also visitors
  kSignedIn,  ///< any account
  kRoles,     ///< accounts that hold one of the route's roles
};

/// One call: the request, and who makes it.
struct Call {
  Request& request;
  ledger::Subject who;
  std::string session;  ///< token of the session; empty for visitors and programs
};

struct Param {
  std::string name;
  std::string in = "query";     ///< "query" or "header"
  std::string type = "string";  ///< "string", "integer", "boolean"
  std::string zh, en;
};

struct Route {
  std::string method;
  std::string pattern;  ///< "/api/records/{type}/{id}"
  std::string operation;
  std::string zh, en;  ///< summary
  Access access;
  std::vector<std::string> roles;
  std::function<Result<Response>(Call&)> handle;
  std::vector<Param> params;
  std::string body;    ///< name of the schema of the body; empty = none
  std::string answer;  ///< name of the schema of the answer; empty = any object
  bool quick = false;  ///< a short read: runs on the network thread
  size_t max_body = 0;
  std::string tag;
};

/// All routes. Filled at start, then only read.
class Router {
 public:
  void Add(Route route);
  /// The route for a method and path, with captured values; null when none. `allowed` lists the
  /// methods that exist there.
  const Route* Find(std::string_view method, std::string_view path, Pairs* captured,
                    std::string* allowed) const;
  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::vector<std::unique_ptr<Route>> routes_;
  /// Routes by the first two parts of their patterns; those with a name there are in `open_`.
  std::unordered_map<std::string, std::vector<const Route*>, Hash, std::equal_to<>> by_beginning_;
  std::vector<const Route*> open_;
};

/// The OpenAPI 3.1 description of the routes. `schemas` are added under components.
json::object OpenApi(const Router& router, json::object schemas, std::string_view version);
}  // namespace city::gate
