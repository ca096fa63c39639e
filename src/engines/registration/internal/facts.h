// SPDX-License-Identifier: Apache-2.0
// What the rules of registration look at, shared by founding and by later changes.
#pragma once
#include <string>
#include <string_view>

#include "engines/registration/name_index.h"
#include "ledger/ledger.h"

namespace city::registration {

/// Errors: registration.name_incomplete.
Result<NameParts> PartsOf(const json::object& name);
std::string Whole(const NameParts& parts);

/// Rows by a condition, through the ledger: identity numbers may lie sealed in the store.
Result<json::array> Rows(ledger::Writer& writer, std::string_view type,
                         const std::string& condition);
/// Identity number of the person behind an account; empty when there is none.
std::string IdOf(store::Reader& reader, const ledger::Catalogue& catalogue,
                 const std::string& account);
/// Account of the person with this identity number; empty when there is none.
std::string AccountOf(ledger::Writer& writer, const std::string& citizen_id);
/// Whether somebody of `persons` holds `role`.
bool HoldsRole(const json::object& person, std::string_view role);
/// Name of the legal representative among `persons`.
std::string LegalPerson(const json::array& persons);

/// Words of standard entries joined, and whether one of them needs a licence.
struct ScopeWords {
  std::string text;
  bool licensed = false;
};
ScopeWords WordsOfScope(store::Reader& reader, const json::array& codes);

/// The facts of an application (docs: decisions/company-registration.yaml). `row` holds
/// name_parts, address_region, address, scope, persons and capital.
Result<json::object> GatherFacts(ledger::Writer& writer, const NameIndex& names,
                                 const json::object& row);
}  // namespace city::registration
