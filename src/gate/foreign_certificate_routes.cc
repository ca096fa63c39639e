// SPDX-License-Identifier: Apache-2.0
// Certificates of other cities: taken in after every check, under roots that are governed here.
#include "gate/errors.h"
#include "gate/routes.h"

namespace city::gate {

void AddForeignCertificateRoutes(Router& router, Surroundings s) {
  using Handler = std::function<Result<Response>(Call&)>;
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles, Handler handle,
                 const char* body, size_t max_body = 0) {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = "certificates";
    route.body = body;
    route.max_body = max_body;
    router.Add(std::move(route));
  };
  for (bool own : {true, false}) {
    auto take_in = [s, own](Call& call) -> Result<Response> {
      TRY(certificates::Trust trust, s.city.trusted_roots().Trusted());
      TRY(std::string id, s.city.certificates().Import(InfoOf(call, ShardOf(s, call)),
                                                       call.request.body, trust, own));
      return JsonResponse(ToText(json::object{{"id", id}}), 201);
    };
    if (own)
      add("POST", "/api/my/certificates/import", "importOwnCertificate", "引入我的外地证照",
          "Take in one's certificate issued elsewhere", Access::kSignedIn, {}, take_in, "Bytes",
          12u << 20);
    else
      add("POST", "/api/certificates/import", "importCertificate", "引入外地证照",
          "Take in a certificate issued elsewhere", Access::kRoles, {"certificate_officer"},
          take_in, "Bytes", 12u << 20);
  }
  add(
      "POST", "/api/trusted-roots", "proposeTrustedRoot", "提出可信根证书",
      "Propose a trusted root", Access::kRoles, {"certificate_officer", "seal_keeper"},
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string id, s.city.trusted_roots().Propose(InfoOf(call, ShardOf(s, call)), body));
        return JsonResponse(ToText(json::object{{"id", id}}), 201);
      },
      "Row");
  add(
      "POST", "/api/trusted-roots/{id}/acts/{act}", "decideTrustedRoot", "审核或撤销可信根证书",
      "Review or withdraw a trusted root", Access::kRoles, {"seal_keeper", "administrator"},
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string id, s.city.trusted_roots().Act(InfoOf(call, ShardOf(s, call)),
                                                       std::string(call.request.Captured("id")),
                                                       std::string(call.request.Captured("act")),
                                                       std::string(TextAt(body, "reason"))));
        TRY(ledger::One one, s.city.ledger().Read(call.who, "trusted_root", id));
        return JsonResponse(std::move(one.row));
      },
      "Row");
}
}  // namespace city::gate
