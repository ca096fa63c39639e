// SPDX-License-Identifier: Apache-2.0
// Errors as people and programs read them: RFC 9457 problem details with words in two languages.
#pragma once
#include "base/result.h"
#include "gate/http.h"

namespace city::gate {

/// HTTP status of a kind of trouble.
int StatusOf(Kind kind);
/// {"type","title","status","code","says":{zh,en},"then":{zh,en},"errors":[{pointer,keyword,says}]}
/// as application/problem+json.
Response ProblemResponse(const Error& error);
/// What an error of this row means and what to do then, as a page that stands alone: the address in
/// `type` of a problem leads here.
Response ProblemPage(const ErrorRow& row);
}  // namespace city::gate
