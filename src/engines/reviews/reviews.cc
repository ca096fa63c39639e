// SPDX-License-Identifier: Apache-2.0
#include "engines/reviews/reviews.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "engines/reviews/errors.h"
#include "ledger/row_text.h"

namespace city::reviews {
using ledger::Text;
using ledger::Writer;

namespace {
struct Edge {
  std::string_view act, from, to, field;
  bool by_office, words;
};
/// Shortest way: to_check → correcting → replied → closed; an appeal stops it until decided.
constexpr Edge kEdges[] = {
    {"call-back", "to_check|correcting|replied", "", "call_back", false, true},
    {"confirm", "to_check", "correcting", "cause", false, true},
    {"correct", "correcting", "correcting", "correction", false, true},
    {"reply", "correcting", "replied", "reply", false, true},
    {"close", "replied", "closed", "", false, false},
    {"appeal", "to_check|correcting", "appealed", "appeal", false, true},
    {"uphold", "appealed", "excluded", "appeal_answer", true, true},
    {"reject-appeal", "appealed", "correcting", "appeal_answer", true, true},
};
}  // namespace

Result<std::string> Reviews::RateTicket(const ledger::CommandInfo& info,
                                        const std::string& ticket_id, const json::object& body,
                                        const std::string& department, const std::string& check_due,
                                        const std::string& correct_due) {
  return ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "hall_ticket",
                                ticket_id));
    TRY(json::object ticket,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "hall_ticket", ticket_id));
    std::string_view state = TextAt(ticket, "state");
    if (state != "serving" && state != "done") return error::kNotServed;
    int64_t grade = IntAt(body, "grade");
    if (grade < 1 || grade > 5) return error::kGradeWrong;
    {
      TRY(store::Rows rows,
          writer.tx().Query("select 1 from r_case_review where ticket = $1 and ended_at is null",
                            {ticket_id}));
      if (rows.Next()) return error::kRatedBefore;
    }
    std::string staff = writer.who().kind == "official" ? writer.who().account : std::string();
    writer.ActAsEngine();
    bool bad = grade >= 4;
    auto or_null = [](std::string text) {
      return text.empty() ? json::value() : json::value(text);
    };
    TRY(json::object hall,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "hall", Text(ticket, "hall")));
    const json::array* tags = ArrayAt(body, "tags");
    std::string channel = Text(body, "channel");
    TRY(ledger::Written made,
        writer.Create("case_review",
                      {{"ticket", ticket_id},
                       {"number", ticket.at("number")},
                       {"item_name", Text(hall, "name") + " " + Text(ticket, "business")},
                       {"department", or_null(department)},
                       {"account", ticket.at("account")},
                       {"window", ticket.at("window")},
                       {"staff", or_null(staff)},
                       {"grade", std::to_string(grade)},
                       {"tags", tags != nullptr ? json::value(*tags) : json::array{}},
                       {"text", or_null(Text(body, "text").substr(0, 1000))},
                       {"channel", channel.empty() ? "window" : channel},
                       {"bad", bad},
                       {"check_due", bad ? or_null(check_due) : json::value()},
                       {"correct_due", bad ? or_null(correct_due) : json::value()},
                       {"state", bad ? "to_check" : "closed"}},
                      Text(ticket, "region")));
    return ToText(json::object{{"id", made.id}, {"grade", grade}});
  });
}

Result<std::string> Reviews::Act(const ledger::CommandInfo& info, const std::string& id,
                                 const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "case_review", id));
    TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "case_review", id));
    std::string state = Text(row, "state");
    const Edge* edge = nullptr;
    for (const Edge& each : kEdges)
      if (each.act == act) edge = &each;
    bool from = false;
    if (edge != nullptr)
      for (std::string_view each : Split(edge->from, '|')) from = from || each == state;
    if (edge == nullptr || !from || !BoolAt(row, "bad"))
      return error::kActNotPossible({{"state", state}});
    // Nobody decides on an appeal against a review of their own body.
    std::string path;
    if (std::string department = Text(row, "department"); !department.empty()) {
      TRY(json::object body_row,
          ledger::ReadRow(writer.tx(), writer.catalogue(), "organisation", department));
      path = Text(body_row, "path");
    }
    const ledger::Subject& who = writer.who();
    bool yours = std::any_of(who.posts.begin(), who.posts.end(), [&](const ledger::Post& post) {
      bool own = !post.organisation_path.empty() && path.starts_with(post.organisation_path);
      if (edge->by_office) return post.role == "supervisor";
      return own && (post.role == "handler" || post.role == "reviewer" || post.role == "approver" ||
                     post.role == "clerk");
    });
    if (!yours) return error::kActNotYours;
    std::string words(Trim(TextAt(body, "words")));
    if (edge->words && words.empty()) return error::kWordsMissing;
    words = words.substr(0, 1000);
    std::string by = who.name;
    writer.ActAsEngine();
    json::object changes;
    if (!edge->to.empty()) changes["state"] = edge->to;
    if (!edge->field.empty()) changes[edge->field] = words;
    if (act == "reply") changes["replied_at"] = IsoChina(writer.now());
    json::array log = ArrayAt(row, "log") != nullptr ? *ArrayAt(row, "log") : json::array{};
    log.push_back(
        json::object{{"at", IsoChina(writer.now())}, {"by", by}, {"act", act}, {"words", words}});
    changes["log"] = std::move(log);
    TRY_VOID(writer.Update("case_review", id, changes));
    writer.Note({"review:" + act, "case_review", id, Text(row, "region"),
                 ToText(json::object{{"from", state}, {"to", edge->to}})});
    if (act == "reply" && !Text(row, "account").empty())
      TRY_VOID(writer.Create(
          "message",
          {{"account", row.at("account")},
           {"kind", "review"},
           {"title", "您的评价已回复：" + Text(row, "item_name")},
           {"text", words},
           {"link", Text(row, "case_id").empty() ? json::value()
                                                 : json::value("/cases/" + Text(row, "case_id"))}},
          Text(row, "region")));
    return id;
  }));
  TRY(ledger::One one, ledger_.Read(info.who, "case_review", id));
  return one.row;
}

Result<std::string> Reviews::Published() {
  TRY(auto snapshot, ledger_.store().Read());
  std::string today = IsoDate(ChinaDate(ledger_.clock().Now()));
  std::map<std::string, Tally> by;
  {
    TRY(store::Rows rows,
        snapshot->Query("select coalesce(department, ''), grade, state, coalesce(check_due, ''), "
                        "coalesce(correct_due, ''), call_back is not null from r_case_review where "
                        "ended_at is null"));
    while (rows.Next()) {
      int grade = std::clamp(std::atoi(std::string(rows.Text(1)).c_str()), 1, 5);
      std::string state(rows.Text(2));
      for (const std::string& key : {std::string(), std::string(rows.Text(0))}) {
        Tally& tally = by[key];
        if (state == "excluded") {
          ++tally.excluded;
        } else {
          ++tally.grades[grade];
          if (grade >= 4) {
            tally.corrected += state == "replied" || state == "closed" ? 1 : 0;
            tally.called_back += rows.Int(5) != 0 ? 1 : 0;
            bool late = (state == "to_check" && !rows.Text(3).empty() && rows.Text(3) < today) ||
                        (state == "correcting" && !rows.Text(4).empty() && rows.Text(4) < today);
            tally.late += late ? 1 : 0;
          }
        }
        if (key.empty() && rows.Text(0).empty()) break;
      }
    }
    TRY_VOID(rows.status());
  }
  for (const char* sql :
       {"select coalesce(department, ''), count(*) from r_service_case where state in ('granted', "
        "'granted_missing', 'denied', 'delivered', 'refused') and bundle_case is null and ended_at "
        "is null group by department",
        "select coalesce(lead, ''), count(*) from r_bundle_case where state = 'delivered' and "
        "ended_at is null group by lead",
        "select '', count(*) from r_hall_ticket where state = 'done' and ended_at is null"}) {
    TRY(store::Rows rows, snapshot->Query(sql));
    while (rows.Next()) {
      by[""].services += rows.Int(1);
      if (!rows.Text(0).empty()) by[std::string(rows.Text(0))].services += rows.Int(1);
    }
    TRY_VOID(rows.status());
  }
  json::array departments;
  for (const auto& [id, tally] : by) {
    if (id.empty() || tally.Given() + tally.excluded == 0) continue;
    json::object one = FiguresOf(tally);
    TRY(store::Rows rows, snapshot->Query("select name from r_organisation where id = $1", {id}));
    one["name"] = rows.Next() ? json::value(rows.Text(0)) : json::value(id);
    departments.push_back(std::move(one));
  }
  json::array list;
  {
    TRY(store::Rows rows,
        snapshot->Query(
            "select item_name, grade, text, reply, created_at, state from r_case_review "
            "where ended_at is null and state in ('replied', 'closed') and text is not "
            "null order by created_at desc limit 30"));
    while (rows.Next())
      list.push_back(
          json::object{{"item_name", rows.Text(0)},
                       {"grade", std::atoi(std::string(rows.Text(1)).c_str())},
                       {"text", rows.Text(2)},
                       {"reply", rows.IsNull(3) ? json::value() : json::value(rows.Text(3))},
                       {"at", IsoChina(FromMicros(rows.Int(4)))}});
    TRY_VOID(rows.status());
  }
  return ToText(json::object{{"figures", FiguresOf(by[""])},
                             {"definitions", Definitions()},
                             {"departments", std::move(departments)},
                             {"reviews", std::move(list)}});
}
}  // namespace city::reviews
