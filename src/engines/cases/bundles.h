// SPDX-License-Identifier: Apache-2.0
// One thing: a bundle of items applied for with one form, received once, worked on in parallel or
// in order, delivered once, reviewed once.
#pragma once
#include "engines/cases/cases.h"

namespace city::cases {

/// Threads: any.
class Bundles {
 public:
  Bundles(Cases& cases, ledger::Ledger& ledger, CaseRules& rules, const WorkDays& calendar);

  /// Questions, and once they are answered parts, form, materials and days of the bundle for these
  /// answers. Anybody may ask. Errors: ledger.not_found, those of planning.
  Result<std::string> Plan(const ledger::Subject& who, const std::string& bundle,
                           const json::object& answers);

  /// The papers that the city would write from these answers: [{material, title, paragraphs}], to
  /// be read before applying. Errors: as Plan, cases.form_wrong.
  Result<std::string> Papers(const ledger::Subject& who, const std::string& bundle,
                             const json::object& body);

  /// Applies: {bundle, answers, data, materials: [{material, attachments[], paper?, certificate?}],
  /// applicant?}. What the plan finds held as a certificate is used with the applicant's word, and
  /// that is recorded; what it writes is kept as a paper of the part.
  /// Parts that need nothing are cases at once, the others when what they need is granted.
  /// Errors: cases.bundle_not_open, cases.situation_open, cases.form_wrong, cases.material_missing.
  Result<std::string> Apply(const ledger::CommandInfo& info, const json::object& body);
  Result<std::string> ApplyIn(ledger::Writer& writer, const json::object& body);

  /// accept, refuse, request-correction (clerk), correct, withdraw (applicant), deliver (clerk).
  /// Errors: cases.act_not_possible, cases.act_not_yours, cases.reason_missing,
  /// cases.corrected_once.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const json::object& body);
  Result<void> ActIn(ledger::Writer& writer, const std::string& id, const std::string& act,
                     const json::object& body);

  /// One review for the whole: {grade, tags[], text}.
  Result<std::string> Review(const ledger::CommandInfo& info, const std::string& id,
                             const json::object& body);

  /// The application as its page shows it.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);

 private:
  struct Part {
    std::string id, name, item, case_id, state;
    std::vector<std::string> needs;
  };
  Result<std::vector<Part>> PartsOf(store::Reader& reader, const std::string& id);
  Result<void> PartDecided(ledger::Writer& writer, const std::string& case_id, bool granted);
  Result<std::string> BeginPart(ledger::Writer& writer, const json::object& row,
                                const json::object& plan_part);
  Result<void> OpenTask(ledger::Writer& writer, const json::object& row, const std::string& key,
                        const std::string& step, int days);
  /// What the plan provides for one part, made ready: certificates with their authorisation, papers
  /// with their words.
  Result<json::array> Provide(ledger::Writer& writer, const ledger::Subject& who,
                              const json::object& part, const json::object& plan,
                              const json::object& data, const json::array& given,
                              const std::string& signer);

  Cases& cases_;
  ledger::Ledger& ledger_;
  CaseRules& rules_;
  const WorkDays& calendar_;
};
}  // namespace city::cases
