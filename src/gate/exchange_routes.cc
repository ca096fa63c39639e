// SPDX-License-Identifier: Apache-2.0
// Receipt for elsewhere, and the exchange with other cities.
#include "base/log.h"
#include "gate/route_table.h"

namespace city::gate {

void AddExchangeRoutes(Router& router, Surroundings s) {
  RouteTable table(router, "exchange");
  auto info_of = [s](const Call& call) { return InfoOf(call, ShardOf(s, call)); };
  // A message is kept first and leaves afterwards; the lane is told that there is one.
  auto wake = [s] {
    s.city.exchange_lane().Wake();
    s.city.relay().Wake();
  };
  std::vector<std::string> clerk{"clerk"}, officer{"data_officer"}, judge{"administrator"};

  table.Get("/api/exchange/identity", "exchangeIdentity", "本市的交换身份",
            "The exchange identity of this city", Access::kAnyone, {},
            [s](Call&) -> Result<std::string> { return ToText(s.city.exchange().Identity()); });
  // Who sends is known by the signature, not by an account.
  Route receive{"POST",
                exchange::kPath,
                "receiveExchangeMessage",
                "接收其他城市的报文",
                "Receive a message of another city",
                Access::kAnyone,
                {},
                nullptr};
  receive.tag = "exchange";
  receive.body = "Act";
  receive.max_body = 48u << 20;
  receive.handle = [s, wake](Call& call) -> Result<Response> {
    TRY(std::string receipt, s.city.exchange().Receive(call.request.body, call.request.address));
    wake();
    return JsonResponse(std::move(receipt));
  };
  router.Add(std::move(receive));

  table.Post(
      "/api/exchange/partners", "proposeExchangePartner", "登记交换伙伴", "Propose a partner city",
      Access::kRoles, officer,
      [s, info_of](Call& call, const json::object& body) -> Result<std::string> {
        TRY(std::string id, s.city.exchange().partners().Propose(info_of(call), body));
        return ToText(json::object{{"id", id}});
      },
      201);
  table.Post("/api/exchange/partners/{id}/acts/{act}", "decideExchangePartner",
             "审核或终止交换伙伴", "Review or end a partner city", Access::kRoles, judge,
             [s, info_of, wake](Call& call, const json::object& body) -> Result<std::string> {
               std::string id = Part(call, "id");
               TRY_VOID(s.city.remote_cases().ActOnPartner(info_of(call), id, Part(call, "act"),
                                                           std::string(TextAt(body, "reason"))));
               wake();
               TRY(ledger::One one, s.city.ledger().Read(call.who, "exchange_partner", id));
               return std::move(one.row);
             });
  table.Post("/api/exchange/partners/{code}/offer", "askExchangeOffer", "更新对方的事项清单",
             "Ask a partner city for its items", Access::kRoles, {"clerk", "data_officer"},
             [s, info_of, wake](Call& call, const json::object&) -> Result<std::string> {
               TRY_VOID(s.city.remote_cases().AskOffer(info_of(call), Part(call, "code")));
               wake();
               return std::string("{\"ok\":true}");
             });
  table.Post("/api/exchange/partners/{code}/hurry", "hurryExchange", "立即重发", "Send again now",
             Access::kRoles, officer,
             [s, wake](Call& call, const json::object&) -> Result<std::string> {
               TRY_VOID(s.city.exchange().Hurry(Part(call, "code")));
               wake();
               return std::string("{\"ok\":true}");
             });
  table.Get("/api/exchange/offers", "exchangeOffers", "可代收的外地事项",
            "Items that may be received for other cities", Access::kRoles, clerk,
            [s](Call& call) -> Result<std::string> {
              return s.city.remote_cases().Offers(std::string(call.request.Query("partner")),
                                                  std::string(call.request.Query("q")));
            });
  table.Get("/api/exchange/offers/{partner}/{code}", "exchangeOffer", "外地事项的表单和材料",
            "Form and materials of such an item", Access::kRoles, clerk,
            [s](Call& call) -> Result<std::string> {
              TRY(auto snapshot, s.city.store().Read());
              TRY(json::object found, s.city.remote_cases().OfferOf(
                                          *snapshot, Part(call, "partner"), Part(call, "code")));
              return ToText(found);
            });

  table.Post(
      "/api/remote-cases", "receiveForElsewhere", "异地代收", "Receive for elsewhere",
      Access::kRoles, clerk,
      [s, info_of, wake](Call& call, const json::object& body) -> Result<std::string> {
        TRY(std::string id, s.city.remote_cases().Receive(info_of(call), body));
        wake();
        return s.city.remote_cases().View(call.who, id);
      },
      201);
  table.Get("/api/remote-cases/{id}", "readRemoteCase", "代收件详情",
            "A case received for elsewhere", Access::kRoles, {"clerk", "supervisor"},
            [s](Call& call) { return s.city.remote_cases().View(call.who, Part(call, "id")); });
  table.Post("/api/remote-cases/{id}/acts/{act}", "actOnRemoteCase", "代收窗口的办理动作",
             "Act of the receiving window", Access::kRoles, clerk,
             [s, info_of, wake](Call& call, const json::object& body) -> Result<std::string> {
               std::string id = Part(call, "id");
               TRY_VOID(s.city.remote_cases().Act(info_of(call), id, Part(call, "act"), body));
               // Of a case of this installation the window sees at once what came of it.
               if (auto row = s.city.ledger().Read(ledger::System(), "remote_case", id)) {
                 TRY(json::value read, ParseJson(row->row));
                 std::string case_id(TextAt(read.get_object(), "case_id"));
                 if (!case_id.empty())
                   if (auto followed = s.city.FollowCase(case_id); !followed)
                     LogWarning("what follows a case failed",
                                {{"case", case_id}, {"why", followed.error().ToLine()}});
               }
               wake();
               return s.city.remote_cases().View(call.who, id);
             });
  table.Post(
      "/api/remote-cases/{id}/couriers", "sendPapers", "寄送纸质材料", "Papers leave by courier",
      Access::kRoles, clerk,
      [s, info_of, wake](Call& call, const json::object& body) -> Result<std::string> {
        TRY(std::string made,
            s.city.remote_cases().SendPapers(info_of(call), Part(call, "id"), body));
        wake();
        return ToText(json::object{{"id", made}});
      },
      201);
  table.Post("/api/couriers/{id}/came", "papersCame", "签收纸质材料", "Papers have come",
             Access::kRoles, clerk,
             [s, info_of, wake](Call& call, const json::object&) -> Result<std::string> {
               TRY_VOID(s.city.remote_cases().PapersCame(info_of(call), Part(call, "id")));
               wake();
               return std::string("{\"ok\":true}");
             });
  table.Add("GET", "/api/remote-cases/{id}/results/{ref}", "readRemoteResult", "下载办理结果",
            "A result of a case received for elsewhere", Access::kRoles, clerk,
            [s](Call& call) -> Result<Response> {
              TRY(exchange::FileBytes file,
                  s.city.remote_cases().ReadResult(call.who, Part(call, "id"), Part(call, "ref")));
              return FileResponse(file.name, "application/octet-stream", std::move(file.bytes));
            });
  table.Get("/api/cases/{id}/elsewhere", "caseElsewhere", "办件的异地代收情况",
            "Where a case was received", Access::kSignedIn, {},
            [s](Call& call) -> Result<std::string> {
              // Whoever may see the case may see where it came from.
              TRY_VOID(s.city.cases().Read(call.who, Part(call, "id")));
              return s.city.remote_cases().OfCase(Part(call, "id"));
            });
}
}  // namespace city::gate
