// SPDX-License-Identifier: Apache-2.0
// A place's own values: divisions, organisations, working days; read from its folders and kept as
// records.
#pragma once
#include <string>
#include <vector>

#include "base/work_days.h"
#include "ledger/ledger.h"
#include "model/model.h"

namespace city::model {

struct Division {
  std::string code, name, parent, level, kind;
};

struct Organisation {
  std::string id, code, name, short_name, kind, level, parent, path, region, duties, phone;
  std::vector<std::string> aliases;
};

/// Words that stand for several organisations ("each county's government").
struct OrganisationGroup {
  std::string words, kind, level;
};

/// People who can sign in to a demonstration; all fictitious.
struct DemoOfficial {
  std::string username, name, role, organisation, post;
  std::string kind;  ///< "official", or "program" for a body outside the city's offices
  std::vector<std::string> also;  ///< further roles of the same person
};
struct DemoCitizen {
  std::string username, name, post;
  std::string born;  ///< day of birth; empty: any
};
struct DemoCast {
  std::string password;
  std::vector<std::string> streets;
  std::vector<DemoOfficial> officials;
  std::vector<DemoCitizen> citizens;
};

/// Everything that `city/places` says of a place and of what it lies in.
struct Place {
  std::string code;  ///< division code of the place itself
  ledger::Words name;
  json::object about;  ///< place.yaml as JSON (hall, hotline …)
  std::vector<Division> divisions;
  std::vector<Organisation> organisations;
  std::vector<OrganisationGroup> groups;
  WorkDays calendar;
  DemoCast demo;
};

/// Reads the chain of place folders of the model. Errors: model.fault, base.bad_yaml,
/// base.file_unreadable.
Result<Place> ReadPlace(const Model& model);

/// Writes divisions and organisations that are not yet kept. Answers how many were new.
Result<int> KeepPlace(ledger::Ledger& ledger, const Place& place);
}  // namespace city::model
