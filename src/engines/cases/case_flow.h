// SPDX-License-Identifier: Apache-2.0
// What cases need of a process engine; the model supplies it.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace city::cases {

/// A place at a step that waits for somebody.
struct OpenStep {
  std::string key;                ///< names it within its instance
  std::string node;               ///< element of the process
  std::string name;               ///< 承办, 审核 …
  std::string role;               ///< role that may do it
  std::string organisation = {};  ///< where that role is held; empty: the case's own department
  std::string person = {};        ///< account that has it; empty: whoever holds the role
  std::string origin = {};        ///< "model", "before", "after", "beside" or "consult"
  std::string question = {};      ///< of a consultation
};

/// Somebody to be told.
struct StepNotice {
  bool urge = false;  ///< a reminder; else a copy
  std::vector<std::string> people;
};

/// Where a process stands. `state` is kept with the case and means nothing to it.
struct FlowStanding {
  std::string state;
  std::vector<OpenStep> open;
  std::vector<StepNotice> notices;
  bool ended = false;
  std::string outcome;  ///< at the end: "approve" or "reject"
};

/// What somebody does at a step.
struct StepAct {
  std::string verb;    ///< "approve", "reject", "forward", "return" or a verb of case_steps.h
  std::string key;     ///< of the open step
  std::string target;  ///< of a return: "previous" or the step's element
  std::string reason;
  std::vector<std::string> people;         ///< accounts
  std::string account;                     ///< who acts
  std::vector<std::string> stands_in_for;  ///< for whom they act today
  bool manages = false;                    ///< may hand on what others have
};

/// A seat at an open step, for those who look.
struct SeatInfo {
  std::string key, node, step, person, owner, state, origin, remark, role, organisation;
};

/// What somebody may do at one open step.
struct StepWays {
  std::vector<std::string> verbs;                            ///< also "complete" and "return"
  std::vector<std::pair<std::string, std::string>> returns;  ///< target and name
  std::string draft;                                         ///< opinion kept for later
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
  /// The caller has checked that the account may act for the seat's role.
  virtual Result<FlowStanding> Act(const std::string& flow, const std::string& state,
                                   const StepAct& act, Time now) = 0;
  /// What `who` (key, account, stand-ins) may do at a step that they hold or may take.
  virtual Result<StepWays> Ways(const std::string& flow, const std::string& state,
                                const StepAct& who) = 0;
  /// Seats of all open steps.
  virtual Result<std::vector<SeatInfo>> Seats(const std::string& flow,
                                              const std::string& state) = 0;
  /// Steps of a process in the order in which they usually come.
  virtual std::vector<KnownStep> Steps(const std::string& flow) = 0;
};
}  // namespace city::cases
