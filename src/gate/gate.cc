// SPDX-License-Identifier: Apache-2.0
#include "gate/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error_rows.h"
#include "base/log.h"
#include "base/metrics.h"
#include "gate/acting.h"
#include "gate/errors.h"
#include "gate/problem.h"
#include "gate/rate_limit.h"
#include "gate/routes.h"
#include "gate/static_files.h"

namespace city::gate {
namespace {
/// Schemas of bodies and answers that several routes share.
json::object Schemas(const ledger::Catalogue& catalogue) {
  json::object out = ParseJson(R"({
    "Row": {"type": "object", "additionalProperties": true},
    "Page": {"type": "object", "required": ["rows", "next"], "properties": {"rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}, "next": {"type": ["string", "null"]}, "total": {"type": "integer"}}},
    "SignIn": {"type": "object", "required": ["username", "password"], "properties": {"username": {"type": "string"}, "password": {"type": "string"}, "totp": {"type": "string"}}},
    "ChangePassword": {"type": "object", "required": ["old", "new"], "properties": {"old": {"type": "string"}, "new": {"type": "string"}}},
    "SecondFactor": {"type": "object", "properties": {"code": {"type": "string"}}},
    "Password": {"type": "object", "required": ["password"], "properties": {"password": {"type": "string"}}},
    "NewToken": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "scope": {"enum": ["read", "write"]}, "days": {"type": "integer", "minimum": 1, "maximum": 366}}},
    "Draft": {"type": "object", "properties": {"item": {"type": "string"}, "data": {"type": "object"}, "materials": {"type": "array", "items": {}}, "step": {"type": "integer"}}},
    "Application": {"type": "object", "required": ["item", "data"], "properties": {"item": {"type": "string"}, "draft": {"type": "string"}, "data": {"type": "object"}, "situation": {"type": "object"}, "materials": {"type": "array", "items": {"type": "object", "required": ["material"], "properties": {"material": {"type": "string"}, "attachments": {"type": "array", "items": {"type": "string"}}, "certificate": {"type": "string", "description": "a certificate of the applicant's own that stands for the material"}, "paper": {"type": "boolean"}}}}, "promised": {"type": "array", "items": {"type": "string"}}, "applicant": {"type": "object"}}},
    "Act": {"type": "object", "properties": {"reason": {"type": "string"}, "note": {"type": "string"}, "task": {"type": "string"}, "step": {"type": "string"}, "people": {"type": "array", "items": {"type": "string"}}, "data": {"type": "object"}, "materials": {"type": "array", "items": {}}, "days": {"type": "integer"}, "kind": {"type": "string"}}},
    "Review": {"type": "object", "required": ["grade"], "properties": {"grade": {"type": "integer", "minimum": 1, "maximum": 5}, "tags": {"type": "array", "items": {"type": "string"}}, "text": {"type": "string"}}},
    "NewDecision": {"type": "object", "required": ["name", "label", "xml", "reason"], "properties": {"name": {"type": "string"}, "label": {"type": "object"}, "purpose": {"type": "string"}, "decision": {"type": "string"}, "basis": {"type": "string"}, "xml": {"type": "string"}, "tests": {"type": "array", "items": {}}, "reason": {"type": "string"}}},
    "DecisionText": {"type": "object", "required": ["xml"], "properties": {"xml": {"type": "string"}, "decision": {"type": "string"}}},
    "DecisionTrial": {"type": "object", "required": ["inputs"], "properties": {"xml": {"type": "string"}, "version": {"type": "integer"}, "decision": {"type": "string"}, "inputs": {"type": "object"}}},
    "DecisionDraft": {"type": "object", "required": ["reason"], "properties": {"xml": {"type": "string"}, "tests": {"type": "array", "items": {}}, "reason": {"type": "string"}}},
    "Reason": {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string"}}},
    "ProcessModel": {"type": "object", "required": ["file"], "properties": {"name": {"type": "string"}, "file": {"type": "string"}, "version": {"type": "integer"}}},
    "ProcessTrial": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string"}, "process": {"type": "string"}, "variables": {"type": "object"}, "start": {"type": "string"}, "steps": {"type": "array", "items": {"type": "object"}}}},
    "ProcessHolds": {"type": "object", "required": ["instances", "reason"], "properties": {"instances": {"type": "array", "items": {"type": "string"}}, "reason": {"type": "string"}, "lift": {"type": "boolean"}}},
    "ProcessStart": {"type": "object", "required": ["process"], "properties": {"process": {"type": "string"}, "business_key": {"type": "string"}, "variables": {"type": "object"}}},
    "ProcessAct": {"type": "object", "properties": {"name": {"type": "string"}, "people": {"type": "array", "items": {"type": "string"}}, "reason": {"type": "string"}, "variables": {"type": "object"}, "key": {"type": "integer"}}},
    "ProcessBatch": {"type": "object", "required": ["act", "items"], "properties": {"act": {"enum": ["retry", "skip", "cancel"]}, "reason": {"type": "string"}, "items": {"type": "array", "items": {"type": "object", "required": ["instance"], "properties": {"instance": {"type": "string"}, "key": {"type": "integer"}}}}}},
    "ProcessMove": {"type": "object", "required": ["from", "to"], "properties": {"from": {"type": "string"}, "to": {"type": "string"}, "elements": {"type": "object"}, "dry_run": {"type": "boolean"}, "reason": {"type": "string"}}},
    "ProcessRule": {"type": "object", "properties": {"keep_class": {"type": "string"}, "keep_days": {"type": "integer", "minimum": 0}, "reason": {"type": "string"}}},
    "ProcessReason": {"type": "object", "properties": {"reason": {"type": "string"}}},
    "Answers": {"type": "object", "properties": {"answers": {"type": "object"}}},
    "BundleApplication": {"type": "object", "required": ["bundle", "data"], "properties": {"bundle": {"type": "string"}, "answers": {"type": "object"}, "data": {"type": "object"}, "materials": {"type": "array", "items": {}}, "applicant": {"type": "object"}, "delivery": {"type": "string"}}},
    "Ticket": {"type": "object", "properties": {"business": {"type": "string"}, "account": {"type": "string"}, "name": {"type": "string"}, "phone": {"type": "string"}, "priority": {"type": "boolean"}}},
    "Appointment": {"type": "object", "required": ["business"], "properties": {"business": {"type": "string"}, "day": {"type": "string"}, "slot": {"type": "string"}}},
    "MoveClock": {"type": "object", "required": ["seconds"], "properties": {"seconds": {"type": "integer"}}}
  })")
                         ->get_object();
  for (const auto& [name, known] : catalogue.types()) {
    json::object properties{{"id", json::object{{"type", "string"}}},
                            {"version", json::object{{"type", "integer"}}},
                            {"region", json::object{{"type", "string"}}}};
    json::array required;
    for (const ledger::Field& field : known.type.fields) {
      json::object schema;
      const char* type = "string";
      switch (field.meaning) {
        case ledger::Meaning::kMoney:
        case ledger::Meaning::kInteger:
          type = "integer";
          break;
        case ledger::Meaning::kNumber:
          type = "number";
          break;
        case ledger::Meaning::kBoolean:
          type = "boolean";
          break;
        default:
          break;
      }
      bool any =
          field.meaning == ledger::Meaning::kJson || field.meaning == ledger::Meaning::kGeometry;
      if (field.list_of) {
        schema["type"] = json::array{"array", "null"};
        schema["items"] = json::object{{"type", "string"}};
      } else if (!any) {
        schema["type"] = json::array{json::string(type), "null"};
      }
      if (field.max > 0) schema["maxLength"] = field.max;
      schema["description"] = field.label.zh + " / " + field.label.en;
      properties[field.name] = std::move(schema);
      if (field.required) required.push_back(json::string(field.name));
    }
    json::object schema{{"type", "object"},
                        {"description", known.type.label.zh + " / " + known.type.label.en},
                        {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    out["record_" + name] = std::move(schema);
  }
  return out;
}

Error RowError(const ErrorRow& row) { return Error{&row, {}, {}}; }
}  // namespace

struct Gate::Impl {
  model::City& city;
  GateOptions options;
  Router router;
  Listeners listeners;
  std::unique_ptr<StaticFiles> files;
  std::unique_ptr<HttpServer> server;
  RateLimit reads, writes, signins;
  std::string api_text;

  Impl(model::City& the_city, GateOptions the_options)
      : city(the_city),
        options(std::move(the_options)),
        reads(options.reads_per_second, options.read_burst),
        writes(options.writes_per_second, options.write_burst),
        signins(options.signins_per_minute / 60, options.signins_per_minute) {
    Surroundings surroundings{city, options, listeners};
    AddAccountRoutes(router, surroundings);
    AddRecordRoutes(router, surroundings);
    AddCaseRoutes(router, surroundings);
    AddDecisionRoutes(router, surroundings);
    AddCityRoutes(router, surroundings);
    AddModelRoutes(router, surroundings);
    AddProcessRoutes(router, surroundings);
    AddProcessModelRoutes(router, surroundings);
    AddProcessTaskRoutes(router, surroundings);
    AddItemRoutes(router, surroundings);
    AddRegistrationRoutes(router, surroundings);
    AddCardRoutes(router, surroundings);
    AddFleetRoutes(router, surroundings);
    AddCertificateRoutes(router, surroundings);
    AddSealRoutes(router, surroundings);
    AddForeignCertificateRoutes(router, surroundings);
    AddCertificateUseRoutes(router, surroundings);
    AddSpaceRoutes(router, surroundings);
    AddReviewRoutes(router, surroundings);
    AddHallRoutes(router, surroundings);
    AddBundleRoutes(router, surroundings);
    AddExchangeRoutes(router, surroundings);
    AddCaseCareRoutes(router, surroundings);
    AddRoomRoutes(router, surroundings);
    Route api{"GET",
              "/api/openapi.json",
              "openApi",
              "接口说明",
              "The OpenAPI description",
              Access::kAnyone,
              {},
              nullptr};
    api.handle = [this](Call&) -> Result<Response> { return JsonResponse(api_text); };
    router.Add(std::move(api));
    Route problems{"GET",
                   "/problems/{code}",
                   "problem",
                   "错误说明",
                   "What a problem means",
                   Access::kAnyone,
                   {},
                   nullptr};
    problems.handle = [](Call& call) -> Result<Response> {
      const ErrorRow* row = FindErrorRow(call.request.Captured("code"));
      if (row == nullptr) return error::kNoSuchRoute;
      return ProblemPage(*row);
    };
    router.Add(std::move(problems));
    api_text = ToText(OpenApi(router, Schemas(*city.ledger().catalogue()), "0.1.0"));
    if (!options.web_folder.empty()) files = std::make_unique<StaticFiles>(options.web_folder);
  }

  Response Refuse(int status) {
    const ErrorRow* row = &error::kInternal;
    if (status == 400 || status == 414) row = &error::kBadRequest;
    if (status == 413) row = &error::kBodyTooLarge;
    if (status == 431) row = &error::kHeaderTooLarge;
    if (status == 503) row = &error::kOverloaded;
    Response response = ProblemResponse(RowError(*row));
    response.status = status;
    AddSecurityHeaders(response, "/");
    return response;
  }

  Response Handle(Request& request) {
    auto begun = std::chrono::steady_clock::now();
    Response response = Answer(request);
    AddSecurityHeaders(response, request.path);
    double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    // Series live for the whole program: looked up once, not for each request.
    static Histogram& api = HistogramOf("city_request_seconds", "part=\"api\"");
    static Histogram& page = HistogramOf("city_request_seconds", "part=\"page\"");
    (request.path.starts_with("/api") ? api : page).Record(seconds);
    static Counter& good = CounterOf("city_requests_total", "status=\"200\"");
    if (response.status == 200) {
      good.Add();
    } else {
      CounterOf("city_requests_total", fmt::format("status=\"{}\"", response.status)).Add();
    }
    return response;
  }

  Response Answer(Request& request) {
    std::string allowed;
    const Route* route = request.route;
    if (route == nullptr)
      route = router.Find(request.method, request.path, &request.captured, &allowed);
    bool api = request.path.starts_with("/api/");
    if (route == nullptr) {
      if (!allowed.empty()) {
        Response response = ProblemResponse(RowError(error::kMethodNotAllowed));
        response.Set("Allow", allowed);
        return response;
      }
      if (files &&
          (!api || request.path.find('.') != std::string::npos || request.path == "/api/") &&
          (request.method == "GET" || request.method == "HEAD")) {
        if (auto found = files->Find(request)) return std::move(*found);
      }
      return ProblemResponse(RowError(error::kNoSuchRoute));
    }
    Call call{request, ledger::Visitor(request.address), {}};
    std::string_view bearer = request.Header("authorization");
    bool by_cookie = false;
    bool may_write = true;
    std::string token;
    if (bearer.starts_with("Bearer ")) {
      token = bearer.substr(7);
    } else if (std::string_view cookie = request.Cookie("yiwang_session"); !cookie.empty()) {
      token = cookie;
      by_cookie = true;
    }
    if (!token.empty()) {
      if (auto known = city.accounts().Find(token, request.address)) {
        call.who = std::move(known->who);
        call.session = token;
        may_write = known->may_write;
      } else if (!by_cookie) {
        return ProblemResponse(RowError(error::kNotSignedIn));
      }
    }
    call.who.purpose = request.Header("x-purpose").substr(0, 60);
    bool writes_something = request.method != "GET" && request.method != "HEAD";
    std::string_view key = call.who.account.empty() ? std::string_view(request.address)
                                                    : std::string_view(call.who.account);
    Time now = SystemClock().Now();
    int wait = route->operation == "signIn" ? signins.Take(request.address, now)
               : writes_something           ? writes.Take(key, now)
                                            : reads.Take(key, now);
    if (wait > 0) {
      Error error{&error::kTooManyRequests, {{"seconds", std::to_string(wait)}}, {}};
      return ProblemResponse(error);
    }
    // A page of another origin cannot set this header, so it cannot act in somebody's name.
    if (writes_something && !bearer.starts_with("Bearer ") && request.Header("x-yiwang").empty())
      return ProblemResponse(RowError(error::kNoForgeryHeader));
    if (writes_something && !may_write) return ProblemResponse(RowError(error::kForbidden));
    if (route->access != Access::kAnyone && call.who.account.empty())
      return ProblemResponse(RowError(error::kNotSignedIn));
    if (route->access == Access::kRoles) {
      bool holds = std::any_of(route->roles.begin(), route->roles.end(),
                               [&](const std::string& role) { return call.who.HasRole(role); });
      if (!holds) return ProblemResponse(RowError(error::kForbidden));
    }
    std::string whom(request.Header(kActingForHeader));
    // A page cannot give a stream of events a header.
    if (whom.empty() && request.method == "GET") whom = request.Query("acting_for");
    if (!whom.empty() && by_cookie) {
      if (auto acting = ActFor(city, *route, whom, call); !acting)
        return ProblemResponse(acting.error());
    }
    Result<Response> answered = route->handle(call);
    if (answered) return std::move(*answered);
    if (answered.error().kind() == Kind::kInternal) {
      // What went wrong inside is for the log; a stranger is told that it was recorded.
      LogError("request failed", {{"path", request.path}, {"why", answered.error().ToLine()}});
      return ProblemResponse(RowError(error::kInternal));
    }
    return ProblemResponse(answered.error());
  }
};

Gate::Gate(model::City& city, GateOptions options)
    : impl_(std::make_unique<Impl>(city, std::move(options))) {
  Impl& impl = *impl_;
  impl.server = std::make_unique<HttpServer>(
      impl.options.http,
      [&impl](Request& request) {
        request.route = impl.router.Find(request.method, request.path, &request.captured, nullptr);
        if (request.route == nullptr)
          return Plan{true, 64u << 10};  // a file of the web app, or nothing
        return Plan{request.route->quick, request.route->max_body};
      },
      [&impl](Request& request) { return impl.Handle(request); },
      [&impl](int status) { return impl.Refuse(status); });
  // Officials' pages follow along.
  impl.city.relay().Hear("todo", [&impl](const ledger::Outgoing& out) -> Result<void> {
    impl.listeners.Tell("todo", out.payload);
    return {};
  });
  impl.city.relay().Hear("case", [&impl](const ledger::Outgoing& out) -> Result<void> {
    impl.listeners.Tell("case", out.payload);
    return impl.city.FollowCase(out.subject);
  });
  impl.city.relay().Hear("registration", [&impl](const ledger::Outgoing& out) -> Result<void> {
    return impl.city.FollowRegistration(out.subject);
  });
  impl_->city.relay().Hear("process", [&impl](const ledger::Outgoing& out) -> Result<void> {
    impl.listeners.Tell("process", out.payload);
    return {};
  });
}
Gate::~Gate() { Stop(); }

Result<void> Gate::Start() {
  TRY_VOID(impl_->server->Start());
  impl_->city.relay().Start();
  impl_->city.exchange_lane().Start();
  impl_->city.processes().Start();
  return {};
}
uint16_t Gate::port() const { return impl_->server->port(); }
void Gate::Stop() {
  impl_->server->Stop();
  impl_->city.processes().Stop();
  impl_->city.relay().Stop();
  impl_->city.exchange_lane().Stop();
}
Response Gate::Handle(Request& request) { return impl_->Handle(request); }
const Router& Gate::router() const { return impl_->router; }
const std::string& Gate::api_text() const { return impl_->api_text; }
}  // namespace city::gate
