// SPDX-License-Identifier: Apache-2.0
// Models on the drawing board: kept while they are drawn, with nothing running from them yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "parts/store/store.h"

namespace city::flow {

/// A model as it was saved last.
struct ProcessModel {
  std::string id;
  std::string name;
  std::string process;       ///< id of its first process; empty while the file cannot be read
  std::string file;          ///< BPMN 2.0 XML; empty in lists
  std::int64_t version = 0;  ///< one more with every saving
  std::int64_t changed_at = 0;
  std::string changed_by;
  std::string published;  ///< definition that was made of it last; empty: none
};

/// All models, by name, without their files.
Result<std::vector<ProcessModel>> ListModels(store::Reader& reader);
/// Errors: kNotFound `flow.no_such_model`.
Result<ProcessModel> ReadModel(store::Reader& reader, std::string_view id);
/// Saves a model; one without an id is new. `process` is read from the file. A file that is no BPMN
/// is refused, one with faults of the standard is kept: it is a draft. Errors: kNotFound,
/// kConflict `flow.model_changed` when `version` is not the one that is kept; as Document::Load.
Result<ProcessModel> SaveModel(store::Tx& tx, ProcessModel model, Time now);
/// Notes the definition that was made of a model. Errors: kNotFound.
Result<void> MarkPublished(store::Tx& tx, std::string_view id, std::string_view definition);

}  // namespace city::flow
