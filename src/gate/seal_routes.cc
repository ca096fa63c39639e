// SPDX-License-Identifier: Apache-2.0
// Seals: their life, their use by approval, and one's own.
#include "gate/errors.h"
#include "gate/routes.h"

namespace city::gate {
namespace {
/// A batch of documents in Base64.
constexpr size_t kMostBody = 64u << 20;

Result<Response> Created(Result<std::string> answer) {
  if (!answer) return Fail(std::move(answer).error());
  return JsonResponse(std::move(*answer), 201);
}
Result<Response> Answered(Result<std::string> answer) {
  if (!answer) return Fail(std::move(answer).error());
  return JsonResponse(std::move(*answer));
}
}  // namespace

void AddSealRoutes(Router& router, Surroundings s) {
  using Handler = std::function<Result<Response>(Call&)>;
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles, Handler handle,
                 const char* body = "", size_t max_body = 0) {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = "seals";
    route.body = body;
    route.max_body = max_body;
    router.Add(std::move(route));
  };
  auto id_of = [](const Call& call) { return std::string(call.request.Captured("id")); };
  auto info_of = [s](const Call& call) { return InfoOf(call, ShardOf(s, call)); };
  auto index_of = [](const Call& call) {
    std::string text(call.request.Captured("index"));
    bool number = !text.empty() && text.size() < 4 &&
                  text.find_first_not_of("0123456789") == std::string::npos;
    return number ? std::atoi(text.c_str()) : -1;
  };
  std::vector<std::string> keeper{"seal_keeper"}, managers{"seal_keeper", "certificate_officer"},
      watchers{"seal_keeper", "certificate_officer", "auditor"},
      askers{"seal_keeper", "certificate_officer", "handler", "reviewer", "approver"};

  add(
      "POST", "/api/seals", "applyForSeal", "申请电子印章", "Apply for a seal", Access::kRoles,
      managers,
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string id, s.city.seals().Apply(info_of(call), body));
        return JsonResponse(ToText(json::object{{"id", id}}), 201);
      },
      "Row");
  add("GET", "/api/usable-seals", "usableSeals", "可申请使用的印章", "Seals that may be asked for",
      Access::kRoles, askers,
      [s](Call& call) -> Result<Response> { return Answered(s.city.seals().Usable(call.who)); });
  add("GET", "/api/seals/{id}", "readSeal", "印章详情", "A seal and what happened to it",
      Access::kRoles, watchers, [s, id_of](Call& call) -> Result<Response> {
        return Answered(s.city.seals().View(call.who, id_of(call)));
      });
  add(
      "POST", "/api/seals/{id}/acts/{act}", "actOnSeal", "办理电子印章", "Act on a seal",
      Access::kRoles, keeper,
      [s, info_of, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY_VOID(s.city.seals().Act(info_of(call), id_of(call),
                                    std::string(call.request.Captured("act")), body));
        return Answered(s.city.seals().View(call.who, id_of(call)));
      },
      "Row");

  // Use by approval.
  add(
      "POST", "/api/seal-uses", "askSealUse", "申请用章", "Ask for the use of a seal",
      Access::kRoles, askers,
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call, kMostBody));
        return Created(s.city.seal_uses().Ask(info_of(call), body));
      },
      "Row", kMostBody);
  add("GET", "/api/seal-uses/{id}", "readSealUse", "用章详情", "A use of a seal", Access::kSignedIn,
      {}, [s, id_of](Call& call) -> Result<Response> {
        return Answered(s.city.seal_uses().View(call.who, id_of(call)));
      });
  for (bool allow : {true, false}) {
    auto decide = [s, info_of, id_of, allow](Call& call) -> Result<Response> {
      TRY(json::object body, BodyOf(call));
      return Answered(s.city.seal_uses().Decide(info_of(call), id_of(call), allow,
                                                std::string(TextAt(body, "reason"))));
    };
    add("POST", allow ? "/api/seal-uses/{id}/allow" : "/api/seal-uses/{id}/refuse",
        allow ? "allowSealUse" : "refuseSealUse", allow ? "同意用章" : "不同意用章",
        allow ? "Allow a use of a seal" : "Refuse a use of a seal", Access::kRoles, keeper, decide,
        "Row");
    add("POST", allow ? "/api/my/seal-uses/{id}/allow" : "/api/my/seal-uses/{id}/refuse",
        allow ? "allowOwnSealUse" : "refuseOwnSealUse",
        allow ? "同意使用本单位印章" : "不同意使用本单位印章",
        allow ? "Allow a use of one's enterprise's seal" : "Refuse a use of the enterprise's seal",
        Access::kSignedIn, {}, decide, "Row");
  }
  add("GET", "/api/seal-uses/{id}/files/{index}", "sealedDocument", "取走已用印文件",
      "Take a signed document", Access::kSignedIn, {},
      [s, info_of, id_of, index_of](Call& call) -> Result<Response> {
        TRY(certificates::File file,
            s.city.seal_uses().Take(info_of(call), id_of(call), index_of(call)));
        return FileResponse(file.name, file.type, std::move(file.bytes));
      });
  add("GET", "/api/seal-uses/{id}/originals/{index}", "documentToSeal", "查看待用印文件",
      "Look at a document before it is signed", Access::kSignedIn, {},
      [s, id_of, index_of](Call& call) -> Result<Response> {
        TRY(certificates::File file,
            s.city.seal_uses().Original(call.who, id_of(call), index_of(call)));
        return FileResponse(file.name, file.type, std::move(file.bytes));
      });

  // One's own.
  add("GET", "/api/my/seals", "mySeals", "我的印章和签名", "My seals and signature",
      Access::kSignedIn, {},
      [s](Call& call) -> Result<Response> { return Answered(s.city.seals().Mine(call.who)); });
  add(
      "POST", "/api/my/seals", "applyForOwnSeal", "申请本人签名或企业印章",
      "Apply for one's signature or an enterprise's seal", Access::kSignedIn, {},
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string id, s.city.seals().ApplyOwn(info_of(call), body));
        return JsonResponse(ToText(json::object{{"id", id}}), 201);
      },
      "Row", 1u << 20);
  add(
      "POST", "/api/my/seals/{id}/acts/{act}", "actOnOwnSeal", "暂停、恢复或注销自己的印章",
      "Suspend, resume or revoke one's own seal", Access::kSignedIn, {},
      [s, info_of, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY_VOID(s.city.seals().Act(info_of(call), id_of(call),
                                    std::string(call.request.Captured("act")), body));
        return Answered(s.city.seals().View(call.who, id_of(call)));
      },
      "Row");
  add("GET", "/api/my/seal-uses", "mySealUses", "我的签署记录", "What I had signed",
      Access::kSignedIn, {},
      [s](Call& call) -> Result<Response> { return Answered(s.city.seal_uses().Mine(call.who)); });
  add(
      "POST", "/api/my/seal-uses", "signOwn", "签署文件", "Sign documents with one's own seal",
      Access::kSignedIn, {},
      [s, info_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call, kMostBody));
        return Created(s.city.seal_uses().Ask(info_of(call), body));
      },
      "Row", kMostBody);
}
}  // namespace city::gate
