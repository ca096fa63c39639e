// SPDX-License-Identifier: Apache-2.0
// Records of any type: list, read, create, change, end, history; their declarations and code lists.
#include <fmt/format.h>

#include "base/text.h"
#include "engines/sheets/record_sheet.h"
#include "gate/errors.h"
#include "gate/problem.h"
#include "gate/routes.h"
#include "ledger/errors.h"
#include "ledger/rights.h"

namespace city::gate {
namespace {
/// Where a write goes: the region that the row names, else that of the person's first post, else
/// the place.
std::string ShardOf(const Surroundings& s, const Call& call, const json::object& body) {
  std::string region(TextAt(body, "region"));
  if (!region.empty() && region.size() <= 12) return region;
  for (const ledger::Post& post : call.who.posts)
    if (!post.region.empty()) return post.region;
  return s.city.place().code;
}

Result<ledger::ListRequest> ListOf(const Call& call) {
  ledger::ListRequest request;
  request.type = call.request.Captured("type");
  request.filter = call.request.Query("filter");
  if (request.filter.size() > 8000)
    return error::kParameterWrong(
        {{"name", "filter"}, {"hint_zh", "条件过长。"}, {"hint_en", "The condition is too long."}});
  std::string_view sort = call.request.Query("sort");
  TRY(int limit, NumberOf(call, "limit", 50, 1, 500));
  request.limit = limit;
  request.after = call.request.Query("after");
  request.q = call.request.Query("q");
  if (!sort.empty()) request.sort = sort;
  request.count = call.request.Query("total") == "1";
  request.ended = call.request.Query("ended") == "1";
  if (std::string_view as_of = call.request.Query("as_of"); !as_of.empty()) {
    TRY(Time moment, ParseTime(as_of));
    request.as_of = moment;
  }
  return request;
}

bool May(const ledger::KnownType& known, const ledger::Subject& who, ledger::Verb verb) {
  for (const ledger::Right& right : known.type.rights)
    if (right.Allows(verb) && who.HasRole(right.role)) return true;
  return false;
}

std::string PageText(const ledger::Page& page) {
  std::string out = "{\"rows\":" + page.rows + ",\"next\":";
  if (page.next.empty()) {
    out += "null";
  } else {
    AppendJsonString(out, page.next);
  }
  if (page.total >= 0) out += fmt::format(",\"total\":{}", page.total);
  return out + "}";
}
}  // namespace

void AddRecordRoutes(Router& router, Surroundings s) {
  Route types{"GET",          "/api/types",    "listTypes", "记录类型",
              "Record types", Access::kAnyone, {},          nullptr};
  types.tag = "records";
  types.handle = [s](Call& call) -> Result<Response> {
    json::array out;
    auto catalogue = s.city.ledger().catalogue();
    for (const auto& [name, known] : catalogue->types()) {
      if (!May(known, call.who, ledger::Verb::kRead)) continue;
      json::object type = ledger::Describe(known.type);
      bool writes = !known.type.kept_by_engine;
      type["may"] = json::object{{"create", writes && May(known, call.who, ledger::Verb::kCreate)},
                                 {"update", writes && May(known, call.who, ledger::Verb::kUpdate)},
                                 {"end", writes && May(known, call.who, ledger::Verb::kEnd)}};
      out.push_back(std::move(type));
    }
    return JsonResponse(ToText(out));
  };
  router.Add(std::move(types));

  Route codes{"GET",         "/api/code-lists/{name}", "codeList", "代码表",
              "A code list", Access::kAnyone,          {},         nullptr};
  codes.tag = "records";
  codes.quick = true;
  codes.handle = [s](Call& call) -> Result<Response> {
    auto catalogue = s.city.ledger().catalogue();
    const ledger::CodeList* list = catalogue->FindList(call.request.Captured("name"));
    if (list == nullptr) return error::kNoSuchRoute;
    json::array out;
    for (const auto& code : list->codes)
      out.push_back(
          json::object{{"code", code.code},
                       {"label", json::object{{"zh", code.label.zh}, {"en", code.label.en}}}});
    Response response = JsonResponse(ToText(out));
    response.Set("Cache-Control", "max-age=60");
    return response;
  };
  router.Add(std::move(codes));

  Route list{
      "GET",  "/api/records/{type}", "listRecords", "记录列表", "List records", Access::kAnyone, {},
      nullptr};
  list.tag = "records";
  list.answer = "Page";
  list.params = {{"filter", "query", "string", "FEEL 条件", "A FEEL condition"},
                 {"sort", "query", "string", "排序字段，前加 - 为倒序",
                  "Field to sort by, - first for falling"},
                 {"limit", "query", "integer", "每页条数，1 至 500", "Rows of a page, 1 to 500"},
                 {"after", "query", "string", "上一页给出的位置", "Cursor of the page before"},
                 {"q", "query", "string", "全文检索", "Full text"},
                 {"as_of", "query", "string", "当时所知", "As known at that moment"},
                 {"total", "query", "boolean", "是否计总数", "Count all"},
                 {"ended", "query", "boolean", "含已终止", "Ended ones too"}};
  list.handle = [s](Call& call) -> Result<Response> {
    TRY(ledger::ListRequest request, ListOf(call));
    TRY(ledger::Page page, s.city.ledger().List(call.who, request));
    return JsonResponse(PageText(page));
  };
  router.Add(std::move(list));

  Route sheet{"GET",
              "/api/records/{type}/sheet",
              "exportRecords",
              "导出记录列表",
              "A list of records as a spreadsheet",
              Access::kAnyone,
              {},
              nullptr};
  sheet.tag = "records";
  sheet.params = {
      {"form", "query", "string", "xlsx（默认）或 csv", "xlsx (as if nothing is said) or csv"},
      {"lang", "query", "string", "表头与代码用的语言，zh 或 en",
       "Language of the words, zh or en"},
      {"fields", "query", "string", "所需字段，用逗号分隔", "Fields to write, with commas between"},
      {"filter", "query", "string", "FEEL 条件", "A FEEL condition"},
      {"sort", "query", "string", "排序字段，前加 - 为倒序",
       "Field to sort by, - first for falling"},
      {"q", "query", "string", "全文检索", "Full text"},
      {"as_of", "query", "string", "当时所知", "As known at that moment"},
      {"ended", "query", "boolean", "含已终止", "Ended ones too"}};
  sheet.handle = [s](Call& call) -> Result<Response> {
    sheets::Wish wish;
    TRY(wish.list, ListOf(call));
    TRY(wish.form, sheets::FormOf(call.request.Query("form")));
    wish.english = call.request.Query("lang") == "en";
    if (std::string_view fields = call.request.Query("fields"); !fields.empty())
      for (std::string_view field : Split(fields, ',')) wish.list.fields.emplace_back(field);
    std::string name = wish.list.type;
    if (auto known = s.city.ledger().catalogue()->Find(name))
      name = wish.english ? (*known)->type.label.en : (*known)->type.label.zh;
    TRY(sheets::Sheet made, sheets::ExportRecords(s.city.ledger(), call.who, wish));
    return FileResponse(name + (wish.form == sheets::Form::kCsv ? ".csv" : ".xlsx"), {},
                        std::move(made.bytes));
  };
  router.Add(std::move(sheet));

  Route read{"GET",
             "/api/records/{type}/{id}",
             "readRecord",
             "查看记录",
             "Read a record",
             Access::kAnyone,
             {},
             nullptr};
  read.tag = "records";
  read.quick = true;
  read.params = {{"as_of", "query", "string", "当时所知", "As known at that moment"}};
  read.handle = [s](Call& call) -> Result<Response> {
    std::optional<Time> as_of;
    if (std::string_view text = call.request.Query("as_of"); !text.empty()) {
      TRY(Time moment, ParseTime(text));
      as_of = moment;
    }
    TRY(ledger::One one, s.city.ledger().Read(call.who, call.request.Captured("type"),
                                              call.request.Captured("id"), as_of));
    std::string tag = "\"" + std::to_string(one.version) + "\"";
    Response response;
    if (call.request.Header("if-none-match") == tag) {
      response.status = 304;
    } else {
      response.body = std::move(one.row);
    }
    response.Set("ETag", tag);
    response.Set("Cache-Control", "no-cache");
    return response;
  };
  router.Add(std::move(read));

  Route history{"GET",
                "/api/records/{type}/{id}/history",
                "recordHistory",
                "记录的历史",
                "History of a record",
                Access::kAnyone,
                {},
                nullptr};
  history.tag = "records";
  history.handle = [s](Call& call) -> Result<Response> {
    TRY(std::string rows, s.city.ledger().History(call.who, call.request.Captured("type"),
                                                  call.request.Captured("id")));
    return JsonResponse("{\"rows\":" + rows + ",\"next\":null}");
  };
  router.Add(std::move(history));

  auto answer_written = [s](const Call& call, std::string_view type, const std::string& id,
                            int status) -> Result<Response> {
    auto one = s.city.ledger().Read(call.who, type, id);
    // Who may write need not be allowed to read.
    Response response =
        JsonResponse(one ? std::move(one->row) : ToText(json::object{{"id", id}}), status);
    if (one) response.Set("ETag", "\"" + std::to_string(one->version) + "\"");
    return response;
  };
  auto forget = [s](std::string_view type, const json::object& body, const std::string& id) {
    if (type == "account") s.city.accounts().Forget(id);
    if (std::string account(TextAt(body, "account")); !account.empty())
      s.city.accounts().Forget(account);
  };

  Route create{"POST",
               "/api/records/{type}",
               "createRecord",
               "新建记录",
               "Create a record",
               Access::kSignedIn,
               {},
               nullptr};
  create.tag = "records";
  create.body = "Row";
  create.handle = [s, answer_written, forget](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    std::string type(call.request.Captured("type"));
    TRY(std::string id, s.city.ledger().Command(InfoOf(call, ShardOf(s, call, body)),
                                                [&](ledger::Writer& writer) -> Result<std::string> {
                                                  TRY(ledger::Written made,
                                                      writer.Create(type, body));
                                                  return made.id;
                                                }));
    forget(type, body, id);
    return answer_written(call, type, id, 201);
  };
  router.Add(std::move(create));

  Route update{"PATCH",
               "/api/records/{type}/{id}",
               "updateRecord",
               "修改记录",
               "Change a record",
               Access::kSignedIn,
               {},
               nullptr};
  update.tag = "records";
  update.body = "Row";
  update.params = {
      {"If-Match", "header", "string", "所依据的版本", "Version that the change is based on"}};
  update.handle = [s, answer_written, forget](Call& call) -> Result<Response> {
    TRY(json::object body, BodyOf(call));
    TRY(std::optional<int64_t> expected, ExpectedVersion(call));
    std::string type(call.request.Captured("type")), id(call.request.Captured("id"));
    auto done = s.city.ledger().Command(
        InfoOf(call, ShardOf(s, call, {})), [&](ledger::Writer& writer) -> Result<std::string> {
          TRY(ledger::Written made, writer.Update(type, id, body, expected));
          return made.id;
        });
    if (!done) {
      if (!done.error().Is(ledger::error::kChangedMeanwhile)) return Fail(std::move(done).error());
      // Both versions: what was sent, and what stands.
      Response problem = ProblemResponse(done.error());
      auto current = s.city.ledger().Read(call.who, type, id);
      problem.body.pop_back();
      problem.body += ",\"current\":" + (current ? current->row : std::string("null")) +
                      ",\"sent\":" + ToText(body) + "}";
      return problem;
    }
    forget(type, body, id);
    return answer_written(call, type, id, 200);
  };
  router.Add(std::move(update));

  Route end{"DELETE",       "/api/records/{type}/{id}", "endRecord", "终止记录",
            "End a record", Access::kSignedIn,          {},          nullptr};
  end.tag = "records";
  end.handle = [s, forget](Call& call) -> Result<Response> {
    TRY(std::optional<int64_t> expected, ExpectedVersion(call));
    std::string type(call.request.Captured("type")), id(call.request.Captured("id"));
    TRY_VOID(s.city.ledger().Command(InfoOf(call, ShardOf(s, call, {})),
                                     [&](ledger::Writer& writer) -> Result<std::string> {
                                       TRY(ledger::Written made, writer.End(type, id, expected));
                                       return made.id;
                                     }));
    forget(type, {}, id);
    return JsonResponse(ToText(json::object{{"id", id}, {"ended", true}}));
  };
  router.Add(std::move(end));
}
}  // namespace city::gate
