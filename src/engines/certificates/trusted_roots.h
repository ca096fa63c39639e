// SPDX-License-Identifier: Apache-2.0
// Why: certificates and seals of other cities are believed because somebody proposed that city's
// root, somebody else reviewed it, and it can be withdrawn with a reason; all of that is on record.
//
// Records (declared in the model): trusted_root; changed when a root is withdrawn: certificate,
// certificate_event.
#pragma once
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "parts/crypto/crypto.h"

namespace city::certificates {

/// Authorities besides the city's own: roots, and what lies between them and their seals.
struct Trust {
  struct Root {
    std::string id, name;
    crypto::Certificate certificate;
  };
  std::vector<Root> named;
  std::vector<crypto::Certificate> roots, others;
};

/// The certificates of a PEM bundle: one root that signed itself, and authorities below it.
/// Errors: certificates.root_wrong with the reason.
Result<std::vector<crypto::Certificate>> ReadBundle(std::string_view pem, Time now);

/// Threads: any.
class TrustedRoots {
 public:
  /// `own`: the city's own root, which needs no trust of this kind.
  TrustedRoots(ledger::Ledger& ledger, crypto::Certificate own)
      : ledger_(ledger), own_(std::move(own)) {}

  /// Proposes one: {name, certificates (PEM), reason, area_code?}. Answers the key. Errors:
  /// certificates.root_wrong, certificates.reason_missing.
  Result<std::string> Propose(const ledger::CommandInfo& info, const json::object& body);
  /// approve, refuse, withdraw: {reason}; never by who proposed it. What was taken in under a root
  /// is suspended when the root is withdrawn. Errors: certificates.act_not_possible,
  /// certificates.reason_missing, ledger.forbidden.
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const std::string& reason);
  /// Those in force now.
  Result<Trust> Trusted();

 private:
  ledger::Ledger& ledger_;
  crypto::Certificate own_;
};
}  // namespace city::certificates
