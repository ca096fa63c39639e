// SPDX-License-Identifier: Apache-2.0
#include "gate/acting.h"

namespace city::gate {

std::optional<std::string> AuthorityFor(const Route& route) {
  bool looks = route.method == "GET" || route.method == "HEAD";
  const std::string& tag = route.tag;
  if (tag == "services" || tag == "cases" || tag == "rooms" || tag == "reviews")
    return looks ? "" : "apply";
  if (tag == "records") return looks ? "" : "apply";
  if (tag == "certificates") return looks ? "look" : "show";
  if (tag == "space" && (route.pattern.starts_with("/api/my/authorisations") ||
                         route.pattern == "/api/my/uses" || route.pattern == "/api/my/data"))
    return "authorise";
  return std::nullopt;
}

Result<void> ActFor(model::City& city, const Route& route, const std::string& whom, Call& call) {
  auto need = AuthorityFor(route);
  if (!need) return {};
  TRY(std::string account, city.space().AccountToActFor(call.who, whom, *need));
  TRY(accounts::Known known, city.accounts().Load(account));
  ledger::Subject subject = std::move(known.who);
  subject.address = call.who.address;
  subject.purpose = ("acting:" + call.who.account).substr(0, 60);
  call.who = std::move(subject);
  return {};
}
}  // namespace city::gate
