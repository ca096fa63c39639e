// SPDX-License-Identifier: Apache-2.0
// What all of a case's life needs: the row as loaded, who may act, events, reviews, its clock.
#include "engines/cases/cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/case_steps.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/errors.h"
#include "ledger/identity_codes.h"
#include "parts/crypto/crypto.h"

namespace city::cases {
using ledger::Subject;
using ledger::Writer;

namespace {
std::vector<Pause> PausesOf(const json::object& row) {
  std::vector<Pause> out;
  const json::array* list = ArrayAt(row, "pauses");
  if (list == nullptr) return out;
  for (const json::value& each : *list) {
    const json::object* pause = each.if_object();
    if (pause == nullptr) continue;
    auto from = ParseDate(TextAt(*pause, "from"));
    auto to = ParseDate(TextAt(*pause, "to"));
    if (!from) continue;
    out.push_back({*from, to ? *to : *from, !to, Text(*pause, "kind")});
  }
  return out;
}
}  // namespace

Result<json::object> CaseRules::UseCertificate(Writer&, const Subject&, const json::object&,
                                               const std::string&) {
  return error::kCertificateNotUsable;
}

Result<json::object> CaseRules::WritePaper(const std::string& name, const json::object&) {
  return error::kNoSuchPaper({{"name", name}});
}

Result<Cases::Loaded> Cases::Load(store::Reader& reader, const std::string& id,
                                  const Subject& who) {
  auto catalogue = ledger_.catalogue();
  Loaded out;
  TRY(json::object row, ledger::ReadRow(reader, *catalogue, "service_case", id));
  out.row = std::move(row);
  out.id = id;
  out.state = Text(out.row, "state");
  out.region = Text(out.row, "region");
  out.department = Text(out.row, "department");
  out.flow = Text(out.row, "flow");
  out.flow_state = Text(out.row, "flow_state");
  if (!out.department.empty()) {
    TRY(json::object organisation,
        ledger::ReadRow(reader, *catalogue, "organisation", out.department));
    out.department_path = Text(organisation, "path");
  }
  if (who.kind == "official" && !who.system) {
    TRY(out.stands_in_for, rules_.StandsInFor(reader, who.account));
  }
  return out;
}

Result<void> Cases::MayAct(const Loaded& loaded, const Subject& who, const ActInfo& act,
                           const json::object* task) const {
  if (who.system) return {};
  bool yours = false;
  switch (act.party) {
    case Party::kApplicant: {
      yours = IsOwn(who, Text(loaded.row, "applicant"));
      // A window may hand in a correction or a withdrawal for somebody who came in person.
      yours = yours || HoldsInRegion(who, "clerk", loaded.region);
      break;
    }
    case Party::kClerk:
      yours =
          HoldsInRegion(who, "clerk", loaded.region) || Holds(who, "clerk", loaded.department_path);
      break;
    case Party::kHandler:
      yours = (task != nullptr && HoldsTask(loaded, who, *task)) ||
              (task == nullptr && (Holds(who, "handler", loaded.department_path) ||
                                   Holds(who, "reviewer", loaded.department_path) ||
                                   Holds(who, "approver", loaded.department_path)));
      break;
    case Party::kApprover:
      yours = Holds(who, "approver", loaded.department_path);
      break;
    case Party::kChair:
      yours = who.kind == "official";  // the hearing itself names its chair
      break;
  }
  if (!yours) return error::kActNotYours;
  return {};
}

Result<void> Cases::NoteEvent(Writer& writer, const std::string& id, std::string_view act,
                              const std::string& note, std::string_view from, std::string_view to,
                              const std::string& step, const std::string& region,
                              const std::vector<std::string>& people) {
  TRY_VOID(writer.Create(
      "case_event",
      {{"case_id", id},
       {"act", act},
       {"note", note.empty() ? json::value() : json::value(note)},
       {"from_state", from},
       {"to_state", to},
       {"step", step.empty() ? json::value() : json::value(step)},
       {"by_account",
        writer.who().account.empty() ? json::value() : json::value(writer.who().account)},
       {"by_name", writer.who().name}},
      region));
  json::object detail{{"from", from}, {"to", to}, {"step", step}};
  if (!people.empty()) detail["people"] = json::value_from(people);
  writer.Note({"case:" + std::string(act), "service_case", id, region, ToText(detail)});
  return {};
}

Result<void> Cases::Keep(Writer& writer, const std::string& id, const std::string& region,
                         const std::optional<KeptDecision>& decision) {
  if (!decision) return {};
  json::object values = decision->record;
  values["case_id"] = id;
  std::string model = Text(values, "model");
  json::object detail{{"model", model},
                      {"number", values.at("number")},
                      {"digest", values.at("digest")},
                      {"purpose", values.at("purpose")}};
  TRY_VOID(writer.Create("case_decision", values, region));
  writer.Note({"case:decision", "service_case", id, region, ToText(detail)});
  return {};
}

Result<void> Cases::ReviewIn(Writer& writer, const std::string& id, const json::object& body,
                             const json::object& about) {
  Subject caller = writer.who();
  TRY(Loaded loaded, Load(writer.tx(), id, caller));
  std::string applicant = Text(loaded.row, "applicant");
  if (!caller.system && !IsOwn(caller, applicant)) return error::kActNotYours;
  if (about.empty() && !Text(loaded.row, "bundle_case").empty()) return error::kInBundle;
  auto of = [&](std::string_view key) {
    return about.contains(key) ? about.at(key) : loaded.row.at(key);
  };
  const StateInfo* state = FindState(loaded.state);
  if (state == nullptr || state->open || loaded.state == "withdrawn") return error::kNotReviewable;
  int64_t grade = IntAt(body, "grade");
  if (grade < 1 || grade > 5) return error::kGradeWrong;
  {
    TRY(store::Rows rows,
        writer.tx().Query("select 1 from r_case_review where case_id = $1 and ended_at is null",
                          {id}));
    if (rows.Next()) return error::kReviewedBefore;
  }
  writer.ActAsEngine();
  const json::array* tags = ArrayAt(body, "tags");
  json::array kept;
  if (tags != nullptr)
    for (const json::value& tag : *tags)
      if (tag.is_string() && kept.size() < 20) kept.push_back(tag);
  std::string words = Text(body, "text"), channel = Text(body, "channel");
  Date today = ChinaDate(writer.now());
  auto due = [&](int days) {
    return grade >= 4 ? json::value(IsoDate(calendar_.After(today, days).date)) : json::value();
  };
  TRY_VOID(writer.Create("case_review",
                         {{"case_id", id},
                          {"number", of("number")},
                          {"item", loaded.row.at("item")},
                          {"item_name", of("item_name")},
                          {"department", of("department")},
                          {"account", applicant.empty() ? json::value() : json::value(applicant)},
                          {"grade", std::to_string(grade)},
                          {"tags", std::move(kept)},
                          {"text", words.empty() ? json::value() : json::value(words)},
                          {"channel", channel.empty() ? "web" : channel},
                          {"bad", grade >= 4},
                          {"check_due", due(settings_.check_days)},
                          {"correct_due", due(settings_.correct_days)},
                          {"state", grade >= 4 ? "to_check" : "closed"}},
                         loaded.region));
  TRY_VOID(writer.Update("service_case", id, {{"review_grade", std::to_string(grade)}}));
  return NoteEvent(writer, id, "review", "", loaded.state, loaded.state, "", loaded.region);
}

Result<std::string> Cases::Review(const ledger::CommandInfo& info, const std::string& id,
                                  const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), writer.who(), "service_case", id));
    TRY_VOID(ReviewIn(writer, id, body));
    return id;
  }));
  return View(info.who, id);
}

ClockState Cases::ClockOf(const json::object& row, Date today) const {
  auto accepted = ParseDate(TextAt(row, "accepted_day"));
  if (!accepted) return {};
  ClockFacts facts{*accepted, static_cast<int>(IntAt(row, "legal_days")),
                   static_cast<int>(IntAt(row, "promised_days")),
                   static_cast<int>(IntAt(row, "extension_days")), PausesOf(row)};
  return CountClock(calendar_, facts, today, settings_.lights);
}

void Cases::AddClock(json::object& out, const json::object& row, Date today) const {
  const StateInfo* state = FindState(TextAt(row, "state"));
  bool open = state != nullptr && state->open;
  bool counts = open && !TextAt(row, "accepted_day").empty();
  json::object clock{
      {"light", "none"},
      {"legal_due", nullptr},
      {"promised_due", nullptr},
      {"days_left", nullptr},
      {"paused", false},
      {"estimated", false},
      {"pauses", ArrayAt(row, "pauses") != nullptr ? json::value(*ArrayAt(row, "pauses"))
                                                   : json::value(json::array{})}};
  if (counts) {
    ClockState now = ClockOf(row, today);
    clock["light"] = LightName(now.light);
    clock["legal_due"] = IsoDate(now.legal_due);
    clock["promised_due"] = IsoDate(now.promised_due);
    clock["days_left"] = now.days_left;
    clock["paused"] = now.paused;
    clock["estimated"] = now.estimated;
  } else if (!open && !TextAt(row, "promised_due").empty()) {
    clock["legal_due"] = row.at("legal_due");
    clock["promised_due"] = row.at("promised_due");
  }
  out["clock"] = std::move(clock);
}
}  // namespace city::cases
