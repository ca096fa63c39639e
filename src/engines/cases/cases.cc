// SPDX-License-Identifier: Apache-2.0
// Submitting and acting: every act is one command, checked against the law's edges and the post of
// who acts.
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
  }
  if (!yours) return error::kActNotYours;
  return {};
}

Result<std::string> Cases::Number(Writer& writer, const std::string& region,
                                  const std::string& type) {
  std::string day = ReplaceAll(IsoDate(ChinaDate(writer.now())), "-", "");
  std::string head = region.substr(0, 6) + day + (type.empty() ? "00" : type);
  TRY(int64_t next, writer.NextNumber("case:" + region.substr(0, 6) + ":" + day));
  std::string body = head + fmt::format("{:06}", next);
  // ISO 7064 MOD 11-2 over the digits, as in GB 11643.
  int sum = 0;
  for (char c : body) sum = (sum + (c - '0')) * 2 % 11;
  return body + "0123456789X"[static_cast<size_t>((12 - sum) % 11)];
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

Result<void> Cases::KeepMaterials(Writer& writer, const std::string& id, const std::string& region,
                                  const json::array& given, const Subject& applicant,
                                  const json::object& item) {
  for (const json::value& each : given) {
    const json::object* material = each.if_object();
    if (material == nullptr || TextAt(*material, "material").empty()) continue;
    std::string name = Text(*material, "material").substr(0, 200);
    std::string existing;
    {
      TRY(store::Rows rows, writer.tx().Query("select id from r_case_material where case_id = $1 "
                                              "and name = $2 and ended_at is null",
                                              {id, name}));
      if (rows.Next()) existing = rows.Text(0);
    }
    const json::array* files = ArrayAt(*material, "attachments");
    json::object values{
        {"attachments", files != nullptr ? json::value(*files) : json::value(json::array{})},
        {"state", "received"}};
    if (std::string certificate = Text(*material, "certificate"); !certificate.empty()) {
      TRY(json::object used, rules_.UseCertificate(writer, applicant, item, certificate));
      values["certificate"] = certificate;
      values["authorisation"] = used.at("authorisation");
      values["note"] = used.at("note");
    }
    if (existing.empty()) {
      values["case_id"] = id;
      values["name"] = name;
      TRY_VOID(writer.Create("case_material", values, region));
    } else {
      TRY_VOID(writer.Update("case_material", existing, values));
    }
  }
  return {};
}

Result<std::string> Cases::SubmitIn(Writer& writer, const json::object& body) {
  Subject caller = writer.who();
  std::string item_id = Text(body, "item");
  auto item_row = ledger::ReadRow(writer.tx(), writer.catalogue(), "item", item_id);
  if (!item_row || TextAt(*item_row, "state") != "published") return error::kItemNotOpen;
  const json::object& item = *item_row;
  static const json::object kEmpty;
  const json::object* answers = ObjectAt(body, "data");
  std::string form = Text(item, "form");
  json::object clean = answers != nullptr ? *answers : kEmpty;
  if (!form.empty()) {
    TRY(json::object checked, rules_.CheckForm(form, clean));
    clean = std::move(checked);
  }
  // Required materials must come with the application.
  const json::array* given = ArrayAt(body, "materials");
  std::string missing;
  const json::object* situation = ObjectAt(body, "situation");
  TRY(json::array asked, rules_.Materials(item, situation != nullptr ? *situation : kEmpty));
  {
    for (const json::value& each : asked) {
      const json::object* material = each.if_object();
      if (material == nullptr || !BoolAt(*material, "required") ||
          BoolAt(*material, "accept_missing"))
        continue;
      std::string_view name = TextAt(*material, "name");
      bool there = given != nullptr &&
                   std::any_of(given->begin(), given->end(), [&](const json::value& one) {
                     const json::object* got = one.if_object();
                     const json::array* files =
                         got != nullptr ? ArrayAt(*got, "attachments") : nullptr;
                     return got != nullptr && TextAt(*got, "material") == name &&
                            ((files != nullptr && !files->empty()) || BoolAt(*got, "paper") ||
                             !TextAt(*got, "certificate").empty());
                   });
      if (!there) missing += (missing.empty() ? "" : "、") + std::string(name);
    }
  }
  if (!missing.empty()) return error::kMaterialMissing({{"names", missing}});

  std::string applicant = caller.account, name = caller.name, kind = caller.kind, id_number, phone;
  const json::object* named = ObjectAt(body, "applicant");
  bool at_window = caller.system || caller.HasRole("clerk");
  if (named != nullptr && at_window) {
    applicant = Text(*named, "account");
    name = Text(*named, "name");
    kind = Text(*named, "kind").empty() ? "citizen" : Text(*named, "kind");
    id_number = Text(*named, "id_number");
    phone = Text(*named, "phone");
    if (phone.empty()) phone = Text(*named, "mobile");
  } else if (!caller.account.empty()) {
    auto account = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", caller.account);
    std::string key = account ? Text(*account, "person") : std::string();
    if (!key.empty()) {
      TRY(json::object person, ledger::ReadRow(writer.tx(), writer.catalogue(), "person", key));
      name = Text(person, "name");
      id_number = Text(person, "citizen_id");
      phone = Text(person, "mobile");
    }
  }
  if (name.empty()) name = Text(clean, "applicant_name");
  json::object applicant_facts{
      {"account", applicant}, {"name", name}, {"kind", kind}, {"id_number", id_number}};
  std::string region = Text(body, "region");
  if (region.empty()) region = Text(item, "region");
  std::string channel = Text(body, "channel");
  if (channel.empty()) channel = at_window && named != nullptr ? "window" : "web";
  Application application{item, applicant_facts, clean, region, channel};
  TRY(auto eligible, rules_.CheckEligible(writer.tx(), application));
  TRY(auto routed, rules_.Route(writer.tx(), application));
  TRY(std::string number, Number(writer, region, Text(item, "item_type")));
  writer.ActAsEngine();
  json::object values{
      {"number", number},
      {"query_code", crypto::ToBase32(crypto::RandomBytes(5)).substr(0, 8)},
      {"item", item_id},
      {"item_code", item.at("code")},
      {"item_name", item.at("name")},
      {"item_version", item.at("item_version")},
      {"department", routed && !routed->department.empty() ? json::value(routed->department)
                                                           : item.at("department")},
      {"applicant", OrNull(applicant)},
      {"applicant_name", name},
      {"applicant_kind", kind},
      {"id_number", ledger::IsCitizenId(id_number) ? OrNull(id_number) : json::value()},
      {"phone", OrNull(phone)},
      {"channel", channel},
      {"state", "submitted"},
      {"form_name", OrNull(form)},
      {"form", clean},
      {"submitted_at", IsoChina(writer.now())},
      {"legal_days", item.at("legal_days")},
      {"promised_days", item.at("promised_days")},
      {"flow", OrNull(Text(item, "flow"))},
      {"asked", asked},
      {"bundle_case", OrNull(Text(body, "bundle_case"))},
      {"situation", situation != nullptr ? json::value(*situation) : json::value()},
      {"generated", BoolAt(body, "generated")}};
  TRY(ledger::Written made, writer.Create("service_case", values, region));
  if (given != nullptr) TRY_VOID(KeepMaterials(writer, made.id, region, *given, caller, item));
  TRY_VOID(NoteEvent(writer, made.id, "submit", "", "", "submitted", "", region));
  TRY_VOID(Keep(writer, made.id, region, eligible));
  TRY_VOID(Keep(writer, made.id, region, routed));
  // Online pre-check: within one working day by promise, five by law (Art. 32(4)). A bundle is
  // accepted as a whole.
  if (Text(body, "bundle_case").empty()) {
    WorkDays::Day due = calendar_.After(ChinaDate(writer.now()), 5);
    TRY_VOID(OpenTask(writer, values, made.id, region, {"accept", "accept", "收件与受理", "clerk"},
                      IsoDate(due.date)));
  }
  if (std::string draft = Text(body, "draft"); !draft.empty()) {
    auto row = ledger::ReadRow(writer.tx(), writer.catalogue(), "draft", draft);
    if (row && TextAt(*row, "account") == caller.account) TRY_VOID(writer.End("draft", draft));
  }
  return made.id;
}

Result<std::string> Cases::Submit(const ledger::CommandInfo& info, const json::object& body) {
  TRY(std::string id,
      ledger_.Command(info, [&](Writer& writer) { return SubmitIn(writer, body); }));
  return View(info.who, id);
}

Result<void> Cases::ActIn(Writer& writer, const std::string& id, const std::string& act_name,
                          const json::object& body) {
  return DoAct(writer, id, act_name, body, false);
}

Result<void> Cases::ActForBundle(Writer& writer, const std::string& id, const std::string& act_name,
                                 const json::object& body) {
  return DoAct(writer, id, act_name, body, true);
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
  bool in_flow = act->act == "forward" || act->act == "approve" || act->act == "reject" ||
                 act->act == "return";
  json::object task;
  if (in_flow) {
    TRY(task, TaskFor(writer.tx(), loaded, caller, Text(body, "task")));
  }
  TRY_VOID(MayAct(loaded, caller, *act, in_flow ? &task : nullptr));
  std::string reason = Text(body, "reason");
  std::string note = Text(body, "note");
  if (act->needs_reason && Trim(reason).empty()) return error::kReasonMissing;
  if (!reason.empty() && !note.empty()) reason += "：" + note;
  if (reason.empty()) reason = note;
  if (reason.size() > 6000) return ledger::error::kInvalidFields({{"count", "1"}});

  writer.ActAsEngine();
  json::object changes;
  std::string to(act->to);
  Date today = ChinaDate(writer.now());
  if (act->act == "request-correction") {
    if (IntAt(loaded.row, "corrections") > 0) return error::kCorrectedOnce;
    changes["corrections"] = 1;
    changes["correction_note"] = reason;
    const json::array* asked = ArrayAt(body, "materials");
    changes["correction_materials"] =
        asked != nullptr ? json::value(*asked) : json::value(json::array{});
    TRY_VOID(CloseTasks(writer, id));
  } else if (act->act == "correct") {
    const json::object* answers = ObjectAt(body, "data");
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
      TRY_VOID(Keep(writer, id, loaded.region, eligible));
      changes["form"] = std::move(checked);
    }
    if (const json::array* given = ArrayAt(body, "materials"))
      TRY_VOID(KeepMaterials(writer, id, loaded.region, *given, caller, loaded.row));
    WorkDays::Day due = calendar_.After(today, 5);
    if (!in_bundle)
      TRY_VOID(OpenTask(writer, loaded.row, id, loaded.region,
                        {"accept", "accept", "收件与受理", "clerk"}, IsoDate(due.date)));
  } else if (act->act == "accept") {
    TRY_VOID(CloseTasks(writer, id));
    // Nobody asked for anything within five working days: accepted as of the day of receipt
    // (Art. 32(4)).
    Date counted_from = today;
    if (auto received = ParseTime(TextAt(loaded.row, "submitted_at"));
        received && IntAt(loaded.row, "corrections") == 0 &&
        calendar_.After(ChinaDate(*received), 5).date < today)
      counted_from = ChinaDate(*received);
    ClockFacts facts{counted_from,
                     static_cast<int>(IntAt(loaded.row, "legal_days")),
                     static_cast<int>(IntAt(loaded.row, "promised_days")),
                     0,
                     {}};
    ClockState clock = CountClock(calendar_, facts, today, settings_.lights);
    changes["accepted_at"] = IsoChina(writer.now());
    changes["accepted_day"] = IsoDate(counted_from);
    changes["legal_due"] = IsoDate(clock.legal_due);
    changes["promised_due"] = IsoDate(clock.promised_due);
    changes["due_estimated"] = clock.estimated;
    json::object facts_json{{"case_id", id},
                            {"applicant", loaded.row.at("applicant_name")},
                            {"form", loaded.row.at("form")}};
    TRY(FlowStanding standing, flow_.Start(loaded.flow, id, facts_json, writer.now()));
    TRY_VOID(ApplyStanding(writer, loaded, standing, changes));
  } else if (in_flow) {
    TRY_VOID(CloseTasks(writer, id, Text(task, "key")));
    StepAct done = StepOf(loaded, caller, Text(task, "key"), act_name);
    done.reason = reason;
    done.target = Text(body, "step");
    TRY(FlowStanding standing, flow_.Act(loaded.flow, loaded.flow_state, done, writer.now()));
    TRY_VOID(ApplyStanding(writer, loaded, standing, changes));
    to = changes.contains("state") ? Text(changes, "state") : loaded.state;
  } else if (act->act == "pause") {
    json::array pauses =
        ArrayAt(loaded.row, "pauses") != nullptr ? *ArrayAt(loaded.row, "pauses") : json::array{};
    std::string kind = Text(body, "kind");
    pauses.push_back(json::object{{"from", IsoDate(today)},
                                  {"to", nullptr},
                                  {"kind", kind.empty() ? "other" : kind},
                                  {"reason", reason}});
    changes["pauses"] = std::move(pauses);
  } else if (act->act == "resume") {
    json::array pauses =
        ArrayAt(loaded.row, "pauses") != nullptr ? *ArrayAt(loaded.row, "pauses") : json::array{};
    for (json::value& each : pauses)
      if (each.is_object() && each.get_object().contains("to") &&
          each.get_object().at("to").is_null())
        each.get_object()["to"] = IsoDate(today);
    json::object row = loaded.row;
    row["pauses"] = pauses;
    ClockState clock = ClockOf(row, today);
    changes["pauses"] = std::move(pauses);
    changes["legal_due"] = IsoDate(clock.legal_due);
    changes["promised_due"] = IsoDate(clock.promised_due);
    changes["due_estimated"] = clock.estimated;
  } else if (act->act == "extend") {
    if (IntAt(loaded.row, "extension_days") > 0) return error::kExtendedOnce;
    int64_t days = IntAt(body, "days", settings_.extension_most);
    if (days < 1 || days > settings_.extension_most)
      return error::kDaysWrong({{"most", std::to_string(settings_.extension_most)}});
    json::object row = loaded.row;
    row["extension_days"] = days;
    ClockState clock = ClockOf(row, today);
    changes["extension_days"] = days;
    changes["legal_due"] = IsoDate(clock.legal_due);
    changes["promised_due"] = IsoDate(clock.promised_due);
    changes["due_estimated"] = clock.estimated;
  } else if (act->act == "deliver") {
    TRY_VOID(CloseTasks(writer, id));
    changes["delivered_at"] = IsoChina(writer.now());
  } else if (act->act != "comment") {  // refuse, not-needed, withdraw, revoke
    TRY_VOID(CloseTasks(writer, id));
    changes["decided_at"] = IsoChina(writer.now());
    changes["flow_state"] = nullptr;
    changes["step"] = nullptr;
  }
  if (!to.empty()) changes["state"] = to;
  if (!reason.empty() && act->act != "comment") changes["last_reason"] = reason;
  if (!changes.empty()) TRY_VOID(writer.Update("service_case", id, changes));
  TRY_VOID(NoteEvent(writer, id, act->act, reason, loaded.state, to.empty() ? loaded.state : to,
                     Text(task, "step"), loaded.region));
  return writer.Send(
      "case", id, {{"case_id", id}, {"act", act->act}, {"state", to.empty() ? loaded.state : to}});
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
