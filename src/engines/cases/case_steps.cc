// SPDX-License-Identifier: Apache-2.0
// Open steps of a case: who holds them, handing them on, adding signers, asking others; rows of the
// to-do list follow the process.
#include "engines/cases/case_steps.h"

#include <algorithm>
#include <map>
#include <set>

#include "engines/cases/case_life.h"
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
using ledger::Subject;
using ledger::Writer;

namespace {
constexpr StepWay kWays[] = {
    {"claim", "签收", "Take it", Asks::kNobody, false},
    {"release", "退回待签收", "Give it back to the list", Asks::kNobody, false},
    {"save-draft", "暂存意见", "Keep the opinion for later", Asks::kNobody, false},
    {"transfer", "转办", "Hand over", Asks::kOne, true},
    {"delegate", "委托办理", "Delegate", Asks::kOne, true},
    {"give-back", "交回委托人", "Give back to the owner", Asks::kNobody, false},
    {"add-before", "前加签", "Add a signer before me", Asks::kMany, true},
    {"add-beside", "并行加签", "Add a signer beside me", Asks::kMany, true},
    {"add-after", "后加签", "Add a signer after me", Asks::kMany, true},
    {"remove-signer", "减签", "Remove a signer", Asks::kSigner, true},
    {"consult", "征求意见", "Ask for an opinion", Asks::kMany, true},
    {"answer", "回复意见", "Answer", Asks::kNobody, true},
    {"copy-to", "抄送", "Send a copy", Asks::kMany, false},
    {"take-back", "取回", "Take back", Asks::kNobody, false},
    {"urge", "催办", "Urge", Asks::kNobody, false},
    {"seen", "已阅", "Seen", Asks::kNobody, false},
};

constexpr size_t kMostPeople = 20;
constexpr std::string_view kNames[] = {"nobody", "one", "many", "signer"};

json::object Both(std::string_view zh, std::string_view en) { return {{"zh", zh}, {"en", en}}; }

/// Steps of the process have a dot in their key: task and seat.
bool InProcess(const json::object& task) {
  return TextAt(task, "key").find('.') != std::string_view::npos;
}

bool Has(const std::vector<std::string>& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}
}  // namespace

const StepWay* FindWay(std::string_view act) {
  for (const StepWay& way : kWays)
    if (way.act == act) return &way;
  return nullptr;
}

Error Cases::NotPossible(const Loaded& loaded) const {
  const StateInfo* state = FindState(loaded.state);
  return Error{&error::kActNotPossible,
               {{"state_zh", state != nullptr ? std::string(state->zh) : loaded.state},
                {"state_en", state != nullptr ? std::string(state->en) : loaded.state}},
               {}};
}

Result<Subject> Cases::Lend(store::Reader& reader, const Subject& who, const std::string& id) {
  if (who.system || who.kind != "official") return who;
  auto catalogue = ledger_.catalogue();
  auto own = ledger::ReadRecord(reader, *catalogue, who, "service_case", id);
  if (own) return who;
  // Whoever sees a step of the case on their list may see the case.
  Subject asking = who;
  TRY(auto absent, rules_.StandsInFor(reader, who.account));
  asking.holders.insert(asking.holders.end(), absent.begin(), absent.end());
  // By the case's index and then by key: a list within the subject's rights would first find out
  // how far these reach.
  TRY(json::array steps,
      ledger::FindRows(reader, *catalogue, "case_task",
                       "case_id = " + Quoted(id) + " and state != \"gone\"", 200));
  bool sees_one = std::any_of(steps.begin(), steps.end(), [&](const json::value& step) {
    return ledger::ReadRecord(reader, *catalogue, asking, "case_task",
                              Text(step.get_object(), "id"))
        .has_value();
  });
  if (!sees_one) return who;
  TRY(json::object row, ledger::ReadRow(reader, *catalogue, "service_case", id));
  TRY(json::object body,
      ledger::ReadRow(reader, *catalogue, "organisation", Text(row, "department")));
  Subject lent = who;
  lent.posts.push_back(
      {"case_helper", Text(row, "department"), Text(body, "path"), Text(row, "region")});
  return lent;
}

Result<ledger::One> Cases::Read(const Subject& who, const std::string& id) {
  auto own = ledger_.Read(who, "service_case", id);
  if (own || who.kind != "official") return own;
  Subject lent;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(lent, Lend(*snapshot, who, id));
  }
  if (lent.posts.size() == who.posts.size()) return own;
  return ledger_.Read(lent, "service_case", id);
}

Result<json::array> Cases::OpenTasks(store::Reader& reader, const Loaded& loaded) {
  auto catalogue = ledger_.catalogue();
  TRY(json::array tasks,
      ledger::FindRows(reader, *catalogue, "case_task",
                       "case_id = " + Quoted(loaded.id) + " and state = \"open\"", 200));
  for (json::value& each : tasks) {
    json::object& task = each.get_object();
    std::string body = Text(task, "department");
    if (body.empty() || body == loaded.department) {
      task["path"] = loaded.department_path;
    } else {
      TRY(json::object organisation, ledger::ReadRow(reader, *catalogue, "organisation", body));
      task["path"] = organisation.at("path");
    }
  }
  return tasks;
}

bool Cases::HoldsTask(const Loaded& loaded, const Subject& who, const json::object& task) const {
  if (who.system) return true;
  std::string person = Text(task, "person");
  if (!person.empty()) return person == who.account || Has(loaded.stands_in_for, person);
  return Holds(who, TextAt(task, "role"), Text(task, "path"));
}

Result<json::object> Cases::TaskFor(store::Reader& reader, const Loaded& loaded, const Subject& who,
                                    const std::string& wanted) {
  TRY(json::array tasks, OpenTasks(reader, loaded));
  json::object found;
  for (const json::value& each : tasks) {
    const json::object& task = each.get_object();
    if (!wanted.empty() && TextAt(task, "id") != wanted) continue;
    if (!HoldsTask(loaded, who, task)) continue;
    // What somebody has goes before what is offered to all.
    if (found.empty() || (TextAt(found, "person").empty() && !TextAt(task, "person").empty()))
      found = task;
  }
  if (found.empty()) return error::kActNotYours;
  return found;
}

StepAct Cases::StepOf(const Loaded& loaded, const Subject& who, const std::string& key,
                      std::string_view verb) const {
  StepAct act;
  act.verb = std::string(verb);
  act.key = key;
  act.account = who.account.empty() ? "system" : who.account;
  act.stands_in_for = loaded.stands_in_for;
  return act;
}

bool Cases::Manages(const Loaded& loaded, const Subject& who) const {
  return who.system || Holds(who, "approver", loaded.department_path) ||
         who.HasRole("process_manager");
}

Result<std::vector<std::string>> Cases::PeopleOf(store::Reader& reader, const StepWay& way,
                                                 const json::object& body) {
  std::vector<std::string> people;
  if (const json::array* given = ArrayAt(body, "people"))
    for (const json::value& each : *given)
      if (each.is_string() && !each.get_string().empty() && people.size() <= kMostPeople &&
          !Has(people, each.get_string()))
        people.emplace_back(each.get_string());
  bool one = way.asks == Asks::kOne || way.asks == Asks::kSigner;
  if (way.asks == Asks::kNobody) return std::vector<std::string>();
  if (people.empty() || people.size() > (one ? 1 : kMostPeople)) return error::kPeopleWrong;
  for (const std::string& person : people) {
    TRY(bool official, rules_.IsOfficial(reader, person));
    if (!official) return error::kPeopleWrong;
  }
  return people;
}

Result<json::object> Cases::NamesOf(store::Reader& reader,
                                    const std::vector<std::string>& accounts) {
  json::object names;
  auto catalogue = ledger_.catalogue();
  for (const std::string& id : accounts) {
    if (id.empty() || names.contains(id)) continue;
    auto account = ledger::ReadRow(reader, *catalogue, "account", id);
    names[id] = account ? account->at("name") : json::value(id);
  }
  return names;
}

Result<void> Cases::ActOnStep(Writer& writer, const std::string& id, const StepWay& way,
                              const json::object& body) {
  Subject caller = writer.who();
  TRY(Loaded loaded, Load(writer.tx(), id, caller));
  if (way.act == "seen") {
    TRY(json::array copies,
        ledger::FindRows(writer.tx(), writer.catalogue(), "case_task",
                         "case_id = " + Quoted(id) +
                             " and state = \"copy\" and person = " + Quoted(caller.account),
                         50));
    if (copies.empty()) return error::kActNotYours;
    writer.ActAsEngine();
    for (const json::value& each : copies)
      TRY_VOID(writer.Update(
          "case_task", Text(each.get_object(), "id"),
          {{"state", "done"}, {"done_at", IsoChina(writer.now())}, {"done_by", caller.name}}));
    return writer.Send("todo", id, {{"case_id", id}});
  }
  if (loaded.state != "handling" || loaded.flow_state.empty()) return Fail(NotPossible(loaded));
  std::string reason = Text(body, "reason");
  if (reason.empty()) reason = Text(body, "note");
  if (way.needs_reason && Trim(reason).empty()) return error::kReasonMissing;
  if (reason.size() > 6000) return error::kReasonTooLong;
  TRY(auto people, PeopleOf(writer.tx(), way, body));

  json::object task;
  std::string wanted = Text(body, "task");
  bool managing = false;
  if (way.act == "urge") {
    // The applicant, those who took part, and those who watch over the department.
    TRY(json::array tasks, OpenTasks(writer.tx(), loaded));
    bool may = caller.system || IsOwn(caller, Text(loaded.row, "applicant")) ||
               HoldsInRegion(caller, "supervisor", loaded.region) ||
               HoldsInRegion(caller, "clerk", loaded.region) ||
               Holds(caller, "handler", loaded.department_path) ||
               Holds(caller, "reviewer", loaded.department_path) || Manages(loaded, caller);
    for (const json::value& each : tasks) {
      const json::object& one = each.get_object();
      may = may || HoldsTask(loaded, caller, one);
      if (task.empty() && InProcess(one) && (wanted.empty() || TextAt(one, "id") == wanted))
        task = one;
    }
    if (!may || task.empty()) return error::kActNotYours;
    managing = true;
  } else if (way.act != "take-back") {
    auto held = TaskFor(writer.tx(), loaded, caller, wanted);
    bool leads = way.act == "transfer" || way.act == "remove-signer" || way.act == "add-beside";
    if (held) {
      task = std::move(*held);
    } else if (leads && Manages(loaded, caller)) {
      TRY(json::array tasks, OpenTasks(writer.tx(), loaded));
      for (const json::value& each : tasks)
        if (task.empty() && (wanted.empty() || TextAt(each.get_object(), "id") == wanted))
          task = each.get_object();
      if (task.empty()) return error::kActNotYours;
      managing = true;
    } else {
      return Fail(std::move(held).error());
    }
  }
  StepAct act = StepOf(loaded, caller, Text(task, "key"), way.act);
  act.reason = reason;
  act.people = people;
  act.manages = managing;
  TRY(FlowStanding standing, flow_.Act(loaded.flow, loaded.flow_state, act, writer.now()));

  writer.ActAsEngine();
  json::object changes;
  // Whoever answered has done their part; what else leaves the lists was done by nobody.
  if (way.act == "answer") TRY_VOID(CloseTasks(writer, id, act.key));
  TRY_VOID(ApplyStanding(writer, loaded, standing, changes));
  TRY(json::object names, NamesOf(writer.tx(), people));
  if (way.act == "copy-to") {
    for (const std::string& person : people) {
      OpenStep copy{"copy", Text(task, "node"), Text(task, "step"), ""};
      copy.person = person;
      copy.origin = "copy";
      copy.question = reason;
      TRY_VOID(OpenTask(writer, loaded.row, id, loaded.region, copy, ""));
    }
  }
  if (way.act == "urge") {
    TRY(json::array tasks, OpenTasks(writer.tx(), loaded));
    for (const json::value& each : tasks)
      TRY_VOID(writer.Update("case_task", Text(each.get_object(), "id"),
                             {{"urges", IntAt(each.get_object(), "urges") + 1},
                              {"urged_at", IsoChina(writer.now())}}));
    TRY_VOID(writer.Send("todo", id, {{"case_id", id}, {"urge", true}}));
  }
  TRY_VOID(writer.Update("service_case", id, changes));
  if (way.act == "save-draft") return {};
  std::string words;
  for (const std::string& person : people)
    words += (words.empty() ? "" : "、") + Text(names, person);
  if (!words.empty() && !reason.empty()) words += "：";
  words += reason;
  std::string_view to = changes.contains("state") ? TextAt(changes, "state") : loaded.state;
  TRY_VOID(NoteEvent(writer, id, way.act, words, loaded.state, to, Text(task, "step"),
                     loaded.region, people));
  return writer.Send("case", id, {{"case_id", id}, {"act", way.act}, {"state", to}});
}

Result<void> Cases::OpenTask(Writer& writer, const json::object& item, const std::string& id,
                             const std::string& region, const OpenStep& step,
                             const std::string& due) {
  TRY_VOID(writer.Create(
      "case_task",
      {{"case_id", id},
       {"key", step.key},
       {"node", step.node},
       {"step", step.name},
       {"role", OrNull(step.role)},
       {"state", step.origin == "copy" ? "copy" : "open"},
       {"bundle_case", item.contains("bundle_task") ? item.at("bundle_task") : json::value()},
       {"department",
        step.organisation.empty() ? item.at("department") : json::value(step.organisation)},
       {"number", item.at("number")},
       {"item_name", item.at("item_name")},
       {"applicant_name", item.at("applicant_name")},
       {"person", step.person == "system" ? json::value() : OrNull(step.person)},
       {"origin", OrNull(step.origin)},
       {"question", OrNull(step.question.substr(0, 2000))},
       {"since", IsoChina(writer.now())},
       {"due", OrNull(due)}},
      region));
  return writer.Send("todo", id, {{"case_id", id}, {"role", step.role}});
}

Result<void> Cases::CloseTasks(Writer& writer, const std::string& id, const std::string& only_key) {
  std::vector<std::string> open;
  {
    TRY(store::Rows rows, writer.tx().Query("select id, key from r_case_task where case_id = $1 "
                                            "and state = 'open' and ended_at is null",
                                            {id}));
    while (rows.Next())
      if (only_key.empty() || rows.Text(1) == only_key) open.emplace_back(rows.Text(0));
  }
  for (const std::string& task : open)
    TRY_VOID(writer.Update(
        "case_task", task,
        {{"state", "done"}, {"done_at", IsoChina(writer.now())}, {"done_by", writer.who().name}}));
  return {};
}

Result<void> Cases::ApplyStanding(Writer& writer, Loaded& loaded, const FlowStanding& standing,
                                  json::object& changes) {
  changes["flow_state"] = standing.ended ? json::value() : json::value(standing.state);
  if (!standing.ended) {
    std::string names;
    std::set<std::string> known;
    std::map<std::string, std::pair<std::string, std::string>> open;  // key: row and person
    {
      TRY(store::Rows rows,
          writer.tx().Query("select id, key, person from r_case_task where case_id = $1 and "
                            "state = 'open' and ended_at is null",
                            {loaded.id}));
      while (rows.Next())
        open[std::string(rows.Text(1))] = {std::string(rows.Text(0)), std::string(rows.Text(2))};
    }
    for (const OpenStep& step : standing.open) {
      if (known.insert(step.name).second) names += (names.empty() ? "" : "、") + step.name;
      std::string person = step.person == "system" ? "" : step.person;
      auto row = open.find(step.key);
      if (row == open.end()) {
        std::string due = Text(changes, "promised_due");
        if (due.empty()) due = Text(loaded.row, "promised_due");
        TRY_VOID(OpenTask(writer, loaded.row, loaded.id, loaded.region, step, due));
        continue;
      }
      if (row->second.second != person) {
        TRY_VOID(writer.Update("case_task", row->second.first,
                               {{"person", OrNull(person)}, {"since", IsoChina(writer.now())}}));
        TRY_VOID(writer.Send("todo", loaded.id, {{"case_id", loaded.id}, {"role", step.role}}));
      }
      open.erase(row);
    }
    // What the process no longer waits for leaves the lists, done by nobody.
    for (const auto& [key, row] : open)
      if (key.find('.') != std::string::npos)
        TRY_VOID(writer.Update("case_task", row.first, {{"state", "gone"}}));
    changes["step"] = names;
    return {};
  }
  bool granted = standing.outcome != "reject";
  TRY_VOID(CloseTasks(writer, loaded.id));
  bool to_follow = false;
  if (granted) {
    TRY(to_follow, OpenPromiseDuties(writer, loaded));
  }
  changes["state"] = !granted ? "denied" : to_follow ? "granted_missing" : "granted";
  changes["decision"] = granted ? "approve" : "reject";
  changes["decided_at"] = IsoChina(writer.now());
  changes["step"] = nullptr;
  if (!Text(loaded.row, "bundle_case").empty()) {
    // Delivered with the whole bundle.
    if (decided_) TRY_VOID(decided_(writer, loaded.id, granted));
    return {};
  }
  // Delivery within ten working days of the decision (Art. 44).
  WorkDays::Day due = calendar_.After(ChinaDate(writer.now()), 10);
  return OpenTask(writer, loaded.row, loaded.id, loaded.region,
                  {"deliver", "deliver", "送达", "clerk"}, IsoDate(due.date));
}

Result<void> Cases::AddWays(store::Reader& reader, const Loaded& loaded, const Subject& who,
                            json::object& out, json::array& acts) {
  json::array ways, seats;
  std::set<std::string_view> offered;
  auto offer = [&](std::string_view name) {
    const ActInfo* act = FindAct(name);
    if (act == nullptr || !offered.insert(act->act).second) return;
    acts.push_back(json::object{
        {"act", act->act}, {"label", Both(act->zh, act->en)}, {"needs_reason", act->needs_reason}});
  };
  bool official = who.system || who.kind == "official";
  bool running = loaded.state == "handling" && !loaded.flow_state.empty();
  if (running) {
    TRY(json::array tasks, OpenTasks(reader, loaded));
    auto steps = flow_.Steps(loaded.flow);
    bool any = false;
    auto add = [&](const json::object* task, const StepWays& can) {
      json::array list;
      for (const StepWay& way : kWays) {
        bool urge = way.act == "urge" && (any || !Has(can.verbs, "complete"));
        if (way.act == "seen" || (way.act == "urge" ? !urge : !Has(can.verbs, way.act))) continue;
        list.push_back(json::object{{"act", way.act},
                                    {"label", Both(way.zh, way.en)},
                                    {"needs_reason", way.needs_reason},
                                    {"asks", kNames[static_cast<size_t>(way.asks)]}});
      }
      json::array returns;
      for (const auto& [target, name] : can.returns)
        returns.push_back(json::object{{"target", target}, {"name", name}});
      json::object shown{{"task", nullptr}, {"acts", std::move(list)}, {"returns", returns}};
      if (task != nullptr) {
        for (const char* key : {"step", "node", "person", "origin", "question", "due"})
          shown[key] = task->at(key);
        shown["task"] = task->at("id");
        shown["draft"] = can.draft;
      }
      ways.push_back(std::move(shown));
    };
    std::string first;
    for (const json::value& each : tasks) {
      const json::object& task = each.get_object();
      if (!InProcess(task)) continue;
      if (first.empty()) first = Text(task, "key");
      if (!HoldsTask(loaded, who, task)) continue;
      TRY(StepWays can,
          flow_.Ways(loaded.flow, loaded.flow_state, StepOf(loaded, who, Text(task, "key"), "")));
      // Only the deciding step grants; the others pass on.
      bool last = TextAt(task, "role") == "approver" || steps.size() == 1 ||
                  (!steps.empty() && TextAt(task, "node") == steps.back().node);
      if (Has(can.verbs, "complete")) {
        offer(last ? "approve" : "forward");
        offer("reject");
      }
      if (!can.returns.empty()) offer("return");
      add(&task, can);
      any = true;
    }
    if (!any && !first.empty()) {
      // Whoever looks on may remind, take back what they passed on, and a head may hand on.
      StepAct asking = StepOf(loaded, who, first, "");
      asking.manages = official && Manages(loaded, who);
      TRY(StepWays can, flow_.Ways(loaded.flow, loaded.flow_state, asking));
      std::erase_if(can.verbs, [&](const std::string& verb) {
        bool leads = verb == "transfer" || verb == "remove-signer" || verb == "add-beside";
        return verb != "take-back" && !(asking.manages && leads);
      });
      can.returns.clear();
      can.draft.clear();
      add(nullptr, can);
    }
  }
  if (running && official) {
    TRY(auto known, flow_.Seats(loaded.flow, loaded.flow_state));
    std::vector<std::string> people;
    for (const SeatInfo& seat : known) people.insert(people.end(), {seat.person, seat.owner});
    TRY(json::object names, NamesOf(reader, people));
    for (const SeatInfo& seat : known)
      seats.push_back(json::object{{"key", seat.key},
                                   {"node", seat.node},
                                   {"step", seat.step},
                                   {"person", seat.person},
                                   {"person_name", Text(names, seat.person)},
                                   {"owner_name", Text(names, seat.owner)},
                                   {"role", seat.role},
                                   {"state", seat.state},
                                   {"origin", seat.origin},
                                   {"remark", seat.remark}});
  }
  if (official && !who.account.empty()) {
    TRY(json::array copies,
        ledger::FindRows(reader, *ledger_.catalogue(), "case_task",
                         "case_id = " + Quoted(loaded.id) +
                             " and state = \"copy\" and person = " + Quoted(who.account),
                         1));
    if (!copies.empty()) {
      const StepWay* seen = FindWay("seen");
      ways.push_back(
          json::object{{"task", nullptr},
                       {"returns", json::array{}},
                       {"origin", "copy"},
                       {"question", copies[0].at("question")},
                       {"acts", json::array{json::object{{"act", "seen"},
                                                         {"label", Both(seen->zh, seen->en)},
                                                         {"needs_reason", false},
                                                         {"asks", "nobody"}}}}});
    }
  }
  out["ways"] = std::move(ways);
  out["seats"] = std::move(seats);
  return {};
}
}  // namespace city::cases
