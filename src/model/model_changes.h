// SPDX-License-Identifier: Apache-2.0
// The city's files while the city runs: what a new reading would change, putting it in force, the
// versions so far, and taking one back.
#pragma once
#include <string>

#include "model/city.h"

namespace city::model {

/// Reads the folder of `options`. When a version was taken back and the folder still holds what was
/// then refused, the version in force is read instead, from the data folder.
Result<Model> ReadHeldOr(store::Store& store, const CityOptions& options);

/// Lines of `before` and `after` that differ, with their surroundings, in the unified form of
/// patches; at most about 200,000 characters.
std::string LineDiff(std::string_view before, std::string_view after);

/// Threads: any.
class ModelChanges {
 public:
  explicit ModelChanges(City& city) : city_(city) {}

  /// What reading the folder now would change: {"files": [{"name", "change": added | removed |
  /// changed, "effect": now | next_start | own_versions, "diff"}], "schema": [{"type", "what",
  /// "additive"}], "installable"}. Errors: model.faults.
  Result<json::object> Plan();
  /// One version and what it changed: as `Plan`, with "number", "at", "by", "summary".
  /// Errors: model.no_such_version.
  Result<json::object> Version(int64_t number);
  /// Puts the folder's files in force. Errors: model.faults, model.nothing_changed,
  /// model.reason_needed, ledger.needs_reviewed_step.
  Result<json::object> Install(const ledger::Subject& who, const std::string& reason);
  /// Puts an earlier version in force again, as a new version; the next start keeps to it until the
  /// folder's files change. Columns that it does not know stay in the store, unseen.
  Result<json::object> TakeBack(const ledger::Subject& who, int64_t number,
                                const std::string& reason);

 private:
  Result<json::object> FilesOf(int64_t number, json::object* about);
  City& city_;
};
}  // namespace city::model
