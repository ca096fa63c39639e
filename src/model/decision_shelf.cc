// SPDX-License-Identifier: Apache-2.0
#include "model/decision_shelf.h"

#include "model/errors.h"

namespace city::model {

Result<std::unique_ptr<DecisionShelf>> DecisionShelf::Make(const Model& model, const Clock& clock) {
  auto made = std::unique_ptr<DecisionShelf>(new DecisionShelf(clock));
  Error faults{&error::kFaults, {}, {}};
  if (auto shelf = model.shelves.find("decisions"); shelf != model.shelves.end()) {
    for (const ShelfFile& file : shelf->second) {
      if (!file.path.ends_with(".dmn")) continue;
      auto loaded = decisions::Model::LoadFile(file.path);
      if (!loaded) {
        faults.details.push_back({file.path, std::string(loaded.error().code()),
                                  loaded.error().SaysZh(), loaded.error().SaysEn()});
        continue;
      }
      for (const decisions::Problem& problem : (*loaded)->problems())
        faults.details.push_back({file.path + ":" + std::to_string(problem.line),
                                  std::string(problem.error.code()), problem.error.SaysZh(),
                                  problem.error.SaysEn()});
      made->models_[file.name] = std::move(*loaded);
    }
  }
  if (!faults.details.empty()) {
    faults.params = {{"count", std::to_string(faults.details.size())}};
    return Fail(std::move(faults));
  }
  return made;
}

Result<Decided> DecisionShelf::Ask(std::string_view name, std::string_view decision,
                                   const json::object& inputs, bool explain) const {
  auto found = models_.find(name);
  if (found == models_.end()) return error::kUnknownDecision({{"decision", std::string(name)}});
  std::shared_ptr<const decisions::Model> in_force = found->second;
  if (rulebook_ != nullptr) {
    TRY(auto edition, rulebook_->InForceNow(std::string(name)));
    in_force = edition->model;
  }
  const decisions::Model& model = *in_force;
  feel::ContextBuilder context;
  for (const decisions::ElementInfo& input : model.InputsOf(decision)) {
    const json::value* given = inputs.if_contains(input.name);
    if (given == nullptr) {
      context.Add(input.name, feel::Value());
    } else if (input.type == nullptr) {
      context.Add(input.name, feel::FromJson(*given));
    } else {
      TRY(feel::Value value, feel::FromJson(*given, *input.type));
      context.Add(input.name, std::move(value));
    }
  }
  decisions::DecideOptions options;
  options.settings.now = clock_.Now();
  options.trace = explain;
  TRY(decisions::Outcome outcome, model.Decide(decision, context.Build(), options));
  Decided out;
  out.value = feel::ToJson(outcome.value);
  out.model = name;
  out.version = model.version();
  if (outcome.trace) out.trace = decisions::ToJson(*outcome.trace);
  return out;
}

Decide DecisionShelf::AsFunction() const {
  return [this](std::string_view model, std::string_view decision, const json::object& inputs,
                bool explain) { return Ask(model, decision, inputs, explain); };
}
}  // namespace city::model
