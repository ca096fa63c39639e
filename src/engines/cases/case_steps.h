// SPDX-License-Identifier: Apache-2.0
// Ways to go on with a step of a case besides deciding it: handing on, adding signers, asking
// others. Data, not branches.
#pragma once
#include <string_view>

namespace city::cases {

/// Whom a way asks for.
enum class Asks {
  kNobody,
  kOne,     ///< one colleague
  kMany,    ///< one colleague or more
  kSigner,  ///< one of those who still have to sign
};

/// One way at an open step.
struct StepWay {
  std::string_view act;  ///< also the verb of the process
  std::string_view zh, en;
  Asks asks = Asks::kNobody;
  bool needs_reason = false;
};
const StepWay* FindWay(std::string_view act);
}  // namespace city::cases
