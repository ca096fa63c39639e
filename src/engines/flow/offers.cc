// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/offers.h"

#include <set>

namespace city::flow {

std::span<const Verb> SeatVerbs() {
  static constexpr Verb kVerbs[] = {
      Verb::kClaim,     Verb::kRelease,      Verb::kComplete, Verb::kSaveDraft, Verb::kReturn,
      Verb::kTransfer,  Verb::kDelegate,     Verb::kGiveBack, Verb::kAddBefore, Verb::kAddAfter,
      Verb::kAddBeside, Verb::kRemoveSigner, Verb::kCopyTo,   Verb::kUrge,      Verb::kConsult,
      Verb::kAnswer,    Verb::kComment};
  return kVerbs;
}

const Seat* SeatOf(const Instance& instance, Key key, std::uint32_t id) {
  const Live* live = instance.Find(key);
  if (live == nullptr || !live->extra) return nullptr;
  for (const Seat& seat : live->extra->seats) {
    if (seat.id == id) return &seat;
  }
  return nullptr;
}

std::vector<Offer> OffersOf(const Definition& definition, const Instance& instance, Key key,
                            std::uint32_t seat, const Actor& actor) {
  std::vector<Offer> out;
  for (Verb verb : SeatVerbs()) {
    Command command;
    command.verb = verb;
    command.key = key;
    command.seat = seat;
    command.actor = actor;
    command.reason = "?";
    command.people = {"?"};
    if (verb == Verb::kReturn) command.name = "previous";
    if (verb == Verb::kRemoveSigner) {
      command.people.clear();
      if (const Live* live = instance.Find(key); live != nullptr && live->extra) {
        for (const Seat& each : live->extra->seats) {
          bool waits = each.state == SeatState::kOpen || each.state == SeatState::kPending;
          if (each.id != seat && !each.person.empty() && waits) command.people = {each.person};
        }
      }
    }
    auto may = Engine::May(definition, instance, command);
    Offer& offer = out.emplace_back();
    offer.verb = verb;
    if (!may) offer.refused = std::move(may).error();
  }
  return out;
}

std::vector<ReturnChoice> ReturnsOf(const Definition& definition, const Instance& instance, Key key,
                                    std::uint32_t seat, const Actor& actor) {
  std::vector<ReturnChoice> out;
  std::set<std::string> known;
  auto offer = [&](const std::string& target, const std::string& name) {
    if (!known.insert(target).second) return;
    Command command;
    command.verb = Verb::kReturn;
    command.key = key;
    command.seat = seat;
    command.actor = actor;
    command.reason = "?";
    command.name = target;
    if (Engine::May(definition, instance, command)) out.push_back({target, name});
  };
  offer("previous", "");
  offer("applicant", "");
  for (const Step& step : instance.trail) {
    const Node& node = definition.node(step.node);
    offer(node.id, node.name);
  }
  return out;
}

const char* SeatStateName(SeatState state) {
  static constexpr const char* kNames[] = {"pending",  "open",    "approved",
                                           "rejected", "removed", "answered"};
  return kNames[static_cast<int>(state)];
}

const char* SeatOriginName(SeatOrigin origin) {
  static constexpr const char* kNames[] = {"model", "before", "after", "beside", "consult"};
  return kNames[static_cast<int>(origin)];
}

}  // namespace city::flow
