// SPDX-License-Identifier: Apache-2.0
// Reviews beyond those of one's own case: at a window, by a link, handling, publication.
#include "gate/routes.h"
#include "ledger/errors.h"

namespace city::gate {

void AddReviewRoutes(Router& router, Surroundings s) {
  Route ticket{"POST",
               "/api/tickets/{id}/review",
               "reviewTicket",
               "评价窗口服务",
               "Review the service at a window",
               Access::kSignedIn,
               {},
               nullptr};
  ticket.tag = "reviews";
  ticket.body = "Review";
  ticket.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    auto row = s.city.ledger().Read(ledger::System(), "hall_ticket", id);
    if (!row) return ledger::error::kNotFound;
    // The body that runs the hall answers for its windows: that of the clerk who served.
    std::string department;
    for (const ledger::Post& post : call.who.posts)
      if (post.role == "clerk") department = post.organisation;
    Date today = ChinaDate(s.city.clock().Now());
    const WorkDays& calendar = s.city.place().calendar;
    TRY(std::string made,
        s.city.reviews().RateTicket(InfoOf(call, row->region), id, body, department,
                                    IsoDate(calendar.After(today, 1).date),
                                    IsoDate(calendar.After(today, 15).date)));
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(ticket));

  Route by_code{"POST",
                "/api/reviews/by-code",
                "reviewByCode",
                "凭链接评价",
                "Review by the link of a short message",
                Access::kAnyone,
                {},
                nullptr};
  by_code.tag = "reviews";
  by_code.body = "Review";
  by_code.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id, region;
    {
      TRY(auto snapshot, s.city.store().Read());
      TRY(store::Rows rows,
          snapshot->Query("select id, region, query_code from r_service_case where number = $1 and "
                          "ended_at is null",
                          {std::string(TextAt(body, "number"))}));
      if (!rows.Next() || TextAt(body, "code").size() < 6 || rows.Text(2) != TextAt(body, "code"))
        return ledger::error::kNotFound;
      id = rows.Text(0);
      region = rows.Text(1);
    }
    json::object review{
        {"grade", IntAt(body, "grade")}, {"text", TextAt(body, "text")}, {"channel", "sms"}};
    if (const json::array* tags = ArrayAt(body, "tags")) review["tags"] = *tags;
    ledger::CommandInfo info = InfoOf(call, region);
    // The code is the proof; nothing of the case is told back.
    info.who = ledger::ActingFor(info.who);
    TRY_VOID(s.city.ledger().Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
      TRY_VOID(s.city.cases().ReviewIn(writer, id, review));
      return std::string("ok");
    }));
    return JsonResponse("{\"ok\":true}", 201);
  };
  router.Add(std::move(by_code));

  Route act{"POST",
            "/api/reviews/{id}/acts/{act}",
            "actOnReview",
            "处理评价",
            "Handle a review",
            Access::kRoles,
            {"clerk", "handler", "reviewer", "approver", "supervisor"},
            nullptr};
  act.tag = "reviews";
  act.body = "Act";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    auto row = s.city.ledger().Read(ledger::System(), "case_review", id);
    if (!row) return ledger::error::kNotFound;
    TRY(std::string text, s.city.reviews().Act(InfoOf(call, row->region), id,
                                               std::string(call.request.Captured("act")), body));
    return JsonResponse(std::move(text));
  };
  router.Add(std::move(act));

  Route published{"GET",
                  "/api/reviews/published",
                  "publishedReviews",
                  "好差评公示",
                  "Published reviews and figures",
                  Access::kAnyone,
                  {},
                  nullptr};
  published.tag = "reviews";
  published.handle = [s](Call&) -> Result<Response> {
    TRY(std::string text, s.city.reviews().Published());
    return JsonResponse(std::move(text));
  };
  router.Add(std::move(published));
}
}  // namespace city::gate
