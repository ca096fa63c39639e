// SPDX-License-Identifier: Apache-2.0
// Self-service machines: their beats, and what their managers see and decide.
#include "gate/route_table.h"

namespace city::gate {

void AddFleetRoutes(Router& router, Surroundings s) {
  RouteTable table(router, "fleet");
  auto info_of = [s](const Call& call) { return InfoOf(call, s.city.place().code); };
  std::vector<std::string> manager{"data_officer"}, looker{"data_officer", "supervisor"};
  table.Get("/api/fleet", "fleetOverview", "自助终端总览", "The fleet", Access::kRoles, looker,
            [s](Call& call) -> Result<std::string> {
              TRY(int days, NumberOf(call, "days", 30, 1, 366));
              return s.city.fleet().Overview(call.who, days);
            });
  table.Get("/api/fleet/advice", "fleetAdvice", "布点建议", "Where to move machines",
            Access::kRoles, looker, [s](Call& call) { return s.city.fleet().Advice(call.who); });
  table.Post(
      "/api/kiosks", "registerKiosk", "登记终端", "Register a machine", Access::kRoles, manager,
      [s, info_of](Call& call, const json::object& body) {
        return s.city.fleet().Register(info_of(call), body);
      },
      201);
  table.Post("/api/kiosks/{id}/move", "moveKiosk", "移机", "Move a machine", Access::kRoles,
             manager, [s, info_of](Call& call, const json::object& body) {
               return s.city.fleet().Move(info_of(call), Part(call, "id"), body);
             });
  table.Post("/api/kiosk-faults/{id}/fix", "fixKiosk", "故障处理", "Close a fault", Access::kRoles,
             manager, [s, info_of](Call& call, const json::object& body) {
               return s.city.fleet().Fix(info_of(call), Part(call, "id"), body);
             });
  // A machine is known by its own secret, not by an account.
  table.Post("/api/kiosks/{code}/beat", "kioskBeat", "终端心跳", "A machine's beat",
             Access::kAnyone, {}, [s](Call& call, const json::object& body) {
               return s.city.fleet().Beat(Part(call, "code"),
                                          std::string(call.request.Header("x-kiosk-secret")), body);
             });
}
}  // namespace city::gate
