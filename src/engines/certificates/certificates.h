// SPDX-License-Identifier: Apache-2.0
// The door of certificates: issue, change their state, show, verify, share, take in.
//
// Records (declared in the model): certificate, certificate_event, show_code; read as well: seal,
// service_case, item, organisation, person, enterprise, account, space_member.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engines/certificates/certificate_type.h"
#include "engines/certificates/face_sheet.h"
#include "engines/certificates/seals.h"
#include "engines/certificates/trusted_roots.h"
#include "ledger/ledger.h"

namespace city::certificates {

/// Name of the key that signs credentials and show codes.
inline constexpr const char* kCredentialKey = "credential";
/// Name of the key that hashes holders' codes, so that they can be found without being stored.
inline constexpr const char* kHolderKey = "certificate-holder";
/// Name of the key that seals files.
inline constexpr const char* kFileKey = "certificates";

struct Settings {
  std::string address;                     ///< of the public site, in codes on prints and phones
  std::chrono::seconds show_time{60};      ///< how long a show code lives
  std::chrono::seconds confirm_time{120};  ///< how long the holder has to confirm
};

/// What is to be issued.
struct Order {
  std::string type;
  std::string holder;  ///< key of the person or enterprise; may be empty
  std::string holder_name, holder_code;
  json::object faces;
  std::string organisation;  ///< key of the issuing body
  std::string region, case_id;
  std::string previous;  ///< key of the version that this one supersedes
  std::string serial;    ///< of the previous version; empty: a new one
  std::string number;    ///< empty: made from the type's pattern
  int version = 1;
  std::optional<Date> valid_from, valid_to;
  std::string event = "issue", reason;
};

/// Threads: any.
class Certificates {
 public:
  Certificates(ledger::Ledger& ledger, crypto::KeyDevice& keys, const Authority& authority,
               Seals& seals, const SealedFiles& files, CertificateTypes types,
               Settings settings = {});

  const CertificateTypes& types() const { return types_; }
  /// Errors: certificates.unknown_type.
  Result<const CertificateType*> TypeOf(std::string_view name) const;

  /// Issues one; the key. Errors: certificates.unknown_type, certificates.face_wrong,
  /// certificates.holds_one_already, certificates.no_seal.
  Result<std::string> Issue(const ledger::CommandInfo& info, Order order);
  /// Issues many of one type; JSON: {issued: [keys], refused: [{row, error}]}.
  Result<std::string> IssueMany(const ledger::CommandInfo& info, std::vector<Order> orders);
  /// An order from what a form or table gives: {type, holder_code, holder_name, faces, …}, issued
  /// by the organisation of the caller's post.
  Result<Order> OrderFrom(const ledger::Subject& who, const json::object& body);
  /// Issues what a granted case results in, once however often it is called; nothing when its
  /// result is no certificate. Revokes it when the case was revoked.
  Result<std::optional<std::string>> FollowCase(const std::string& case_id);

  /// suspend, resume, revoke, cancel: {reason}; renew: {valid_to?}; change: {faces}. Answers the
  /// key of the certificate that is in force afterwards. Errors: certificates.act_not_possible,
  /// certificates.reason_missing, ledger.forbidden.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const json::object& body);

  /// The holder's certificates, newest first, as JSON.
  Result<std::string> Mine(const ledger::Subject& who);
  /// One with its events, as far as this subject may see it.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// "ofd", "pdf" or "json", for who may see all of it. `note`: what a copy is for (加注件).
  Result<File> Download(const ledger::Subject& who, const std::string& id,
                        const std::string& format);

  /// A copy for one recipient and purpose (加注件): {recipient, purpose, days? (30), fields?
  /// (all)}. Answers its key; the file is a signed PDF. Errors: certificates.request_wrong,
  /// certificates.not_shown.
  Result<std::string> MakeCopy(const ledger::CommandInfo& info, const std::string& id,
                               const json::object& body);
  /// The copies of one's own certificate, newest first.
  Result<std::string> Copies(const ledger::Subject& who, const std::string& id);
  Result<File> CopyFile(const ledger::Subject& who, const std::string& copy);
  /// The holder makes a copy void. Errors: certificates.act_not_possible.
  Result<void> WithdrawCopy(const ledger::CommandInfo& info, const std::string& copy);
  /// What whoever holds the paper may know: {found, good, copy: {recipient, purpose, until}, …};
  /// counted for the holder.
  Result<std::string> VerifyCopy(const ledger::CommandInfo& info, const std::string& copy,
                                 const std::string& code);

  /// What everybody may know of a certificate whose print they hold: {found, state, …}.
  /// Errors: certificates.bad_identifier.
  Result<std::string> Verify(const std::string& identifier, const std::string& check_code);
  /// Every check of an OFD, a signed PDF or a credential, explained: what was asked, the answer,
  /// by which certificate, when, and which part failed. `trust`: authorities of other cities.
  /// Errors: certificates.not_a_document.
  Result<std::string> VerifyFile(std::string_view bytes, const Trust& trust);

  /// Shows a certificate in a scene: {id, code, address, qr (SVG), expires_at}.
  Result<std::string> Show(const ledger::CommandInfo& info, const std::string& id,
                           const std::string& scene);
  /// How a code stands, for its holder: {state, verifier, fields}.
  Result<std::string> ShowState(const ledger::Subject& who, const std::string& code_id);
  /// The holder agrees or not.
  Result<void> ConfirmShow(const ledger::CommandInfo& info, const std::string& code_id, bool agree);
  /// The verifier scans: once. Answers {ticket, state, …}; with fields when no confirmation is
  /// needed. Errors: certificates.code_not_good.
  Result<std::string> Scan(const ledger::CommandInfo& info, const std::string& code,
                           const std::string& verifier);
  /// What the verifier with this ticket sees now; the fields are given once.
  Result<std::string> Collect(const ledger::CommandInfo& info, const std::string& ticket);

  /// Sharing between bodies (GB/T 36906): certificates of a holder by code: {holder_code, type?}.
  Result<std::string> Query(const ledger::Subject& who, const json::object& body);
  /// States that changed after a moment, oldest first.
  Result<std::string> Changes(const ledger::Subject& who, const std::string& after, int limit);
  /// Takes in an OFD issued elsewhere: signature, seal and trust are checked first. For a holder
  /// (`own`), it must bear name and number of the caller or of an enterprise of the caller's.
  /// Errors: certificates.import_refused.
  Result<std::string> Import(const ledger::CommandInfo& info, std::string_view ofd,
                             const Trust& trust, bool own);

  /// The chosen fields and answers of a certificate in force; for authorised use by other engines.
  /// Errors: certificates.not_shown.
  Result<json::object> Reveal(const std::string& id, const std::vector<std::string>& fields,
                              bool mask);
  /// How a certificate stands today, without what is personal in it: {type_name, state, good, …}.
  Result<json::object> Standing(const std::string& id);
  /// Keyed hash of a holder's code as stored in `holder_index`.
  Result<std::string> HolderIndex(std::string_view code) const;

 private:
  struct Prepared {
    std::string id;
    json::object values;
    std::string region;
  };
  /// `flush`: the file reaches the disk now; otherwise the caller flushes all of them.
  Result<Prepared> Prepare(const Order& order, const std::string& number, bool flush);
  /// Issues a few in as few commands as it takes; a key or an error for each.
  std::vector<Result<std::string>> IssueSome(const ledger::CommandInfo& info,
                                             std::span<const Order> orders);
  Result<std::string> NumberFor(const CertificateType& type, const Order& order, int64_t serial);
  Result<void> KeepIn(ledger::Writer& writer, const CertificateType& type, const Prepared& prepared,
                      const Order& order, const std::string& by);
  Result<Order> OrderForCase(const CertificateType& type, const json::object& row,
                             const json::object& item);
  Result<json::object> Row(const std::string& id);
  Result<void> NoteEvent(ledger::Writer& writer, const std::string& id, const std::string& act,
                         std::string_view from, std::string_view to, const std::string& reason,
                         const std::string& region, const std::string& by);
  std::string StateNow(const json::object& row) const;
  /// What the paper of a certificate shows, its seal drawn.
  Result<Sheet> PrintedSheet(const CertificateType& type, const json::object& row,
                             const SealInUse& seal) const;
  json::object Facts(const CertificateType& type, const json::object& row) const;
  json::object Public(const json::object& row) const;
  Result<json::object> Seen(const json::object& code_row);

  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  const Authority& authority_;
  Seals& seals_;
  const SealedFiles& files_;
  CertificateTypes types_;
  Settings settings_;
};

/// Name of a person as strangers see it: the family name, then stars.
std::string MaskedName(std::string_view name);
/// First and last signs of a number, stars between.
std::string MaskedCode(std::string_view code);
/// Words of a state in both languages.
ledger::Words StateWords(std::string_view state);
}  // namespace city::certificates
