// SPDX-License-Identifier: Apache-2.0
// What cases ask of processes, forms and rules, answered by their engines.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engines/cases/cases.h"
#include "engines/certificates/certificates.h"
#include "engines/decisions/rulebook.h"
#include "engines/flow/engine.h"
#include "engines/forms/forms.h"
#include "engines/items/bundle.h"
#include "engines/registration/papers.h"
#include "engines/space/space.h"
#include "model/decision_shelf.h"
#include "model/model.h"

namespace city::model {

/// Threads: any.
class CaseWorld : public cases::CaseFlow, public cases::CaseRules {
 public:
  /// Deploys the flows and reads the forms of the model. Errors: model.faults with one detail for
  /// each finding.
  static Result<std::unique_ptr<CaseWorld>> Make(const Model& model, const WorkDays& calendar,
                                                 const Clock& clock);

  /// Decision models of the city.
  const DecisionShelf& decisions() const { return *decisions_; }

  Result<cases::FlowStanding> Start(const std::string& flow, const std::string& case_id,
                                    const json::object& facts, Time now) override;
  Result<cases::FlowStanding> Act(const std::string& flow, const std::string& state,
                                  const cases::StepAct& act, Time now) override;
  Result<cases::StepWays> Ways(const std::string& flow, const std::string& state,
                               const cases::StepAct& who) override;
  Result<std::vector<cases::SeatInfo>> Seats(const std::string& flow,
                                             const std::string& state) override;
  std::vector<cases::KnownStep> Steps(const std::string& flow) override;

  Result<json::object> CheckForm(const std::string& form, const json::object& answers) override;
  Result<json::object> Form(const std::string& form) override;
  Result<std::optional<cases::KeptDecision>> CheckEligible(
      store::Reader& reader, const cases::Application& application) override;
  Result<std::optional<cases::KeptDecision>> Route(store::Reader& reader,
                                                   const cases::Application& application) override;

  /// Who decides by models; must outlive this. Without it items that name a model are refused.
  void Use(decisions::Rulebook& rulebook) {
    rulebook_ = &rulebook;
    decisions_->Use(rulebook);
  }
  Result<json::array> Materials(const json::object& item, const json::object& situation) override;
  Result<std::vector<std::string>> StandsInFor(store::Reader& reader,
                                               const std::string& account) override;
  Result<bool> IsOfficial(store::Reader& reader, const std::string& account) override;
  Result<json::object> UseCertificate(ledger::Writer& writer, const ledger::Subject& applicant,
                                      const json::object& item,
                                      const std::string& certificate) override;
  /// Gives what stands for certificates in applications; before, none can be used.
  void Join(certificates::Certificates* certificates, space::Space* space) {
    certificates_ = certificates;
    space_ = space;
  }
  Result<json::object> PlanBundle(const json::object& bundle, const json::object& answers,
                                  const ledger::Subject& who) override;
  Result<json::object> WritePaper(const std::string& name, const json::object& facts) override;
  json::object PartAnswers(const json::object& part, const json::object& data) override;
  Result<json::object> CheckAnswers(const json::object& form, const json::object& answers) override;
  /// Finds the item of a basic code as the city itself implements it; set before serving.
  void SetItems(items::ItemOf item_of) { item_of_ = std::move(item_of); }

  bool HasFlow(const std::string& name) const { return flows_.contains(name); }
  bool HasForm(const std::string& name) const { return forms().contains(name); }
  /// Puts the forms of another reading of the city's files in force. Errors: model.faults with one
  /// detail for each finding; nothing has changed then.
  Result<void> UseForms(const Model& model);
  /// Whether `UseForms` would take them.
  static Result<void> CheckForms(const Model& model);

 private:
  CaseWorld(const WorkDays& calendar, const Clock& clock) : calendar_(calendar), clock_(clock) {}
  struct KnownForm {
    forms::Form form;
    json::object declared;
  };
  const WorkDays& calendar_;
  json::object FactsOf(const cases::Application& application) const;
  Result<decisions::Ruling> Decide(store::Reader& reader, const std::string& model,
                                   const std::string& purpose,
                                   const cases::Application& application);
  Result<std::shared_ptr<const flow::Definition>> Flow(const std::string& name) const;
  const Clock& clock_;
  decisions::Rulebook* rulebook_ = nullptr;
  std::unique_ptr<DecisionShelf> decisions_;
  certificates::Certificates* certificates_ = nullptr;
  space::Space* space_ = nullptr;
  std::map<std::string, std::shared_ptr<const flow::Definition>> flows_;
  using Forms = std::map<std::string, KnownForm>;
  static Result<Forms> ReadForms(const Model& model);
  const Forms& forms() const { return *forms_now_.load(); }
  /// All forms since the start: what another thread still reads stays.
  std::vector<std::unique_ptr<const Forms>> forms_kept_;
  std::atomic<const Forms*> forms_now_{nullptr};
  items::ItemOf item_of_;
  std::map<std::string, registration::PaperText> papers_;
};
}  // namespace city::model
