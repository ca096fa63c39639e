// SPDX-License-Identifier: Apache-2.0
// The city as files: read, checked as a whole, refused with file, line, reason and remedy.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "ledger/catalogue.h"

namespace city::model {

/// One promise of a system and what proves it.
struct Proof {
  std::string promise;
  std::string story;     ///< path inside the system's folder; empty = todo
  ledger::Words reason;  ///< why there is no story yet
};

/// A folder under city/systems.
struct GovernmentSystem {
  std::string id;      ///< "S39"
  std::string folder;  ///< "service-items"
  ledger::Words name;
  std::vector<int> plan;
  std::vector<std::string> serves, needs, offers, standards;
  std::vector<Proof> proofs;
  std::vector<std::string> stories;  ///< paths of stories/*.yaml
  std::string place;
};

/// A file of a shelf that an engine reads: forms, flows, decisions, demo data.
struct ShelfFile {
  std::string system;
  std::string path;  ///< on disk
  std::string name;  ///< file name without folder and ending
};

/// A city that was read. Immutable.
struct Model {
  std::string folder;
  std::vector<GovernmentSystem> systems;
  std::shared_ptr<const ledger::Catalogue> catalogue;
  std::map<std::string, std::vector<ShelfFile>> shelves;  ///< "forms" → files
  std::string place;                                      ///< name of the place folder in use
  std::vector<std::string> place_chain;  ///< folders from the widest place to this one
  json::object files;  ///< path inside the folder → text, of all files but those that stand
                       ///< beside the model, for the version history

  const GovernmentSystem* Find(std::string_view folder) const;
};

/// Reads `folder` for `place` (a folder under places; empty = the only one that no other builds
/// on). Errors: model.no_city, model.unknown_place, model.faults (one detail a fault: pointer =
/// file:line).
Result<Model> Load(const std::string& folder, const std::string& place = {});

/// Whether a file of the folder is no part of what is kept as a version: people of the
/// demonstration and stories, which tell of people and change nothing.
bool StandsBeside(std::string_view name);

/// The state of all systems as one page of Markdown (city/README.md).
std::string StatusPage(const Model& model, const std::vector<json::object>& plan_rows);
}  // namespace city::model
