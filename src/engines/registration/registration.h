// SPDX-License-Identifier: Apache-2.0
// Registering a market entity: facts gathered, rules asked, licence issued or the failed rule
// named.
#pragma once
#include "base/decide.h"
#include "engines/registration/name_index.h"
#include "engines/registration/papers.h"
#include "ledger/ledger.h"

namespace city::registration {

struct Settings {
  std::string model = "company-registration";    ///< decision model
  std::string certificate = "business-licence";  ///< type of the licence as a certificate
  std::string registrar;                         ///< key of the registering body
  std::string registrar_name, registrar_path;
  /// Places that a name may begin with: the city, and its counties after it (enterprise-name
  /// rules, Art. 7).
  std::vector<std::string> name_places;
  std::vector<PaperText> papers;  ///< what founders read and sign
  CodeNames code_names;           ///< words for codes of kinds and roles
  /// Signs bytes in the city's name; hex. Empty: signatures are recorded without one.
  std::function<Result<std::string>(std::string_view)> sign;
  /// Simple cancellation: days of public notice, and days after it in which to apply. Source:
  /// 市场主体登记管理条例 Art. 33. Sole traders are not announced; other bodies answer in ten days.
  int notice_days = 20, apply_days = 20, sole_trader_days = 10;
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
  /// Words that names are put together from: {places, trades, forms}.
  std::string NameWordsForPeople() const;
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
  const Settings& settings() const { return settings_; }

  /// The papers that an application (as for Apply) leads to, and their digest.
  Result<std::string> Papers(const ledger::Subject& who, const json::object& body) const;
  /// Those of an application, for its applicant, signers and registrar. Errors: ledger.not_found.
  Result<std::string> PapersOf(const ledger::Subject& who, const std::string& id);
  /// Applications that this account made or is named in, newest first.
  Result<std::string> Mine(const ledger::Subject& who);
  /// One with rules that failed, signers and certificate. Errors: ledger.not_found.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);

  /// Changes what is registered: {name?, address_region?, address?, capital?, scope?, persons?}, by
  /// who may register for the enterprise. Errors: registration.not_yours, registration.no_file,
  /// registration.nothing_changed.
  Result<std::string> Change(const ledger::CommandInfo& info, const std::string& enterprise,
                             const json::object& body);
  /// Files what need not be approved: {subject: articles|term|liaison|directors, text, persons?}.
  Result<std::string> File(const ledger::CommandInfo& info, const std::string& enterprise,
                           const json::object& body);
  /// Begins a simple cancellation: {promise: true}. The notice runs from today.
  Result<std::string> BeginCancellation(const ledger::CommandInfo& info,
                                        const std::string& enterprise, const json::object& body);
  /// Somebody objects to a notice: {reason}; the simple way ends there.
  Result<std::string> Object(const ledger::CommandInfo& info, const std::string& notice,
                             const json::object& body);
  /// Closes the enterprise once its notice ran out without objection. Errors:
  /// registration.notice_runs, registration.notice_lapsed, registration.objected.
  Result<std::string> Close(const ledger::CommandInfo& info, const std::string& id);

 private:
  Result<void> Decide_(ledger::Writer& writer, json::object row, const std::string& id);
  Result<void> License(ledger::Writer& writer, const json::object& row, const std::string& id,
                       const std::string& by, json::object changes);
  Result<void> ApplyChange(ledger::Writer& writer, const json::object& row, const std::string& id,
                           const std::string& by, json::object changes);
  /// Facts that a change or a filing does not ask again.
  static void ForMatter(const json::object& row, json::object& facts);
  Result<void> KeepName(ledger::Writer& writer, const NameParts& parts, const std::string& whole);
  /// The legal representative gets into the enterprise's space.
  Result<void> LetIn(ledger::Writer& writer, const std::string& enterprise,
                     const json::array& persons, const std::string& region);
  /// Keeps an application with its signers and decides when nobody is missing. `trusted` are
  /// identity numbers that need not sign again.
  Result<std::string> Begin(ledger::Writer& writer, json::object row, const std::string& own_id,
                            const std::string& papers, const std::vector<std::string>& trusted);
  Result<void> Seal(ledger::Writer& writer, json::object& signer, const std::string& digest);
  bool IsRegistrar(const ledger::Subject& who) const;
  /// The row of an application that this subject may see. Errors: ledger.not_found.
  Result<json::object> Seen(store::Reader& reader, const ledger::Subject& who,
                            const std::string& id);
  /// The newest file of an enterprise in force. Errors: registration.not_yours,
  /// registration.no_file.
  Result<json::object> FileOf(ledger::Writer& writer, const std::string& enterprise);
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
