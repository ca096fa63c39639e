// SPDX-License-Identifier: Apache-2.0
// Acting: every act is one command, checked against the law's edges and the post of who acts.
#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/case_steps.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"
#include "ledger/errors.h"

namespace city::cases {
using ledger::Subject;
using ledger::Writer;

namespace {
json::array ListAt(const json::object& row, std::string_view key) {
  const json::array* list = ArrayAt(row, key);
  return list != nullptr ? *list : json::array{};
}

void TellClock(json::object& changes, const ClockState& clock) {
  changes["legal_due"] = IsoDate(clock.legal_due);
  changes["promised_due"] = IsoDate(clock.promised_due);
  changes["due_estimated"] = clock.estimated;
}

bool InFlow(std::string_view act) {
  return act == "forward" || act == "approve" || act == "reject" || act == "return";
}
}  // namespace

Result<void> Cases::ActIn(Writer& writer, const std::string& id, const std::string& act_name,
                          const json::object& body) {
  return DoAct(writer, id, act_name, body, false);
}

Result<void> Cases::ActForBundle(Writer& writer, const std::string& id, const std::string& act_name,
                                 const json::object& body) {
  return DoAct(writer, id, act_name, body, true);
}

Result<void> Cases::Correct(Acting& acting) {
  Writer& writer = acting.writer;
  const Loaded& loaded = acting.loaded;
  const json::object* answers = ObjectAt(acting.body, "data");
  if (answers != nullptr && !TextAt(loaded.row, "form_name").empty()) {
    TRY(json::object checked, rules_.CheckForm(Text(loaded.row, "form_name"), *answers));
    // What was corrected is judged again, by the rules of the day of the correction.
    TRY(json::object item,
        ledger::ReadRow(writer.tx(), writer.catalogue(), "item", Text(loaded.row, "item")));
    json::object applicant{{"account", Text(loaded.row, "applicant")},
                           {"name", Text(loaded.row, "applicant_name")},
                           {"kind", Text(loaded.row, "applicant_kind")},
                           {"id_number", Text(loaded.row, "id_number")}};
    TRY(auto eligible,
        rules_.CheckEligible(writer.tx(), Application{item, applicant, checked, loaded.region,
                                                      Text(loaded.row, "channel")}));
    TRY_VOID(Keep(writer, loaded.id, loaded.region, eligible));
    acting.changes["form"] = std::move(checked);
  }
  if (const json::array* given = ArrayAt(acting.body, "materials"))
    TRY_VOID(KeepMaterials(writer, loaded.id, loaded.region, *given, acting.caller, loaded.row,
                           acting.in_bundle));
  if (acting.in_bundle) return {};
  WorkDays::Day due = calendar_.After(acting.today, 5);
  return OpenTask(writer, loaded.row, loaded.id, loaded.region,
                  {"accept", "accept", "收件与受理", "clerk"}, IsoDate(due.date));
}

Result<void> Cases::Accept(Acting& acting) {
  Writer& writer = acting.writer;
  Loaded& loaded = acting.loaded;
  TRY_VOID(CloseTasks(writer, loaded.id));
  // Nobody asked for anything within five working days: accepted as of the day of receipt
  // (Art. 32(4)).
  Date counted_from = acting.today;
  if (auto received = ParseTime(TextAt(loaded.row, "submitted_at"));
      received && IntAt(loaded.row, "corrections") == 0 &&
      calendar_.After(ChinaDate(*received), 5).date < acting.today)
    counted_from = ChinaDate(*received);
  ClockFacts facts{counted_from,
                   static_cast<int>(IntAt(loaded.row, "legal_days")),
                   static_cast<int>(IntAt(loaded.row, "promised_days")),
                   0,
                   {}};
  ClockState clock = CountClock(calendar_, facts, acting.today, settings_.lights);
  acting.changes["accepted_at"] = IsoChina(writer.now());
  acting.changes["accepted_day"] = IsoDate(counted_from);
  TellClock(acting.changes, clock);
  TRY_VOID(OpenSupplyDuties(writer, loaded, acting.today));
  json::object facts_json{{"case_id", loaded.id},
                          {"applicant", loaded.row.at("applicant_name")},
                          {"form", loaded.row.at("form")}};
  TRY(FlowStanding standing, flow_.Start(loaded.flow, loaded.id, facts_json, writer.now()));
  return ApplyStanding(writer, loaded, standing, acting.changes);
}

Result<void> Cases::ActInFlow(Acting& acting) {
  Writer& writer = acting.writer;
  Loaded& loaded = acting.loaded;
  if (acting.act.act == "reject") TRY_VOID(HeardBeforeRefusal(acting));
  TRY_VOID(CloseTasks(writer, loaded.id, Text(acting.task, "key")));
  StepAct done = StepOf(loaded, acting.caller, Text(acting.task, "key"), acting.act.act);
  done.reason = acting.reason;
  done.target = Text(acting.body, "step");
  TRY(FlowStanding standing, flow_.Act(loaded.flow, loaded.flow_state, done, writer.now()));
  TRY_VOID(ApplyStanding(writer, loaded, standing, acting.changes));
  acting.to = acting.changes.contains("state") ? Text(acting.changes, "state") : loaded.state;
  return {};
}

Result<void> Cases::OpenPause(Acting& acting, const std::string& kind) {
  json::array pauses = ListAt(acting.loaded.row, "pauses");
  pauses.push_back(json::object{{"from", IsoDate(acting.today)},
                                {"to", nullptr},
                                {"kind", kind.empty() ? "other" : kind},
                                {"reason", acting.reason}});
  acting.changes["pauses"] = std::move(pauses);
  return {};
}

Result<void> Cases::ClosePause(Acting& acting) {
  json::array pauses = ListAt(acting.loaded.row, "pauses");
  for (json::value& each : pauses)
    if (each.is_object() && each.get_object().contains("to") &&
        each.get_object().at("to").is_null())
      each.get_object()["to"] = IsoDate(acting.today);
  json::object row = acting.loaded.row;
  row["pauses"] = pauses;
  TellClock(acting.changes, ClockOf(row, acting.today));
  acting.changes["pauses"] = std::move(pauses);
  return {};
}

Result<void> Cases::Extend(Acting& acting) {
  if (IntAt(acting.loaded.row, "extension_days") > 0) return error::kExtendedOnce;
  int64_t days = IntAt(acting.body, "days", settings_.extension_most);
  if (days < 1 || days > settings_.extension_most)
    return error::kDaysWrong({{"most", std::to_string(settings_.extension_most)}});
  json::object row = acting.loaded.row;
  row["extension_days"] = days;
  acting.changes["extension_days"] = days;
  TellClock(acting.changes, ClockOf(row, acting.today));
  return {};
}

Result<void> Cases::DoAct(Writer& writer, const std::string& id, const std::string& act_name,
                          const json::object& body, bool for_bundle) {
  Subject caller = writer.who();
  if (const StepWay* way = FindWay(act_name)) return ActOnStep(writer, id, *way, body);
  const ActInfo* act = FindAct(act_name);
  TRY(Loaded loaded, Load(writer.tx(), id, caller));
  if (act == nullptr || !Starts(*act, loaded.state)) return Fail(NotPossible(loaded));
  bool in_bundle = !Text(loaded.row, "bundle_case").empty();
  if (in_bundle && !for_bundle && WithBundle(*act)) return error::kInBundle;
  json::object task;
  if (InFlow(act->act)) {
    TRY(task, TaskFor(writer.tx(), loaded, caller, Text(body, "task")));
  }
  TRY_VOID(MayAct(loaded, caller, *act, InFlow(act->act) ? &task : nullptr));
  std::string reason = Text(body, "reason");
  std::string note = Text(body, "note");
  if (act->needs_reason && Trim(reason).empty()) return error::kReasonMissing;
  if (!reason.empty() && !note.empty()) reason += "：" + note;
  if (reason.empty()) reason = note;
  if (reason.size() > 6000) return ledger::error::kInvalidFields({{"count", "1"}});

  writer.ActAsEngine();
  Acting acting{writer,
                loaded,
                *act,
                body,
                std::move(caller),
                std::move(task),
                std::move(reason),
                {},
                std::string(act->to),
                in_bundle,
                ChinaDate(writer.now())};
  json::object& changes = acting.changes;
  std::string_view what = act->act;
  if (what == "request-correction") {
    if (IntAt(loaded.row, "corrections") > 0) return error::kCorrectedOnce;
    changes["corrections"] = 1;
    changes["correction_note"] = acting.reason;
    changes["correction_materials"] = ListAt(body, "materials");
    TRY_VOID(CloseTasks(writer, id));
  } else if (what == "correct") {
    TRY_VOID(Correct(acting));
  } else if (what == "accept") {
    TRY_VOID(Accept(acting));
  } else if (InFlow(what)) {
    TRY_VOID(ActInFlow(acting));
  } else if (what == "pause") {
    TRY_VOID(OpenPause(acting, Text(body, "kind")));
  } else if (what == "resume") {
    TRY(json::object hearing, HearingOf(writer.tx(), id));
    if (TextAt(hearing, "state") == "asked" || TextAt(hearing, "state") == "set")
      return error::kHearingOpen;
    TRY_VOID(ClosePause(acting));
  } else if (what == "extend") {
    TRY_VOID(Extend(acting));
  } else if (what == "deliver") {
    TRY_VOID(CloseTasks(writer, id, "deliver"));
    changes["delivered_at"] = IsoChina(writer.now());
  } else if (what == "supplement") {
    TRY_VOID(Supplement(acting));
  } else if (what == "check-promise") {
    TRY_VOID(CheckPromise(acting));
  } else if (what == "keep-decision") {
    TRY_VOID(KeepDecision(acting));
  } else if (what.ends_with("-hearing")) {
    TRY_VOID(HearingAct(acting));
  } else if (what != "comment") {  // refuse, not-needed, withdraw, revoke
    TRY_VOID(CloseTasks(writer, id));
    TRY_VOID(VoidDuties(writer, id));
    changes["decided_at"] = IsoChina(writer.now());
    changes["flow_state"] = nullptr;
    changes["step"] = nullptr;
  }
  if (!acting.to.empty()) changes["state"] = acting.to;
  bool about_decision = what != "comment" && what != "supplement" && what != "check-promise";
  if (!acting.reason.empty() && about_decision) changes["last_reason"] = acting.reason;
  if (!changes.empty()) TRY_VOID(writer.Update("service_case", id, changes));
  std::string after = changes.contains("state") ? Text(changes, "state") : loaded.state;
  TRY_VOID(NoteEvent(writer, id, what, acting.reason, loaded.state, after,
                     Text(acting.task, "step"), loaded.region));
  return writer.Send("case", id, {{"case_id", id}, {"act", what}, {"state", after}});
}

Result<std::string> Cases::Act(const ledger::CommandInfo& info, const std::string& id,
                               const std::string& act, const json::object& body) {
  TRY_VOID(ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    // Who may not see the case must not learn that it exists.
    TRY(Subject lent, Lend(writer.tx(), writer.who(), id));
    TRY_VOID(ledger::ReadRecord(writer.tx(), writer.catalogue(), lent, "service_case", id));
    TRY_VOID(ActIn(writer, id, act, body));
    return id;
  }));
  auto view = View(info.who, id);
  // Handed on to others, it may no longer be theirs to see.
  if (!view && view.error().kind() == Kind::kNotFound)
    return ToText(json::object{{"id", id}, {"left", true}});
  return view;
}
}  // namespace city::cases
