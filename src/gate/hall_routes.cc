// SPDX-License-Identifier: Apache-2.0
// Halls: tickets, appointments, windows, the screen, figures.
#include "gate/routes.h"

namespace city::gate {
namespace {
std::string ShardOf(const Surroundings& s, std::string_view type, std::string_view id) {
  auto row = s.city.ledger().Read(ledger::System(), type, id);
  return row ? row->region : s.city.place().code;
}
}  // namespace

void AddHallRoutes(Router& router, Surroundings s) {
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles,
                 std::function<Result<std::string>(Call&)> work, const char* body = "",
                 std::vector<Param> params = {}) {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), nullptr};
    route.tag = "halls";
    route.body = body;
    route.params = std::move(params);
    route.handle = [work = std::move(work)](Call& call) -> Result<Response> {
      TRY(std::string text, work(call));
      return JsonResponse(std::move(text), call.request.method == "POST" ? 201 : 200);
    };
    router.Add(std::move(route));
  };
  auto captured = [](Call& call) { return std::string(call.request.Captured("id")); };
  auto query = [](Call& call, const char* name) { return std::string(call.request.Query(name)); };

  add("GET", "/api/halls/{id}/screen", "hallScreen", "大厅叫号屏", "The screen of a hall",
      Access::kAnyone, {},
      [s, captured](Call& call) { return s.city.halls().Screen(captured(call)); });
  add("GET", "/api/halls/{id}/slots", "hallSlots", "可预约时段", "Slots of a day", Access::kAnyone,
      {},
      [s, captured, query](Call& call) {
        return s.city.halls().Slots(captured(call), query(call, "business"), query(call, "day"));
      },
      "",
      {{"business", "query", "string", "业务", "Business"},
       {"day", "query", "string", "日期", "Day"}});
  add(
      "POST", "/api/halls/{id}/tickets", "takeTicket", "取号", "Take a ticket", Access::kSignedIn,
      {},
      [s, captured](Call& call) -> Result<std::string> {
        TRY(json::object body, BodyOf(call));
        std::string hall = captured(call);
        return s.city.halls().TakeTicket(InfoOf(call, ShardOf(s, "hall", hall)), hall, body);
      },
      "Ticket");
  add("POST", "/api/tickets/{id}/give-up", "giveUpTicket", "弃号", "Give a ticket up",
      Access::kSignedIn, {}, [s, captured](Call& call) {
        std::string id = captured(call);
        return s.city.halls().GiveUpTicket(InfoOf(call, ShardOf(s, "hall_ticket", id)), id);
      });
  add(
      "POST", "/api/halls/{id}/appointments", "bookHall", "预约", "Make an appointment",
      Access::kSignedIn, {},
      [s, captured](Call& call) -> Result<std::string> {
        TRY(json::object body, BodyOf(call));
        std::string hall = captured(call);
        return s.city.halls().Book(InfoOf(call, ShardOf(s, "hall", hall)), hall, body);
      },
      "Appointment");
  add("POST", "/api/appointments/{id}/cancel", "cancelAppointment", "取消预约",
      "Cancel an appointment", Access::kSignedIn, {}, [s, captured](Call& call) {
        std::string id = captured(call);
        return s.city.halls().CancelBooking(InfoOf(call, ShardOf(s, "hall_appointment", id)), id);
      });
  add("GET", "/api/windows/{id}/desk", "windowDesk", "窗口工作台", "A window's desk",
      Access::kRoles, {"clerk"},
      [s, captured](Call& call) { return s.city.halls().Desk(captured(call)); });
  add(
      "POST", "/api/windows/{id}/acts/{act}", "actAtWindow", "窗口动作", "Act at a window",
      Access::kRoles, {"clerk"},
      [s, captured](Call& call) -> Result<std::string> {
        TRY(json::object body, BodyOf(call));
        std::string window = captured(call);
        return s.city.halls().ActAtWindow(InfoOf(call, ShardOf(s, "hall_window", window)), window,
                                          std::string(call.request.Captured("act")), body);
      },
      "Act");
  add("GET", "/api/halls/{id}/figures", "hallFigures", "大厅运行数据", "Figures of a hall's day",
      Access::kRoles, {"clerk", "supervisor", "leader", "administrator"},
      [s, captured, query](Call& call) {
        std::string day = query(call, "day");
        if (day.empty()) day = IsoDate(ChinaDate(s.city.clock().Now()));
        return s.city.halls().Figures(captured(call), day);
      },
      "", {{"day", "query", "string", "日期", "Day"}});
  add("GET", "/api/halls/ratings", "hallRatings", "大厅评比", "Rating of halls", Access::kRoles,
      {"clerk", "supervisor", "leader", "administrator"},
      [s](Call&) { return s.city.halls().Ratings(); });
}
}  // namespace city::gate
