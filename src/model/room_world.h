// SPDX-License-Identifier: Apache-2.0
// Why: what video rooms ask of cases, files and signatures, answered by their engines.
#pragma once
#include <string>

#include "engines/attachments/attachments.h"
#include "engines/cases/cases.h"
#include "engines/certificates/seal_uses.h"
#include "engines/rooms/rooms.h"

namespace city::model {

/// Threads: any.
class RoomWorld : public rooms::Desk {
 public:
  RoomWorld(ledger::Ledger& ledger, cases::Cases& cases, attachments::Attachments& attachments,
            certificates::Seals& seals, certificates::SealUses& seal_uses)
      : ledger_(ledger),
        cases_(cases),
        attachments_(attachments),
        seals_(seals),
        seal_uses_(seal_uses) {}

  Result<rooms::CaseFacts> Look(const ledger::Subject& who, const std::string& case_id,
                                const std::string& remote_case) override;
  bool Works(const ledger::Subject& who, const std::string& case_id) override;
  Result<json::object> Sign(const ledger::CommandInfo& info, const json::object& paper,
                            const std::string& picture) override;
  Result<std::string> KeepSigned(ledger::Writer& writer, const std::string& case_id,
                                 const std::string& title, const json::object& file) override;
  Result<void> Tell(ledger::Writer& writer, const std::string& case_id, const std::string& act,
                    const std::string& note) override;

 private:
  /// Whether the caller may see the case; nothing of it is shown for that, so no reading is logged.
  bool Sees(store::Reader& reader, const ledger::Subject& who, const std::string& case_id) const;
  /// The caller's own seal that may sign now; empty: none.
  Result<std::string> OwnSeal(const ledger::Subject& who);

  ledger::Ledger& ledger_;
  cases::Cases& cases_;
  attachments::Attachments& attachments_;
  certificates::Seals& seals_;
  certificates::SealUses& seal_uses_;
};
}  // namespace city::model
