// SPDX-License-Identifier: Apache-2.0
// Signing in and out, sessions, passwords, second factor, tokens.
#include "base/text.h"
#include "engines/accounts/errors.h"
#include "gate/errors.h"
#include "gate/routes.h"
#include "ledger/errors.h"
#include "model/demo.h"

namespace city::gate {
namespace {
std::string CookieText(const GateOptions& options, const std::string& token) {
  std::string out = "yiwang_session=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  if (options.secure_cookies) out += "; Secure";
  if (token.empty()) out += "; Max-Age=0";
  return out;
}

Response Done() { return JsonResponse("{\"ok\":true}"); }
}  // namespace

void AddAccountRoutes(Router& router, Surroundings s) {
  Route sign_in{"POST", "/api/session", "signIn", "登录", "Sign in", Access::kAnyone, {}, nullptr};
  sign_in.tag = "account";
  sign_in.body = "SignIn";
  sign_in.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(accounts::SignedIn in,
        s.city.accounts().SignIn(std::string(Trim(TextAt(body, "username"))),
                                 std::string(TextAt(body, "password")),
                                 std::string(TextAt(body, "totp")), call.request.address,
                                 std::string(call.request.Header("user-agent"))));
    Response response = JsonResponse(in.account_json);
    response.Set("Set-Cookie", CookieText(s.options, in.token));
    response.Set("Cache-Control", "no-store");
    return response;
  };
  router.Add(std::move(sign_in));

  Route who{
      "GET", "/api/session", "currentSession", "当前登录", "Who is signed in", Access::kAnyone,
      {},    nullptr};
  who.tag = "account";
  who.handle = [s](Call& call) -> Result<Response> {
    if (call.who.account.empty()) return JsonResponse("{\"account\":null}");
    TRY(accounts::Known known, s.city.accounts().Load(call.who.account));
    return JsonResponse(known.account_json);
  };
  router.Add(std::move(who));

  Route out{"DELETE",   "/api/session",    "signOut", "退出登录",
            "Sign out", Access::kSignedIn, {},        nullptr};
  out.tag = "account";
  out.handle = [s](Call& call) -> Result<Response> {
    TRY_VOID(s.city.accounts().SignOut(call.session));
    Response response = Done();
    response.Set("Set-Cookie", CookieText(s.options, ""));
    return response;
  };
  router.Add(std::move(out));

  Route sessions{"GET",      "/api/sessions", "listSessions",
                 "登录设备", "My sessions",   Access::kSignedIn,
                 {},         nullptr};
  sessions.tag = "account";
  sessions.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string rows, s.city.accounts().Sessions(call.who.account, call.session));
    return JsonResponse(std::move(rows));
  };
  router.Add(std::move(sessions));

  Route end{"DELETE",        "/api/sessions/{id}", "endSession", "结束某次登录",
            "End a session", Access::kSignedIn,    {},           nullptr};
  end.tag = "account";
  end.handle = [s](Call& call) -> Result<Response> {
    TRY_VOID(
        s.city.accounts().EndSession(call.who.account, std::string(call.request.Captured("id"))));
    return Done();
  };
  router.Add(std::move(end));

  Route password{"POST",
                 "/api/account/password",
                 "changePassword",
                 "修改密码",
                 "Change the password",
                 Access::kSignedIn,
                 {},
                 nullptr};
  password.tag = "account";
  password.body = "ChangePassword";
  password.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY_VOID(s.city.accounts().ChangePassword(call.who, call.session,
                                              std::string(TextAt(body, "old")),
                                              std::string(TextAt(body, "new"))));
    return Done();
  };
  router.Add(std::move(password));

  Route begin{"POST",
              "/api/account/totp",
              "beginSecondFactor",
              "启用动态口令",
              "Begin or confirm the second factor",
              Access::kSignedIn,
              {},
              nullptr};
  begin.tag = "account";
  begin.body = "SecondFactor";
  begin.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    if (std::string code(TextAt(body, "code")); !code.empty()) {
      TRY_VOID(s.city.accounts().ConfirmSecondFactor(call.who, code));
      return Done();
    }
    TRY(std::string secret, s.city.accounts().BeginSecondFactor(call.who.account));
    TRY(std::string bytes, crypto::FromBase32(secret));
    return JsonResponse(ToText(json::object{
        {"secret", secret}, {"uri", crypto::TotpAddress(bytes, "Yiwang", call.who.name)}}));
  };
  router.Add(std::move(begin));

  Route drop{"DELETE",
             "/api/account/totp",
             "dropSecondFactor",
             "停用动态口令",
             "Drop the second factor",
             Access::kSignedIn,
             {},
             nullptr};
  drop.tag = "account";
  drop.body = "Password";
  drop.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY_VOID(s.city.accounts().DropSecondFactor(call.who, std::string(TextAt(body, "password"))));
    return Done();
  };
  router.Add(std::move(drop));

  Route tokens{"GET",           "/api/tokens",     "listTokens", "我的接口令牌",
               "My API tokens", Access::kSignedIn, {},           nullptr};
  tokens.tag = "account";
  tokens.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string rows, s.city.accounts().Tokens(call.who.account));
    return JsonResponse(std::move(rows));
  };
  router.Add(std::move(tokens));

  Route make{"POST",
             "/api/tokens",
             "createToken",
             "新建接口令牌",
             "Create an API token",
             Access::kSignedIn,
             {},
             nullptr};
  make.tag = "account";
  make.body = "NewToken";
  make.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string made, s.city.accounts().CreateToken(call.who, std::string(TextAt(body, "name")),
                                                        std::string(TextAt(body, "scope", "read")),
                                                        static_cast<int>(IntAt(body, "days", 90))));
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(make));

  Route revoke{"DELETE",
               "/api/tokens/{id}",
               "revokeToken",
               "吊销接口令牌",
               "Revoke an API token",
               Access::kSignedIn,
               {},
               nullptr};
  revoke.tag = "account";
  revoke.handle = [s](Call& call) -> Result<Response> {
    TRY_VOID(s.city.accounts().RevokeToken(call.who, std::string(call.request.Captured("id"))));
    return Done();
  };
  router.Add(std::move(revoke));

  Route reset{
      "POST",         "/api/accounts/{id}/reset", "resetPassword", "重置密码", "Reset a password",
      Access::kRoles, {"administrator"},          nullptr};
  reset.tag = "account";
  reset.handle = [s](Call& call) -> Result<Response> {
    std::string id(call.request.Captured("id"));
    TRY_VOID(s.city.ledger().Read(call.who, "account", id));
    TRY(std::string password, s.city.accounts().ResetPassword(call.who, id));
    Response response = JsonResponse(ToText(json::object{{"password", password}}));
    response.Set("Cache-Control", "no-store");
    return response;
  };
  router.Add(std::move(reset));

  Route demo{"GET",
             "/api/demo-accounts",
             "demoAccounts",
             "演示账户",
             "Demo accounts",
             Access::kAnyone,
             {},
             nullptr};
  demo.tag = "account";
  demo.handle = [s](Call&) -> Result<Response> {
    if (!s.options.demo) return error::kNoSuchRoute;
    json::array rows;
    for (const model::DemoAccount& each : model::DemoAccounts(s.city.place()))
      rows.push_back(json::object{{"username", each.username},
                                  {"password", each.password},
                                  {"name", each.name},
                                  {"post", each.post},
                                  {"kind", each.kind}});
    return JsonResponse(ToText(rows));
  };
  router.Add(std::move(demo));
}
}  // namespace city::gate
