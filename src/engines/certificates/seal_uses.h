// SPDX-License-Identifier: Apache-2.0
// Why: documents are signed with a seal by approval: who asks and who lets it happen are two
// people, each document has its own outcome, and so many copies leave as were approved. A person
// signs with the own signature alone; for an enterprise its legal representative decides.
//
// Records (declared in the model): seal_use; read and counted on: seal. Documents lie in the folder
// of sealed files as KEY.INDEX.in and KEY.INDEX.out.
#pragma once
#include <string>

#include "engines/certificates/seals.h"

namespace city::certificates {

/// Where on a page of an OFD a seal goes. Lengths in mm from the top left.
struct SealPosition {
  std::string page = "last";  ///< "first", "last", "all", or a number from 1
  double x = -1, y = -1;      ///< negative: at the lower right
};
/// `text`: {page?, x?, y?}. Errors: certificates.request_wrong.
Result<SealPosition> ReadPosition(const json::object& text);
/// The stamps that a seal of this size leaves on an OFD or PDF; inside its pages, whatever was
/// asked. Errors: documents.bad_ofd, documents.bad_pdf, certificates.request_wrong for a page that
/// it does not have.
Result<std::vector<documents::Stamp>> StampsOn(std::string_view document,
                                               const SealPosition& position, double width,
                                               double height);

/// Threads: any.
class SealUses {
 public:
  SealUses(ledger::Ledger& ledger, Seals& seals, const SealedFiles& files)
      : ledger_(ledger), seals_(seals), files_(files) {}

  /// Asks for documents (OFD or PDF) to be signed: {seal, reason, copies?, place?, documents:
  /// [{name, bytes (Base64)}]}, at most 200. What is no document is kept as refused beside the
  /// others. With a seal of the caller's own it is signed at once. Answers the use as View does.
  /// Errors: certificates.not_signable when none is one, certificates.request_wrong,
  /// certificates.seal_used_up, ledger.forbidden.
  Result<std::string> Ask(const ledger::CommandInfo& info, const json::object& body);
  /// Lets it happen ("allow": each document is signed, and its outcome told) or not ("refuse", with
  /// a reason): by the custodian, or any keeper where there is none; for an enterprise by its legal
  /// representative. Never by who asked.
  Result<std::string> Decide(const ledger::CommandInfo& info, const std::string& id, bool allow,
                             const std::string& reason);
  /// One use with its documents, as far as the caller may see it: {may_decide, …}.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// Uses that the caller asked for or that are of the caller's own seals, newest first.
  Result<std::string> Mine(const ledger::Subject& who);
  /// A signed document leaves: counted against the copies and noted. Errors: ledger.not_found,
  /// certificates.copies_used_up.
  Result<File> Take(const ledger::CommandInfo& info, const std::string& id, int index);
  /// A document as it was handed in, for who asked and who decides.
  Result<File> Original(const ledger::Subject& who, const std::string& id, int index);

 private:
  Result<json::object> Row(const std::string& id);
  /// What the caller is to a use: nothing, one who reads it, who asked, who decides.
  struct Standing {
    bool reads = false, asked = false, decides = false;
  };
  Result<Standing> StandingOf(store::Reader& reader, const ledger::Subject& who,
                              const json::object& use);
  Result<json::object> Told(const json::object& use, const Standing& standing);
  Result<void> SignAll(const json::object& seal_row, json::object& use);

  ledger::Ledger& ledger_;
  Seals& seals_;
  const SealedFiles& files_;
};
}  // namespace city::certificates
