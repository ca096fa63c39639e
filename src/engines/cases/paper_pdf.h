// SPDX-License-Identifier: Apache-2.0
// A paper of a case as a PDF that looks like one.
#pragma once
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace city::cases {

/// `paper`: {title: {zh}, paragraphs, number, signed_by?, written_at?, digest?}. Errors: those of
/// documents.
Result<std::string> PaperPdf(const json::object& paper);
}  // namespace city::cases
