// SPDX-License-Identifier: Apache-2.0
// The head of an answer as it goes over the wire, written into one text without a node for each
// line.
#pragma once
#include <optional>
#include <string>

#include "gate/http.h"

namespace city::gate {

/// Status line and header lines with the empty line at their end (RFC 9112, 2 to 6). `version` is
/// 10 or 11; `length` of the body is left out when absent, and for 204 and 304. A control
/// character in a name or value becomes a blank, so that no value can begin a line of its own.
void WriteHead(std::string& out, const Response& response, unsigned version, bool keep_alive,
               std::optional<size_t> length);
}  // namespace city::gate
