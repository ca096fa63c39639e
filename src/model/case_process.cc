// SPDX-License-Identifier: Apache-2.0
// Steps of cases, answered by the process engine: the state travels with the case.
#include <deque>
#include <set>

#include "engines/flow/offers.h"
#include "model/case_world.h"
#include "model/colleagues.h"
#include "model/errors.h"
#include "parts/crypto/crypto.h"

namespace city::model {
namespace {
/// Working days of the city for timers and deadlines.
class Surroundings : public flow::Host {
 public:
  explicit Surroundings(const WorkDays& calendar) : calendar_(calendar) {}
  Result<Time> AddWorkingDays(std::string_view, Time from, int days) override {
    Date day = ChinaDate(from);
    return StartOfChinaDay(calendar_.After(day, days).date) + (from - StartOfChinaDay(day));
  }

 private:
  const WorkDays& calendar_;
};

/// "role", "role@organisation", or an organisation whose case officers are meant.
void PutGroup(const std::vector<std::string>& groups, std::string& role,
              std::string& organisation) {
  if (groups.empty()) return;
  const std::string& group = groups.front();
  size_t at = group.find('@');
  role = group.substr(0, at);
  if (at != std::string::npos) organisation = group.substr(at + 1);
}

std::string KeyOf(flow::Key key, std::uint32_t seat) {
  return std::to_string(key) + "." + std::to_string(seat);
}

cases::FlowStanding StandingOf(const flow::Definition& definition, const flow::Instance& instance) {
  cases::FlowStanding out;
  out.ended = instance.ended();
  if (out.ended) return out;
  out.state = crypto::ToBase64(instance.Encode());
  for (const flow::Row& row : flow::RowsOf(definition, instance)) {
    if (row.kind != flow::RowKind::kTask) continue;
    const flow::Node& node = definition.node(row.node);
    const flow::Seat* seat = flow::SeatOf(instance, row.key, row.part);
    cases::OpenStep step{KeyOf(row.key, row.part), node.id, node.name, ""};
    PutGroup(row.groups, step.role, step.organisation);
    step.person = row.value;
    if (seat != nullptr) {
      step.origin = flow::SeatOriginName(seat->origin);
      if (seat->origin == flow::SeatOrigin::kConsult) step.question = seat->remark;
    }
    out.open.push_back(std::move(step));
  }
  return out;
}

/// An instance as it lies with a case, and what is asked of it.
struct Opened {
  flow::Instance instance;
  flow::Command command;
};
Result<Opened> Open(const std::string& state, const cases::StepAct& act) {
  Opened out;
  TRY(std::string bytes, crypto::FromBase64(state));
  TRY(out.instance, flow::Instance::Decode(bytes));
  flow::Command& command = out.command;
  size_t dot = act.key.find('.');
  command.key = static_cast<flow::Key>(std::strtoull(act.key.c_str(), nullptr, 10));
  if (dot != std::string::npos)
    command.seat = static_cast<uint32_t>(std::strtoul(act.key.c_str() + dot + 1, nullptr, 10));
  command.actor.id = act.account;
  command.actor.stands_in_for = act.stands_in_for;
  // What the program itself has taken (generated cases) belongs to whoever holds the role.
  command.actor.stands_in_for.emplace_back("system");
  command.actor.administrator = act.manages;
  // Cases have checked that the account holds the role that the seat asks for.
  if (const flow::Seat* seat = flow::SeatOf(out.instance, command.key, command.seat))
    command.actor.groups = seat->groups;
  return out;
}

/// Takes the seat for whoever acts: at a case acting is taking. What a colleague has stays theirs
/// also while somebody stands in for them.
Result<void> Take(flow::Engine& engine, const flow::Definition& definition, Opened& opened,
                  Time now) {
  flow::Command claim = opened.command;
  claim.verb = flow::Verb::kClaim;
  const flow::Seat* seat = flow::SeatOf(opened.instance, claim.key, claim.seat);
  if (seat == nullptr || (!seat->person.empty() && seat->person != "system")) return {};
  if (!flow::Engine::May(definition, opened.instance, claim)) return {};
  flow::Effects effects;
  return engine.Apply(definition, opened.instance, claim, now, effects);
}

Result<flow::Verb> VerbOf(const std::string& act) {
  if (act == "return") return flow::Verb::kReturn;
  if (act == "take-back") return flow::Verb::kWithdraw;
  if (act == "approve" || act == "forward" || act == "reject") return flow::Verb::kComplete;
  return flow::VerbNamed(act);
}
}  // namespace

Result<cases::FlowStanding> CaseWorld::Start(const std::string& name, const std::string& case_id,
                                             const json::object& facts, Time now) {
  TRY(auto definition, Flow(name));
  Surroundings surroundings(calendar_);
  flow::Engine engine(&surroundings);
  flow::StartRequest request;
  request.business_key = case_id;
  request.variables = facts;
  flow::Effects effects;
  TRY(flow::Instance instance, engine.Start(*definition, request, now, effects));
  return StandingOf(*definition, instance);
}

Result<cases::FlowStanding> CaseWorld::Act(const std::string& name, const std::string& state,
                                           const cases::StepAct& act, Time now) {
  TRY(auto definition, Flow(name));
  TRY(Opened opened, Open(state, act));
  TRY(flow::Verb verb, VerbOf(act.verb));
  Surroundings surroundings(calendar_);
  flow::Engine engine(&surroundings);
  if (!act.manages && verb != flow::Verb::kWithdraw && verb != flow::Verb::kClaim)
    TRY_VOID(Take(engine, *definition, opened, now));
  flow::Command& command = opened.command;
  command.verb = verb;
  command.reason = act.reason;
  command.people = act.people;
  if (verb == flow::Verb::kReturn) command.name = act.target.empty() ? "previous" : act.target;
  if (verb == flow::Verb::kComplete) command.name = act.verb == "reject" ? "reject" : "approve";
  if (verb == flow::Verb::kSaveDraft) command.variables = {{"opinion", act.reason}};
  flow::Effects effects;
  TRY_VOID(engine.Apply(*definition, opened.instance, command, now, effects));
  cases::FlowStanding out = StandingOf(*definition, opened.instance);
  for (const flow::Outbound& each : effects.out)
    if (each.kind == flow::Outbound::Kind::kCopy || each.kind == flow::Outbound::Kind::kUrge)
      out.notices.push_back({each.kind == flow::Outbound::Kind::kUrge, each.people});
  if (out.ended) {
    // The last outcome that a step or the process itself has set decides.
    std::string outcome = act.verb;
    for (const flow::LogLine& line : effects.log)
      if (line.kind == flow::LogKind::kVariable && line.name == "outcome" && line.value.is_string())
        outcome = line.value.get_string();
    out.outcome = flow::IsRefusal(outcome) ? "reject" : "approve";
  }
  return out;
}

Result<cases::StepWays> CaseWorld::Ways(const std::string& name, const std::string& state,
                                        const cases::StepAct& who) {
  TRY(auto definition, Flow(name));
  TRY(Opened opened, Open(state, who));
  cases::StepWays out;
  flow::Command back = opened.command;
  back.verb = flow::Verb::kWithdraw;
  if (flow::Engine::May(*definition, opened.instance, back)) out.verbs.emplace_back("take-back");
  const flow::Seat* seat = flow::SeatOf(opened.instance, opened.command.key, opened.command.seat);
  bool unclaimed = seat != nullptr && seat->person.empty();
  if (!who.manages) {
    Surroundings surroundings(calendar_);
    flow::Engine engine(&surroundings);
    TRY_VOID(Take(engine, *definition, opened, clock_.Now()));
  }
  const flow::Command& command = opened.command;
  for (const flow::Offer& offer :
       flow::OffersOf(*definition, opened.instance, command.key, command.seat, command.actor)) {
    if (offer.refused) continue;
    if (offer.verb == flow::Verb::kUrge || offer.verb == flow::Verb::kComment) continue;
    // Taking is offered for what nobody has, giving back for what somebody took.
    if (offer.verb == flow::Verb::kClaim && !unclaimed) continue;
    if (offer.verb == flow::Verb::kRelease && unclaimed) continue;
    out.verbs.emplace_back(flow::VerbName(offer.verb));
  }
  for (const auto& each :
       flow::ReturnsOf(*definition, opened.instance, command.key, command.seat, command.actor))
    if (each.target != "applicant") out.returns.emplace_back(each.target, each.name);
  seat = flow::SeatOf(opened.instance, command.key, command.seat);
  if (seat != nullptr && !seat->draft.empty()) {
    auto draft = ParseJson(seat->draft);
    if (draft && draft->is_object()) out.draft = TextAt(draft->get_object(), "opinion");
  }
  return out;
}

Result<std::vector<cases::SeatInfo>> CaseWorld::Seats(const std::string& name,
                                                      const std::string& state) {
  TRY(auto definition, Flow(name));
  TRY(Opened opened, Open(state, {}));
  std::vector<cases::SeatInfo> out;
  for (const flow::Live& live : opened.instance.lives) {
    if (!live.extra || definition->node(live.node).kind != flow::NodeKind::kUser) continue;
    for (const flow::Seat& seat : live.extra->seats) {
      cases::SeatInfo& info = out.emplace_back();
      info.key = KeyOf(live.key, seat.id);
      info.node = definition->node(live.node).id;
      info.step = definition->node(live.node).name;
      info.person = seat.person == "system" ? "" : seat.person;
      info.owner = seat.owner;
      info.state = flow::SeatStateName(seat.state);
      info.origin = flow::SeatOriginName(seat.origin);
      info.remark = seat.remark;
      PutGroup(seat.groups, info.role, info.organisation);
    }
  }
  return out;
}

std::vector<cases::KnownStep> CaseWorld::Steps(const std::string& name) {
  std::vector<cases::KnownStep> out;
  auto found = Flow(name);
  if (!found) return out;
  // User tasks in the order in which a walk from the start meets them.
  const flow::Definition& definition = **found;
  std::deque<flow::Index> walk;
  std::set<flow::Index> seen;
  for (size_t i = 0; i < definition.nodes.size(); ++i)
    if (definition.nodes[i].kind == flow::NodeKind::kStart)
      walk.push_back(static_cast<flow::Index>(i));
  while (!walk.empty()) {
    flow::Index at = walk.front();
    walk.pop_front();
    if (!seen.insert(at).second) continue;
    const flow::Node& node = definition.node(at);
    if (node.kind == flow::NodeKind::kUser) out.push_back({node.id, node.name});
    for (flow::Index flow : node.out) walk.push_back(definition.flow(flow).target);
  }
  return out;
}

Result<std::shared_ptr<const flow::Definition>> CaseWorld::Flow(const std::string& name) const {
  auto found = flows_.find(name.empty() ? "ordinary" : name);
  if (found == flows_.end()) return error::kUnknownFlow({{"flow", name}});
  return found->second;
}

Result<std::vector<std::string>> CaseWorld::StandsInFor(store::Reader& reader,
                                                        const std::string& account) {
  return model::StandsInFor(reader, account, ChinaDate(clock_.Now()));
}

Result<bool> CaseWorld::IsOfficial(store::Reader& reader, const std::string& account) {
  return model::IsOfficial(reader, account);
}
}  // namespace city::model
