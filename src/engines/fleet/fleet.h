// SPDX-License-Identifier: Apache-2.0
// The fleet of self-service machines: registry, heartbeat, use, faults, placement.
//
// Records (declared in the model): kiosk, kiosk_fault, kiosk_move, village_profile, fleet_setting;
// read as well: division, service_case. Own tables: fleet_beat, fleet_use.
#pragma once
#include <memory>
#include <string>

#include "engines/fleet/advice.h"
#include "ledger/ledger.h"

namespace city::fleet {

struct Settings {
  std::chrono::minutes silent_after{5};  ///< without a beat for so long a machine counts as offline
};

/// Threads: any.
class Fleet {
 public:
  static Result<std::unique_ptr<Fleet>> Open(ledger::Ledger& ledger, Settings settings = {});

  /// Registers a machine: {code, name, model?, division, place?}. Answers its secret, once.
  Result<std::string> Register(const ledger::CommandInfo& info, const json::object& body);
  /// A beat: {version?, devices: {reader: "ok"…}, sessions, minutes, prints} since the beat before.
  /// A device that is not "ok" opens a fault, one that is again closes it. Errors:
  /// fleet.not_a_machine.
  Result<std::string> Beat(const std::string& code, const std::string& secret,
                           const json::object& body);
  /// All machines with state, use of `days` days and open faults; figures; places for a map.
  Result<std::string> Overview(const ledger::Subject& who, int days);
  /// Places of need with no machine near and machines to move, with the formula and its facts.
  Result<std::string> Advice(const ledger::Subject& who);
  /// Moves a machine: {division, place?, reason}. Errors: fleet.reason_missing.
  Result<std::string> Move(const ledger::CommandInfo& info, const std::string& id,
                           const json::object& body);
  /// Closes a fault by hand: {words}.
  Result<std::string> Fix(const ledger::CommandInfo& info, const std::string& fault,
                          const json::object& body);

  /// Use of one machine on one day, added to what is there; for beats and for demo data.
  static Result<void> AddUse(store::Tx& tx, const std::string& kiosk, const std::string& day,
                             int64_t sessions, int64_t minutes, int64_t prints);
  /// When a machine was last heard of.
  static Result<void> KeepBeat(store::Tx& tx, const std::string& kiosk, Time at,
                               const std::string& version, const std::string& devices);

 private:
  Fleet(ledger::Ledger& ledger, Settings settings) : ledger_(ledger), settings_(settings) {}
  Result<Rules> RulesNow(store::Reader& reader, json::object* shown);
  ledger::Ledger& ledger_;
  Settings settings_;
};
}  // namespace city::fleet
