// SPDX-License-Identifier: Apache-2.0
#include "gate/process_support.h"

#include <algorithm>

#include "engines/flow/offers.h"
#include "engines/flow/view.h"
#include "gate/errors.h"

namespace city::gate {

std::vector<std::string> ProcessManagers() { return {"administrator", "process_manager"}; }
std::vector<std::string> ProcessReaders() {
  return {"administrator", "process_manager", "supervisor", "auditor"};
}

json::value WhenOf(int64_t micros) {
  return micros == 0 ? json::value() : json::value(IsoChina(FromMicros(micros)));
}

json::array GroupsOf(const Surroundings& s, const json::array& groups) {
  json::array out;
  for (const json::value& each : groups) {
    if (!each.is_string()) continue;
    std::string id(each.get_string());
    ledger::Words words = s.city.processes().GroupName(id);
    out.push_back(
        json::object{{"id", id}, {"name", json::object{{"zh", words.zh}, {"en", words.en}}}});
  }
  return out;
}

Result<void> NamePeople(const Surroundings& s, json::array& rows,
                        const std::vector<std::string>& keys) {
  std::set<std::string> ids;
  for (const json::value& row : rows)
    for (const std::string& key : keys) ids.insert(std::string(TextAt(row.as_object(), key)));
  TRY(auto names, s.city.processes().NamesOf(ids));
  for (json::value& row : rows) {
    json::object& object = row.as_object();
    for (const std::string& key : keys) {
      auto found = names.find(std::string(TextAt(object, key)));
      if (found != names.end()) object[key + "_name"] = found->second;
    }
  }
  return {};
}

namespace {
bool IsInvolved(const SeenInstance& seen) {
  const flow::Actor& actor = seen.actor;
  auto acts_for = [&](const std::string& person) {
    return !person.empty() &&
           (person == actor.id || std::find(actor.stands_in_for.begin(), actor.stands_in_for.end(),
                                            person) != actor.stands_in_for.end());
  };
  if (acts_for(seen.instance.starter)) return true;
  for (const flow::Step& step : seen.instance.trail)
    if (acts_for(step.person)) return true;
  for (const flow::Live& live : seen.instance.lives) {
    if (!live.extra) continue;
    for (const flow::Seat& seat : live.extra->seats) {
      if (acts_for(seat.person) || acts_for(seat.owner)) return true;
      if (!seat.person.empty()) continue;
      if (std::any_of(seat.users.begin(), seat.users.end(), acts_for)) return true;
      for (const std::string& group : seat.groups)
        if (std::find(actor.groups.begin(), actor.groups.end(), group) != actor.groups.end())
          return true;
    }
  }
  return false;
}
}  // namespace

Result<SeenInstance> LookAt(const Surroundings& s, const ledger::Subject& who,
                            const std::string& id) {
  model::ProcessWorld& world = s.city.processes();
  SeenInstance seen;
  flow::InstanceQuery query;
  query.region = world.region();
  query.id = id;
  query.limit = 1;
  TRY(auto found, world.runtime().Instances(query));
  if (found.empty() || id.empty()) return error::kNotInvolved;
  seen.item = std::move(found.front());
  TRY(auto loaded, world.runtime().Load(seen.item.instance));
  seen.instance = std::move(loaded.first);
  seen.definition = std::move(loaded.second);
  TRY(seen.actor, world.ActorOf(who));
  for (const std::string& role : ProcessReaders())
    if (who.HasRole(role)) return seen;
  if (IsInvolved(seen)) return seen;
  TRY(auto snapshot, s.city.store().Read());
  TRY(auto part, snapshot->Query("select 1 from flow_part where region = $1 and person = $2"
                                 " and instance = $3 union all select 1 from flow_notice"
                                 " where region = $1 and person = $2 and instance = $3 limit 1",
                                 {world.region(), who.account, id}));
  if (!part.Next()) return error::kNotInvolved;
  return seen;
}

Result<std::string> ReasonOf(const json::object& body) {
  std::string reason(TextAt(body, "reason"));
  if (reason.empty()) return error::kNeedsReason;
  return reason.substr(0, 2000);
}

flow::Command CommandOf(flow::Verb verb, const flow::Actor& actor, const json::object& body) {
  flow::Command command;
  command.verb = verb;
  command.actor = actor;
  command.name = std::string(TextAt(body, "name"));
  command.reason = std::string(TextAt(body, "reason")).substr(0, 6000);
  command.key = static_cast<flow::Key>(IntAt(body, "key"));
  if (const json::object* variables = ObjectAt(body, "variables")) command.variables = *variables;
  if (const json::array* people = ArrayAt(body, "people"))
    for (const json::value& each : *people)
      if (each.is_string() && command.people.size() < 100)
        command.people.emplace_back(each.get_string());
  return command;
}

ledger::AuditLine ProcessNote(const Surroundings& s, std::string act, std::string type,
                              std::string id, const json::object& detail) {
  return {std::move(act), std::move(type), std::move(id), s.city.processes().region(),
          ToText(detail)};
}

Result<std::string> ActOn(const Surroundings& s, const Call& call, const flow::InstanceRef& ref,
                          const flow::Command& command) {
  model::ProcessWorld& world = s.city.processes();
  TRY(std::string done,
      s.city.ledger().Command(
          InfoOf(call, ref.region), [&](ledger::Writer& writer) -> Result<std::string> {
            TRY(flow::StepDone step, world.runtime().DoIn(writer.tx(), ref, command));
            TRY_VOID(world.runtime().NotePart(writer.tx(), ref, call.who.account));
            json::object detail{{"key", command.key}, {"seat", command.seat}};
            if (!command.name.empty()) detail["name"] = command.name;
            if (!command.reason.empty()) detail["reason"] = command.reason;
            if (!command.people.empty()) detail["people"] = json::value_from(command.people);
            json::array changed;
            for (const auto& [name, value] : command.variables)
              changed.push_back(json::string(name));
            if (!changed.empty()) detail["variables"] = std::move(changed);
            writer.Note(ProcessNote(s, "process." + std::string(flow::VerbName(command.verb)),
                                    "process_instance", ref.id, detail));
            TRY_VOID(writer.Send("process", ref.id, json::object{{"id", ref.id}}));
            return ToText(json::object{
                {"instance", ref.id}, {"version", step.version}, {"ended", step.ended}});
          }));
  s.city.relay().Wake();
  world.Wake();
  return done;
}

Result<json::object> ViewOf(const Surroundings& s, const SeenInstance& seen) {
  json::object out = flow::InstanceView(*seen.definition, seen.instance);
  const flow::InstanceItem& item = seen.item;
  out["id"] = item.instance.id;
  out["definition"] = item.definition;
  out["process_version"] = item.process_version;
  out["name"] = seen.instance.process == flow::kNone
                    ? std::string()
                    : seen.definition->node(seen.instance.process).name;
  out["ended"] = WhenOf(item.ended);
  out["hold"] = item.hold;
  if (seen.instance.ended()) {
    TRY(auto history, s.city.processes().runtime().History(item.instance));
    std::vector<flow::LogLine> log;
    for (flow::HistoryEntry& entry : history)
      std::move(entry.lines.begin(), entry.lines.end(), std::back_inserter(log));
    out["variables"] = flow::VariablesAfter(log);
  }
  std::set<std::string> people{item.starter};
  json::array seats;
  for (const flow::Live& live : seen.instance.lives) {
    if (!live.extra) continue;
    for (const flow::Seat& seat : live.extra->seats) people.insert({seat.person, seat.owner});
  }
  TRY(auto names, s.city.processes().NamesOf(people));
  auto name = [&](const std::string& id) {
    auto found = names.find(id);
    return found == names.end() ? id : found->second;
  };
  for (const flow::Live& live : seen.instance.lives) {
    if (!live.extra) continue;
    for (const flow::Seat& seat : live.extra->seats) {
      json::array groups;
      for (const std::string& group : seat.groups) groups.push_back(json::string(group));
      seats.push_back(json::object{{"element", seen.definition->node(live.node).id},
                                   {"key", live.key},
                                   {"seat", seat.id},
                                   {"state", flow::SeatStateName(seat.state)},
                                   {"origin", flow::SeatOriginName(seat.origin)},
                                   {"person", seat.person},
                                   {"person_name", name(seat.person)},
                                   {"owner_name", name(seat.owner)},
                                   {"groups", GroupsOf(s, groups)},
                                   {"remark", seat.remark}});
    }
  }
  out["seats"] = std::move(seats);
  out["starter_name"] = name(item.starter);
  json::array& tasks = out["tasks"].as_array();
  for (json::value& each : tasks) {
    json::object& task = each.as_object();
    task["person_name"] = name(std::string(TextAt(task, "person")));
    task["groups"] = GroupsOf(s, task["groups"].as_array());
  }
  json::object elements;
  for (const flow::Node& node : seen.definition->nodes)
    if (!node.name.empty()) elements[node.id] = node.name;
  out["elements"] = std::move(elements);
  return out;
}

Route ProcessRoute(const char* method, const char* pattern, const char* operation, const char* zh,
                   const char* en, std::vector<std::string> roles) {
  Route route{method, pattern, operation, zh, en, Access::kRoles, std::move(roles), nullptr};
  route.tag = "processes";
  return route;
}

Error WrongParameter(const char* name, const char* zh, const char* en) {
  return Error{&error::kParameterWrong, {{"name", name}, {"hint_zh", zh}, {"hint_en", en}}, {}};
}

json::object PerItem(const std::vector<flow::BatchItem>& items, std::string_view done) {
  json::array rows;
  int good = 0;
  for (const flow::BatchItem& item : items) {
    json::object row{{"instance", item.instance.id}, {"ok", !item.error}};
    if (item.error) {
      row["code"] = item.error->code();
      row["says"] = json::object{{"zh", item.error->SaysZh()}, {"en", item.error->SaysEn()}};
      json::array details;
      for (const ErrorDetail& detail : item.error->details)
        details.push_back(json::object{
            {"element", detail.pointer}, {"zh", detail.says_zh}, {"en", detail.says_en}});
      row["details"] = std::move(details);
    } else {
      ++good;
    }
    rows.push_back(std::move(row));
  }
  // The misfits first: they are what somebody must look at.
  std::stable_sort(rows.begin(), rows.end(), [](const json::value& a, const json::value& b) {
    return !a.at("ok").as_bool() && b.at("ok").as_bool();
  });
  std::size_t refused = rows.size() - static_cast<std::size_t>(good);
  constexpr std::size_t kShown = 1000;
  if (rows.size() > kShown) rows.resize(std::max(kShown, std::min(refused, rows.size())));
  return json::object{{done, good}, {"refused", refused}, {"rows", std::move(rows)}};
}
}  // namespace city::gate
