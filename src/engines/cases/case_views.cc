// SPDX-License-Identifier: Apache-2.0
// Looking at cases: the page of one, lists, the to-do list.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/case_steps.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/identity_codes.h"

namespace city::cases {
using ledger::Subject;

namespace {
json::object Words(std::string_view zh, std::string_view en) { return {{"zh", zh}, {"en", en}}; }

json::object StateLabel(std::string_view code) {
  const StateInfo* state = FindState(code);
  return state != nullptr ? Words(state->zh, state->en) : Words(code, code);
}

json::object ActLabel(const ledger::Catalogue& catalogue, std::string_view act) {
  if (act == "submit") return Words("提交申请", "Submitted");
  if (act == "review") return Words("评价", "Reviewed");
  if (const StepWay* way = FindWay(act)) return Words(way->zh, way->en);
  if (const ActInfo* info = FindAct(act)) return Words(info->zh, info->en);
  if (const ledger::CodeList* told = catalogue.FindList("case-told"))
    for (const ledger::CodeList::Code& each : told->codes)
      if (each.code == act) return Words(each.label.zh, each.label.en);
  return Words(act, act);
}
}  // namespace

Result<json::array> Cases::DecisionsOf(store::Reader& reader, const std::string& id, bool in_full) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows, ledger::FindRows(reader, *catalogue, "case_decision",
                                         "case_id = " + Quoted(id), 50, "created_at"));
  json::array out;
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    json::object shown;
    for (const char* key : {"purpose", "model", "label", "number", "digest", "decision", "outcome"})
      shown[key] = row.at(key);
    shown["at"] = row.at("created_at");
    shown["brief"] = row.at("brief");
    if (in_full) {
      shown["says"] = row.at("says");
      shown["trace"] = row.at("trace");
    }
    // The words are those of the day; whether that version still decides is said beside them.
    auto version =
        ledger::ReadRow(reader, *catalogue, "decision_version", Text(row, "model_version"));
    shown["in_force"] = version && TextAt(*version, "state") == "published";
    out.push_back(std::move(shown));
  }
  return out;
}

Result<std::string> Cases::View(const Subject& who, const std::string& id) {
  TRY(ledger::One one, Read(who, id));
  TRY(json::value parsed, ParseJson(one.row, {.max_bytes = 16u << 20}));
  json::object row = std::move(parsed.get_object());
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Loaded loaded, Load(*snapshot, id, who));
  auto catalogue = ledger_.catalogue();
  Date today = ChinaDate(ledger_.clock().Now());
  std::string of_case = "case_id = " + Quoted(id);

  json::object out = row;
  out.erase("flow_state");
  out.erase("asked");
  out["state_label"] = StateLabel(loaded.state);
  const StateInfo* state = FindState(loaded.state);
  out["outward_state"] = state != nullptr ? json::value(state->outward) : json::value();
  AddClock(out, row, today);

  TRY(json::object item, ledger::ReadRow(*snapshot, *catalogue, "item", Text(row, "item")));
  TRY(json::object department,
      ledger::ReadRow(*snapshot, *catalogue, "organisation", loaded.department));
  out["department_name"] = department.at("name");

  std::string form_name = Text(row, "form_name");
  json::object form{{"schema", nullptr},
                    {"ui", nullptr},
                    {"data", row.contains("form") ? row.at("form") : json::value()}};
  if (!form_name.empty()) {
    if (auto declared = rules_.Form(form_name)) {
      form["schema"] = declared->at("schema");
      form["ui"] = declared->at("ui");
    }
  }
  out["form"] = std::move(form);

  // Whoever may read the answers may read what was decided by them.
  bool official_view = who.system || who.kind == "official";
  out["decisions"] = json::array{};
  if (out.at("form").at("data").is_object()) {
    TRY(json::array decisions, DecisionsOf(*snapshot, id, official_view));
    out["decisions"] = std::move(decisions);
  }

  // Materials: those that the item asks for, joined with what came.
  TRY(json::array kept, ledger::FindRows(*snapshot, *catalogue, "case_material", of_case, 200));
  json::array materials;
  const json::array* asked_then = ArrayAt(loaded.row, "asked");
  if (const json::array* asked = asked_then != nullptr ? asked_then : ArrayAt(item, "materials")) {
    for (const json::value& each : *asked) {
      const json::object* material = each.if_object();
      if (material == nullptr) continue;
      json::object shown{{"material", material->at("name")},
                         {"required", BoolAt(*material, "required")},
                         {"accept_missing", BoolAt(*material, "accept_missing")},
                         {"attachments", json::array{}},
                         {"state", "missing"},
                         {"note", nullptr}};
      for (json::value& got : kept) {
        if (TextAt(got.get_object(), "name") != TextAt(*material, "name")) continue;
        shown["attachments"] = got.get_object().at("attachments");
        shown["state"] = got.get_object().at("state");
        shown["note"] = got.get_object().at("note");
        if (got.get_object().contains("certificate")) {
          shown["certificate"] = got.get_object().at("certificate");
          shown["authorisation"] = got.get_object().at("authorisation");
        }
        shown["paper"] = got.get_object().at("paper");
        got.get_object()["shown"] = true;
      }
      materials.push_back(std::move(shown));
    }
  }
  for (const json::value& got : kept)
    if (!got.get_object().contains("shown"))
      materials.push_back(json::object{{"material", got.at("name")},
                                       {"required", false},
                                       {"attachments", got.at("attachments")},
                                       {"state", got.at("state")},
                                       {"note", got.at("note")}});
  // Names and sizes of the files, so that a list needs no further question.
  for (json::value& material : materials) {
    json::array files;
    for (const json::value& file : material.at("attachments").as_array()) {
      if (!file.is_string()) continue;
      auto found = ledger::ReadRow(*snapshot, *catalogue, "attachment",
                                   std::string(file.get_string().c_str()));
      if (found)
        files.push_back(json::object{{"id", file},
                                     {"name", found->at("name")},
                                     {"size", found->at("size")},
                                     {"type", found->at("type")}});
    }
    material.get_object()["attachments"] = std::move(files);
  }
  out["materials"] = std::move(materials);

  // What is owed after the decision or before it, the hearing, and the papers of both.
  TRY(json::array duties, DutiesOf(*snapshot, id));
  TRY(json::object hearing, HearingOf(*snapshot, id));
  out["duties"] = json::array{};
  for (const json::value& each : duties) {
    json::object shown;
    for (const char* key : {"kind", "name", "due", "state", "reason"}) shown[key] = each.at(key);
    out["duties"].get_array().push_back(std::move(shown));
  }
  out["hearing"] = nullptr;
  if (!hearing.empty()) {
    json::object shown;
    for (const char* key : {"state", "reason", "asked_for", "ask_due", "hold_due", "held_at",
                            "place", "chair_name", "record"})
      shown[key] = hearing.at(key);
    out["hearing"] = std::move(shown);
  }
  out["papers"] = json::array{};
  if (out.at("form").at("data").is_object()) {
    TRY(json::array papers, PapersOf(*snapshot, id));
    out["papers"] = std::move(papers);
  }

  TRY(json::array events, ledger::FindRows(*snapshot, *catalogue, "case_event", of_case, 500));
  json::array timeline;
  bool official = who.system || who.kind == "official";
  for (const json::value& each : events) {
    const json::object& event = each.get_object();
    std::string_view act = TextAt(event, "act");
    // The discussion inside the office is not the applicant's to read; decisions and requests are.
    if (!official && (act == "comment" || act == "forward" || act == "return" ||
                      (FindWay(act) != nullptr && act != "urge")))
      continue;
    timeline.push_back(json::object{{"at", event.at("created_at")},
                                    {"by", event.at("by_name")},
                                    {"act", act},
                                    {"label", ActLabel(*catalogue, act)},
                                    {"step", event.at("step")},
                                    {"note", event.at("note")},
                                    {"to_state", event.at("to_state")}});
  }
  std::reverse(timeline.begin(), timeline.end());  // the newest first
  out["timeline"] = std::move(timeline);
  if (loaded.state == "correction") {
    const json::array* asked = ArrayAt(loaded.row, "correction_materials");
    out["correction"] = json::object{
        {"note", loaded.row.at("correction_note")},
        {"materials", asked != nullptr ? json::value(*asked) : json::value(json::array{})},
        {"due", nullptr}};
  }

  // Steps of the tracker: receipt, acceptance, those of the process, result.
  TRY(json::array tasks, ledger::FindRows(*snapshot, *catalogue, "case_task", of_case, 200));
  json::array steps;
  auto add_step = [&](std::string_view name, std::string_view step_state, json::value at,
                      json::value by) {
    steps.push_back(json::object{
        {"name", name}, {"state", step_state}, {"at", std::move(at)}, {"by", std::move(by)}});
  };
  bool accepted = !TextAt(row, "accepted_at").empty();
  bool ended = state != nullptr && !state->open;
  add_step("提交申请", "done", row.at("submitted_at"),
           row.contains("applicant_name") ? row.at("applicant_name") : json::value());
  add_step("受理",
           accepted ? "done"
           : ended  ? "skipped"
                    : "current",
           accepted ? row.at("accepted_at") : json::value(), nullptr);
  for (const KnownStep& step : flow_.Steps(loaded.flow)) {
    std::string_view step_state = "waiting";
    json::value at, by;
    for (const json::value& each : tasks) {
      const json::object& task = each.get_object();
      std::string_view task_state = TextAt(task, "state");
      if (TextAt(task, "node") != step.node || (task_state != "open" && task_state != "done"))
        continue;
      if (step_state == "current") continue;
      step_state = TextAt(task, "state") == "open" ? "current" : "done";
      at = task.at("done_at");
      by = task.at("done_by");
    }
    if (ended && step_state == "waiting") step_state = "skipped";
    add_step(step.name, step_state, std::move(at), std::move(by));
  }
  bool delivered = loaded.state == "delivered";
  add_step("办结送达",
           delivered ? "done"
           : ended   ? "current"
                     : "waiting",
           delivered ? row.at("delivered_at") : json::value(), nullptr);
  out["steps"] = std::move(steps);

  bool in_bundle = !Text(loaded.row, "bundle_case").empty();
  json::array acts;
  TRY_VOID(AddWays(*snapshot, loaded, who, out, acts));
  for (const ActInfo& act : Acts()) {
    if (!Starts(act, loaded.state) || (in_bundle && WithBundle(act))) continue;
    bool in_flow =
        act.act == "forward" || act.act == "approve" || act.act == "reject" || act.act == "return";
    if (in_flow) continue;
    bool offered = Fits(act.act, row, duties, hearing, who.account) &&
                   MayAct(loaded, who, act, nullptr).has_value();
    if (!offered) continue;
    json::object told{
        {"act", act.act}, {"label", Words(act.zh, act.en)}, {"needs_reason", act.needs_reason}};
    if (json::array fields = FieldsOf(act.act); !fields.empty()) told["fields"] = std::move(fields);
    acts.push_back(std::move(told));
  }
  out["acts"] = std::move(acts);

  TRY(json::array reviews, ledger::FindRows(*snapshot, *catalogue, "case_review", of_case, 1));
  bool own = std::find(who.holders.begin(), who.holders.end(), Text(loaded.row, "applicant")) !=
             who.holders.end();
  out["review"] = reviews.empty()
                      ? json::value()
                      : json::value(json::object{
                            {"grade", std::atoi(Text(reviews[0].get_object(), "grade").c_str())},
                            {"text", reviews[0].at("text")},
                            {"tags", reviews[0].at("tags")}});
  out["may_review"] = own && !in_bundle && reviews.empty() && ended && loaded.state != "withdrawn";
  return ToText(out);
}

Result<std::string> Cases::List(const Subject& who, const std::string& view,
                                const std::string& state, const std::string& q,
                                const std::string& filter, const std::string& after, int limit) {
  constexpr std::string_view kClosed =
      "state in (\"granted\", \"granted_missing\", \"denied\", \"delivered\", \"refused\", "
      "\"not_needed\", \"withdrawn\", \"revoked\")";
  ledger::ListRequest request;
  request.type = "service_case";
  request.limit = limit;
  request.after = after;
  request.q = q;
  // What was found comes in the order in which cases came in, which the search index knows.
  request.sort = q.empty() ? "-submitted_at" : "-entered";
  request.fields = {"number",         "item",          "item_name",      "department",
                    "applicant_name", "state",         "submitted_at",   "accepted_day",
                    "legal_days",     "promised_days", "extension_days", "pauses",
                    "legal_due",      "promised_due",  "step",           "channel",
                    "decided_at",     "review_grade",  "corrections"};
  std::string condition;
  auto add = [&](std::string_view part) {
    condition += (condition.empty() ? "(" : " and (") + std::string(part) + ")";
  };
  Subject asking = who;
  bool mine = view == "mine";
  if (mine) {
    // The applicant's own, also where a post would show more.
    std::erase_if(asking.posts, [](const ledger::Post& post) {
      return post.role != "citizen" && post.role != "enterprise";
    });
    if (asking.posts.empty()) return std::string("{\"rows\":[],\"next\":null}");
  }
  if (state == "open") {
    // Named one by one, so that an index gives them; there are few among millions that are closed.
    std::string open;
    for (const StateInfo& each : States())
      if (each.open) open += (open.empty() ? "" : ", ") + Quoted(std::string(each.code));
    add("state in (" + open + ")");
  } else if (state == "closed" || view == "done") {
    add(kClosed);
  }
  if (!state.empty() && state != "open" && state != "closed") add("state = " + Quoted(state));
  if (!filter.empty()) add(filter);
  request.filter = condition;
  TRY(ledger::Page page, ledger_.List(asking, request));
  TRY(json::value rows, ParseJson(page.rows, {.max_bytes = 16u << 20}));
  Date today = ChinaDate(ledger_.clock().Now());
  for (json::value& each : rows.get_array()) {
    json::object& row = each.get_object();
    AddClock(row, json::object(row), today);
    row["light"] = row.at("clock").as_object().at("light");
    row["days_left"] = row.at("clock").as_object().at("days_left");
    row["state_label"] = StateLabel(TextAt(row, "state"));
    row["needs_action"] = mine && TextAt(row, "state") == "correction";
  }
  // Told so that the same rows can be asked for as records, such as for a spreadsheet.
  return ToText(json::object{{"rows", std::move(rows)},
                             {"condition", condition},
                             {"next", page.next.empty() ? json::value() : json::value(page.next)}});
}

Result<Subject> Cases::WithAbsent(Subject who) {
  if (who.kind != "official") return who;
  TRY(auto snapshot, ledger_.store().Read());
  TRY(auto absent, rules_.StandsInFor(*snapshot, who.account));
  who.holders.insert(who.holders.end(), absent.begin(), absent.end());
  return who;
}

Result<std::string> Cases::Todo(const Subject& caller, const std::string& view,
                                const std::string& after, int limit, const std::string& light) {
  TRY(Subject who, WithAbsent(caller));
  bool copies = view == "copies";
  ledger::ListRequest request;
  request.type = "case_task";
  request.filter = copies ? "state = \"copy\"" : "state = \"open\"";
  if (view == "mine") {
    // What was put to somebody by name is not to be looked for among the department's work.
    std::string names;
    for (const std::string& holder : who.holders)
      names += (names.empty() ? "" : ", ") + Quoted(holder);
    request.filter += names.empty() ? " and person = \"\"" : " and person in (" + names + ")";
  }
  request.sort = copies ? "-since" : "due";
  request.limit = limit;
  request.after = after;
  Date today = ChinaDate(ledger_.clock().Now());
  std::string day = IsoDate(today), soon = IsoDate(calendar_.After(today, 1).date);
  if (light == "red") request.filter += " and due < date(" + Quoted(day) + ")";
  if (light == "yellow")
    request.filter += " and due >= date(" + Quoted(day) + ") and due <= date(" + Quoted(soon) + ")";
  if (light == "green") request.filter += " and due > date(" + Quoted(soon) + ")";
  TRY(ledger::Page page, ledger_.List(who, request));
  TRY(json::value rows, ParseJson(page.rows, {.max_bytes = 16u << 20}));
  json::array out;
  for (json::value& each : rows.get_array()) {
    json::object& row = each.get_object();
    json::value days_left;
    std::string_view shown = "none";
    if (auto due = ParseDate(TextAt(row, "due"))) {
      int left = calendar_.Between(today, *due);
      days_left = left;
      shown = left < 0 ? "red" : left <= 1 ? "yellow" : "green";
    }
    out.push_back(
        json::object{{"id", row.at("id")},
                     {"case_id", row.at("case_id")},
                     {"bundle_case", row.at("bundle_case")},
                     {"number", row.at("number")},
                     {"item_name", row.at("item_name")},
                     {"applicant_name",
                      row.contains("applicant_name") ? row.at("applicant_name") : json::value()},
                     {"step", row.at("step")},
                     {"role", row.at("role")},
                     {"region", row.at("region")},
                     {"light", shown},
                     {"days_left", std::move(days_left)},
                     {"due", row.at("due")},
                     {"person", row.contains("person") ? row.at("person") : json::value()},
                     {"origin", row.contains("origin") ? row.at("origin") : json::value()},
                     {"question", row.contains("question") ? row.at("question") : json::value()},
                     {"urges", row.contains("urges") ? row.at("urges") : json::value()},
                     {"since", row.at("since")}});
  }
  return ToText(json::object{{"rows", std::move(out)},
                             {"next", page.next.empty() ? json::value() : json::value(page.next)}});
}

Result<std::string> Cases::TodoCount(const Subject& caller) {
  TRY(Subject who, WithAbsent(caller));
  ledger::ListRequest request;
  request.type = "case_task";
  request.filter = "state = \"open\"";
  request.limit = 0;
  request.count = true;
  // A badge says no more than "999+", and is asked for often.
  request.count_at_most = 1000;
  TRY(ledger::Page page, ledger_.List(who, request));
  Date today = ChinaDate(ledger_.clock().Now());
  std::string day = "date(" + Quoted(IsoDate(today)) + ")";
  std::string soon = "date(" + Quoted(IsoDate(calendar_.After(today, 1).date)) + ")";
  std::string open = request.filter;
  request.filter = open + " and due < " + day;
  TRY(ledger::Page late, ledger_.List(who, request));
  request.filter = open + " and due >= " + day + " and due <= " + soon;
  TRY(ledger::Page near, ledger_.List(who, request));
  return ToText(json::object{{"count", page.total}, {"red", late.total}, {"yellow", near.total}});
}
}  // namespace city::cases
