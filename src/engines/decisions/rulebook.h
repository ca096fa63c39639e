// SPDX-License-Identifier: Apache-2.0
// Decision models as governed things of a running city: drafts, test cases, publication, versions
// that stay readable. Records: decision_model, decision_version (city/systems/decision-models).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engines/decisions/model.h"
#include "engines/decisions/test_cases.h"
#include "ledger/ledger.h"

namespace city::decisions {

/// A model as a file brings it to a city.
struct FileModel {
  std::string name;    ///< key of the model, from the file name
  std::string system;  ///< folder of the system that it came with
  std::string xml;
  json::object about;  ///< label {zh, en}, purpose, decision, basis, tests; what is missing is made
  std::string path;    ///< for messages
};

/// One version, compiled. Immutable.
struct Edition {
  std::string name;  ///< key of the model
  json::object label;
  std::string decision;    ///< the one that answers
  std::string version_id;  ///< key of the decision_version
  int number = 0;
  std::shared_ptr<const Model> model;
};

/// What a case keeps of a decision: enough to explain itself for ever.
struct Ruling {
  std::string purpose;  ///< "eligibility", "routing"
  std::string model, version_id, digest, decision;
  json::object label;
  int number = 0;
  json::value outcome, trace;
  std::string says_zh, says_en;    ///< in full, for the official
  std::string brief_zh, brief_en;  ///< what matched, for the citizen
};

/// Threads: any.
class Rulebook {
 public:
  explicit Rulebook(ledger::Ledger& ledger) : ledger_(ledger) {}

  /// Makes the models of files that the city does not know yet, each with a published first
  /// version. `shard` is the city's region code. Errors: decisions.table_wrong,
  /// decisions.test_failed with one detail for each fault.
  Result<int> Keep(const std::vector<FileModel>& files, const std::string& shard);
  /// What is wrong with a file; nothing when it may be published.
  static std::vector<ErrorDetail> FaultsOf(const FileModel& file, Time now);

  /// The version in force, as `reader` sees it. Errors: decisions.not_in_force.
  Result<std::shared_ptr<const Edition>> InForce(store::Reader& reader, const std::string& name);
  /// The same on a snapshot of its own.
  Result<std::shared_ptr<const Edition>> InForceNow(const std::string& name);
  /// Decides with the version in force and tells why.
  Result<Ruling> Decide(store::Reader& reader, const std::string& name, const std::string& purpose,
                        const json::object& facts, Time now);

  /// {rows: [{name, label, purpose, in_force, draft …}]}, by name.
  Result<std::string> List(const ledger::Subject& who);
  /// The model with its versions, the newest first.
  Result<std::string> Read(const ledger::Subject& who, const std::string& name);
  /// One version with text, tables, questions, findings, test cases.
  Result<std::string> ReadVersion(const ledger::Subject& who, const std::string& name, int number);
  /// What differs between two versions, and which test cases come out differently.
  Result<std::string> CompareVersions(const ledger::Subject& who, const std::string& name,
                                      int before, int after);
  /// Findings on a text that nobody saved: {errors, problems, findings, tables, questions}.
  Result<std::string> Check(const json::object& body) const;
  /// Decides by a text or a version: {xml?, version?, decision?, inputs} → {value, says, trace}.
  Result<std::string> Try(const ledger::Subject& who, const std::string& name,
                          const json::object& body);

  /// A new model with its first draft: {name, label, purpose, decision?, basis?, xml, tests?,
  /// reason}. Answers as `ReadVersion`.
  Result<std::string> Create(const ledger::CommandInfo& info, const json::object& body);
  /// Saves the draft, making one above the newest version when there is none: {xml?, tests?,
  /// reason}. `expected`: the row version that the editor saw.
  Result<std::string> SaveDraft(const ledger::CommandInfo& info, const std::string& name,
                                const json::object& body, std::optional<int64_t> expected);
  /// Runs the test cases and keeps the report; a draft without faults becomes tested.
  Result<std::string> RunTests(const ledger::CommandInfo& info, const std::string& name,
                               int number);
  /// Publishes: checks and tests run again in the same command. From then on it decides new cases.
  /// Errors: decisions.table_wrong, decisions.test_failed, decisions.no_test_cases,
  /// decisions.own_draft, decisions.reason_missing, decisions.not_a_draft.
  Result<std::string> Publish(const ledger::CommandInfo& info, const std::string& name, int number,
                              const json::object& body);
  /// Takes a version out of force, or drops a draft.
  Result<std::string> Retire(const ledger::CommandInfo& info, const std::string& name, int number,
                             const json::object& body);

 private:
  struct Known {
    json::object model;    // the decision_model row
    json::object version;  // the decision_version row
  };
  Result<json::object> ModelRow(store::Reader& reader, const std::string& name) const;
  Result<json::array> VersionRows(store::Reader& reader, const std::string& model_id) const;
  Result<Known> Find(store::Reader& reader, const std::string& name, int number) const;
  Result<std::shared_ptr<const Edition>> Compiled(const Known& known);

  ledger::Ledger& ledger_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Edition>> editions_;  // by version and digest
};

inline constexpr const char* kRuleEditor = "rule_editor";
inline constexpr const char* kRuleReviewer = "rule_reviewer";

}  // namespace city::decisions
