// SPDX-License-Identifier: Apache-2.0
// Items' guides, forms, drafts, attachments, cases, the to-do list.
#include "base/log.h"
#include "base/text.h"
#include "gate/errors.h"
#include "gate/routes.h"
#include "ledger/errors.h"
#include "parts/documents/qr.h"

namespace city::gate {
namespace {
/// Commands on a case run in the order of the case's region.
Result<std::string> RegionOfCase(const Surroundings& s, const std::string& id) {
  TRY(auto snapshot, s.city.store().Read());
  TRY(store::Rows rows, snapshot->Query("select region from r_service_case where id = $1", {id}));
  if (!rows.Next()) return ledger::error::kNotFound;
  return std::string(rows.Text(0));
}

/// Whether a case that this subject may see holds the file.
bool HoldsFile(const Surroundings& s, const ledger::Subject& who, const std::string& id) {
  std::vector<std::string> cases;
  {
    auto snapshot = s.city.store().Read();
    if (!snapshot) return false;
    auto rows = (*snapshot)->Query(
        "select distinct case_id from r_case_material where attachments like $1 and ended_at is "
        "null limit 20",
        {"%\"" + id + "\"%"});
    while (rows && rows->Next()) cases.emplace_back(rows->Text(0));
  }
  for (const std::string& each : cases)
    if (s.city.cases().Read(who, each)) return true;
  return false;
}
}  // namespace

void AddCaseRoutes(Router& router, Surroundings s) {
  Route guide{"GET",
              "/api/items/{id}/guide",
              "itemGuide",
              "办事指南",
              "Guide of an item",
              Access::kAnyone,
              {},
              nullptr};
  guide.tag = "services";
  guide.handle = [s](Call& call) -> Result<Response> {
    TRY(ledger::One one, s.city.ledger().Read(call.who, "item", call.request.Captured("id")));
    TRY(json::value parsed, ParseJson(one.row));
    json::object& item = parsed.get_object();
    auto department =
        s.city.ledger().Read(ledger::System(), "organisation", TextAt(item, "department"));
    if (department) {
      json::object row = ParseJson(department->row)->get_object();
      item["department_name"] = row.at("name");
      item["department_phone"] = row.at("phone");
    }
    if (auto form = s.city.case_world().Form(std::string(TextAt(item, "form"))))
      item["form_body"] = std::move(*form);
    json::array places;
    if (const json::object* hall = ObjectAt(s.city.place().about, "hall")) places.push_back(*hall);
    item["places"] = std::move(places);
    return JsonResponse(ToText(item));
  };
  router.Add(std::move(guide));

  Route form{"GET",    "/api/forms/{name}", "readForm", "表单",
             "A form", Access::kAnyone,     {},         nullptr};
  form.tag = "services";
  form.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object found, s.city.case_world().Form(std::string(call.request.Captured("name"))));
    found["name"] = call.request.Captured("name");
    return JsonResponse(ToText(found));
  };
  router.Add(std::move(form));

  // Drafts.
  Route drafts{"GET",       "/api/drafts",     "listDrafts", "我的草稿",
               "My drafts", Access::kSignedIn, {},           nullptr};
  drafts.tag = "services";
  drafts.handle = [s](Call& call) -> Result<Response> {
    ledger::ListRequest request;
    request.type = "draft";
    request.sort = "-updated_at";
    auto page = s.city.ledger().List(call.who, request);
    if (!page) return JsonResponse("{\"rows\":[],\"next\":null}");  // officials have none
    return JsonResponse("{\"rows\":" + page->rows + ",\"next\":null}");
  };
  router.Add(std::move(drafts));

  Route new_draft{"POST",     "/api/drafts",  "createDraft",
                  "保存草稿", "Keep a draft", Access::kSignedIn,
                  {},         nullptr};
  new_draft.tag = "services";
  new_draft.body = "Draft";
  new_draft.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string item(TextAt(body, "item"));
    TRY(ledger::One one, s.city.ledger().Read(call.who, "item", item));
    json::value row = *ParseJson(one.row);
    TRY(std::string id,
        s.city.ledger().Command(
            InfoOf(call, s.city.place().code), [&](ledger::Writer& writer) -> Result<std::string> {
              json::object values{
                  {"account", call.who.account},
                  {"item", item},
                  {"item_name", row.get_object().at("name")},
                  {"data", body.contains("data") ? body.at("data") : json::object{}}};
              for (const char* key : {"materials", "step"})
                if (body.contains(key)) values[key] = body.at(key);
              TRY(ledger::Written made, writer.Create("draft", values));
              return made.id;
            }));
    TRY(ledger::One made, s.city.ledger().Read(call.who, "draft", id));
    return JsonResponse(std::move(made.row), 201);
  };
  router.Add(std::move(new_draft));

  Route draft{"GET",          "/api/drafts/{id}", "readDraft", "查看草稿",
              "Read a draft", Access::kSignedIn,  {},          nullptr};
  draft.tag = "services";
  draft.handle = [s](Call& call) -> Result<Response> {
    TRY(ledger::One one, s.city.ledger().Read(call.who, "draft", call.request.Captured("id")));
    return JsonResponse(std::move(one.row));
  };
  router.Add(std::move(draft));

  Route put_draft{"PUT",
                  "/api/drafts/{id}",
                  "updateDraft",
                  "更新草稿",
                  "Change a draft",
                  Access::kSignedIn,
                  {},
                  nullptr};
  put_draft.tag = "services";
  put_draft.body = "Draft";
  put_draft.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    TRY_VOID(s.city.ledger().Command(
        InfoOf(call, s.city.place().code), [&](ledger::Writer& writer) -> Result<std::string> {
          json::object values;
          for (const char* key : {"data", "materials", "step"})
            if (body.contains(key)) values[key] = body.at(key);
          TRY(ledger::Written made, writer.Update("draft", id, values));
          return made.id;
        }));
    TRY(ledger::One made, s.city.ledger().Read(call.who, "draft", id));
    return JsonResponse(std::move(made.row));
  };
  router.Add(std::move(put_draft));

  Route drop_draft{"DELETE",       "/api/drafts/{id}", "endDraft", "删除草稿",
                   "Drop a draft", Access::kSignedIn,  {},         nullptr};
  drop_draft.tag = "services";
  drop_draft.handle = [s](Call& call) -> Result<Response> {
    std::string id(call.request.Captured("id"));
    TRY_VOID(s.city.ledger().Command(InfoOf(call, s.city.place().code),
                                     [&](ledger::Writer& writer) -> Result<std::string> {
                                       TRY(ledger::Written made, writer.End("draft", id));
                                       return made.id;
                                     }));
    return JsonResponse("{\"ok\":true}");
  };
  router.Add(std::move(drop_draft));

  // Attachments.
  Route upload{"POST",
               "/api/attachments",
               "uploadAttachment",
               "上传附件",
               "Upload a file",
               Access::kSignedIn,
               {},
               nullptr};
  upload.tag = "services";
  upload.body = "Bytes";
  upload.max_body = 21u << 20;
  upload.params = {{"name", "query", "string", "文件名", "Name of the file"}};
  upload.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string made, s.city.attachments().Keep(InfoOf(call, s.city.place().code),
                                                    std::string(call.request.Query("name", "file")),
                                                    call.request.body));
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(upload));

  Route download{"GET",
                 "/api/attachments/{id}",
                 "readAttachment",
                 "下载附件",
                 "Download a file",
                 Access::kSignedIn,
                 {},
                 nullptr};
  download.tag = "services";
  download.handle = [s](Call& call) -> Result<Response> {
    std::string id(call.request.Captured("id"));
    TRY(attachments::Content content,
        s.city.attachments().Read(call.who, id, HoldsFile(s, call.who, id)));
    Response response;
    // Pictures and PDF may be looked at in place; all else is only ever saved.
    bool shown = content.type.starts_with("image/") || content.type == "application/pdf";
    response.type = shown ? content.type : "application/octet-stream";
    response.body = std::move(content.bytes);
    OfferFile(response, content.name, shown);
    response.Set("Cache-Control", "private, max-age=60");
    return response;
  };
  router.Add(std::move(download));

  // Cases.
  Route submit{
      "POST", "/api/cases", "submitCase", "提交申请", "Submit an application", Access::kSignedIn,
      {},     nullptr};
  submit.tag = "cases";
  submit.body = "Application";
  submit.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    for (const char* engine : {"generated", "bundle_case"}) body.erase(engine);
    body.erase("region");
    std::string shard = s.city.place().code;
    if (auto item = s.city.ledger().Read(ledger::System(), "item", TextAt(body, "item")))
      shard = item->region;
    TRY(std::string made, s.city.cases().Submit(InfoOf(call, shard), body));
    s.city.relay().Wake();
    return JsonResponse(std::move(made), 201);
  };
  router.Add(std::move(submit));

  Route cases{"GET",        "/api/cases",      "listCases", "办件列表",
              "List cases", Access::kSignedIn, {},          nullptr};
  cases.tag = "cases";
  cases.answer = "Page";
  cases.params = {{"view", "query", "string", "mine、done 或 all", "mine, done or all"},
                  {"state", "query", "string", "状态", "State"},
                  {"q", "query", "string", "检索", "Search"},
                  {"filter", "query", "string", "FEEL 条件", "A FEEL condition"},
                  {"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                  {"limit", "query", "integer", "每页条数", "Rows of a page"}};
  cases.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 20, 1, 200));
    const Request& r = call.request;
    TRY(std::string rows,
        s.city.cases().List(call.who, std::string(r.Query("view", "mine")),
                            std::string(r.Query("state")), std::string(r.Query("q")),
                            std::string(r.Query("filter")), std::string(r.Query("after")), limit));
    return JsonResponse(std::move(rows));
  };
  router.Add(std::move(cases));

  Route one{"GET",    "/api/cases/{id}", "readCase", "办件详情",
            "A case", Access::kSignedIn, {},         nullptr};
  one.tag = "cases";
  one.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string row, s.city.cases().View(call.who, std::string(call.request.Captured("id"))));
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(one));

  Route code{"GET",
             "/api/cases/{id}/code",
             "caseCode",
             "办件进度二维码",
             "The code that leads to a case",
             Access::kSignedIn,
             {},
             nullptr};
  code.tag = "cases";
  code.handle = [s](Call& call) -> Result<Response> {
    // It holds the address alone: who opens it must sign in and have a right to the case.
    std::string id(call.request.Captured("id"));
    ledger::ListRequest request;
    request.type = "service_case";
    request.fields = {"number"};
    request.limit = 1;
    if (id.find_first_not_of("0123456789abcdef-") != std::string::npos)
      return ledger::error::kNotFound;
    request.filter = "id = \"" + id + "\"";
    TRY(ledger::Page page, s.city.ledger().List(call.who, request));
    if (page.ids.empty()) return ledger::error::kNotFound;
    std::string address =
        s.city.address() + (call.who.kind == "enterprise" ? "/enterprise/cases/" : "/cases/") + id;
    TRY(documents::QrCode qr, documents::MakeQr(address));
    return JsonResponse(
        ToText(json::object{{"address", address}, {"qr", documents::QrSvg(qr, 200)}}));
  };
  router.Add(std::move(code));

  Route act{"POST",
            "/api/cases/{id}/acts/{act}",
            "actOnCase",
            "办理动作",
            "Act on a case",
            Access::kSignedIn,
            {},
            nullptr};
  act.tag = "cases";
  act.body = "Act";
  act.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    TRY(std::string shard, RegionOfCase(s, id));
    TRY(std::string row, s.city.cases().Act(InfoOf(call, shard), id,
                                            std::string(call.request.Captured("act")), body));
    // The act stands whatever follows; the relay tries again.
    if (auto followed = s.city.FollowCase(id); !followed)
      LogWarning("what follows a case failed", {{"case", id}, {"why", followed.error().ToLine()}});
    s.city.relay().Wake();
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(act));

  Route review{"POST",          "/api/cases/{id}/review", "reviewCase", "评价",
               "Review a case", Access::kSignedIn,        {},           nullptr};
  review.tag = "cases";
  review.body = "Review";
  review.handle = [s](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string id(call.request.Captured("id"));
    TRY(std::string shard, RegionOfCase(s, id));
    TRY(std::string row, s.city.cases().Review(InfoOf(call, shard), id, body));
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(review));

  std::vector<std::string> desk{"official"};  // anybody may be asked to help
  Route todo{"GET", "/api/todo", "listTodo", "待办", "To-do list", Access::kRoles, desk, nullptr};
  todo.tag = "cases";
  todo.answer = "Page";
  todo.params = {{"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                 {"limit", "query", "integer", "每页条数", "Rows of a page"},
                 {"view", "query", "string", "open、mine 或 copies", "open, mine or copies"},
                 {"light", "query", "string", "red、yellow 或 green", "red, yellow or green"}};
  todo.handle = [s](Call& call) -> Result<Response> {
    TRY(int limit, NumberOf(call, "limit", 50, 1, 200));
    const Request& r = call.request;
    TRY(std::string rows,
        s.city.cases().Todo(call.who, std::string(r.Query("view", "open")),
                            std::string(r.Query("after")), limit, std::string(r.Query("light"))));
    return JsonResponse(std::move(rows));
  };
  router.Add(std::move(todo));

  Route count{
      "GET",  "/api/todo/count", "countTodo", "待办数量", "How many to-dos", Access::kRoles, desk,
      nullptr};
  count.tag = "cases";
  count.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string row, s.city.cases().TodoCount(call.who));
    return JsonResponse(std::move(row));
  };
  router.Add(std::move(count));
}
}  // namespace city::gate
