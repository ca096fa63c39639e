// SPDX-License-Identifier: Apache-2.0
// What other engines add to a case: lines among its events, and materials.
#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
Result<void> Cases::Tell(ledger::Writer& writer, const std::string& id, std::string_view act,
                         const std::string& note) {
  const ledger::CodeList* told = writer.catalogue().FindList("case-told");
  if (told == nullptr || !told->Has(act))
    return error::kActNotPossible({{"state", std::string(act)}});
  TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", id));
  std::string state = Text(row, "state");
  TRY_VOID(NoteEvent(writer, id, act, note, state, state, "", Text(row, "region")));
  return writer.Send("case", id, {{"case_id", id}, {"act", act}, {"state", state}});
}

Result<void> Cases::AddMaterial(ledger::Writer& writer, const std::string& id,
                                const std::string& name, const std::string& attachment,
                                const std::string& note) {
  TRY(json::object row, ledger::ReadRow(writer.tx(), writer.catalogue(), "service_case", id));
  TRY_VOID(writer.Create("case_material",
                         {{"case_id", id},
                          {"name", name},
                          {"attachments", json::array{json::string(attachment)}},
                          {"state", "received"},
                          {"note", OrNull(note)}},
                         Text(row, "region")));
  return {};
}
}  // namespace city::cases
