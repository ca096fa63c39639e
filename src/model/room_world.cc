// SPDX-License-Identifier: Apache-2.0
#include "model/room_world.h"

#include <algorithm>

#include "engines/cases/case_life.h"
#include "engines/cases/paper_pdf.h"
#include "engines/rooms/errors.h"
#include "engines/rooms/janus.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "model/city.h"

namespace city::model {
using ledger::Quoted;
using ledger::Text;

Result<rooms::CaseFacts> RoomWorld::Look(const ledger::Subject& who, const std::string& case_id,
                                         const std::string& remote_case) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  rooms::CaseFacts out;
  out.id = case_id;
  if (!remote_case.empty()) {
    TRY(ledger::One remote,
        ledger::ReadRecord(*snapshot, *catalogue, who, "remote_case", remote_case));
    TRY(json::value row, ParseJson(remote.row));
    out.id = Text(row.get_object(), "case_id");
    // Of a case of another city nobody here can be called; its own page says so.
    if (TextAt(row.get_object(), "mode") != "near" || out.id.empty())
      return rooms::error::kNoApplicant;
  } else if (!Sees(*snapshot, who, case_id)) {
    TRY(ledger::Subject lent, cases_.Lend(*snapshot, who, case_id));
    out.helps = Sees(*snapshot, lent, case_id);
    if (!out.helps) return ledger::error::kNotFound;
  }
  TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "service_case", out.id));
  out.region = Text(row, "region");
  out.number = Text(row, "number");
  out.item_name = Text(row, "item_name");
  const cases::StateInfo* state = cases::FindState(Text(row, "state"));
  out.closed = state == nullptr || !state->open;
  out.guest = Text(row, "applicant");
  out.guest_name = Text(row, "applicant_name");
  if (!remote_case.empty()) {
    out.guest = who.account;
    out.at_window = true;
  } else if (out.guest.empty()) {
    // Received at a window far away: the clerk there sits beside whoever applies.
    TRY(json::array remote,
        ledger::FindRows(*snapshot, *catalogue, "remote_case", "case_id = " + Quoted(out.id), 1));
    if (!remote.empty()) out.guest = Text(remote[0].get_object(), "clerk");
    out.at_window = !out.guest.empty();
  }
  return out;
}

bool RoomWorld::Sees(store::Reader& reader, const ledger::Subject& who,
                     const std::string& case_id) const {
  return ledger::ReadRecord(reader, *ledger_.catalogue(), who, "service_case", case_id).has_value();
}

bool RoomWorld::Works(const ledger::Subject& who, const std::string& case_id) {
  if (who.kind != "official") return false;
  bool post = std::any_of(who.posts.begin(), who.posts.end(), [](const ledger::Post& each) {
    return each.role == "clerk" || each.role == "handler" || each.role == "reviewer" ||
           each.role == "approver";
  });
  if (!post) return false;
  auto snapshot = ledger_.store().Read();
  return snapshot && Sees(**snapshot, who, case_id);
}

Result<std::string> RoomWorld::OwnSeal(const ledger::Subject& who) {
  TRY(std::string text, seals_.Mine(who));
  TRY(json::value mine, ParseJson(text, {.max_bytes = 16u << 20}));
  std::string wanted = who.kind == "enterprise" ? "enterprise" : "person";
  for (const json::value& each : *ArrayAt(mine.get_object(), "rows")) {
    const json::object& seal = each.get_object();
    if (TextAt(seal, "state") == "active" && BoolAt(seal, "decides") &&
        TextAt(seal, "holder_kind") == wanted)
      return Text(seal, "id");
  }
  return std::string();
}

Result<json::object> RoomWorld::Sign(const ledger::CommandInfo& info, const json::object& paper,
                                     const std::string& picture) {
  ledger::CommandInfo own = info;
  own.idempotency_key.clear();
  TRY(std::string seal, OwnSeal(info.who));
  if (seal.empty()) {
    if (picture.empty() || info.who.kind == "enterprise") return rooms::error::kSignatureMissing;
    TRY(seal, seals_.ApplyOwn(own, {{"picture", picture}}));
  }
  TRY(std::string pdf, cases::PaperPdf(paper));
  std::string title = Text(*ObjectAt(paper, "title"), "zh");
  json::object document{{"name", title + ".pdf"}, {"bytes", crypto::ToBase64(pdf)}};
  TRY(std::string asked, seal_uses_.Ask(own, {{"seal", seal},
                                              {"reason", "视频签署：" + title},
                                              {"documents", json::array{std::move(document)}}}));
  TRY(json::value use, ParseJson(asked, {.max_bytes = 16u << 20}));
  TRY(certificates::File file, seal_uses_.Take(own, Text(use.get_object(), "id"), 0));
  TRY(attachments::Stored stored, attachments_.Store(title + "（已签署）.pdf", file.bytes));
  return json::object{{"name", stored.name},
                      {"type", stored.type},
                      {"digest", stored.digest},
                      {"size", stored.size},
                      {"sm3", crypto::ToHex(crypto::Sm3(file.bytes))}};
}

Result<std::string> RoomWorld::KeepSigned(ledger::Writer& writer, const std::string& case_id,
                                          const std::string& title, const json::object& file) {
  TRY(std::string text,
      attachments::Attachments::Record(
          writer,
          {Text(file, "name"), Text(file, "type"), Text(file, "digest"), IntAt(file, "size")},
          writer.who().account));
  TRY(json::value made, ParseJson(text));
  std::string id = Text(made.get_object(), "id");
  TRY_VOID(cases_.AddMaterial(writer, case_id, title, id, "视频签署，SM3 " + Text(file, "sm3")));
  return id;
}

Result<void> RoomWorld::Tell(ledger::Writer& writer, const std::string& case_id,
                             const std::string& act, const std::string& note) {
  return cases_.Tell(writer, case_id, act, note);
}

Result<void> City::OpenRooms() {
  std::shared_ptr<rooms::Media> media = options_.media;
  if (media == nullptr && !options_.janus.empty()) {
    TRY(media, rooms::Janus::Make({options_.janus, options_.janus_secret}));
  }
  rooms::Settings settings;
  if (const json::object* video = ObjectAt(place_.about, "video")) {
    settings.minutes = static_cast<int>(std::clamp<int64_t>(IntAt(*video, "minutes", 30), 1, 480));
    if (const json::array* ice = ArrayAt(*video, "ice")) settings.ice = *ice;
  }
  room_world_ = std::make_unique<RoomWorld>(*ledger_, *cases_, *attachments_, *seals_, *seal_uses_);
  TRY(rooms_, rooms::Rooms::Open(*ledger_, *room_world_, std::move(media), std::move(settings)));
  return {};
}
}  // namespace city::model
