// SPDX-License-Identifier: Apache-2.0
// Certificates and seals: mine, shown, verified, issued, shared; the city's authority.
#include <algorithm>

#include "gate/errors.h"
#include "gate/routes.h"
#include "ledger/errors.h"
#include "model/compliance.h"

namespace city::gate {
void AddCertificateRoutes(Router& router, Surroundings s) {
  using Handler = std::function<Result<Response>(Call&)>;
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles, Handler handle,
                 const char* body = "", size_t max_body = 0, std::vector<Param> params = {}) {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = "certificates";
    route.body = body;
    route.max_body = max_body;
    route.params = std::move(params);
    router.Add(std::move(route));
  };
  auto id_of = [](const Call& call) { return std::string(call.request.Captured("id")); };

  add("GET", "/api/certificate-types", "listCertificateTypes", "证照类型", "Certificate types",
      Access::kAnyone, {}, [s](Call&) -> Result<Response> {
        json::array out;
        for (const auto& [name, type] : s.city.certificates().types())
          out.push_back(certificates::Describe(type));
        return JsonResponse(ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}}));
      });

  // The holder's own.
  add("GET", "/api/my/certificates", "myCertificates", "我的证照", "My certificates",
      Access::kSignedIn, {}, [s](Call& call) -> Result<Response> {
        TRY(std::string rows, s.city.certificates().Mine(call.who));
        return JsonResponse(std::move(rows));
      });
  add(
      "POST", "/api/my/certificates/{id}/show", "showCertificate", "扫码亮证",
      "Show a certificate by a code", Access::kSignedIn, {},
      [s, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string made,
            s.city.certificates().Show(InfoOf(call, ShardOf(s, call)), id_of(call),
                                       std::string(TextAt(body, "scene"))));
        return JsonResponse(std::move(made), 201);
      },
      "Row");
  add("GET", "/api/my/show-codes/{id}", "showCodeState", "亮证码的状态", "How a show code stands",
      Access::kSignedIn, {}, [s, id_of](Call& call) -> Result<Response> {
        TRY(std::string row, s.city.certificates().ShowState(call.who, id_of(call)));
        return JsonResponse(std::move(row));
      });
  for (bool agree : {true, false})
    add("POST", agree ? "/api/my/show-codes/{id}/agree" : "/api/my/show-codes/{id}/decline",
        agree ? "agreeToShow" : "declineToShow", agree ? "同意出示" : "不同意出示",
        agree ? "Agree to show" : "Decline to show", Access::kSignedIn, {},
        [s, id_of, agree](Call& call) -> Result<Response> {
          TRY_VOID(s.city.certificates().ConfirmShow(InfoOf(call, ShardOf(s, call)), id_of(call),
                                                     agree));
          return JsonResponse("{\"ok\":true}");
        });

  // Anybody who verifies.
  add(
      "POST", "/api/show-codes/scan", "scanShowCode", "核验亮证码", "Scan a show code",
      Access::kAnyone, {},
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string seen, s.city.certificates().Scan(InfoOf(call, s.city.place().code),
                                                         std::string(TextAt(body, "code")),
                                                         std::string(TextAt(body, "verifier"))));
        return JsonResponse(std::move(seen));
      },
      "Row");
  add(
      "POST", "/api/show-codes/collect", "collectShown", "查看核验结果", "What the holder shows",
      Access::kAnyone, {},
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string seen, s.city.certificates().Collect(InfoOf(call, s.city.place().code),
                                                            std::string(TextAt(body, "ticket"))));
        return JsonResponse(std::move(seen));
      },
      "Row");
  add("GET", "/api/verify/certificate", "verifyCertificate", "核验证照", "Verify a certificate",
      Access::kAnyone, {},
      [s](Call& call) -> Result<Response> {
        TRY(std::string seen,
            s.city.certificates().Verify(std::string(call.request.Query("identifier")),
                                         std::string(call.request.Query("code"))));
        Response response = JsonResponse(std::move(seen));
        response.Set("Cache-Control", "no-store");
        return response;
      },
      "", 0,
      {{"identifier", "query", "string", "证照标识", "Identifier of the certificate"},
       {"code", "query", "string", "验证码", "Check code printed beside it"}});
  add(
      "POST", "/api/verify/file", "verifyFile", "验证电子文件", "Verify a file", Access::kAnyone,
      {},
      [s](Call& call) -> Result<Response> {
        TRY(certificates::Trust trust, s.city.trusted_roots().Trusted());
        TRY(std::string seen, s.city.certificates().VerifyFile(call.request.body, trust));
        return JsonResponse(std::move(seen));
      },
      "Bytes", 12u << 20);
  add("GET", "/api/authority/{name}", "authorityFile", "证书与吊销列表",
      "Certificates of the city's authority and its revocation list", Access::kAnyone, {},
      [s](Call& call) -> Result<Response> {
        std::string name(call.request.Captured("name"));
        Response response;
        response.type = "application/octet-stream";
        const certificates::Authority& authority = s.city.authority();
        if (name == "root.pem") {
          response.body = authority.root().ToPem();
        } else if (name == "issuing.pem") {
          response.body = authority.issuing().ToPem();
        } else if (name == "seal-maker.pem") {
          response.body = authority.maker().ToPem();
        } else if (name == "credential-key.pem") {
          TRY(crypto::Sm2PublicKey key, s.city.keys().PublicKey(certificates::kCredentialKey));
          response.body = key.ToPem();
        } else if (name == "revocations.crl") {
          TRY(crypto::RevocationList list, s.city.seals().RevocationListNow());
          response.body = list.ToPem();
        } else {
          return error::kNoSuchRoute;
        }
        return response;
      });
  add(
      "POST", "/api/authority/status", "certificateStatus", "证书状态查询（OCSP）",
      "Status of a certificate (OCSP)", Access::kAnyone, {},
      [s](Call& call) -> Result<Response> {
        TRY(auto revoked, s.city.seals().Revoked());
        const certificates::Authority& authority = s.city.authority();
        TRY(std::string answer,
            crypto::AnswerStatusRequest(
                call.request.body, authority.issuing(), authority.issuing(), s.city.clock().Now(),
                [&](const std::string& serial) -> std::optional<crypto::Revocation> {
                  auto found = revoked.find(serial);
                  if (found != revoked.end()) return found->second;
                  return crypto::Revocation{Time::max(), 0};
                },
                authority.SignerOf("issuing")));
        Response response;
        response.type = "application/ocsp-response";
        response.body = std::move(answer);
        return response;
      },
      "Bytes");

  // The register.
  std::vector<std::string> officer{"certificate_officer"};
  add("GET", "/api/certificates/{id}", "readCertificate", "证照详情", "A certificate",
      Access::kSignedIn, {}, [s, id_of](Call& call) -> Result<Response> {
        TRY(std::string row, s.city.certificates().View(call.who, id_of(call)));
        return JsonResponse(std::move(row));
      });
  add("GET", "/api/certificates/{id}/file", "certificateFile", "下载证照", "Download a certificate",
      Access::kSignedIn, {},
      [s, id_of](Call& call) -> Result<Response> {
        TRY(certificates::File file,
            s.city.certificates().Download(call.who, id_of(call),
                                           std::string(call.request.Query("format", "ofd"))));
        return FileResponse(file.name, file.type, std::move(file.bytes));
      },
      "", 0, {{"format", "query", "string", "ofd、pdf 或 json", "ofd, pdf or json"}});
  add(
      "POST", "/api/certificates", "issueCertificate", "签发证照", "Issue a certificate",
      Access::kRoles, officer,
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(certificates::Order order, s.city.certificates().OrderFrom(call.who, body));
        TRY(std::string id, s.city.certificates().Issue(InfoOf(call, ShardOf(s, call)), order));
        s.city.relay().Wake();
        return JsonResponse(ToText(json::object{{"id", id}}), 201);
      },
      "Row");
  add(
      "POST", "/api/certificates/bulk", "issueCertificates", "批量签发", "Issue many certificates",
      Access::kRoles, officer,
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        std::vector<certificates::Order> orders;
        const json::array* rows = ArrayAt(body, "rows");
        for (size_t i = 0; rows != nullptr && i < rows->size() && i < 500; ++i) {
          json::object one = (*rows)[i].is_object() ? (*rows)[i].get_object() : json::object{};
          one["type"] = TextAt(body, "type");
          TRY(certificates::Order order, s.city.certificates().OrderFrom(call.who, one));
          orders.push_back(std::move(order));
        }
        TRY(std::string made,
            s.city.certificates().IssueMany(InfoOf(call, ShardOf(s, call)), std::move(orders)));
        return JsonResponse(std::move(made));
      },
      "Row", 4u << 20);
  add(
      "POST", "/api/certificates/{id}/acts/{act}", "actOnCertificate", "变更证照状态",
      "Change the state of a certificate", Access::kRoles, officer,
      [s, id_of](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string id,
            s.city.certificates().Act(InfoOf(call, ShardOf(s, call)), id_of(call),
                                      std::string(call.request.Captured("act")), body));
        s.city.relay().Wake();
        TRY(std::string row, s.city.certificates().View(call.who, id));
        return JsonResponse(std::move(row));
      },
      "Row");

  // Sharing between bodies, GB/T 36906.
  std::vector<std::string> sharing{"certificate_officer", "data_user"};
  add(
      "POST", "/api/certificate-sharing/query", "queryCertificates", "证照共享查询",
      "Query certificates of a holder", Access::kRoles, officer,
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        TRY(std::string rows, s.city.certificates().Query(call.who, body));
        return JsonResponse(std::move(rows));
      },
      "Row");
  add("GET", "/api/certificate-sharing/changes", "certificateChanges", "证照状态变化",
      "States of certificates that changed", Access::kRoles, sharing,
      [s](Call& call) -> Result<Response> {
        TRY(int limit, NumberOf(call, "limit", 100, 1, 500));
        TRY(std::string rows, s.city.certificates().Changes(
                                  call.who, std::string(call.request.Query("after")), limit));
        return JsonResponse(std::move(rows));
      },
      "", 0,
      {{"after", "query", "string", "上次的位置", "Where the last answer ended"},
       {"limit", "query", "integer", "条数", "How many"}});

  std::vector<std::string> watchers{"administrator", "auditor", "seal_keeper"};
  add("GET", "/api/compliance", "compliance", "商用密码应用情况", "Use of commercial cryptography",
      Access::kRoles, watchers, [s](Call&) -> Result<Response> {
        TRY(json::object found, model::Compliance(s.city));
        return JsonResponse(ToText(found));
      });
  add("GET", "/api/compliance/report", "complianceReport", "商用密码应用情况报告",
      "Report on commercial cryptography", Access::kRoles, watchers,
      [s](Call& call) -> Result<Response> {
        std::string format(call.request.Query("format", "pdf"));
        TRY(std::string bytes, model::ComplianceReport(s.city, format));
        return FileResponse("商用密码应用情况报告." + format, "application/" + format,
                            std::move(bytes));
      },
      "", 0, {{"format", "query", "string", "pdf、ofd 或 xlsx", "pdf, ofd or xlsx"}});
}
}  // namespace city::gate
