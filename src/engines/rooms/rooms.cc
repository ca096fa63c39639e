// SPDX-License-Identifier: Apache-2.0
// Opening, entering, talking, ending.
#include "engines/rooms/rooms.h"

#include <fmt/format.h>

#include "base/log.h"
#include "engines/rooms/errors.h"
#include "engines/rooms/signal.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/crypto/crypto.h"

namespace city::rooms {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;

namespace {
constexpr const char* kSchema =
    "create table room_media (room text not null primary key, number {0} not null, secret text not "
    "null, host_token text not null, guest_token text not null){1};\n"
    "create table room_ticket (room text not null, side {0} not null, digest text not null, "
    "until {0} not null, session text not null, out_handle text not null, in_handle text not null, "
    "shows text not null, primary key (room, side)){1};\n";
constexpr int64_t kTicketSeconds = 120;

std::string Random(size_t bytes) { return crypto::ToHex(crypto::RandomBytes(bytes)); }
std::string DigestOf(std::string_view text) { return crypto::ToHex(crypto::Sm3(text)); }
const char* NameOf(Side side) { return side == Side::kHost ? "host" : "guest"; }

bool IsOver(const json::object& row, Time now) {
  auto ends = ParseTime(TextAt(row, "ends_at"));
  return ends && *ends <= now;
}
/// The same caller in the order of the room's region.
ledger::CommandInfo In(const ledger::CommandInfo& info, const std::string& region) {
  ledger::CommandInfo out = info;
  out.shard = region;
  return out;
}
}  // namespace

Result<std::unique_ptr<Rooms>> Rooms::Open(ledger::Ledger& ledger, Desk& desk,
                                           std::shared_ptr<Media> media, Settings settings) {
  store::Migration first{"rooms", 1, "rooms have tickets and a media server",
                         fmt::format(kSchema, "integer", " strict"),
                         fmt::format(kSchema, "bigint", "")};
  TRY_VOID(ledger.store().Migrate(std::span(&first, 1)));
  return std::unique_ptr<Rooms>(new Rooms(ledger, desk, std::move(media), std::move(settings)));
}

int64_t Rooms::Seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(ledger_.clock().Now().time_since_epoch())
      .count();
}

Result<Rooms::Found> Rooms::Find(store::Reader& reader, const ledger::Subject& who,
                                 const std::string& id) {
  Found out;
  TRY(out.row, ledger::ReadRow(reader, *ledger_.catalogue(), "video_room", id));
  out.case_id = Text(out.row, "case_id");
  out.region = Text(out.row, "region");
  out.open = Text(out.row, "state") == "open" && !IsOver(out.row, ledger_.clock().Now());
  std::string host = Text(out.row, "host"), guest = Text(out.row, "guest");
  if (!who.account.empty() && who.account == guest) {
    out.side = Side::kGuest;
  } else if (!who.account.empty() && who.account == host) {
    out.side = Side::kHost;
  } else if (!host.empty() || !desk_.Works(who, out.case_id)) {
    return ledger::error::kNotFound;  // nobody else learns that it exists
  }
  return out;
}

Result<Rooms::Found> Rooms::FindOpen(const ledger::Subject& who, const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Found found, Find(*snapshot, who, id));
  if (!found.open) return error::kEnded;
  return found;
}

Result<MediaRoom> Rooms::MediaOf(store::Reader& reader, const std::string& id) {
  TRY(store::Rows rows,
      reader.Query("select number, secret, host_token, guest_token from room_media where room = $1",
                   {id}));
  if (!rows.Next()) return error::kEnded;
  return MediaRoom{rows.Int(0), std::string(rows.Text(1)), std::string(rows.Text(2)),
                   std::string(rows.Text(3))};
}

Result<std::optional<Rooms::Ticket>> Rooms::TicketOf(store::Reader& reader, const std::string& id,
                                                     Side side) {
  TRY(store::Rows rows,
      reader.Query(
          "select digest, until, session, out_handle, in_handle, shows from room_ticket where "
          "room = $1 and side = $2",
          {id, static_cast<int64_t>(side)}));
  if (!rows.Next()) return std::optional<Ticket>();
  return std::optional(
      Ticket{std::string(rows.Text(0)),
             rows.Int(1),
             {std::string(rows.Text(2)), std::string(rows.Text(3)), std::string(rows.Text(4))},
             std::string(rows.Text(5))});
}

Result<Rooms::Ticket> Rooms::Checked(store::Reader& reader, const Found& found,
                                     const std::string& ticket) {
  if (!found.side) return error::kTicketOver;
  TRY(std::optional<Ticket> kept, TicketOf(reader, Text(found.row, "id"), *found.side));
  if (!kept || ticket.empty() || kept->until < Seconds()) return error::kTicketOver;
  if (kept->digest != DigestOf(ticket)) return error::kTakenOver;
  return std::move(*kept);
}

Result<void> Rooms::KeepTicket(const std::string& id, const Found& found, const Ticket& ticket) {
  return ledger_.store().Command(found.region, [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(tx.Execute(
        "insert into room_ticket (room, side, digest, until, session, out_handle, in_handle, "
        "shows) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (room, side) do update set "
        "digest = "
        "excluded.digest, until = excluded.until, session = excluded.session, out_handle = "
        "excluded.out_handle, in_handle = excluded.in_handle, shows = excluded.shows",
        {id, static_cast<int64_t>(*found.side), ticket.digest, ticket.until, ticket.seat.session,
         ticket.seat.out, ticket.seat.in, ticket.shows}));
    return {};
  });
}

Result<std::string> Rooms::Begin(const ledger::CommandInfo& info, const json::object& body) {
  if (!ready()) return error::kNotSetUp;
  TRY(CaseFacts facts, desk_.Look(info.who, Text(body, "case"), Text(body, "remote_case")));
  if (facts.helps) return ledger::error::kForbidden({{"type", "视频室"}, {"verb", "create"}});
  if (facts.closed) return error::kCaseClosed;
  if (facts.guest.empty()) return error::kNoApplicant;
  TRY(std::string id,
      ledger_.Command(In(info, facts.region), [&](Writer& writer) -> Result<std::string> {
        const ledger::Subject who = writer.who();
        TRY(json::array open,
            ledger::FindRows(writer.tx(), writer.catalogue(), "video_room",
                             "case_id = " + Quoted(facts.id) + " and state = \"open\"", 10));
        for (const json::value& each : open)
          if (!IsOver(each.get_object(), writer.now())) return error::kOpenAlready;
        bool host = who.kind == "official" && who.account != facts.guest;
        writer.ActAsEngine();
        json::object values{
            {"case_id", facts.id},
            {"number", facts.number},
            {"item_name", facts.item_name},
            {"guest", facts.guest},
            {"guest_name", facts.guest_name},
            {"at_window", facts.at_window},
            {"state", "open"},
            {"opened_by_name", who.name},
            {"opened_at", IsoChina(writer.now())},
            {"ends_at", IsoChina(writer.now() + std::chrono::minutes(settings_.minutes))}};
        if (host) {
          values["host"] = who.account;
          values["host_name"] = who.name;
        }
        TRY(ledger::Written made, writer.Create("video_room", values, facts.region));
        // 48 bits: no two rooms meet, and whoever guesses one still has no token.
        std::string number = crypto::RandomBytes(6);
        int64_t whole = 1;
        for (char c : number) whole = whole << 8 | static_cast<unsigned char>(c);
        TRY_VOID(writer.tx().Execute(
            "insert into room_media (room, number, secret, host_token, guest_token) values ($1, "
            "$2, "
            "$3, $4, $5)",
            {made.id, whole & ((int64_t{1} << 48) - 1), Random(16), Random(16), Random(16)}));
        if (host && !facts.at_window)
          TRY_VOID(writer.Create("message", {{"account", facts.guest},
                                             {"kind", "case"},
                                             {"title", "请进入视频室办理：" + facts.item_name},
                                             {"link", "/rooms/" + made.id}}));
        TRY_VOID(desk_.Tell(writer, facts.id, "room-open",
                            fmt::format("至 {} 为止", values.at("ends_at").as_string().c_str())));
        return made.id;
      }));
  return View(info.who, id);
}

Result<json::object> Rooms::Told(store::Reader& reader, const Found& found) {
  json::object out;
  std::string id = Text(found.row, "id");
  for (const char* key :
       {"id", "case_id", "number", "item_name", "host_name", "guest_name", "at_window",
        "opened_by_name", "opened_at", "ends_at", "closed_at", "closed_by_name", "close_reason"})
    out[key] = found.row.at(key);
  out["state"] = found.open ? "open" : "ended";
  out["side"] = found.side ? json::value(NameOf(*found.side)) : json::value();
  auto ends = ParseTime(TextAt(found.row, "ends_at"));
  out["seconds_left"] =
      found.open && ends
          ? std::chrono::duration_cast<std::chrono::seconds>(*ends - ledger_.clock().Now()).count()
          : 0;
  for (Side side : {Side::kHost, Side::kGuest}) {
    TRY(std::optional<Ticket> ticket, TicketOf(reader, id, side));
    bool in = found.open && ticket && ticket->until >= Seconds();
    out[std::string(NameOf(side)) + "_in"] = in;
    json::value shows;
    if (in && !ticket->shows.empty()) {
      TRY(shows, ParseJson(ticket->shows));
    }
    out[std::string(NameOf(side)) + "_shows"] = std::move(shows);
  }
  auto catalogue = ledger_.catalogue();
  TRY(json::array documents, ledger::FindRows(reader, *catalogue, "video_document",
                                              "room = " + Quoted(id), 50, "created_at"));
  json::array shown;
  for (const json::value& each : documents) {
    json::object one;
    for (const char* key : {"id", "title", "state", "digest", "shown_at", "settled_at", "reason",
                            "attachment", "sm3"})
      one[key] = each.get_object().at(key);
    shown.push_back(std::move(one));
  }
  out["documents"] = std::move(shown);
  return out;
}

Result<std::string> Rooms::View(const ledger::Subject& who, const std::string& id) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Found found, Find(*snapshot, who, id));
  if (!found.open && Text(found.row, "state") == "open") {
    // Its time is over: whoever looks first ends it, pictures and sound with it.
    snapshot.reset();
    TRY_VOID(Close({ledger::System("rooms"), found.region, {}, {}}, found.row, "time"));
    TRY(snapshot, ledger_.store().Read());
    TRY(found, Find(*snapshot, who, id));
  }
  TRY(json::object told, Told(*snapshot, found));
  told["ice"] = settings_.ice;
  return ToText(told);
}

Result<std::string> Rooms::OfCase(const ledger::Subject& who, const std::string& case_id,
                                  const std::string& remote_case) {
  TRY(CaseFacts facts, desk_.Look(who, case_id, remote_case));
  TRY(auto snapshot, ledger_.store().Read());
  TRY(json::array rows, ledger::FindRows(*snapshot, *ledger_.catalogue(), "video_room",
                                         "case_id = " + Quoted(facts.id), 50, "-created_at"));
  json::array out;
  for (const json::value& each : rows) {
    auto found = Find(*snapshot, who, Text(each.get_object(), "id"));
    if (!found) continue;
    TRY(json::object told, Told(*snapshot, *found));
    out.push_back(std::move(told));
  }
  return ToText(
      json::object{{"ready", ready()},
                   {"closed", facts.closed},
                   {"may_open", ready() && !facts.closed && !facts.helps && !facts.guest.empty()},
                   {"rows", std::move(out)},
                   {"next", nullptr}});
}

Result<std::string> Rooms::Join(const ledger::CommandInfo& info, const std::string& id,
                                const json::object& body) {
  if (!ready()) return error::kNotSetUp;
  TRY(Found found, FindOpen(info.who, id));
  if (!BoolAt(body, "consent")) return error::kConsentMissing;
  // Coming back within the same talk needs no new line among the events of the case.
  TRY_VOID(ledger_.Command(In(info, found.region), [&](Writer& writer) -> Result<std::string> {
    const ledger::Subject who = writer.who();
    // Looked up before; meanwhile it may have ended, or somebody else may have taken the seat.
    Found now = found;
    TRY(now.row, ledger::ReadRow(writer.tx(), writer.catalogue(), "video_room", id));
    if (Text(now.row, "state") != "open") return error::kEnded;
    writer.ActAsEngine();
    Side side = now.side.value_or(Side::kHost);
    if (!now.side) {
      std::string host = Text(now.row, "host");
      if (!host.empty() && host != who.account) return ledger::error::kNotFound;
      TRY_VOID(writer.Update("video_room", id, {{"host", who.account}, {"host_name", who.name}},
                             IntAt(now.row, "version")));
    }
    TRY(json::array visits,
        ledger::FindRows(writer.tx(), writer.catalogue(), "video_visit",
                         "room = " + Quoted(id) + " and account = " + Quoted(who.account), 1));
    std::string at = IsoChina(writer.now());
    if (visits.empty()) {
      TRY_VOID(writer.Create("video_visit",
                             {{"room", id},
                              {"account", who.account},
                              {"name", who.name},
                              {"side", NameOf(side)},
                              {"consent_at", at},
                              {"joined_at", at},
                              {"times", 1}},
                             now.region));
      TRY_VOID(
          desk_.Tell(writer, now.case_id, "room-join", "已同意以视频方式办理，通话不录音录像"));
    } else {
      const json::object& visit = visits[0].get_object();
      TRY_VOID(writer.Update("video_visit", Text(visit, "id"),
                             {{"times", IntAt(visit, "times", 1) + 1}, {"left_at", nullptr}}));
    }
    writer.Note(
        {"room:join", "video_room", id, now.region, ToText(json::object{{"side", NameOf(side)}})});
    return id;
  }));
  TRY(auto snapshot, ledger_.store().Read());
  TRY(found, Find(*snapshot, info.who, id));
  if (!found.side) return error::kEnded;
  TRY(MediaRoom room, MediaOf(*snapshot, id));
  TRY(std::optional<Ticket> before, TicketOf(*snapshot, id, *found.side));
  snapshot.reset();
  TRY(MediaSeat seat, media_->Enter(room, *found.side, before ? before->seat : MediaSeat{}));
  std::string ticket = Random(16);
  TRY_VOID(KeepTicket(id, found, {DigestOf(ticket), Seconds() + kTicketSeconds, seat, {}}));
  TRY(std::string view, View(info.who, id));
  return "{\"ticket\":\"" + ticket + "\",\"room\":" + view + "}";
}

Result<std::string> Rooms::Say(const ledger::CommandInfo& info, const std::string& id,
                               const json::object& body) {
  if (!ready()) return error::kNotSetUp;
  TRY(json::object signal, ReadSignal(body));
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Found found, Find(*snapshot, info.who, id));
  if (!found.open) return error::kEnded;
  TRY(Ticket ticket, Checked(*snapshot, found, Text(body, "ticket")));
  TRY(MediaRoom room, MediaOf(*snapshot, id));
  snapshot.reset();
  std::string before = ticket.seat.in;
  TRY_VOID(media_->Say(room, *found.side, ticket.seat, signal));
  const std::string kind = Text(signal, "kind");
  if (kind == "beat") ticket.until = Seconds() + kTicketSeconds;
  if (kind == "leave") ticket = {};
  if (kind == "shows") {
    signal.erase("kind");
    ticket.shows = ToText(signal);
  }
  if (kind == "beat" || kind == "leave" || kind == "shows" || ticket.seat.in != before)
    TRY_VOID(KeepTicket(id, found, ticket));
  if (kind == "leave")
    TRY_VOID(ledger_.Command(In(info, found.region), [&](Writer& writer) -> Result<std::string> {
      std::string account = writer.who().account;
      writer.ActAsEngine();
      TRY(json::array visits,
          ledger::FindRows(writer.tx(), writer.catalogue(), "video_visit",
                           "room = " + Quoted(id) + " and account = " + Quoted(account), 1));
      if (!visits.empty())
        TRY_VOID(writer.Update("video_visit", Text(visits[0].get_object(), "id"),
                               {{"left_at", IsoChina(writer.now())}}));
      writer.Note({"room:leave", "video_room", id, found.region, "{}"});
      return id;
    }));
  return std::string("{\"ok\":true}");
}

Result<void> Rooms::Listen(const ledger::Subject& who, const std::string& id,
                           const std::string& ticket, Listener listener) {
  if (!ready()) return error::kNotSetUp;
  TRY(auto snapshot, ledger_.store().Read());
  TRY(Found found, Find(*snapshot, who, id));
  if (!found.open) return error::kEnded;
  TRY(Ticket kept, Checked(*snapshot, found, ticket));
  media_->Listen(kept.seat, *found.side, std::move(listener));
  return {};
}

Result<void> Rooms::Close(const ledger::CommandInfo& info, const json::object& row,
                          const std::string& reason) {
  std::string id = Text(row, "id");
  std::optional<MediaRoom> room;
  {
    TRY(auto snapshot, ledger_.store().Read());
    if (auto kept = MediaOf(*snapshot, id)) room = *kept;
  }
  TRY_VOID(
      ledger_.Command(In(info, Text(row, "region")), [&](Writer& writer) -> Result<std::string> {
        TRY(json::object now, ledger::ReadRow(writer.tx(), writer.catalogue(), "video_room", id));
        if (Text(now, "state") != "open") return id;
        std::string by = writer.who().name;
        writer.ActAsEngine();
        TRY_VOID(writer.Update("video_room", id,
                               {{"state", "ended"},
                                {"closed_at", IsoChina(writer.now())},
                                {"closed_by_name", reason == "time" ? json::value() : OrNull(by)},
                                {"close_reason", reason}}));
        TRY_VOID(writer.tx().Execute("delete from room_media where room = $1", {id}));
        TRY_VOID(writer.tx().Execute("delete from room_ticket where room = $1", {id}));
        TRY_VOID(desk_.Tell(writer, Text(now, "case_id"), "room-end",
                            reason == "time" ? "到时自动结束" : ""));
        return id;
      }));
  if (room && media_) media_->Close(*room);
  return {};
}

Result<std::string> Rooms::End(const ledger::CommandInfo& info, const std::string& id) {
  Found found;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(found, Find(*snapshot, info.who, id));
  }
  if (Text(found.row, "state") == "open")
    TRY_VOID(Close(info, found.row,
                   !found.open                  ? "time"
                   : found.side == Side::kGuest ? "guest"
                                                : "host"));
  return View(info.who, id);
}

Result<int> Rooms::Sweep(const std::string& shard) {
  json::array open;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(open, ledger::FindRows(*snapshot, *ledger_.catalogue(), "video_room", "state = \"open\"",
                               500, "ends_at"));
  }
  int ended = 0;
  for (const json::value& each : open) {
    if (!IsOver(each.get_object(), ledger_.clock().Now())) continue;
    TRY_VOID(Close({ledger::System("rooms"), shard, {}, {}}, each.get_object(), "time"));
    ++ended;
  }
  return ended;
}
}  // namespace city::rooms
