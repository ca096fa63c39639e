// SPDX-License-Identifier: Apache-2.0
#include "engines/cases/told.h"

#include <algorithm>
#include <array>

#include "engines/cases/cases.h"
#include "engines/cases/errors.h"
#include "engines/cases/internal/common.h"

namespace city::cases {
namespace {
constexpr std::array kTold = {
    ToldInfo{"room-open", "打开视频室", "Opened a video room"},
    ToldInfo{"room-join", "进入视频室", "Entered the video room"},
    ToldInfo{"room-show", "出示待签文书", "Showed a document to be signed"},
    ToldInfo{"room-sign", "视频签署文书", "Signed a document in the room"},
    ToldInfo{"room-decline", "拒签文书", "Declined to sign"},
    ToldInfo{"room-end", "视频室结束", "The video room ended"}};
}  // namespace

const ToldInfo* FindTold(std::string_view act) {
  auto found = std::find_if(kTold.begin(), kTold.end(),
                            [&](const ToldInfo& each) { return each.act == act; });
  return found == kTold.end() ? nullptr : &*found;
}

Result<void> Cases::Tell(ledger::Writer& writer, const std::string& id, std::string_view act,
                         const std::string& note) {
  if (FindTold(act) == nullptr) return error::kActNotPossible({{"state", std::string(act)}});
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
