// SPDX-License-Identifier: Apache-2.0
// Certificate types of the model's folders, and what the digital space asks of certificates.
#pragma once
#include "engines/certificates/certificates.h"
#include "engines/space/space.h"
#include "model/model.h"

namespace city::model {

/// The certificate types that the systems of a model declare. Errors: certificates.bad_declaration;
/// model.fault for a name that stands twice.
Result<certificates::CertificateTypes> ReadCertificateTypes(const Model& model);

/// Certificates and base data of a holder, for authorised use. Threads: any.
class SpaceHoldings : public space::Holdings {
 public:
  SpaceHoldings(ledger::Ledger& ledger, certificates::Certificates& certificates)
      : ledger_(ledger), certificates_(certificates) {}
  Result<json::object> Describe(const space::Thing& thing) override;
  Result<json::array> Reveal(const std::string& owner, const space::Thing& thing) override;

 private:
  ledger::Ledger& ledger_;
  certificates::Certificates& certificates_;
};
}  // namespace city::model
