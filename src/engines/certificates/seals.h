// SPDX-License-Identifier: Apache-2.0
// Why: electronic seals of organisations, from application to revocation, and what is signed with
// them; nobody signs alone: who asks for a use and who lets it happen are two people.
//
// Records (declared in the model): seal, seal_use.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engines/certificates/authority.h"
#include "engines/certificates/sealed_files.h"
#include "ledger/ledger.h"
#include "parts/documents/ofd.h"

namespace city::certificates {

/// A seal that may sign now.
struct SealInUse {
  std::string id, key_name, name, purpose;
  crypto::ElectronicSeal esl;
  crypto::Certificate certificate;
  crypto::SealKind kind;
};

/// Threads: any.
class Seals {
 public:
  Seals(ledger::Ledger& ledger, crypto::KeyDevice& keys, const Authority& authority,
        const SealedFiles& files)
      : ledger_(ledger), keys_(keys), authority_(authority), files_(files) {}

  /// Applies for a seal: {organisation, purpose?, kind?, custodian?}. Answers the key.
  Result<std::string> Apply(const ledger::CommandInfo& info, const json::object& body);
  /// approve, refuse, make, suspend, resume, revoke: {reason?}. Whoever approves is not who
  /// applied. Errors: certificates.act_not_possible, certificates.reason_missing, ledger.forbidden.
  Result<void> Act(const ledger::CommandInfo& info, const std::string& id, const std::string& act,
                   const json::object& body);
  /// Applies, approves and makes at once, for cities that are set up by the program.
  Result<void> Provide(const std::string& organisation, const std::string& purpose, Time from);

  /// The seal of an organisation for a purpose, or its official one. Errors: certificates.no_seal.
  Result<std::shared_ptr<const SealInUse>> Find(const std::string& organisation,
                                                const std::string& organisation_name,
                                                const std::string& purpose);
  /// `ofd` signed with a seal at a place on it.
  Result<std::string> Sign(const SealInUse& seal, std::string_view ofd,
                           const documents::Stamp& stamp, Time now, bool lock = true) const;
  /// A document written as OFD and signed with a seal, locked.
  Result<std::string> WriteSigned(const SealInUse& seal, const documents::Document& document,
                                  const documents::Stamp& stamp, Time now) const;
  /// `pdf` signed with the key of a seal.
  Result<std::string> SignPdf(const SealInUse& seal, std::string_view pdf, Time now) const;

  /// Asks for documents to be signed: {seal, reason, documents: [{name, bytes (Base64)}]}.
  /// Answers the key of the use. Errors: certificates.not_a_document.
  Result<std::string> AskUse(const ledger::CommandInfo& info, const json::object& body);
  /// Lets it happen ("allow": all documents are signed) or not ("refuse").
  Result<void> DecideUse(const ledger::CommandInfo& info, const std::string& id, bool allow,
                         const std::string& reason);
  /// A signed document of a use. Errors: ledger.not_found.
  Result<std::string> SignedDocument(const ledger::Subject& who, const std::string& use, int index);

  /// Certificates of seals that are no longer good.
  Result<std::map<std::string, crypto::Revocation>> Revoked();
  Result<crypto::RevocationList> RevocationListNow();

 private:
  Result<void> MakeNow(ledger::Writer& writer, const json::object& row);
  void Forget();

  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  const Authority& authority_;
  const SealedFiles& files_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const SealInUse>> known_;
};
}  // namespace city::certificates
