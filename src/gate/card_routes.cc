// SPDX-License-Identifier: Apache-2.0
// One card and one code: what the holder does, what terminals and windows may ask.
#include "gate/route_table.h"
#include "parts/documents/qr.h"

namespace city::gate {

void AddCardRoutes(Router& router, Surroundings s) {
  RouteTable table(router, "card");
  auto info_of = [s](const Call& call) { return InfoOf(call, s.city.place().code); };
  std::vector<std::string> citizen{"citizen"}, terminal{"card_terminal"}, window{"clerk"};
  table.Get("/api/my/card", "myCard", "我的社会保障卡", "My card", Access::kRoles, citizen,
            [s](Call& call) { return s.city.cards().Mine(call.who); });
  table.Post(
      "/api/my/card", "bindCard", "绑定社会保障卡", "Bind a card", Access::kRoles, citizen,
      [s, info_of](Call& call, const json::object& body) {
        return s.city.cards().Bind(info_of(call), body);
      },
      201);
  table.Post("/api/my/card/fields", "authoriseCard", "授权用卡领域", "Authorise a field",
             Access::kRoles, citizen, [s, info_of](Call& call, const json::object& body) {
               return s.city.cards().Authorise(info_of(call), body);
             });
  table.Post("/api/my/card/acts/{act}", "actOnCard", "挂失、暂停、解除绑定",
             "Report lost, suspend, unbind", Access::kRoles, citizen,
             [s, info_of](Call& call, const json::object&) {
               return s.city.cards().Act(info_of(call), Part(call, "act"));
             });
  table.Post("/api/card-swipes", "swipeCard", "刷卡", "Swipe a card", Access::kRoles, terminal,
             [s, info_of](Call& call, const json::object& body) {
               return s.city.cards().Swipe(info_of(call), body);
             });
  table.Post(
      "/api/my/code", "showCode", "一码办事", "Show my code", Access::kRoles, citizen,
      [s, info_of](Call& call, const json::object&) -> Result<std::string> {
        TRY(std::string text, s.city.codes().Show(info_of(call)));
        TRY(json::value shown, ParseJson(text));
        TRY(documents::QrCode qr, documents::MakeQr(TextAt(shown.get_object(), "code")));
        shown.get_object()["qr"] = documents::QrSvg(qr, 280);
        return ToText(shown);
      },
      201);
  table.Get("/api/my/code", "codeState", "服务码状态", "How my code stands", Access::kRoles,
            citizen, [s](Call& call) { return s.city.codes().State(call.who); });
  table.Post("/api/service-codes/scan", "scanCode", "扫服务码", "Scan a code", Access::kRoles,
             window, [s, info_of](Call& call, const json::object& body) {
               return s.city.codes().Scan(info_of(call), body);
             });
}
}  // namespace city::gate
