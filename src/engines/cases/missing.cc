// SPDX-License-Identifier: Apache-2.0
// Accepting with missing materials and granting on a promise: what is owed afterwards, by when, and
// what follows when it is not kept.
// Source: Regulation on the Business Environment Art. 19 and 40; the province's Art. 32 and 36.
#include <algorithm>

#include "base/text.h"
#include "engines/cases/case_life.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
using ledger::Writer;

namespace {
json::object NameRow(const std::string& name, const std::string& due = {}) {
  return {{"name", name}, {"due", due}};
}

const json::object* Named(const json::array& list, std::string_view name) {
  for (const json::value& each : list)
    if (each.is_object() && TextAt(each.get_object(), "name") == name) return &each.get_object();
  return nullptr;
}
/// Whether any material of the case could follow or be promised; most cases have none.
bool MayOwe(const json::object& row) {
  const json::array* asked = ArrayAt(row, "asked");
  return asked != nullptr && std::any_of(asked->begin(), asked->end(), [](const json::value& each) {
           const json::object* material = each.if_object();
           return material != nullptr &&
                  (BoolAt(*material, "accept_missing") || BoolAt(*material, "promise"));
         });
}
}  // namespace

std::vector<Cases::Owed> Cases::MayFollow(const json::array& asked, const json::array* given,
                                          const std::vector<std::string>& promised, int fallback) {
  std::vector<Owed> out;
  for (const json::value& each : asked) {
    const json::object* material = each.if_object();
    if (material == nullptr || !BoolAt(*material, "required") ||
        !BoolAt(*material, "accept_missing"))
      continue;
    std::string name = Text(*material, "name");
    if (HandedIn(given, name, true) ||
        std::find(promised.begin(), promised.end(), name) != promised.end())
      continue;
    int64_t days = IntAt(*material, "accept_missing_days");
    out.push_back({std::move(name), days > 0 ? static_cast<int>(days) : fallback});
  }
  return out;
}

Result<std::vector<std::string>> Cases::CheckPromised(store::Reader& reader,
                                                      const json::object& item,
                                                      const json::array& asked,
                                                      const json::object& body,
                                                      const std::string& applicant) {
  std::vector<std::string> out;
  const json::array* wanted = ArrayAt(body, "promised");
  if (wanted == nullptr || wanted->empty()) return out;
  for (const json::value& each : *wanted) {
    std::string name = each.is_string() ? std::string(each.get_string().c_str()) : std::string();
    const json::object* material = Named(asked, name);
    if (!BoolAt(item, "promise_based") || material == nullptr || !BoolAt(*material, "promise"))
      return error::kNoPromiseHere({{"name", name}});
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  }
  if (applicant.empty()) return out;
  // Who broke a promise gives none until it is repaired.
  TRY(store::Rows rows,
      reader.Query("select 1 from r_credit_note where account = $1 and state = 'active' and "
                   "ended_at is null limit 1",
                   {applicant}));
  if (rows.Next()) return error::kPromiseBarred;
  return out;
}

Result<void> Cases::KeepPromises(Writer& writer, const Loaded& loaded, const json::object& item,
                                 const std::vector<std::string>& promised,
                                 const std::vector<Owed>& owed) {
  auto note = [&](const std::string& name, const char* state) -> Result<void> {
    TRY_VOID(writer.Create(
        "case_material",
        {{"case_id", loaded.id}, {"name", name}, {"attachments", json::array{}}, {"state", state}},
        loaded.region));
    return {};
  };
  std::string signer = Text(loaded.row, "applicant_name");
  json::array rows;
  for (const std::string& name : promised) {
    TRY_VOID(note(name, "promised"));
    rows.push_back(NameRow(name));
  }
  if (!promised.empty()) {
    json::object facts{{"each", std::move(rows)}};
    if (const json::object* terms = ObjectAt(item, "promise_terms"))
      for (const auto& [key, value] : *terms) facts[key] = value;
    if (IntAt(facts, "check_days") <= 0) facts["check_days"] = settings_.promise_days;
    TRY_VOID(WriteAndKeep(writer, loaded, "promise", std::move(facts), signer));
  }
  rows.clear();
  for (const Owed& each : owed) {
    TRY_VOID(note(each.name, "to_follow"));
    rows.push_back(json::object{{"name", each.name}, {"days", each.days}});
  }
  if (!owed.empty())
    TRY_VOID(WriteAndKeep(writer, loaded, "supply-promise", {{"each", std::move(rows)}}, signer));
  return {};
}

Result<void> Cases::OpenSupplyDuties(Writer& writer, const Loaded& loaded, Date today) {
  if (!MayOwe(loaded.row)) return {};
  TRY(json::array kept,
      ledger::FindRows(writer.tx(), writer.catalogue(), "case_material",
                       "case_id = " + Quoted(loaded.id) + " and state = \"to_follow\"", 100));
  if (kept.empty()) return {};
  static const json::array kNone;
  const json::array* asked = ArrayAt(loaded.row, "asked");
  json::array rows;
  std::string last;
  for (const json::value& each : kept) {
    std::string name = Text(each.get_object(), "name");
    const json::object* material = Named(asked != nullptr ? *asked : kNone, name);
    int64_t days = material != nullptr ? IntAt(*material, "accept_missing_days") : 0;
    if (days <= 0) days = settings_.supply_days;
    std::string due = IsoDate(calendar_.After(today, static_cast<int>(days)).date);
    last = std::max(last, due);
    rows.push_back(NameRow(name, due));
    TRY_VOID(writer.Create("case_duty",
                           {{"case_id", loaded.id},
                            {"kind", "material"},
                            {"name", name},
                            {"department", loaded.row.at("department")},
                            {"applicant", loaded.row.at("applicant")},
                            {"number", loaded.row.at("number")},
                            {"item_name", loaded.row.at("item_name")},
                            {"since", IsoChina(writer.now())},
                            {"due", due},
                            {"state", "open"}},
                           loaded.region));
  }
  TRY_VOID(WriteAndKeep(writer, loaded, "missing-list", {{"each", std::move(rows)}}, "", last));
  return {};
}

Result<bool> Cases::OpenPromiseDuties(Writer& writer, const Loaded& loaded) {
  if (!MayOwe(loaded.row)) return false;
  bool to_follow = false, promised = false;
  {
    TRY(store::Rows rows,
        writer.tx().Query("select state from r_case_material where case_id = $1 and state in "
                          "('to_follow', 'promised') and ended_at is null",
                          {loaded.id}));
    while (rows.Next()) (rows.Text(0) == "promised" ? promised : to_follow) = true;
    TRY_VOID(rows.status());
  }
  if (!promised) return to_follow;
  int64_t days = settings_.promise_days;
  TRY(json::object item,
      ledger::ReadRow(writer.tx(), writer.catalogue(), "item", Text(loaded.row, "item")));
  if (const json::object* terms = ObjectAt(item, "promise_terms"))
    days = IntAt(*terms, "check_days", days);
  std::string due = IsoDate(calendar_.After(ChinaDate(writer.now()), static_cast<int>(days)).date);
  TRY_VOID(writer.Create("case_duty",
                         {{"case_id", loaded.id},
                          {"kind", "promise"},
                          {"name", "告知承诺事项核查"},
                          {"department", loaded.row.at("department")},
                          {"applicant", loaded.row.at("applicant")},
                          {"number", loaded.row.at("number")},
                          {"item_name", loaded.row.at("item_name")},
                          {"since", IsoChina(writer.now())},
                          {"due", due},
                          {"state", "open"}},
                         loaded.region));
  TRY_VOID(OpenTask(writer, loaded.row, loaded.id, loaded.region,
                    {"promise", "promise", "承诺事后核查", "handler"}, due));
  return to_follow;
}

Result<void> Cases::VoidDuties(Writer& writer, const std::string& id) {
  std::vector<std::string> open;
  {
    TRY(store::Rows rows,
        writer.tx().Query("select id from r_case_duty where case_id = $1 and state in ('open', "
                          "'broken') and ended_at is null",
                          {id}));
    while (rows.Next()) open.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  for (const std::string& each : open)
    TRY_VOID(writer.Update("case_duty", each,
                           {{"state", "settled"}, {"done_at", IsoChina(writer.now())}}));
  return {};
}

Result<void> Cases::Supplement(Acting& acting) {
  Writer& writer = acting.writer;
  const Loaded& loaded = acting.loaded;
  TRY(json::array duties, DutiesOf(writer.tx(), loaded.id));
  const json::array* given = ArrayAt(acting.body, "materials");
  json::array taken;
  std::string names;
  int left = 0;
  for (const json::value& each : duties) {
    const json::object& duty = each.get_object();
    if (TextAt(duty, "kind") != "material" || TextAt(duty, "state") != "open") continue;
    std::string name = Text(duty, "name");
    if (!HandedIn(given, name)) {
      ++left;
      continue;
    }
    for (const json::value& one : *given)
      if (TextAt(one.get_object(), "material") == name) taken.push_back(one);
    names += (names.empty() ? "" : "、") + name;
    TRY_VOID(writer.Update("case_duty", Text(duty, "id"),
                           {{"state", "kept"}, {"done_at", IsoChina(writer.now())}}));
  }
  if (taken.empty()) return error::kNothingOwed;
  TRY_VOID(
      KeepMaterials(writer, loaded.id, loaded.region, taken, acting.caller, loaded.row, false));
  acting.reason = names + (acting.reason.empty() ? "" : "：" + acting.reason);
  if (left == 0 && loaded.state == "granted_missing") acting.to = "granted";
  return {};
}

Result<void> Cases::CheckPromise(Acting& acting) {
  Writer& writer = acting.writer;
  std::string outcome = SaidText(acting.body, "outcome");
  if (outcome != "kept" && outcome != "broken") return error::kKeptMissing;
  TRY(json::array duties, DutiesOf(writer.tx(), acting.loaded.id));
  for (const json::value& each : duties) {
    const json::object& duty = each.get_object();
    if (TextAt(duty, "kind") != "promise" || TextAt(duty, "state") != "open") continue;
    TRY_VOID(CloseTasks(writer, acting.loaded.id, "promise"));
    if (outcome == "broken") return DutyBroken(writer, acting.loaded, duty, acting.reason);
    TRY_VOID(writer.Update("case_duty", Text(duty, "id"),
                           {{"state", "kept"},
                            {"done_at", IsoChina(writer.now())},
                            {"reason", acting.reason.substr(0, 2000)}}));
    return {};
  }
  return error::kNothingOwed;
}

Result<void> Cases::KeepDecision(Acting& acting) {
  TRY(json::array duties, DutiesOf(acting.writer.tx(), acting.loaded.id));
  bool any = false;
  for (const json::value& each : duties) {
    const json::object& duty = each.get_object();
    if (TextAt(duty, "state") != "broken") continue;
    any = true;
    TRY_VOID(acting.writer.Update("case_duty", Text(duty, "id"),
                                  {{"state", "settled"},
                                   {"done_at", IsoChina(acting.writer.now())},
                                   {"reason", acting.reason.substr(0, 2000)}}));
  }
  if (!any) return error::kNothingOwed;
  return CloseTasks(acting.writer, acting.loaded.id, "revoke");
}

Result<void> Cases::DutyBroken(Writer& writer, Loaded& loaded, const json::object& duty,
                               const std::string& why) {
  bool promise = TextAt(duty, "kind") == "promise";
  TRY_VOID(writer.Update("case_duty", Text(duty, "id"),
                         {{"state", "broken"},
                          {"broken_at", IsoChina(writer.now())},
                          {"reason", why.substr(0, 2000)}}));
  TRY_VOID(writer.Create("credit_note",
                         {{"case_id", loaded.id},
                          {"number", loaded.row.at("number")},
                          {"account", loaded.row.at("applicant")},
                          {"applicant_name", loaded.row.at("applicant_name")},
                          {"id_number", loaded.row.at("id_number")},
                          {"department", loaded.row.at("department")},
                          {"kind", promise ? "promise-broken" : "supply-missed"},
                          {"text", why.substr(0, 2000)},
                          {"since", IsoDate(ChinaDate(writer.now()))},
                          {"state", "active"}},
                         loaded.region));
  if (std::string account = Text(loaded.row, "applicant"); !account.empty())
    TRY_VOID(writer.Create("message",
                           {{"account", account},
                            {"kind", "case"},
                            {"title", promise ? "承诺经核查未兑现" : "容缺材料逾期未补交"},
                            {"text", Text(loaded.row, "item_name") + "：" + why.substr(0, 1500)},
                            {"link", "/cases/" + loaded.id}},
                           loaded.region));
  bool open = loaded.state == "handling" || loaded.state == "paused";
  if (!open) {
    WorkDays::Day due = calendar_.After(ChinaDate(writer.now()), settings_.revoke_days);
    return OpenTask(writer, loaded.row, loaded.id, loaded.region,
                    {"revoke", "revoke", "核实并决定是否撤销", "approver"}, IsoDate(due.date));
  }
  // Still undecided: it ends without the licence, for the reason that was told beforehand.
  FlowStanding ended;
  ended.ended = true;
  ended.outcome = "reject";
  json::object changes;
  TRY_VOID(ApplyStanding(writer, loaded, ended, changes));
  changes["last_reason"] = why;
  TRY_VOID(writer.Update("service_case", loaded.id, changes));
  TRY_VOID(NoteEvent(writer, loaded.id, "reject", why, loaded.state, "denied", "", loaded.region));
  return writer.Send("case", loaded.id,
                     {{"case_id", loaded.id}, {"act", "reject"}, {"state", "denied"}});
}

Result<json::array> Cases::DutiesOf(store::Reader& reader, const std::string& id) {
  return ledger::FindRows(reader, *ledger_.catalogue(), "case_duty", "case_id = " + Quoted(id), 100,
                          "created_at");
}

Result<std::string> Cases::Sweep(const std::string& shard) {
  Date today = ChinaDate(ledger_.clock().Now());
  std::string day = IsoDate(today);
  std::string soon = IsoDate(calendar_.After(today, settings_.remind_days).date);
  auto ids = [&](const char* sql, const std::string& until) -> Result<std::vector<std::string>> {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows, snapshot->Query(sql, {until}));
    std::vector<std::string> out;
    while (rows.Next()) out.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
    return out;
  };
  TRY(auto near, ids("select id from r_case_duty where state = 'open' and due <= $1 and "
                     "reminded_at is null and ended_at is null limit 500",
                     soon));
  TRY(auto late, ids("select id from r_case_duty where state = 'open' and kind = 'material' and "
                     "due < $1 and ended_at is null limit 500",
                     day));
  TRY(auto lapsed, ids("select id from r_case_hearing where state = 'offered' and ask_due < $1 and "
                       "ended_at is null limit 500",
                       day));
  int reminded = 0, broken = 0, gone = 0;
  auto each = [&](const std::vector<std::string>& list,
                  const std::function<Result<bool>(Writer&, const std::string&)>& work,
                  int& count) -> Result<void> {
    for (const std::string& id : list) {
      ledger::CommandInfo info{ledger::System("时限管理"), shard, {}, {}};
      TRY(std::string did, ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
        TRY(bool done, work(writer, id));
        return std::string(done ? "1" : "0");
      }));
      count += did == "1" ? 1 : 0;
    }
    return {};
  };
  TRY_VOID(each(
      near,
      [&](Writer& writer, const std::string& id) -> Result<bool> {
        TRY(json::object duty, ledger::ReadRow(writer.tx(), writer.catalogue(), "case_duty", id));
        if (TextAt(duty, "state") != "open" || !TextAt(duty, "reminded_at").empty()) return false;
        TRY_VOID(writer.Update("case_duty", id, {{"reminded_at", IsoChina(writer.now())}}));
        std::string account = Text(duty, "applicant");
        if (TextAt(duty, "kind") == "material" && !account.empty())
          TRY_VOID(writer.Create(
              "message",
              {{"account", account},
               {"kind", "case"},
               {"title", "请按期补交材料：" + Text(duty, "name")},
               {"text", Text(duty, "item_name") + "（" + Text(duty, "number") + "）容缺受理的“" +
                            Text(duty, "name") + "”须在 " + Text(duty, "due") +
                            " 前补交；逾期未补交的，办件将不予许可或撤销，并记入信用记录。"},
               {"link", "/cases/" + Text(duty, "case_id")}},
              Text(duty, "region")));
        return true;
      },
      reminded));
  TRY_VOID(each(
      late,
      [&](Writer& writer, const std::string& id) -> Result<bool> {
        TRY(json::object duty, ledger::ReadRow(writer.tx(), writer.catalogue(), "case_duty", id));
        if (TextAt(duty, "state") != "open") return false;
        TRY(Loaded loaded, Load(writer.tx(), Text(duty, "case_id"), writer.who()));
        writer.ActAsEngine();
        TRY_VOID(DutyBroken(
            writer, loaded, duty,
            "承诺于 " + Text(duty, "due") + " 前补交的“" + Text(duty, "name") + "”逾期未补交"));
        return true;
      },
      broken));
  TRY_VOID(each(
      lapsed,
      [&](Writer& writer, const std::string& id) -> Result<bool> {
        TRY(json::object hearing,
            ledger::ReadRow(writer.tx(), writer.catalogue(), "case_hearing", id));
        if (TextAt(hearing, "state") != "offered") return false;
        writer.ActAsEngine();
        TRY_VOID(writer.Update("case_hearing", id, {{"state", "lapsed"}}));
        return true;
      },
      gone));
  return ToText(json::object{{"reminded", reminded}, {"broken", broken}, {"lapsed", gone}});
}
}  // namespace city::cases
