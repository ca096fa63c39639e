// SPDX-License-Identifier: Apache-2.0
// A decision model: loads DMN 1.1 to 1.6 files and decides. The door of engines/decisions.
// Standard: OMG Decision Model and Notation 1.5. Threads: a loaded Model is read by many at once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/decisions/trace.h"
#include "parts/feel/feel.h"

namespace city::decisions {

/// The text of a DMN file under the name it is spoken of.
struct Source {
  std::string name;
  std::string xml;
};

/// Something in a model that will not work; the rest of the model does.
struct Problem {
  std::string element;
  int line = 0;
  Error error;
};

enum class ElementKind : uint8_t { kInput, kDecision, kKnowledge, kService };

/// One thing a model declares, as lists and forms show it.
struct ElementInfo {
  ElementKind kind;
  std::string id;
  std::string name;
  feel::TypePtr type;  // null for Any
  std::string question;
  std::string description;
  std::string logic;  // its expressions as text, but for a decision table
};

/// What came of a decision.
struct Outcome {
  feel::Value value;
  std::vector<Error> remarks;  // why something became null, the first fifty
  bool limit_exceeded = false;
  std::optional<Trace> trace;  // when asked for
};

struct DecideOptions {
  feel::Settings settings;
  bool trace = false;
};

struct TableView;

class Model {
 public:
  /// A model from its text and the texts of the models it imports.
  /// Errors: base.bad_xml, base.too_large, decisions.not_dmn, decisions.no_import,
  /// decisions.cycle. Whatever else is wrong is listed by problems().
  static Result<std::shared_ptr<const Model>> Load(const Source& main,
                                                   std::span<const Source> imports = {});
  /// The same from a file; imports are looked for beside it.
  /// Errors: also base.file_unreadable.
  static Result<std::shared_ptr<const Model>> LoadFile(const std::string& path);

  virtual ~Model() = default;

  virtual const std::string& name() const = 0;
  virtual const std::string& model_namespace() const = 0;
  /// A short identity of the texts, for explanations and comparison: 16 hexadecimal digits.
  virtual const std::string& version() const = 0;
  virtual const std::vector<Problem>& problems() const = 0;
  /// Elements of the main model.
  virtual std::vector<ElementInfo> elements() const = 0;
  /// The inputs a decision needs, directly or through other decisions.
  virtual std::vector<ElementInfo> InputsOf(std::string_view decision) const = 0;

  /// Decides. `inputs` is a context with the values of input data by name.
  /// Errors: decisions.no_decision.
  virtual Result<Outcome> Decide(std::string_view decision, const feel::Value& inputs,
                                 const DecideOptions& options = {}) const = 0;
  /// Runs a decision service; `inputs` holds its input data and input decisions by name. With
  /// several output decisions the value is a context of them.
  virtual Result<Outcome> Serve(std::string_view service, const feel::Value& inputs,
                                const DecideOptions& options = {}) const = 0;

  /// The decision tables of the main model, for checks and editors.
  virtual std::vector<TableView> tables() const = 0;
};

}  // namespace city::decisions
