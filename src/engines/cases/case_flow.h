// SPDX-License-Identifier: Apache-2.0
// What cases need of a process engine; the model supplies it.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace city::cases {

/// A step that waits for somebody.
struct OpenStep {
  std::string key;   ///< names it within its instance
  std::string node;  ///< element of the process
  std::string name;  ///< 承办, 审核 …
  std::string role;  ///< role that may do it
};

/// Where a process stands. `state` is kept with the case and means nothing to it.
struct FlowStanding {
  std::string state;
  std::vector<OpenStep> open;
  bool ended = false;
  std::string outcome;  ///< at the end: "approve" or "reject"
};

/// A step as the tracker shows it, in order.
struct KnownStep {
  std::string node;
  std::string name;
};

/// Processes by name. Threads: any.
class CaseFlow {
 public:
  virtual ~CaseFlow() = default;
  /// `case_id` names the instance; `facts` are its variables.
  virtual Result<FlowStanding> Start(const std::string& flow, const std::string& case_id,
                                     const json::object& facts, Time now) = 0;
  /// `verb`: "approve", "reject", "forward" or "return".
  virtual Result<FlowStanding> Act(const std::string& flow, const std::string& state,
                                   const std::string& step_key, const std::string& verb,
                                   const std::string& reason, const std::string& account,
                                   const std::string& role, Time now) = 0;
  /// Steps of a process in the order in which they usually come.
  virtual std::vector<KnownStep> Steps(const std::string& flow) = 0;
};
}  // namespace city::cases
