// SPDX-License-Identifier: Apache-2.0
// The wording of papers, read from a file of words.
#pragma once
#include <string>
#include <vector>

#include "engines/registration/papers.h"

namespace city::model {

/// The list `papers` of a YAML file: [{paper, title: {zh, en}, kinds?, says: [text]}]. Errors:
/// base.bad_yaml, base.file_unreadable.
Result<std::vector<registration::PaperText>> ReadPaperTexts(const std::string& path);
}  // namespace city::model
