// SPDX-License-Identifier: Apache-2.0
// The digital space: authorisations of my data, their use, data about me, members of enterprises.
#include "gate/errors.h"
#include "gate/route_table.h"

namespace city::gate {

void AddSpaceRoutes(Router& router, Surroundings s) {
  using Handler = std::function<Result<Response>(Call&)>;
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles, Handler handle,
                 const char* body = "") {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = "space";
    route.body = body;
    router.Add(std::move(route));
  };
  auto info_of = [s](const Call& call) { return InfoOf(call, s.city.place().code); };
  auto id_of = [](const Call& call) { return std::string(call.request.Captured("id")); };

  add("GET", "/api/my/authorisations", "myAuthorisations", "我的授权", "My authorisations",
      Access::kSignedIn, {}, [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.space().Mine(call.who));
        return JsonResponse(std::move(rows));
      });
  add(
      "POST", "/api/my/authorisations/{id}/{act}", "decideAuthorisation", "同意、不同意或撤回授权",
      "Agree to, refuse or withdraw an authorisation", Access::kSignedIn, {},
      [s, info_of, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string row,
            s.city.space().Decide(info_of(call), id_of(call),
                                  std::string(call.request.Captured("act")), body));
        return JsonResponse(std::move(row));
      },
      "Row");
  add("GET", "/api/my/uses", "myUses", "我的用数记录", "Uses of my data", Access::kSignedIn, {},
      [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.space().Uses(call.who));
        return JsonResponse(std::move(rows));
      });
  add("GET", "/api/my/data", "dataAboutMe", "关于我的数据", "Data about me", Access::kSignedIn, {},
      [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.space().DataAboutMe(call.who));
        return JsonResponse(std::move(rows));
      });
  add("GET", "/api/my/enterprise-members", "enterpriseMembers", "企业空间成员",
      "Members of enterprises' spaces", Access::kSignedIn, {}, [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.space().Members(call.who));
        return JsonResponse(std::move(rows));
      });
  add(
      "POST", "/api/my/enterprise-members", "addEnterpriseMember", "增加企业空间成员",
      "Let a member in", Access::kSignedIn, {},
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string made, s.city.space().AddMember(info_of(call), body));
        TRY(json::value row, ParseJson(made));
        s.city.accounts().Forget(std::string(TextAt(row.get_object(), "account")));
        return JsonResponse(ToText(json::object{{"id", row.get_object().at("id")}}), 201);
      },
      "Row");
  add("DELETE", "/api/my/enterprise-members/{id}", "removeEnterpriseMember", "移除企业空间成员",
      "Let a member out", Access::kSignedIn, {},
      [s, info_of, id_of](Call& call) -> Result<Response> {
        TRY_VOID(s.city.space().RemoveMember(info_of(call), id_of(call)));
        return JsonResponse("{\"ok\":true}");
      });

  // After a change of who may do what, rights of a session must not be remembered.
  auto forget = [s](Result<std::string> done) -> Result<std::string> {
    if (!done) return done;
    TRY(json::value row, ParseJson(*done));
    s.city.accounts().Forget(std::string(TextAt(row.get_object(), "account")));
    return done;
  };
  RouteTable table(router, "space");
  table.Get("/api/my/enterprises", "myEnterprises", "我的企业", "My enterprises", Access::kSignedIn,
            {}, [s](Call& call) { return s.city.space().Enterprises(call.who); });
  table.Post("/api/my/enterprise-members/{id}/may", "changeEnterpriseMember", "调整成员权限",
             "Change what a member may do", Access::kSignedIn, {},
             [s, info_of, id_of, forget](Call& call, const json::object& body) {
               return forget(s.city.space().ChangeMember(info_of(call), id_of(call), body));
             });
  table.Post("/api/my/enterprise-members/{id}/answers/{act}", "answerInvitation",
             "接受、谢绝邀请或退出", "Accept, decline or leave", Access::kSignedIn, {},
             [s, info_of, id_of, forget](Call& call, const json::object&) {
               return forget(
                   s.city.space().AnswerInvitation(info_of(call), id_of(call), Part(call, "act")));
             });
  table.Get("/api/my/family", "myFamily", "亲友代办", "My family", Access::kSignedIn, {},
            [s](Call& call) { return s.city.space().Family(call.who); });
  table.Post(
      "/api/my/family", "inviteRelative", "请亲友代办", "Let a relative act for me",
      Access::kSignedIn, {},
      [s, info_of](Call& call, const json::object& body) {
        return s.city.space().InviteRelative(info_of(call), body);
      },
      201);
  table.Post("/api/my/family/{id}/{act}", "answerRelative", "接受、谢绝或结束代办",
             "Accept, decline or end", Access::kSignedIn, {},
             [s, info_of, id_of](Call& call, const json::object&) {
               return s.city.space().AnswerRelative(info_of(call), id_of(call), Part(call, "act"));
             });

  std::vector<std::string> user{"data_user"};
  add(
      "POST", "/api/authorisations", "askAuthorisation", "请求授权", "Ask for an authorisation",
      Access::kRoles, user,
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string made, s.city.space().Ask(info_of(call), body));
        return JsonResponse(std::move(made), 201);
      },
      "Row");
  add("GET", "/api/authorisations", "askedAuthorisations", "已请求的授权",
      "Authorisations asked for", Access::kRoles, user, [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.space().Asked(call.who));
        return JsonResponse(std::move(rows));
      });
  add("POST", "/api/authorisations/{id}/read", "useAuthorisation", "按授权用数",
      "Read what was authorised", Access::kRoles, user,
      [s, info_of, id_of](Call& call) -> Result<Response> {
        TRY(std::string row, s.city.space().Use(info_of(call), id_of(call)));
        Response response = JsonResponse(std::move(row));
        response.Set("Cache-Control", "no-store");
        return response;
      });
}
}  // namespace city::gate
