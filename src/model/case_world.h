// SPDX-License-Identifier: Apache-2.0
// What cases ask of processes, forms and rules, answered by their engines.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "engines/cases/cases.h"
#include "engines/flow/engine.h"
#include "engines/forms/forms.h"
#include "engines/items/bundle.h"
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
                                  const std::string& step_key, const std::string& verb,
                                  const std::string& reason, const std::string& account,
                                  const std::string& role, Time now) override;
  std::vector<cases::KnownStep> Steps(const std::string& flow) override;

  Result<json::object> CheckForm(const std::string& form, const json::object& answers) override;
  Result<json::object> Form(const std::string& form) override;
  Result<json::array> Materials(const json::object& item, const json::object& situation) override;
  Result<json::object> PlanBundle(const json::object& bundle, const json::object& answers) override;
  json::object PartAnswers(const json::object& part, const json::object& data) override;
  Result<json::object> CheckAnswers(const json::object& form, const json::object& answers) override;
  /// Finds the item of a basic code as the city itself implements it; set before serving.
  void SetItems(items::ItemOf item_of) { item_of_ = std::move(item_of); }
  Result<void> CheckEligible(const json::object& item, const json::object& applicant,
                             const json::object& answers) override;

  bool HasFlow(const std::string& name) const { return flows_.contains(name); }
  bool HasForm(const std::string& name) const { return forms_.contains(name); }

 private:
  CaseWorld(const WorkDays& calendar, const Clock& clock) : calendar_(calendar), clock_(clock) {}
  struct KnownForm {
    forms::Form form;
    json::object declared;
  };
  const WorkDays& calendar_;
  const Clock& clock_;
  std::unique_ptr<DecisionShelf> decisions_;
  std::map<std::string, std::shared_ptr<const flow::Definition>> flows_;
  std::map<std::string, KnownForm> forms_;
  items::ItemOf item_of_;
};
}  // namespace city::model
