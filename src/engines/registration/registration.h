// SPDX-License-Identifier: Apache-2.0
// Registering a market entity: facts gathered, rules asked, licence issued or the failed rule
// named.
#pragma once
#include "base/decide.h"
#include "engines/registration/name_index.h"
#include "ledger/ledger.h"

namespace city::registration {

struct Settings {
  std::string model = "company-registration";  ///< decision model
  std::string registrar;                       ///< key of the registering body
  std::string registrar_name, registrar_path;
  std::string scope_end = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）";
};

/// Threads: any.
class Registration {
 public:
  Registration(ledger::Ledger& ledger, Decide decide, NameWords words, Settings settings)
      : ledger_(ledger),
        decide_(std::move(decide)),
        names_(std::move(words)),
        settings_(std::move(settings)) {}

  /// Reads the names of enterprises in force. Answers how many.
  Result<int> LoadNames();
  /// {place, brand, trade, form} → {name, verdict, others, offers}.
  /// Errors: registration.name_incomplete.
  Result<std::string> CheckName(const json::object& parts) const;

  /// Applies: {name, kind, address_region, address, capital (fen), scope: [code], persons: [{name,
  /// citizen_id, roles, share}]}. Decides at once when everybody has signed; the applicant signs by
  /// applying. Errors: registration.name_incomplete, registration.no_person.
  Result<std::string> Apply(const ledger::CommandInfo& info, const json::object& body);
  /// A named person signs with their own account. Errors: registration.not_yours.
  Result<std::string> Sign(const ledger::CommandInfo& info, const std::string& id);
  /// approve or return, by the registrar: {reason}. Errors: registration.not_yours,
  /// registration.reason_missing, registration.act_not_possible.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const json::object& body);
  const NameIndex& names() const { return names_; }

 private:
  Result<json::object> Facts(ledger::Writer& writer, const json::object& row);
  Result<void> Decide_(ledger::Writer& writer, json::object row, const std::string& id);
  Result<void> License(ledger::Writer& writer, const json::object& row, const std::string& id,
                       const std::string& by, json::object changes);
  void Remember(const std::string& id);

  ledger::Ledger& ledger_;
  Decide decide_;
  NameIndex names_;
  Settings settings_;
};

/// Unified social credit code for an enterprise of a registrar's division; `number` makes it
/// unique. Source: GB 32100-2015, GB 11714-1997.
std::string NewCreditCode(std::string_view division, std::string_view kind, int64_t number);
}  // namespace city::registration
