// SPDX-License-Identifier: Apache-2.0
// The door of reviews: rating a service at a window, handling bad reviews, publication.
#pragma once
#include "engines/reviews/figures.h"
#include "ledger/ledger.h"

namespace city::reviews {

/// Threads: any.
class Reviews {
 public:
  explicit Reviews(ledger::Ledger& ledger) : ledger_(ledger) {}

  /// What somebody at a window says of the service they just got: {grade, tags[], text, channel}.
  /// Errors: reviews.not_served, reviews.rated_before, reviews.grade_wrong.
  Result<std::string> RateTicket(const ledger::CommandInfo& info, const std::string& ticket,
                                 const json::object& body, const std::string& department,
                                 const std::string& check_due, const std::string& correct_due);

  /// call-back, confirm, correct, reply, close, appeal (the reviewed body); uphold, reject-appeal
  /// (the service office): {words}. Errors: reviews.act_not_possible, reviews.act_not_yours,
  /// reviews.words_missing.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& review,
                          const std::string& act, const json::object& body);

  /// {figures, definitions, departments: [{name, …figures}], reviews: [{item_name, grade, text,
  /// reply, at}]}: no names, no numbers of cases.
  Result<std::string> Published();

 private:
  ledger::Ledger& ledger_;
};
}  // namespace city::reviews
