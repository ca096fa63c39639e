// SPDX-License-Identifier: Apache-2.0
// Processes in the running city: the durable runtime over the city's store, who acts in it, and
// what drives its timers and messages.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/work_days.h"
#include "engines/decisions/rulebook.h"
#include "engines/flow/runtime.h"
#include "ledger/ledger.h"
#include "model/case_world.h"
#include "model/model.h"
#include "model/places.h"

namespace city::model {

/// Threads: any, once open.
class ProcessWorld : public flow::Host {
 public:
  /// Makes the tables and deploys the flows of the model that this store has not seen yet; what was
  /// published in the workbench since is not replaced. Errors: those of the store and Deploy.
  static Result<std::unique_ptr<ProcessWorld>> Open(ledger::Ledger& ledger, const Model& model,
                                                    const Place& place, const CaseWorld& forms,
                                                    decisions::Rulebook& rulebook);
  ~ProcessWorld() override { Stop(); }

  flow::Runtime& runtime() { return *runtime_; }
  /// All processes of a city run in its own region, so that lists need ask only one.
  const std::string& region() const { return place_.code; }

  /// The subject as the engine knows people. Groups: roles, organisations, and `role@organisation`;
  /// stand-ins act for those who are absent today. Administrators and process managers administer.
  Result<flow::Actor> ActorOf(const ledger::Subject& who);
  /// Names of accounts by key; unknown keys are missing.
  Result<std::map<std::string, std::string>> NamesOf(const std::set<std::string>& accounts);
  /// A group in words, both languages: a role, an organisation, or a role in an organisation.
  ledger::Words GroupName(const std::string& group) const;

  /// Fires what is due and delivers what was sent; how much there was. Removes what is past its
  /// time of keeping, once an hour of the city's clock.
  Result<int> RunOnce();
  /// Does so all the time, on a thread of its own.
  void Start();
  void Stop();
  /// Looks at once (after a commit); never waits.
  void Wake();

  Result<Time> AddWorkingDays(std::string_view calendar, Time from, int days) override;
  /// By the version of the decision model that is in force; all variables are its facts.
  Result<json::value> Decide(std::string_view decision, const flow::Variables& variables) override;

 private:
  ProcessWorld(ledger::Ledger& ledger, const Place& place, decisions::Rulebook& rulebook)
      : ledger_(ledger), place_(place), rulebook_(rulebook) {}

  ledger::Ledger& ledger_;
  const Place& place_;
  decisions::Rulebook& rulebook_;
  std::unique_ptr<flow::Runtime> runtime_;
  Time removed_at_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false, woken_ = false;
  std::thread thread_;
};
}  // namespace city::model
