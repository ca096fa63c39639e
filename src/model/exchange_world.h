// SPDX-License-Identifier: Apache-2.0
// Why: what the exchange with other cities asks of cases, items, files and certificates, answered
// by their engines.
#pragma once
#include <string>

#include "engines/attachments/attachments.h"
#include "engines/cases/cases.h"
#include "engines/certificates/certificates.h"
#include "engines/exchange/remote_cases.h"
#include "model/case_world.h"

namespace city::model {

/// Threads: any.
class ExchangeWorld : public exchange::Offices {
 public:
  ExchangeWorld(ledger::Ledger& ledger, CaseWorld& world, cases::Cases& cases,
                attachments::Attachments& attachments, certificates::Certificates& certificates)
      : ledger_(ledger),
        world_(world),
        cases_(cases),
        attachments_(attachments),
        certificates_(certificates) {}

  Result<json::array> Offer() override;
  Result<json::object> ItemOf(store::Reader& reader, const std::string& code) override;
  Result<json::object> CheckAnswers(const json::object& form, const json::object& answers) override;
  Result<std::string> Submit(ledger::Writer& writer, const json::object& application) override;
  Result<void> Act(ledger::Writer& writer, const std::string& case_id, const std::string& act,
                   const json::object& body) override;
  Result<json::object> Face(const std::string& case_id) override;
  Result<exchange::FileBytes> ReadFile(const ledger::Subject& who, const std::string& kind,
                                       const std::string& id) override;
  Result<json::object> StoreFile(const exchange::FileBytes& file) override;
  Result<std::string> KeepFile(ledger::Writer& writer, const json::object& stored) override;

 private:
  ledger::Ledger& ledger_;
  CaseWorld& world_;
  cases::Cases& cases_;
  attachments::Attachments& attachments_;
  certificates::Certificates& certificates_;
};

/// Brings a message to a partner over HTTP.
Result<std::pair<int, std::string>> PostToPartner(const std::string& address, std::string text);
}  // namespace city::model
