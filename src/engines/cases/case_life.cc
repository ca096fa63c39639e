// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/case_life.h"

#include "base/text.h"

namespace city::cases {
namespace {
constexpr StateInfo kStates[] = {
    {"submitted", "1", "待受理", "Received", true},
    {"correction", "6", "待补正", "Correction asked", true},
    {"handling", "8", "办理中", "In progress", true},
    {"paused", "9", "特别程序中", "Special procedure", true},
    {"granted", "11", "准予（待送达）", "Granted", false},
    {"granted_missing", "12", "容缺准予", "Granted, materials to follow", false},
    {"denied", "13", "不予许可", "Denied", false},
    {"delivered", "11", "已办结", "Completed", false},
    {"refused", "5", "不予受理", "Not accepted", false},
    {"not_needed", "4", "不需办理", "No licence needed", false},
    {"withdrawn", "14", "已撤回", "Withdrawn", false},
    {"revoked", "15", "已撤销", "Revoked", false},
};

constexpr ActInfo kActs[] = {
    {"request-correction", "一次性告知补正", "Ask for correction", Party::kClerk, "submitted",
     "correction", true},
    {"correct", "提交补正", "Submit the correction", Party::kApplicant, "correction", "submitted",
     false},
    {"accept", "受理", "Accept", Party::kClerk, "submitted", "handling", false},
    {"refuse", "不予受理", "Refuse to accept", Party::kClerk, "submitted", "refused", true},
    {"not-needed", "告知无需办理", "Tell that no licence is needed", Party::kClerk, "submitted",
     "not_needed", true},
    {"withdraw", "撤回申请", "Withdraw", Party::kApplicant, "submitted|correction|handling|paused",
     "withdrawn", false},
    {"pause", "进入特别程序", "Begin a special procedure", Party::kHandler, "handling", "paused",
     true},
    {"resume", "结束特别程序", "End the special procedure", Party::kHandler, "paused", "handling",
     false},
    {"extend", "延长期限", "Extend the limit", Party::kApprover, "handling", "", true},
    {"forward", "同意并转下一环节", "Agree and pass on", Party::kHandler, "handling", "", false},
    {"return", "退回上一环节", "Return to the step before", Party::kHandler, "handling", "", true},
    {"approve", "准予", "Approve", Party::kHandler, "handling", "", false},
    {"reject", "不予许可", "Deny", Party::kHandler, "handling", "", true},
    {"deliver", "送达", "Deliver", Party::kClerk, "granted|granted_missing|denied", "delivered",
     false},
    {"revoke", "撤销", "Revoke", Party::kApprover, "granted|granted_missing|delivered", "revoked",
     true},
    {"supplement", "补交材料", "Hand in what was to follow", Party::kApplicant,
     "handling|paused|granted|granted_missing|delivered", "", false},
    {"check-promise", "核查承诺", "Check the promise", Party::kHandler,
     "granted|granted_missing|delivered", "", true},
    {"keep-decision", "维持决定", "Keep the decision", Party::kApprover,
     "granted|granted_missing|delivered", "", true},
    {"offer-hearing", "告知听证权利", "Tell of the right to be heard", Party::kHandler, "handling",
     "", true},
    {"ask-hearing", "申请听证", "Ask to be heard", Party::kApplicant, "handling", "paused", true},
    {"decline-hearing", "放弃听证", "Do without a hearing", Party::kApplicant, "handling", "",
     false},
    {"set-hearing", "安排听证", "Set the hearing", Party::kHandler, "paused", "", false},
    {"hold-hearing", "提交听证笔录", "Enter the record of the hearing", Party::kChair, "paused",
     "handling", true},
    {"comment", "批注", "Comment", Party::kHandler, "submitted|correction|handling|paused", "",
     true},
};
}  // namespace

std::span<const StateInfo> States() { return kStates; }
const StateInfo* FindState(std::string_view code) {
  for (const StateInfo& state : kStates)
    if (state.code == code) return &state;
  return nullptr;
}
std::span<const ActInfo> Acts() { return kActs; }
const ActInfo* FindAct(std::string_view act) {
  for (const ActInfo& each : kActs)
    if (each.act == act) return &each;
  return nullptr;
}
bool WithBundle(const ActInfo& act) {
  return act.party == Party::kClerk || act.act == "correct" || act.act == "withdraw";
}
bool Starts(const ActInfo& act, std::string_view state) {
  for (std::string_view from : Split(act.from, '|'))
    if (from == state) return true;
  return false;
}
}  // namespace city::cases
