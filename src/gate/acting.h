// SPDX-License-Identifier: Apache-2.0
// Why: people act for an enterprise or a relative by naming it in a header; the gate puts its
// subject in place of theirs, and every audit line still names who did it.
#pragma once
#include "gate/routes.h"

namespace city::gate {

/// Header that names an enterprise or a relative's account.
inline constexpr const char* kActingForHeader = "x-acting-for";

/// Which authority a route asks of somebody who acts for another. "" and "look": looking is enough;
/// nullopt: nobody does this for another, and the person acts for themselves.
std::optional<std::string> AuthorityFor(const Route& route);

/// Puts the subject of `whom` in place of the caller's. Errors: space.not_a_member,
/// space.authority_missing.
Result<void> ActFor(model::City& city, const Route& route, const std::string& whom, Call& call);
}  // namespace city::gate
