// SPDX-License-Identifier: Apache-2.0
// The right to be heard before a refusal: told, asked for or not, held under a chair who did not
// review the case, recorded; the clock stands still meanwhile.
// Source: Administrative Licensing Law Art. 45 to 48.
#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
using ledger::Writer;

Result<json::object> Cases::HearingOf(store::Reader& reader, const std::string& id) {
  TRY(json::array rows, ledger::FindRows(reader, *ledger_.catalogue(), "case_hearing",
                                         "case_id = " + Quoted(id), 1, "-created_at"));
  return rows.empty() ? json::object{} : rows[0].get_object();
}

Result<void> Cases::HeardBeforeRefusal(const Acting& acting) {
  TRY(json::object hearing, HearingOf(acting.writer.tx(), acting.loaded.id));
  std::string_view state = TextAt(hearing, "state");
  // The decision rests on what was heard (Art. 48): while a hearing is open nothing is refused.
  if (state == "offered") return error::kHearingFirst;
  if (!state.empty()) return {};
  TRY(json::object item, ledger::ReadRow(acting.writer.tx(), acting.writer.catalogue(), "item",
                                         Text(acting.loaded.row, "item")));
  if (BoolAt(item, "hearing_before_refusal")) return error::kHearingFirst;
  return {};
}

Result<void> Cases::HearingAct(Acting& acting) {
  Writer& writer = acting.writer;
  const Loaded& loaded = acting.loaded;
  std::string_view what = acting.act.act;
  TRY(json::object hearing, HearingOf(writer.tx(), loaded.id));
  std::string state = Text(hearing, "state"), key = Text(hearing, "id");
  auto now = IsoChina(writer.now());
  auto tell = [&](const std::string& title, const std::string& text) -> Result<void> {
    std::string account = Text(loaded.row, "applicant");
    if (account.empty()) return {};
    TRY_VOID(writer.Create("message",
                           {{"account", account},
                            {"kind", "case"},
                            {"title", title},
                            {"text", Text(loaded.row, "item_name") + "：" + text},
                            {"link", "/cases/" + loaded.id}},
                           loaded.region));
    return {};
  };
  if (what == "offer-hearing") {
    if (!state.empty()) return error::kHearingStands;
    std::string due = IsoDate(calendar_.After(acting.today, settings_.hearing_ask_days).date);
    TRY_VOID(writer.Create("case_hearing",
                           {{"case_id", loaded.id},
                            {"department", loaded.row.at("department")},
                            {"number", loaded.row.at("number")},
                            {"item_name", loaded.row.at("item_name")},
                            {"state", "offered"},
                            {"reason", acting.reason},
                            {"offered_by", OrNull(acting.caller.account)},
                            {"offered_at", now},
                            {"ask_due", due}},
                           loaded.region));
    TRY_VOID(WriteAndKeep(writer, loaded, "hearing-offer", {{"reason", acting.reason}}, "", due));
    return tell("您有权申请听证", "拟作出不利决定，您可在 " + due + " 前申请听证。");
  }
  if (what == "ask-hearing" || what == "decline-hearing") {
    if (state != "offered") return error::kNoHearing;
    if (Text(hearing, "ask_due") < IsoDate(acting.today)) return error::kHearingLapsed;
    if (what == "decline-hearing") {
      TRY_VOID(writer.Update("case_hearing", key, {{"state", "declined"}, {"asked_at", now}}));
      return {};
    }
    std::string due = IsoDate(calendar_.After(acting.today, settings_.hearing_hold_days).date);
    TRY_VOID(writer.Update(
        "case_hearing", key,
        {{"state", "asked"}, {"asked_at", now}, {"asked_for", acting.reason}, {"hold_due", due}}));
    TRY_VOID(OpenTask(writer, loaded.row, loaded.id, loaded.region,
                      {"hearing", "hearing", "组织听证", "handler"}, due));
    return OpenPause(acting, "hearing");
  }
  if (what == "set-hearing") {
    if (state != "asked" && state != "set") return error::kNoHearing;
    std::string day_text = SaidText(acting.body, "day"), clock = SaidText(acting.body, "clock");
    auto at = ParseTime(day_text + "T" + clock + ":00+08:00");
    std::string place(Trim(SaidText(acting.body, "place")));
    std::string chair;
    {
      TRY(store::Rows rows,
          writer.tx().Query("select id from r_account where (id = $1 or username = $1) and "
                            "ended_at is null",
                            {SaidText(acting.body, "chair")}));
      if (rows.Next()) chair = rows.Text(0);
    }
    if (!at || place.empty()) return error::kHearingIncomplete;
    Date day = ChinaDate(*at);
    if (day < acting.today + std::chrono::days(settings_.hearing_notice_days) ||
        IsoDate(day) > Text(hearing, "hold_due"))
      return error::kHearingDayWrong({{"least", std::to_string(settings_.hearing_notice_days)},
                                      {"until", Text(hearing, "hold_due")}});
    if (chair.empty()) return error::kPeopleWrong;
    TRY(bool official, rules_.IsOfficial(writer.tx(), chair));
    if (!official) return error::kPeopleWrong;
    {
      // Whoever examined the application does not preside (Art. 48(3)).
      TRY(store::Rows rows,
          writer.tx().Query("select 1 from r_case_event where case_id = $1 and by_account = $2 and "
                            "act in ('forward', 'approve', 'return', 'offer-hearing', 'pause') and "
                            "ended_at is null limit 1",
                            {loaded.id, chair}));
      if (rows.Next()) return error::kChairExamined;
    }
    TRY(json::object names, NamesOf(writer.tx(), {chair}));
    TRY_VOID(writer.Update("case_hearing", key,
                           {{"state", "set"},
                            {"held_at", IsoChina(*at)},
                            {"place", place},
                            {"chair", chair},
                            {"chair_name", Text(names, chair)},
                            {"notice_at", now}}));
    std::string when = ReplaceAll(IsoChina(*at).substr(0, 16), "T", " ");
    TRY_VOID(WriteAndKeep(writer, loaded, "hearing-notice",
                          {{"when", when}, {"place", place}, {"chair", Text(names, chair)}}, "",
                          IsoDate(day)));
    TRY_VOID(CloseTasks(writer, loaded.id, "hearing"));
    TRY_VOID(CloseTasks(writer, loaded.id, "hearing-chair"));
    OpenStep step{"hearing-chair", "hearing", "主持听证并提交笔录", ""};
    step.person = chair;
    TRY_VOID(OpenTask(writer, loaded.row, loaded.id, loaded.region, step, IsoDate(day)));
    acting.reason = when + " " + place + (acting.reason.empty() ? "" : "：" + acting.reason);
    return tell("听证通知", "听证定于 " + when + " 在" + place + "举行。");
  }
  // hold-hearing
  if (state != "set") return error::kNoHearing;
  if (!acting.caller.system && acting.caller.account != Text(hearing, "chair"))
    return error::kActNotYours;
  if (auto at = ParseTime(TextAt(hearing, "held_at")); at && writer.now() < *at)
    return error::kHearingNotYet({{"when", IsoChina(*at).substr(0, 16)}});
  const json::value* there = Said(acting.body, "present");
  bool present = there != nullptr && there->is_bool() && there->get_bool();
  TRY_VOID(writer.Update(
      "case_hearing", key,
      {{"state", "held"}, {"record", acting.reason}, {"present", present}, {"recorded_at", now}}));
  TRY_VOID(WriteAndKeep(writer, loaded, "hearing-record",
                        {{"record", acting.reason},
                         {"when", IsoChina(writer.now()).substr(0, 10)},
                         {"place", hearing.at("place")},
                         {"chair", hearing.at("chair_name")},
                         {"present", present ? "到场" : "未到场"}},
                        Text(hearing, "chair_name")));
  TRY_VOID(CloseTasks(writer, loaded.id, "hearing-chair"));
  return ClosePause(acting);
}

json::array Cases::FieldsOf(std::string_view act) {
  auto field = [](const char* name, const char* zh, const char* en, const char* type) {
    return json::object{{"name", name},
                        {"label", json::object{{"zh", zh}, {"en", en}}},
                        {"type", type},
                        {"required", true}};
  };
  if (act == "set-hearing")
    return {field("day", "举行日期", "Day", "date"),
            field("clock", "时间（如 09:30）", "Time, such as 09:30", "text"),
            field("place", "地点", "Place", "text"),
            field("chair", "主持人账号", "Account of the chair", "text")};
  if (act == "hold-hearing") {
    json::object present = field("present", "申请人到场", "The applicant was present", "boolean");
    present["required"] = false;
    return {std::move(present)};
  }
  if (act == "check-promise") {
    json::object outcome = field("outcome", "核查结果", "What was found", "code");
    outcome["list"] = "promise-outcome";
    return {std::move(outcome)};
  }
  return {};
}

bool Cases::Fits(std::string_view act, const json::object& row, const json::array& duties,
                 const json::object& hearing, const std::string& account) const {
  auto any = [&](std::string_view kind, std::string_view state) {
    return std::any_of(duties.begin(), duties.end(), [&](const json::value& each) {
      const json::object& duty = each.get_object();
      return (kind.empty() || TextAt(duty, "kind") == kind) && TextAt(duty, "state") == state;
    });
  };
  std::string_view heard = TextAt(hearing, "state");
  if (act == "request-correction") return IntAt(row, "corrections") == 0;
  if (act == "extend") return IntAt(row, "extension_days") == 0;
  if (act == "supplement") return any("material", "open");
  if (act == "check-promise") return any("promise", "open");
  if (act == "keep-decision") return any("", "broken");
  if (act == "offer-hearing") return heard.empty();
  if (act == "ask-hearing" || act == "decline-hearing") return heard == "offered";
  if (act == "set-hearing") return heard == "asked" || heard == "set";
  if (act == "hold-hearing") return heard == "set" && TextAt(hearing, "chair") == account;
  if (act == "resume") return heard != "asked" && heard != "set";
  return true;
}
}  // namespace city::cases
