// SPDX-License-Identifier: Apache-2.0
// Registering market entities: names, applications, signatures, the registrar's decision.
#include "gate/routes.h"

namespace city::gate {

void AddRegistrationRoutes(Router& router, Surroundings s) {
  Route name{"POST",         "/api/names/check", "checkName", "名称自主申报查询",
             "Check a name", Access::kSignedIn,  {},          nullptr};
  name.tag = "registration";
  name.body = "Name";
  name.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string text, s.city.registration().CheckName(body));
    return JsonResponse(std::move(text));
  };
  router.Add(std::move(name));

  Route apply{"POST",
              "/api/registrations",
              "applyRegistration",
              "申请设立登记",
              "Apply to register",
              Access::kSignedIn,
              {},
              nullptr};
  apply.tag = "registration";
  apply.body = "Registration";
  apply.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string text, s.city.registration().Apply(InfoOf(call, s.city.place().code), body));
    s.city.relay().Wake();
    return JsonResponse(std::move(text), 201);
  };
  router.Add(std::move(apply));

  Route sign{"POST",
             "/api/registrations/{id}/sign",
             "signRegistration",
             "签名",
             "Sign an application to register",
             Access::kSignedIn,
             {},
             nullptr};
  sign.tag = "registration";
  sign.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string text, s.city.registration().Sign(InfoOf(call, s.city.place().code),
                                                     std::string(call.request.Captured("id"))));
    return JsonResponse(std::move(text), 201);
  };
  router.Add(std::move(sign));

  Route act{"POST",
            "/api/registrations/{id}/acts/{act}",
            "actOnRegistration",
            "登记机关决定",
            "The registrar's decision",
            Access::kRoles,
            {"approver"},
            nullptr};
  act.tag = "registration";
  act.body = "Act";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string text,
        s.city.registration().Act(InfoOf(call, s.city.place().code),
                                  std::string(call.request.Captured("id")),
                                  std::string(call.request.Captured("act")), body));
    return JsonResponse(std::move(text));
  };
  router.Add(std::move(act));
}
}  // namespace city::gate
