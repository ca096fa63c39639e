// SPDX-License-Identifier: Apache-2.0
// A model with everything it imports, ready to run.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engines/decisions/internal/fast_decision.h"
#include "engines/decisions/internal/run.h"
#include "engines/decisions/model.h"
#include "engines/decisions/table_view.h"

namespace city::decisions {

class LoadedModel : public Model, public std::enable_shared_from_this<LoadedModel> {
 public:
  const std::string& name() const override { return name_; }
  const std::string& model_namespace() const override { return namespace_; }
  const std::string& version() const override { return version_; }
  const std::vector<Problem>& problems() const override { return problems_; }
  std::vector<ElementInfo> elements() const override;
  std::vector<ElementInfo> InputsOf(std::string_view decision) const override;
  Result<Outcome> Decide(std::string_view decision, const feel::Value& inputs,
                         const DecideOptions& options) const override;
  Result<Outcome> Serve(std::string_view service, const feel::Value& inputs,
                        const DecideOptions& options) const override;
  std::vector<TableView> tables() const override { return tables_; }

  const Element& element(int index) const { return elements_[static_cast<size_t>(index)]; }
  size_t size() const { return elements_.size(); }
  /// Runs a service inside a run of its own. `arguments` follow its input data, then decisions.
  feel::Value RunService(int service, std::span<const feel::Value> arguments,
                         feel::CallFrame& frame) const;
  feel::Value RunKnowledge(int knowledge, std::span<const feel::Value> arguments,
                           feel::CallFrame& frame) const;

 private:
  friend class Loader;
  /// Binds what can be bound for speed; called once, at the end of loading.
  void Bind();
  int Find(std::string_view name, ElementKind kind, ElementKind other) const;
  std::string KnownNames() const;
  /// Puts the inputs of a run into their places.
  void Fill(Run& run, const feel::Value& inputs, feel::CallFrame& frame,
            const std::vector<int>& overridden) const;

  std::string name_;
  std::string namespace_;
  std::string version_;
  std::vector<Problem> problems_;
  std::vector<Element> elements_;
  std::vector<TableView> tables_;
  /// Finds texts by views, without making a string.
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  /// Decisions of the simplest form by name; made once the model is complete.
  std::unordered_map<std::string, std::unique_ptr<const FastDecision>, TextHash, std::equal_to<>>
      fast_;
};

}  // namespace city::decisions
