// SPDX-License-Identifier: Apache-2.0
// One code for services: shown on a phone, scanned once at a window or machine, good for a minute.
//
// Record (declared in the model): service_code; read as well: account, person.
#pragma once
#include <string>

#include "ledger/ledger.h"

namespace city::one_card {

/// Threads: any.
class Codes {
 public:
  explicit Codes(ledger::Ledger& ledger, std::chrono::seconds good_for = std::chrono::seconds(60))
      : ledger_(ledger), good_for_(good_for) {}

  /// A new code of the caller; older ones end. {code, expires_at, seconds}.
  Result<std::string> Show(const ledger::CommandInfo& info);
  /// How the newest code stands: {state: "shown"|"scanned"|"expired", by}.
  Result<std::string> State(const ledger::Subject& who);
  /// Whoever serves scans: {code}. Answers who stands there (name, number, phone), once; the
  /// reading is on record. Errors: one_card.code_not_good.
  Result<std::string> Scan(const ledger::CommandInfo& info, const json::object& body);

 private:
  ledger::Ledger& ledger_;
  std::chrono::seconds good_for_;
};
}  // namespace city::one_card
