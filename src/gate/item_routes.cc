// SPDX-License-Identifier: Apache-2.0
// Items beyond their records: situational guide, comparison, gaps, spreadsheets.
#include "engines/items/compare.h"
#include "engines/items/sheet.h"
#include "engines/items/situation.h"
#include "gate/routes.h"

namespace city::gate {

void AddItemRoutes(Router& router, Surroundings s) {
  Route search{"GET",
               "/api/items/search",
               "searchItems",
               "搜索事项（容错）",
               "Search items, forgiving typos, synonyms and pinyin",
               Access::kAnyone,
               {},
               nullptr};
  search.tag = "services";
  search.params = {{"q", "query", "string", "要找的话", "What is looked for"},
                   {"limit", "query", "integer", "条数", "How many"}};
  search.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 20, 1, 50));
    TRY(auto hits, s.city.item_finder().Find(call.request.Query("q"), static_cast<size_t>(limit)));
    json::array rows;
    for (const search::Hit& hit : hits) {
      auto one = s.city.ledger().Read(call.who, "item", hit.id);
      if (!one) continue;  // not this subject's to see
      TRY(json::value row, ParseJson(one->row));
      row.get_object()["why"] = search::WhyName(hit.why);
      rows.push_back(std::move(row));
    }
    return JsonResponse(ToText(json::object{{"rows", std::move(rows)}, {"next", nullptr}}));
  };
  router.Add(std::move(search));

  Route situation{"POST",
                  "/api/items/{id}/situation",
                  "itemSituation",
                  "情形引导",
                  "Questions that lead to this applicant's materials and steps",
                  Access::kAnyone,
                  {},
                  nullptr};
  situation.tag = "services";
  situation.body = "Answers";
  situation.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(ledger::One one, s.city.ledger().Read(call.who, "item", call.request.Captured("id")));
    TRY(json::value item, ParseJson(one.row));
    const json::object* answers = ObjectAt(body, "answers");
    TRY(json::object out,
        items::Situation(s.city.case_world().decisions().AsFunction(), item.get_object(),
                         answers != nullptr ? *answers : json::object{}));
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(situation));

  std::vector<std::string> readers{"item_editor", "item_reviewer", "supervisor", "leader",
                                   "administrator"};
  Route compare{"GET",
                "/api/items/compare",
                "compareItem",
                "同一事项各地对比",
                "The same item of every county",
                Access::kRoles,
                readers,
                nullptr};
  compare.tag = "services";
  compare.params = {{"basic_code", "query", "string", "基本编码", "Basic code"}};
  compare.handle = [s](Call& call) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(json::object out, items::Compare(*snapshot, *s.city.ledger().catalogue(),
                                         std::string(call.request.Query("basic_code"))));
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(compare));

  Route gaps{"GET",
             "/api/items/gaps",
             "itemGaps",
             "四级四同差异报告",
             "What differs between counties",
             Access::kRoles,
             readers,
             nullptr};
  gaps.tag = "services";
  gaps.params = {{"region", "query", "string", "县（市、区）代码", "Code of a county"}};
  gaps.handle = [s](Call& call) -> Result<Response> {
    TRY(auto snapshot, s.city.store().Read());
    TRY(json::object out, items::Gaps(*snapshot, *s.city.ledger().catalogue(),
                                      std::string(call.request.Query("region"))));
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(gaps));

  std::vector<std::string> keepers{"item_editor", "item_reviewer"};
  Route out{
      "GET",          "/api/items.xlsx", "exportItems", "导出事项清单", "Items as a spreadsheet",
      Access::kRoles, keepers,           nullptr};
  out.tag = "services";
  out.params = {{"filter", "query", "string", "FEEL 条件", "A FEEL condition"}};
  out.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string workbook,
        items::ExportItems(s.city.ledger(), call.who, std::string(call.request.Query("filter"))));
    Response response;
    response.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.body = std::move(workbook);
    response.Set("Content-Disposition", "attachment; filename=items.xlsx");
    return response;
  };
  router.Add(std::move(out));

  Route in{"POST",
           "/api/items/import",
           "importItems",
           "导入事项清单",
           "Bring items in from a spreadsheet",
           Access::kRoles,
           keepers,
           nullptr};
  in.tag = "services";
  in.body = "Bytes";
  in.max_body = 16u << 20;
  in.params = {{"dry", "query", "boolean", "只预演", "Only tell what would change"}};
  in.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string report,
        items::ImportItems(s.city.ledger(), InfoOf(call, s.city.place().code), call.request.body,
                           call.request.Query("dry") == "1"));
    return JsonResponse(std::move(report));
  };
  router.Add(std::move(in));
}
}  // namespace city::gate
