// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/supervision.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/errors.h"
#include "parts/feel/feel.h"

namespace city::cases {
using ledger::Writer;

struct Supervision::Compiled {
  std::vector<feel::Expression> conditions;
};

namespace {
constexpr std::array kFacts = {"state",         "days_waiting", "days_left",       "over_promise",
                               "over_legal",    "returns",      "corrections",     "pauses",
                               "paused_days",   "extended",     "urges",           "reason_given",
                               "broken_duties", "late_duties",  "days_undelivered"};

struct CardAct {
  std::string_view act, zh, en, from, to;
  bool by_office;  ///< the office concerned; else the supervisor
};
constexpr std::array kCardActs = {
    CardAct{"explain", "说明情况", "Explain", "open", "explained", true},
    CardAct{"appeal", "提出申诉", "Appeal", "open|explained|confirmed", "appealed", true},
    CardAct{"confirm", "确认", "Confirm", "open|explained|appealed", "confirmed", false},
    CardAct{"cancel", "撤销", "Cancel", "open|explained|appealed", "cancelled", false}};

bool From(const CardAct& act, std::string_view state) {
  for (std::string_view each : Split(act.from, '|'))
    if (each == state) return true;
  return false;
}

bool Yours(const CardAct& act, const ledger::Subject& who, const json::object& card,
           const std::string& path) {
  // An appeal against a confirmed card is heard once.
  if (act.act == "appeal" && !TextAt(card, "appeal").empty()) return false;
  if (!act.by_office) return HoldsInRegion(who, "supervisor", Text(card, "region"));
  return Holds(who, "handler", path) || Holds(who, "reviewer", path) ||
         Holds(who, "approver", path);
}

Result<std::string> PathOf(store::Reader& reader, const ledger::Catalogue& catalogue,
                           const json::object& card) {
  TRY(json::object body,
      ledger::ReadRow(reader, catalogue, "organisation", Text(card, "department")));
  return Text(body, "path");
}
}  // namespace

Supervision::Supervision(Cases& cases, ledger::Ledger& ledger, const WorkDays& calendar,
                         std::vector<SupervisionRule> rules)
    : cases_(cases),
      ledger_(ledger),
      calendar_(calendar),
      rules_(std::move(rules)),
      compiled_(std::make_unique<Compiled>()) {}
Supervision::~Supervision() = default;

Result<std::unique_ptr<Supervision>> Supervision::Make(Cases& cases, ledger::Ledger& ledger,
                                                       const WorkDays& calendar,
                                                       std::vector<SupervisionRule> rules) {
  auto made =
      std::unique_ptr<Supervision>(new Supervision(cases, ledger, calendar, std::move(rules)));
  feel::Scope scope;
  for (const char* name : kFacts) scope.Declare(name);
  for (const SupervisionRule& rule : made->rules_) {
    auto condition = feel::Compile(rule.when, scope);
    if (!condition)
      return error::kRuleWrong({{"rule", rule.code}, {"why", condition.error().ToLine()}});
    made->compiled_->conditions.push_back(std::move(*condition));
  }
  return made;
}

Result<json::object> Supervision::FactsOf(store::Reader& reader, const json::object& row,
                                          Date today) {
  json::object facts;
  for (const char* name : kFacts) facts[name] = 0;
  std::string id = Text(row, "id"), state = Text(row, "state");
  const StateInfo* info = FindState(state);
  bool open = info != nullptr && info->open;
  facts["state"] = state;
  facts["corrections"] = IntAt(row, "corrections");
  facts["extended"] = IntAt(row, "extension_days") > 0;
  facts["reason_given"] = !Trim(TextAt(row, "last_reason")).empty();
  if (const json::array* pauses = ArrayAt(row, "pauses")) {
    facts["pauses"] = pauses->size();
    for (const json::value& each : *pauses)
      if (each.is_object() && TextAt(each.get_object(), "to").empty())
        if (auto from = ParseDate(TextAt(each.get_object(), "from")))
          facts["paused_days"] = calendar_.Between(*from, today);
  }
  if (auto received = ParseTime(TextAt(row, "submitted_at"));
      received && Text(row, "accepted_day").empty() && open)
    facts["days_waiting"] = calendar_.Between(ChinaDate(*received), today);
  if (!Text(row, "accepted_day").empty()) {
    // A decided case is judged by the day of its decision.
    Date until = today;
    if (auto decided = ParseTime(TextAt(row, "decided_at")); !open && decided)
      until = ChinaDate(*decided);
    ClockState clock = cases_.ClockOf(row, until);
    facts["days_left"] = clock.days_left;
    facts["over_promise"] = std::max(0, -calendar_.Between(until, clock.promised_due));
    facts["over_legal"] = std::max(0, -calendar_.Between(until, clock.legal_due));
  }
  if (state == "granted" || state == "granted_missing" || state == "denied")
    if (auto decided = ParseTime(TextAt(row, "decided_at")))
      facts["days_undelivered"] = calendar_.Between(ChinaDate(*decided), today);
  auto count = [&](const char* sql, const std::vector<store::Value>& values) -> Result<int64_t> {
    TRY(store::Rows rows, reader.Query(sql, values));
    int64_t found = rows.Next() ? rows.Int(0) : 0;
    TRY_VOID(rows.status());
    return found;
  };
  TRY(int64_t returns, count("select count(*) from r_case_event where case_id = $1 and act = "
                             "'return' and ended_at is null",
                             {id}));
  facts["returns"] = returns;
  TRY(int64_t urges, count("select count(*) from r_case_event where case_id = $1 and act = 'urge' "
                           "and ended_at is null",
                           {id}));
  facts["urges"] = urges;
  TRY(int64_t broken, count("select count(*) from r_case_duty where case_id = $1 and state = "
                            "'broken' and ended_at is null",
                            {id}));
  facts["broken_duties"] = broken;
  TRY(int64_t late, count("select count(*) from r_case_duty where case_id = $1 and state = 'open' "
                          "and due < $2 and ended_at is null",
                          {id, IsoDate(today)}));
  facts["late_duties"] = late;
  return facts;
}

Result<std::string> Supervision::Patrol(const std::string& shard) {
  constexpr size_t kAtOnce = 200;
  Date today = ChinaDate(ledger_.clock().Now());
  // Open ones and those that were decided lately: an index gives both, however many are past.
  std::vector<std::string> all;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query(
            "select id from r_service_case where state in ('submitted', 'correction', 'handling', "
            "'paused') and ended_at is null union all select id from r_service_case where state in "
            "('granted', 'granted_missing', 'denied', 'delivered', 'refused') and decided_at >= $1 "
            "and ended_at is null",
            {ToMicros(ledger_.clock().Now() - std::chrono::hours(24 * 30))}));
    while (rows.Next()) all.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  int64_t looked = 0, raised = 0;
  for (size_t from = 0; from < all.size(); from += kAtOnce) {
    const std::span<const std::string> ids =
        std::span(all).subspan(from, std::min(kAtOnce, all.size() - from));
    looked += static_cast<int64_t>(ids.size());
    // What is broken is found beside the writer; only cases with a finding need a command.
    std::vector<std::pair<std::string, std::vector<size_t>>> findings;
    std::map<std::string, json::object> facts_of;
    {
      TRY(auto snapshot, ledger_.store().Read());
      auto catalogue = ledger_.catalogue();
      for (const std::string& id : ids) {
        TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "service_case", id));
        TRY(json::object facts, FactsOf(*snapshot, row, today));
        std::vector<feel::Value> values;
        for (const char* name : kFacts) values.push_back(feel::FromJson(facts.at(name)));
        std::vector<size_t> broken;
        feel::Settings settings;
        settings.now = ledger_.clock().Now();
        for (size_t i = 0; i < rules_.size(); ++i)
          if (feel::Evaluate(compiled_->conditions[i], values, settings).IsTrue())
            broken.push_back(i);
        if (broken.empty()) continue;
        facts_of[id] = std::move(facts);
        findings.emplace_back(id, std::move(broken));
      }
    }
    if (!findings.empty()) {
      ledger::CommandInfo info{ledger::System("电子监察"), shard, {}, {}};
      TRY(std::string made, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
        int64_t count = 0;
        for (const auto& [id, broken] : findings) {
          TRY(json::object row,
              ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", id));
          for (size_t i : broken) {
            const SupervisionRule& rule = rules_[i];
            {
              TRY(store::Rows rows,
                  writer.tx().Query("select 1 from r_supervision_card where case_id = $1 and rule "
                                    "= $2 and ended_at is null limit 1",
                                    {id, rule.code}));
              if (rows.Next()) continue;
            }
            WorkDays::Day due = calendar_.After(today, 3);
            TRY_VOID(writer.Create("supervision_card",
                                   {{"case_id", id},
                                    {"number", row.at("number")},
                                    {"item_name", row.at("item_name")},
                                    {"department", row.at("department")},
                                    {"rule", rule.code},
                                    {"rule_name", json::object{{"zh", rule.zh}, {"en", rule.en}}},
                                    {"basis", OrNull(rule.basis)},
                                    {"light", rule.light},
                                    {"points", rule.points},
                                    {"facts", facts_of[id]},
                                    {"state", "open"},
                                    {"found_at", IsoChina(writer.now())},
                                    {"explain_due", IsoDate(due.date)}},
                                   Text(row, "region")));
            ++count;
          }
        }
        return std::to_string(count);
      }));
      raised += std::atoll(made.c_str());
    }
  }
  return ToText(json::object{{"looked", looked}, {"raised", raised}});
}

Result<std::string> Supervision::Act(const ledger::CommandInfo& info, const std::string& id,
                                     const std::string& act_name, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(
        ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "supervision_card", id));
    TRY(json::object card,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "supervision_card", id));
    const CardAct* act = nullptr;
    for (const CardAct& each : kCardActs)
      if (each.act == act_name && From(each, TextAt(card, "state"))) act = &each;
    if (act == nullptr) return error::kCardActNotPossible({{"state", Text(card, "state")}});
    TRY(std::string path, PathOf(writer.tx(), writer.catalogue(), card));
    const ledger::Subject& who = writer.who();
    if (!who.system && !Yours(*act, who, card, path)) return error::kActNotYours;
    std::string words(Trim(TextAt(body, "words")));
    if (words.empty()) return error::kReasonMissing;
    if (words.size() > 6000) return error::kReasonTooLong;
    std::string name = who.name, now = IsoChina(writer.now());
    writer.ActAsEngine();
    json::object changes{{"state", act->to}};
    if (act->act == "explain") {
      changes["explanation"] = words;
      changes["explained_by"] = name;
      changes["explained_at"] = now;
    } else if (act->act == "appeal") {
      changes["appeal"] = words;
      changes["appealed_by"] = name;
      changes["appealed_at"] = now;
    } else {
      changes["decision"] = words;
      changes["decided_by"] = name;
      changes["decided_at"] = now;
    }
    TRY_VOID(writer.Update("supervision_card", id, changes));
    writer.Note({"supervision:" + std::string(act->act), "supervision_card", id,
                 Text(card, "region"),
                 ToText(json::object{{"from", card.at("state")}, {"to", act->to}})});
    return id;
  }));
  return View(info.who, id);
}

Result<std::string> Supervision::View(const ledger::Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "supervision_card", id));
  TRY(json::value parsed, ParseJson(one.row));
  json::object out = std::move(parsed.get_object());
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object card, ledger::ReadRow(*snapshot, *catalogue, "supervision_card", id));
  TRY(std::string path, PathOf(*snapshot, *catalogue, card));
  json::array acts;
  for (const CardAct& act : kCardActs)
    if (From(act, TextAt(card, "state")) && Yours(act, who, card, path))
      acts.push_back(json::object{{"act", act.act},
                                  {"label", json::object{{"zh", act.zh}, {"en", act.en}}},
                                  {"needs_reason", true}});
  out["acts"] = std::move(acts);
  auto body = ledger::ReadRow(*snapshot, *catalogue, "organisation", Text(card, "department"));
  out["department_name"] = body ? body->at("name") : json::value();
  return ToText(out);
}

Result<std::string> Supervision::Figures(const ledger::Subject& who) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, int64_t>> by_rule;
  std::map<std::string, std::map<std::string, int64_t>> by_body;
  ledger::ListRequest request;
  request.type = "supervision_card";
  request.fields = {"rule", "light", "state", "department", "points"};
  request.limit = 500;
  int64_t total = 0;
  for (int page = 0; page < 20; ++page) {
    TRY(ledger::Page rows, ledger_.List(who, request));
    TRY(json::value list, ParseJson(rows.rows, {.max_bytes = 16u << 20}));
    for (const json::value& each : list.get_array()) {
      const json::object& card = each.get_object();
      std::string state = Text(card, "state"), body = Text(card, "department");
      ++total;
      ++by_rule[{Text(card, "rule"), Text(card, "light")}][state];
      ++by_body[body][state];
      if (state == "confirmed") by_body[body]["points"] += IntAt(card, "points");
    }
    if (rows.next.empty()) break;
    request.after = rows.next;
  }
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  json::array rules, bodies;
  for (const auto& [key, states] : by_rule) {
    json::object row{{"rule", key.first}, {"light", key.second}};
    for (const SupervisionRule& rule : rules_)
      if (rule.code == key.first) row["name"] = json::object{{"zh", rule.zh}, {"en", rule.en}};
    row["states"] = json::value_from(states);
    rules.push_back(std::move(row));
  }
  for (const auto& [id, states] : by_body) {
    auto body = ledger::ReadRow(*snapshot, *catalogue, "organisation", id);
    bodies.push_back(json::object{{"department", id},
                                  {"name", body ? body->at("name") : json::value(id)},
                                  {"states", json::value_from(states)}});
  }
  return ToText(
      json::object{{"total", total}, {"rules", std::move(rules)}, {"bodies", std::move(bodies)}});
}
}  // namespace city::cases
