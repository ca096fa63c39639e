// SPDX-License-Identifier: Apache-2.0
// The social-security card as one key to services: bind, authorise, swipe, suspend, report lost.
//
// Records (declared in the model): citizen_card, card_swipe; read as well: social_card, account,
// person; code list: card-field.
#pragma once
#include <string>

#include "ledger/ledger.h"

namespace city::one_card {

/// What follows from an act; empty when it is not possible in `state`. Acts: suspend, resume,
/// report-lost, found, unbind.
std::string_view StateAfter(std::string_view state, std::string_view act);
/// Why a card of this state is refused for a field; empty when it is good: "lost", "suspended",
/// "unbound", "not_authorised".
std::string_view WhyRefused(std::string_view state, bool authorised);

/// Threads: any.
class Cards {
 public:
  explicit Cards(ledger::Ledger& ledger) : ledger_(ledger) {}

  /// The bound card of this account with its fields and latest swipes; {card: null} when none.
  Result<std::string> Mine(const ledger::Subject& who);
  /// Binds: {number}. The number must be issued to the person behind the account. Errors:
  /// one_card.not_your_card, one_card.bound_already.
  Result<std::string> Bind(const ledger::CommandInfo& info, const json::object& body);
  /// Authorises a field or takes it back: {field, on}. Errors: one_card.no_card,
  /// one_card.unknown_field.
  Result<std::string> Authorise(const ledger::CommandInfo& info, const json::object& body);
  /// Errors: one_card.no_card, one_card.act_not_possible.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& act);
  /// A terminal swipes: {number, field, place}. Answers {outcome: "granted"|"refused", reason,
  /// holder (masked)}; a line for the holder either way.
  Result<std::string> Swipe(const ledger::CommandInfo& info, const json::object& body);

 private:
  ledger::Ledger& ledger_;
};
}  // namespace city::one_card
