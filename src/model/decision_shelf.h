// SPDX-License-Identifier: Apache-2.0
// The decision files of the city's systems, by name, ready to be asked.
#pragma once
#include <map>
#include <memory>

#include "base/decide.h"
#include "engines/decisions/rulebook.h"
#include "model/model.h"

namespace city::model {

/// Immutable once made and told whom to use. Threads: any.
class DecisionShelf {
 public:
  /// Reads every file of the shelf "decisions". Errors: model.faults, one detail a finding.
  static Result<std::unique_ptr<DecisionShelf>> Make(const Model& model, const Clock& clock);

  /// Errors: model.unknown_decision, those of deciding.
  Result<Decided> Ask(std::string_view model, std::string_view decision, const json::object& inputs,
                      bool explain) const;
  /// From now on the published versions decide, in place of the files they grew out of.
  void Use(decisions::Rulebook& rulebook) { rulebook_ = &rulebook; }
  bool Has(std::string_view model) const { return models_.contains(model); }
  /// The same as a function for engines; the shelf must outlive it.
  Decide AsFunction() const;

 private:
  explicit DecisionShelf(const Clock& clock) : clock_(clock) {}
  const Clock& clock_;
  decisions::Rulebook* rulebook_ = nullptr;
  std::map<std::string, std::shared_ptr<const decisions::Model>, std::less<>> models_;
};
}  // namespace city::model
