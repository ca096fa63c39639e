// SPDX-License-Identifier: Apache-2.0
// The life of a case: states, legal edges, who may go along them. Data, not branches.
// Source: Administrative Licensing Law Art. 32-45; outward codes of the construction-approval
// exchange list.
#pragma once
#include <span>
#include <string_view>

#include "ledger/record_type.h"

namespace city::cases {

/// One state of a case.
struct StateInfo {
  std::string_view code;     ///< "submitted"
  std::string_view outward;  ///< code of the exchange list
  std::string_view zh, en;
  bool open = true;  ///< something can still happen to decide it
};
std::span<const StateInfo> States();
const StateInfo* FindState(std::string_view code);

/// Who may do an act.
enum class Party {
  kApplicant,
  kClerk,     ///< window post of the region or of the department
  kHandler,   ///< whoever holds the open step
  kApprover,  ///< approving post of the department
  kChair,     ///< whoever presides over the hearing of the case
};

/// One legal edge.
struct ActInfo {
  std::string_view act;
  std::string_view zh, en;
  Party party;
  std::string_view from;  ///< states, separated by |
  std::string_view to;    ///< state afterwards; empty: decided by the flow or unchanged
  bool needs_reason = false;
};
std::span<const ActInfo> Acts();
/// Whether the act belongs to a bundle as a whole when the case is part of one.
bool WithBundle(const ActInfo& act);
const ActInfo* FindAct(std::string_view act);
/// Whether the act starts from the state.
bool Starts(const ActInfo& act, std::string_view state);
}  // namespace city::cases
