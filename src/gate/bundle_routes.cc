// SPDX-License-Identifier: Apache-2.0
// One thing: its plan for an applicant, applications, acts, review.
#include "gate/routes.h"
#include "ledger/errors.h"

namespace city::gate {
namespace {
Result<std::string> RegionOf(const Surroundings& s, const std::string& id) {
  TRY(auto snapshot, s.city.store().Read());
  TRY(store::Rows rows, snapshot->Query("select region from r_bundle_case where id = $1", {id}));
  if (!rows.Next()) return ledger::error::kNotFound;
  return std::string(rows.Text(0));
}
}  // namespace

void AddBundleRoutes(Router& router, Surroundings s) {
  Route plan{"POST",
             "/api/bundles/{id}/plan",
             "planBundle",
             "一件事办理方案",
             "Questions, parts, form and materials of one thing",
             Access::kAnyone,
             {},
             nullptr};
  plan.tag = "services";
  plan.body = "Answers";
  plan.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    const json::object* answers = ObjectAt(body, "answers");
    TRY(std::string out, s.city.bundles().Plan(call.who, std::string(call.request.Captured("id")),
                                               answers != nullptr ? *answers : json::object{}));
    return JsonResponse(std::move(out));
  };
  router.Add(std::move(plan));

  Route papers{"POST",
               "/api/bundles/{id}/papers",
               "bundlePapers",
               "一件事自动生成的材料",
               "Papers that the city would write from these answers",
               Access::kAnyone,
               {},
               nullptr};
  papers.tag = "services";
  papers.body = "Answers";
  papers.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::string out,
        s.city.bundles().Papers(call.who, std::string(call.request.Captured("id")), body));
    return JsonResponse(std::move(out));
  };
  router.Add(std::move(papers));

  Route apply{"POST",
              "/api/bundle-cases",
              "applyBundle",
              "申请一件事",
              "Apply for one thing",
              Access::kSignedIn,
              {},
              nullptr};
  apply.tag = "cases";
  apply.body = "BundleApplication";
  apply.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string shard = s.city.place().code;
    if (auto bundle =
            s.city.ledger().Read(ledger::System(), "bundle", std::string(TextAt(body, "bundle"))))
      shard = bundle->region;
    TRY(std::string made, s.city.bundles().Apply(InfoOf(call, shard), body));
    s.city.relay().Wake();
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(apply));

  Route one{"GET",
            "/api/bundle-cases/{id}",
            "readBundleCase",
            "一件事办件",
            "An application for one thing",
            Access::kSignedIn,
            {},
            nullptr};
  one.tag = "cases";
  one.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string row, s.city.bundles().View(call.who, std::string(call.request.Captured("id"))));
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(one));

  Route act{"POST",
            "/api/bundle-cases/{id}/acts/{act}",
            "actOnBundleCase",
            "一件事办理动作",
            "Act on an application for one thing",
            Access::kSignedIn,
            {},
            nullptr};
  act.tag = "cases";
  act.body = "Act";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    TRY(std::string shard, RegionOf(s, id));
    TRY(std::string row, s.city.bundles().Act(InfoOf(call, shard), id,
                                              std::string(call.request.Captured("act")), body));
    s.city.relay().Wake();
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(act));

  Route review{"POST",
               "/api/bundle-cases/{id}/review",
               "reviewBundleCase",
               "评价一件事",
               "Review one thing",
               Access::kSignedIn,
               {},
               nullptr};
  review.tag = "cases";
  review.body = "Review";
  review.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    TRY(std::string shard, RegionOf(s, id));
    TRY(std::string row, s.city.bundles().Review(InfoOf(call, shard), id, body));
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(review));
}
}  // namespace city::gate
