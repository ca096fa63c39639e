// SPDX-License-Identifier: Apache-2.0
// Why: electronic seals of organisations, enterprises and persons, from application over custody to
// revocation. What is signed with them, and who lets it happen: seal_uses.h.
//
// Records (declared in the model): seal, seal_event; read as well: organisation, post, account,
// person, enterprise, space_member.
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
  crypto::SealInHand hand;
  crypto::SealKind kind;
  int width_mm = 42, height_mm = 42;
  Time to{};  ///< its last moment
};

/// Whether an official's post (of this role, if one is named) lies in the body with this path or
/// above it.
bool Serves(const ledger::Subject& who, std::string_view role, const std::string& path);

/// Threads: any.
class Seals {
 public:
  Seals(ledger::Ledger& ledger, crypto::KeyDevice& keys, const Authority& authority,
        const SealedFiles& files)
      : ledger_(ledger), keys_(keys), authority_(authority), files_(files) {}

  /// Applies for a seal of a body: {organisation, purpose?, kind?, custodian?}. Answers the key.
  Result<std::string> Apply(const ledger::CommandInfo& info, const json::object& body);
  /// Applies for a seal of one's own: {holder?, kind?, purpose?, picture? (PNG in Base64)}. A
  /// person's is made at once, since the account is known to be that person; an enterprise's, asked
  /// for by its legal representative, waits for a keeper. Errors: certificates.picture_wrong,
  /// certificates.holds_one_already, ledger.forbidden.
  Result<std::string> ApplyOwn(const ledger::CommandInfo& info, const json::object& body);
  /// approve {use_limit?}, refuse, make, suspend, resume, revoke, hand-over {custodian}, limit
  /// {use_limit}: each {reason?}. Whoever approves is not who applied. Holders may suspend, resume
  /// and revoke their own. Errors: certificates.act_not_possible, certificates.reason_missing,
  /// ledger.forbidden.
  Result<void> Act(const ledger::CommandInfo& info, const std::string& id, const std::string& act,
                   const json::object& body);
  /// One with its picture, what happened to it, and who could keep it.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// Seals in use that this official may ask to be used.
  Result<std::string> Usable(const ledger::Subject& who);
  /// The caller's own and those of enterprises whose space the caller is let into: `decides` says
  /// for whom the caller decides.
  Result<std::string> Mine(const ledger::Subject& who);
  /// Whether the caller decides for this holder: the person, or an enterprise's legal
  /// representative. `member`: also who may authorise for it.
  Result<bool> SpeaksFor(store::Reader& reader, const ledger::Subject& who,
                         const std::string& holder, bool member = false);
  /// Applies, approves and makes at once, for cities that are set up by the program.
  Result<void> Provide(const std::string& organisation, const std::string& purpose, Time from);

  /// The seal of an organisation for a purpose, or its official one. Errors: certificates.no_seal.
  Result<std::shared_ptr<const SealInUse>> Find(const std::string& organisation,
                                                const std::string& organisation_name,
                                                const std::string& purpose);
  /// The seal of a row. Errors: certificates.seal_over when its time is over.
  Result<std::shared_ptr<const SealInUse>> InUse(const json::object& row) const;
  /// `ofd` signed with a seal at places on it, with a time stamp of the city's; others may sign
  /// after it.
  Result<std::string> Sign(const SealInUse& seal, std::string_view ofd,
                           std::vector<documents::Stamp> stamps, Time now) const;
  /// A document written as OFD and signed with a seal, locked.
  Result<std::string> WriteSigned(const SealInUse& seal, const documents::Document& document,
                                  const documents::Stamp& stamp, Time now) const;
  /// `pdf` signed with the key of a seal, whose picture is shown at `stamps`.
  Result<std::string> SignPdf(const SealInUse& seal, std::string_view pdf, Time now,
                              std::vector<documents::Stamp> stamps = {}) const;

  /// Certificates of seals that are no longer good.
  Result<std::map<std::string, crypto::Revocation>> Revoked();
  Result<crypto::RevocationList> RevocationListNow();

 private:
  Result<void> MakeNow(ledger::Writer& writer, const json::object& row);
  Result<void> NoteEvent(ledger::Writer& writer, const json::object& row, const std::string& act,
                         const std::string& to, const std::string& reason, const std::string& by);
  void Forget();

  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  const Authority& authority_;
  const SealedFiles& files_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const SealInUse>> known_;
};
}  // namespace city::certificates
