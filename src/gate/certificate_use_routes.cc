// SPDX-License-Identifier: Apache-2.0
// Certificates put to use: in a case instead of uploads — where they come from, how they stand
// today, what they say for who handles the case — and on paper as annotated copies.
#include <algorithm>

#include "gate/errors.h"
#include "gate/routes.h"

namespace city::gate {
namespace {
/// Notes that what a certificate says was read in a case, before it is answered.
Result<void> NoteReading(const Surroundings& s, const Call& call, const std::string& certificate,
                         const std::string& case_id) {
  std::string shard = ShardOf(s, call);
  return s.city.store().Command(shard, [&](store::Tx& tx) -> Result<void> {
    return ledger::AppendAudit(tx, ledger::ChainOf(shard), call.who, s.city.clock().Now(),
                               {{"certificate:read-in-case", "certificate", certificate, shard,
                                 ToText(json::object{{"case", case_id}})}});
  });
}
}  // namespace

void AddCertificateUseRoutes(Router& router, Surroundings s) {
  Route route{"GET",
              "/api/cases/{id}/certificates",
              "caseCertificates",
              "办件使用的证照",
              "Certificates used in a case",
              Access::kSignedIn,
              {},
              nullptr};
  route.tag = "services";
  route.handle = [s](Call& call) -> Result<Response> {
    std::string id(call.request.Captured("id"));
    // Who may see the case may see where its materials come from.
    TRY(std::string seen, s.city.cases().View(call.who, id));
    TRY(json::value one, ParseJson(seen, {.max_bytes = 16u << 20}));
    bool handles = std::any_of(call.who.posts.begin(), call.who.posts.end(), [](const auto& post) {
      return post.role == "handler" || post.role == "reviewer" || post.role == "approver" ||
             post.role == "clerk";
    });
    json::array rows;
    if (const json::array* materials = ArrayAt(one.get_object(), "materials"))
      for (const json::value& each : *materials) {
        const json::object& material = each.get_object();
        std::string certificate(TextAt(material, "certificate"));
        if (certificate.empty()) continue;
        json::object row{{"material", material.at("material")},
                         {"authorisation", material.at("authorisation")},
                         {"fields", nullptr}};
        if (auto standing = s.city.certificates().Standing(certificate)) {
          if (const json::value* type = standing->if_contains("type");
              handles && BoolAt(*standing, "good") && type != nullptr && type->is_string())
            if (auto declared = s.city.certificates().TypeOf(type->get_string().c_str())) {
              std::vector<std::string> names;
              for (const auto& field : (*declared)->fields) names.push_back(field.name);
              TRY(json::object told, s.city.certificates().Reveal(certificate, names, false));
              TRY_VOID(NoteReading(s, call, certificate, id));
              row["fields"] = std::move(told["rows"]);
            }
          row["certificate"] = std::move(*standing);
        }
        rows.push_back(std::move(row));
      }
    Response response =
        JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
    response.Set("Cache-Control", "no-store");
    return response;
  };
  router.Add(std::move(route));

  using Handler = std::function<Result<Response>(Call&)>;
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, Handler handle, const char* body = "",
                 std::vector<Param> params = {}) {
    Route each{method, pattern, operation, zh, en, access, {}, std::move(handle)};
    each.tag = "certificates";
    each.body = body;
    each.params = std::move(params);
    router.Add(std::move(each));
  };
  auto id_of = [](const Call& call) { return std::string(call.request.Captured("id")); };
  add(
      "POST", "/api/my/certificates/{id}/copies", "copyCertificate", "生成加注件",
      "Make an annotated copy", Access::kSignedIn,
      [s, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string made,
            s.city.certificates().MakeCopy(InfoOf(call, ShardOf(s, call)), id_of(call), body));
        return JsonResponse(ToText(json::object{{"id", made}}), 201);
      },
      "Row");
  add("GET", "/api/my/certificates/{id}/copies", "certificateCopies", "我的加注件",
      "Annotated copies of one's certificate", Access::kSignedIn,
      [s, id_of](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.certificates().Copies(call.who, id_of(call)));
        return JsonResponse(std::move(rows));
      });
  add("GET", "/api/my/certificate-copies/{id}/file", "certificateCopyFile", "下载加注件",
      "Download an annotated copy", Access::kSignedIn, [s, id_of](Call& call) -> Result<Response> {
        TRY(certificates::File file, s.city.certificates().CopyFile(call.who, id_of(call)));
        return FileResponse(file.name, file.type, std::move(file.bytes));
      });
  add("POST", "/api/my/certificate-copies/{id}/withdraw", "withdrawCertificateCopy", "作废加注件",
      "Make an annotated copy void", Access::kSignedIn, [s, id_of](Call& call) -> Result<Response> {
        TRY_VOID(s.city.certificates().WithdrawCopy(InfoOf(call, ShardOf(s, call)), id_of(call)));
        return JsonResponse("{\"ok\":true}");
      });
  add("GET", "/api/verify/copy", "verifyCertificateCopy", "核验加注件", "Verify an annotated copy",
      Access::kAnyone,
      [s](Call& call) -> Result<Response> {
        TRY(std::string seen,
            s.city.certificates().VerifyCopy(InfoOf(call, s.city.place().code),
                                             std::string(call.request.Query("copy")),
                                             std::string(call.request.Query("code"))));
        Response response = JsonResponse(std::move(seen));
        response.Set("Cache-Control", "no-store");
        return response;
      },
      "",
      {{"copy", "query", "string", "加注件编号", "Key of the copy"},
       {"code", "query", "string", "验证码", "Check code"}});
}
}  // namespace city::gate
