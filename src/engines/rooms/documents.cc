// SPDX-License-Identifier: Apache-2.0
// What is signed in a room: shown by the official, read by both, signed or declined by the
// applicant.
#include <fmt/format.h>

#include "base/text.h"
#include "engines/rooms/errors.h"
#include "engines/rooms/rooms.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/crypto.h"

namespace city::rooms {
using ledger::OrNull;
using ledger::Text;
using ledger::Writer;

namespace {
constexpr size_t kMostTitle = 200, kMostText = 20'000;  ///< bytes

/// The document of this room. Errors: ledger.not_found.
Result<json::object> DocumentOf(store::Reader& reader, const ledger::Catalogue& catalogue,
                                const std::string& room, const std::string& id) {
  TRY(json::object row, ledger::ReadRow(reader, catalogue, "video_document", id));
  if (Text(row, "room") != room) return ledger::error::kNotFound;
  return row;
}
}  // namespace

Result<std::string> Rooms::Show(const ledger::CommandInfo& info, const std::string& id,
                                const json::object& body) {
  TRY(Found found, FindOpen(info.who, id));
  if (found.side != Side::kHost)
    return ledger::error::kForbidden({{"type", "视频文书"}, {"verb", "show"}});
  std::string title(Trim(TextAt(body, "title")));
  json::array paragraphs;
  for (std::string_view each : Split(TextAt(body, "text"), '\n'))
    if (!Trim(each).empty()) paragraphs.push_back(json::string(Trim(each)));
  if (title.empty() || title.size() > kMostTitle || paragraphs.empty() ||
      TextAt(body, "text").size() > kMostText)
    return error::kDocumentWrong;
  ledger::CommandInfo here = info;
  here.shard = found.region;
  TRY_VOID(ledger_.Command(here, [&](Writer& writer) -> Result<std::string> {
    writer.ActAsEngine();
    TRY(ledger::Written made,
        writer.Create("video_document",
                      {{"room", id},
                       {"case_id", found.case_id},
                       {"title", title},
                       {"paragraphs", paragraphs},
                       {"digest", crypto::ToHex(crypto::Sm3(
                                      ToText(json::array{json::value(title), paragraphs})))},
                       {"state", "shown"},
                       {"shown_at", IsoChina(writer.now())}},
                      found.region));
    TRY_VOID(desk_.Tell(writer, found.case_id, "room-show", title));
    return made.id;
  }));
  return View(info.who, id);
}

Result<std::string> Rooms::ReadDocument(const ledger::CommandInfo& info, const std::string& id,
                                        const std::string& document) {
  json::object row;
  std::string region;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(Found found, Find(*snapshot, info.who, id));
    if (!found.side) return ledger::error::kNotFound;
    TRY(row, DocumentOf(*snapshot, *ledger_.catalogue(), id, document));
    region = found.region;
  }
  ledger::CommandInfo here{info.who, region, {}, {}};
  TRY_VOID(ledger_.Command(here, [&](Writer& writer) -> Result<std::string> {
    writer.Note({"room:read-document", "video_document", document, region, "{}"});
    return document;
  }));
  json::object out;
  for (const char* key : {"id", "title", "paragraphs", "digest", "state", "shown_at", "settled_at",
                          "attachment", "sm3", "reason"})
    out[key] = row.at(key);
  return ToText(out);
}

Result<std::string> Rooms::Settle(const ledger::CommandInfo& info, const std::string& id,
                                  const std::string& document, const std::string& act,
                                  const json::object& body) {
  TRY(Found found, FindOpen(info.who, id));
  if (found.side != Side::kGuest)
    return ledger::error::kForbidden({{"type", "视频文书"}, {"verb", act}});
  bool sign = act == "sign";
  if (!sign && act != "decline") return ledger::error::kNotFound;
  json::object row;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(row, DocumentOf(*snapshot, *ledger_.catalogue(), id, document));
    TRY(std::optional<Ticket> ticket, TicketOf(*snapshot, id, Side::kGuest));
    if (!ticket || ticket->until < Seconds()) return error::kNotInRoom;
  }
  if (Text(row, "state") != "shown") return error::kDocumentSettled;
  json::object file;
  if (sign) {
    if (BoolAt(found.row, "at_window")) return error::kSignedOnPaper;
    if (!BoolAt(body, "agree")) return error::kConsentMissing;
    if (TextAt(body, "sm3") != TextAt(row, "digest")) return error::kDocumentChanged;
    json::object paper{{"title", json::object{{"zh", row.at("title")}, {"en", row.at("title")}}},
                       {"number", found.row.at("number")},
                       {"paragraphs", row.at("paragraphs")},
                       {"signed_by", found.row.at("guest_name")},
                       {"written_at", IsoChina(ledger_.clock().Now())},
                       {"digest", row.at("digest")}};
    TRY(file, desk_.Sign(info, paper, Text(body, "picture")));
  }
  ledger::CommandInfo here = info;
  here.shard = found.region;
  TRY_VOID(ledger_.Command(here, [&](Writer& writer) -> Result<std::string> {
    std::string title = Text(row, "title");
    writer.ActAsEngine();
    json::object changes{{"state", sign ? "signed" : "declined"},
                         {"settled_at", IsoChina(writer.now())}};
    std::string note = title;
    if (sign) {
      TRY(std::string kept, desk_.KeepSigned(writer, found.case_id, title, file));
      changes["attachment"] = kept;
      changes["sm3"] = file.at("sm3");
      note += "（SM3 " + Text(file, "sm3") + "）";
    } else {
      std::string reason(Trim(TextAt(body, "reason")));
      changes["reason"] = OrNull(reason);
      if (!reason.empty()) note += "：" + reason;
    }
    // Under the version that was read: it is settled once.
    TRY_VOID(writer.Update("video_document", document, changes, IntAt(row, "version")));
    TRY_VOID(desk_.Tell(writer, found.case_id, sign ? "room-sign" : "room-decline", note));
    return document;
  }));
  return View(info.who, id);
}
}  // namespace city::rooms
