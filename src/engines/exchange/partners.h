// SPDX-License-Identifier: Apache-2.0
// Why: another city is believed because somebody here proposed its certificates, somebody else
// reviewed them, and they can be replaced or ended with a reason; all of that is on record.
//
// Records (declared in the model): exchange_partner.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "ledger/ledger.h"
#include "parts/crypto/crypto.h"

namespace city::exchange {

/// Names of the keys that sign messages and open what was sealed for this city.
inline constexpr const char* kSignKey = "exchange-sign";
inline constexpr const char* kOpenKey = "exchange-open";

/// Signing and opening certificate of one installation.
struct Pair {
  crypto::Certificate sign, open;
  std::string ToPem() const { return sign.ToPem() + open.ToPem(); }
  /// SM3 over both, in hex: what two people compare by telephone.
  std::string Fingerprint() const;
};

/// The two certificates of a PEM text, good now, of the city with this code.
/// Errors: exchange.certificates_wrong with the reason.
Result<Pair> ReadPair(std::string_view pem, const std::string& code, Time now);

/// The certificates of this city in `folder`, issued by its own authority at the first start and
/// again before they end. Errors: exchange.certificates_wrong, those of the key store.
Result<Pair> OwnPair(const std::string& folder, crypto::KeyDevice& keys,
                     const crypto::Certificate& issuer, const crypto::SignMessage& sign,
                     const std::string& code, const std::string& name, Time now);

/// A city that is believed.
struct Partner {
  std::string id, code, name, address;
  Pair pair;
};

/// Threads: any.
class Partners {
 public:
  Partners(ledger::Ledger& ledger, std::string own_code)
      : ledger_(ledger), own_code_(std::move(own_code)) {}

  /// Proposes one, or new certificates or another address for one: {code, name, address,
  /// certificates (PEM), reason}. Answers the key. Errors: exchange.certificates_wrong,
  /// exchange.reason_missing, exchange.proposed_already.
  Result<std::string> Propose(const ledger::CommandInfo& info, const json::object& body);
  /// approve, refuse, end: {reason}; approving and refusing never by who proposed. What stood for
  /// the same city before is replaced. Errors: exchange.act_not_possible, exchange.reason_missing,
  /// ledger.forbidden.
  Result<void> Act(ledger::Writer& writer, const std::string& id, const std::string& act,
                   const std::string& reason);
  /// The one of this code that is trusted now; none also when its certificates have ended.
  Result<std::optional<Partner>> Find(store::Reader& reader, const std::string& code);

 private:
  ledger::Ledger& ledger_;
  std::string own_code_;
};
}  // namespace city::exchange
