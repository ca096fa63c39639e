// SPDX-License-Identifier: Apache-2.0
// Electronic supervision: rules over how cases are handled, a card for each breach found, the
// office's explanation, its appeal, and the decision on it.
// Source: GB/T 39046-2020 table 11 (what a card holds).
//
// Record (declared in the model): supervision_card; read as well: service_case, case_event,
// case_duty, case_task.
#pragma once
#include <string>
#include <vector>

#include "engines/cases/cases.h"

namespace city::cases {

/// One rule. `when` is FEEL over the facts of a case: state, days_waiting (working days since
/// receipt), days_left, over_promise, over_legal (working days, 0 when in time), returns,
/// corrections, pauses, paused_days (of the open pause), extended, urges, reason_given,
/// broken_duties, late_duties, days_undelivered.
struct SupervisionRule {
  std::string code, zh, en;
  std::string light;  ///< "yellow" or "red"
  std::string when, basis;
  int points = 1;  ///< what a confirmed card counts in assessment
};

/// Threads: any.
class Supervision {
 public:
  /// Errors: cases.rule_wrong, naming the rule whose condition cannot be read.
  static Result<std::unique_ptr<Supervision>> Make(Cases& cases, ledger::Ledger& ledger,
                                                   const WorkDays& calendar,
                                                   std::vector<SupervisionRule> rules);
  ~Supervision();

  const std::vector<SupervisionRule>& rules() const { return rules_; }
  /// Looks at every case that is open or was decided in the last 30 days, and makes a card for each
  /// rule that it breaks and has no card for yet. Answers {looked, raised}.
  Result<std::string> Patrol(const std::string& shard);
  /// explain, appeal (the office concerned: {words}); confirm, cancel (the supervisor: {words}).
  /// Errors: cases.card_act_not_possible, cases.act_not_yours, cases.reason_missing.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const json::object& body);
  /// A card with what this subject may do to it: {…, acts: [{act, label, needs_reason}]}.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// Cards by rule, light, state and body, as far as this subject may see them.
  Result<std::string> Figures(const ledger::Subject& who);

 private:
  struct Compiled;
  Supervision(Cases& cases, ledger::Ledger& ledger, const WorkDays& calendar,
              std::vector<SupervisionRule> rules);
  Result<json::object> FactsOf(store::Reader& reader, const json::object& row, Date today);
  Cases& cases_;
  ledger::Ledger& ledger_;
  const WorkDays& calendar_;
  std::vector<SupervisionRule> rules_;
  std::unique_ptr<Compiled> compiled_;
};
}  // namespace city::cases
