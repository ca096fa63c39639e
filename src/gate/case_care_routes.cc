// SPDX-License-Identifier: Apache-2.0
// Papers of cases, archive packages, electronic supervision.
#include "gate/routes.h"

#include "engines/cases/paper_pdf.h"
#include "ledger/errors.h"
#include "parts/documents/xlsx.h"

namespace city::gate {
namespace {
/// One row of the exported list for each card that the caller may see under the filter.
Result<std::string> CardsAsSheet(const Surroundings& s, const Call& call) {
  std::string out;
  documents::XlsxWriter sheet(
      [&out](std::string_view bytes) -> Result<void> {
        out += bytes;
        return {};
      },
      "电子监察",
      {{"办件编号", 26},
       {"事项", 30},
       {"规则", 26},
       {"亮灯", 8},
       {"状态", 10},
       {"发现时间", 22},
       {"说明", 40},
       {"申诉", 40},
       {"处理意见", 40},
       {"计分", 8}});
  ledger::ListRequest request;
  request.type = "supervision_card";
  request.filter = std::string(call.request.Query("filter"));
  request.sort = "-found_at";
  request.limit = 500;
  for (int page = 0; page < 100; ++page) {
    TRY(ledger::Page rows, s.city.ledger().List(call.who, request));
    TRY(json::value list, ParseJson(rows.rows, {.max_bytes = 16u << 20}));
    for (const json::value& each : list.get_array()) {
      const json::object& card = each.get_object();
      auto text = [&](const char* key) { return std::string(TextAt(card, key)); };
      const json::object* name = ObjectAt(card, "rule_name");
      std::vector<documents::SheetCell> cells{
          text("number"),
          text("item_name"),
          name != nullptr ? std::string(TextAt(*name, "zh")) : text("rule"),
          text("light"),
          text("state"),
          text("found_at"),
          text("explanation"),
          text("appeal"),
          text("decision"),
          IntAt(card, "points")};
      TRY_VOID(sheet.Row(cells));
    }
    if (rows.next.empty()) break;
    request.after = rows.next;
  }
  TRY_VOID(sheet.Finish());
  return out;
}
}  // namespace

void AddCaseCareRoutes(Router& router, Surroundings s) {
  const std::vector<std::string> kDesk{"handler", "reviewer", "approver", "supervisor", "leader"};
  auto add = [&](const char* method, const char* pattern, const char* operation, const char* zh,
                 const char* en, Access access, std::vector<std::string> roles, const char* body,
                 std::function<Result<Response>(Call&)> handle) {
    Route route{method, pattern, operation, zh, en, access, std::move(roles), std::move(handle)};
    route.tag = "cases";
    route.body = body;
    router.Add(std::move(route));
  };
  add("GET", "/api/cases/{id}/papers/{paper}", "readCasePaper", "办件文书", "A paper of a case",
      Access::kSignedIn, {}, "", [s](Call& call) -> Result<Response> {
        TRY(std::string text,
            s.city.cases().Paper(call.who, std::string(call.request.Captured("id")),
                                 std::string(call.request.Captured("paper"))));
        TRY(json::value paper, ParseJson(text));
        TRY(std::string pdf, cases::PaperPdf(paper.as_object()));
        std::string title(TextAt(*ObjectAt(paper.as_object(), "title"), "zh"));
        return FileResponse(title + ".pdf", "application/pdf", std::move(pdf));
      });
  add("GET", "/api/cases/{id}/archive", "archiveCase", "办件归档包",
      "The archive package of a case", Access::kRoles, {"clerk", "handler", "reviewer", "approver"},
      "", [s](Call& call) -> Result<Response> {
        TRY(auto package, s.city.archive().Pack(InfoOf(call, ShardOf(s, call)),
                                                std::string(call.request.Captured("id"))));
        return FileResponse(package.name, "application/zip", std::move(package.bytes));
      });
  add("POST", "/api/supervision/patrol", "patrolCases", "立即巡查", "Look after all cases now",
      Access::kRoles, {"supervisor"}, "", [s](Call&) -> Result<Response> {
        TRY(std::string found, s.city.LookAfterCases());
        s.city.relay().Wake();
        return JsonResponse(std::move(found));
      });
  add("GET", "/api/supervision/rules", "supervisionRules", "监察规则", "Rules of supervision",
      Access::kRoles, {"official"}, "", [s](Call&) -> Result<Response> {
        json::array rows;
        for (const cases::SupervisionRule& rule : s.city.supervision().rules())
          rows.push_back(json::object{{"code", rule.code},
                                      {"label", json::object{{"zh", rule.zh}, {"en", rule.en}}},
                                      {"light", rule.light},
                                      {"when", rule.when},
                                      {"basis", rule.basis},
                                      {"points", rule.points}});
        return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
      });
  add("GET", "/api/supervision/figures", "supervisionFigures", "监察统计", "Figures of supervision",
      Access::kRoles, kDesk, "", [s](Call& call) -> Result<Response> {
        TRY(std::string text, s.city.supervision().Figures(call.who));
        return JsonResponse(std::move(text));
      });
  add("GET", "/api/supervision/cards.xlsx", "exportSupervision", "导出监察信息",
      "Supervision cards as a spreadsheet", Access::kRoles, kDesk, "",
      [s](Call& call) -> Result<Response> {
        TRY(std::string book, CardsAsSheet(s, call));
        return FileResponse("supervision.xlsx",
                            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                            std::move(book));
      });
  add("GET", "/api/supervision/cards/{id}", "readSupervisionCard", "监察信息", "A supervision card",
      Access::kRoles, kDesk, "", [s](Call& call) -> Result<Response> {
        TRY(std::string text,
            s.city.supervision().View(call.who, std::string(call.request.Captured("id"))));
        return JsonResponse(std::move(text));
      });
  add("POST", "/api/supervision/cards/{id}/acts/{act}", "actOnSupervisionCard", "处理监察信息",
      "Act on a supervision card", Access::kRoles,
      {"handler", "reviewer", "approver", "supervisor"}, "Act",
      [s](Call& call) -> Result<Response> {
        TRY(json::object body, BodyOf(call));
        std::string id(call.request.Captured("id"));
        auto row = s.city.ledger().Read(ledger::System(), "supervision_card", id);
        if (!row) return ledger::error::kNotFound;
        TRY(std::string text,
            s.city.supervision().Act(InfoOf(call, row->region), id,
                                     std::string(call.request.Captured("act")), body));
        return JsonResponse(std::move(text));
      });
}
}  // namespace city::gate
