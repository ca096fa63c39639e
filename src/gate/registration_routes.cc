// SPDX-License-Identifier: Apache-2.0
// Registering market entities: names, papers, applications, signatures, the registrar's decision,
// and what comes after: changes, filings, simple cancellation.
#include "base/log.h"
#include "gate/route_table.h"

namespace city::gate {

void AddRegistrationRoutes(Router& router, Surroundings s) {
  RouteTable table(router, "registration");
  auto info_of = [s](const Call& call) { return InfoOf(call, s.city.place().code); };
  // A licence follows at once; the relay does it again when this server ends in between.
  auto follow = [s](Result<std::string> done) -> Result<std::string> {
    if (done) {
      TRY(json::value row, ParseJson(*done));
      std::string id(TextAt(row.get_object(), "id"));
      if (auto followed = s.city.FollowRegistration(id); !followed)
        LogWarning("licence waits", {{"registration", id}, {"why", followed.error().ToLine()}});
    }
    s.city.relay().Wake();
    return done;
  };
  constexpr Access kIn = Access::kSignedIn;

  table.Post(
      "/api/names/check", "checkName", "名称自主申报查询", "Check a name", kIn, {},
      [s](Call&, const json::object& body) { return s.city.registration().CheckName(body); });
  table.Get(
      "/api/names/words", "nameWords", "名称用语", "Words of names", Access::kAnyone, {},
      [s](Call&) -> Result<std::string> { return s.city.registration().NameWordsForPeople(); });
  table.Post("/api/registrations/papers", "writeRegistrationPapers", "生成登记文件",
             "The papers of an application", kIn, {}, [s](Call& call, const json::object& body) {
               return s.city.registration().Papers(call.who, body);
             });
  table.Post(
      "/api/registrations", "applyRegistration", "申请设立登记", "Apply to register", kIn, {},
      [s, info_of, follow](Call& call, const json::object& body) {
        return follow(s.city.registration().Apply(info_of(call), body));
      },
      201);
  table.Get("/api/my/registrations", "myRegistrations", "我的登记", "My registrations", kIn, {},
            [s](Call& call) { return s.city.registration().Mine(call.who); });
  table.Get("/api/registrations/{id}", "readRegistration", "登记申请详情", "A registration", kIn,
            {}, [s](Call& call) { return s.city.registration().View(call.who, Part(call, "id")); });
  table.Get("/api/registrations/{id}/papers", "readRegistrationPapers", "登记文件",
            "Papers of a registration", kIn, {},
            [s](Call& call) { return s.city.registration().PapersOf(call.who, Part(call, "id")); });
  table.Post(
      "/api/registrations/{id}/sign", "signRegistration", "签名", "Sign an application to register",
      kIn, {},
      [s, info_of, follow](Call& call, const json::object&) {
        return follow(s.city.registration().Sign(info_of(call), Part(call, "id")));
      },
      201);
  table.Post("/api/registrations/{id}/acts/{act}", "actOnRegistration", "登记机关决定",
             "The registrar's decision", Access::kRoles, {"approver"},
             [s, info_of, follow](Call& call, const json::object& body) {
               return follow(s.city.registration().Act(info_of(call), Part(call, "id"),
                                                       Part(call, "act"), body));
             });
  table.Post("/api/registrations/{id}/close", "closeEnterprise", "公示期满申请注销",
             "Close after the notice", kIn, {},
             [s, info_of, follow](Call& call, const json::object&) {
               return follow(s.city.registration().Close(info_of(call), Part(call, "id")));
             });
  table.Post(
      "/api/enterprises/{id}/changes", "changeEnterprise", "变更登记", "Change what is registered",
      kIn, {},
      [s, info_of, follow](Call& call, const json::object& body) {
        return follow(s.city.registration().Change(info_of(call), Part(call, "id"), body));
      },
      201);
  table.Post(
      "/api/enterprises/{id}/filings", "fileForEnterprise", "备案", "File", kIn, {},
      [s, info_of](Call& call, const json::object& body) {
        return s.city.registration().File(info_of(call), Part(call, "id"), body);
      },
      201);
  table.Post(
      "/api/enterprises/{id}/cancellation", "cancelEnterprise", "简易注销公示",
      "Begin a simple cancellation", kIn, {},
      [s, info_of](Call& call, const json::object& body) {
        return s.city.registration().BeginCancellation(info_of(call), Part(call, "id"), body);
      },
      201);
  table.Post(
      "/api/cancellation-notices/{id}/objections", "objectToCancellation", "提出异议",
      "Object to a cancellation", kIn, {},
      [s, info_of](Call& call, const json::object& body) {
        return s.city.registration().Object(info_of(call), Part(call, "id"), body);
      },
      201);
}
}  // namespace city::gate
